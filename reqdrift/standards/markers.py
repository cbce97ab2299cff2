"""The values of environment markers (PEP 508) for the checked Python."""

from __future__ import annotations

import os
import platform
import sys

from ..values.environment import Python

# This version added `sys.implementation`, and removed the kernel version from `linux2`.
_WITH_IMPLEMENTATION = (3, 3)

_WINDOWS = {"os_name": "nt", "sys_platform": "win32", "platform_system": "Windows"}
# Windows' names for processors. The names of its releases cannot be known here.
_MACHINES = {"x86_64": "AMD64", "aarch64": "ARM64", "arm64": "ARM64", "i686": "x86"}
_UNKNOWN = {"platform_release": "", "platform_version": ""}


def marker_values(python: Python, extra: str = "") -> dict[str, str]:
    """Every variable, with its value for the checked Python.

    Values from the environment's source (`python.markers`) take precedence, then those that follow
    from the version and the layout. The others are this machine's.
    """
    modern = python.minor >= _WITH_IMPLEMENTATION
    values = _of_machine(python) | {
        "python_version": ".".join(map(str, python.minor)),
        "python_full_version": python.version,
        "implementation_name": python.implementation.lower() if modern else "",
        "implementation_version": python.version if modern else "0",
        "platform_python_implementation": python.implementation,
    }
    if not modern and values["sys_platform"] == "linux":
        values["sys_platform"] = "linux2"
    return values | dict(python.markers) | {"extra": extra}


def _of_machine(python: Python) -> dict[str, str]:
    """The variables that depend on the operating system and the processor."""
    machine = platform.machine()
    if python.platform == "win32" != sys.platform:
        return _WINDOWS | _UNKNOWN | {"platform_machine": _MACHINES.get(machine, machine)}
    return {
        "os_name": os.name,
        "sys_platform": sys.platform,
        "platform_system": platform.system(),
        "platform_machine": machine,
        "platform_release": platform.release(),
        "platform_version": platform.version(),
    }
