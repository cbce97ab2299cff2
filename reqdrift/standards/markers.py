"""The checked Python -> what the variables of environment markers (PEP 508) are for it."""

from __future__ import annotations

import os
import platform
import sys

from ..values.environment import Python

# `sys.implementation` came with this version, and `linux` without the kernel's number.
_WITH_IMPLEMENTATION = (3, 3)

_WINDOWS = {"os_name": "nt", "sys_platform": "win32", "platform_system": "Windows"}
# Windows' names for processors. What it calls its releases cannot be known from here.
_MACHINES = {"x86_64": "AMD64", "aarch64": "ARM64", "arm64": "ARM64", "i686": "x86"}
_UNKNOWN = {"platform_release": "", "platform_version": ""}


def marker_values(python: Python, extra: str = "") -> dict[str, str]:
    """Every variable, with its value for the checked Python.

    What the environment's source states (`python.markers`) comes first, then what follows from the
    version and the layout. What is left is this machine's.
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
    """What the operating system and the processor decide."""
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
