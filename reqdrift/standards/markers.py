"""The checked Python -> what the variables of environment markers (PEP 508) are for it."""

from __future__ import annotations

import platform
import sys

from ..values import Python

# `sys.implementation` came with this version, and `linux` without the kernel's number.
_WITH_IMPLEMENTATION = (3, 3)

_WINDOWS = {"os_name": "nt", "sys_platform": "win32", "platform_system": "Windows"}
# Windows' names for processors. What it calls its releases cannot be known from here.
_MACHINES = {"x86_64": "AMD64", "aarch64": "ARM64", "arm64": "ARM64", "i686": "x86"}
_UNKNOWN = {"platform_release": "", "platform_version": ""}


def marker_values(python: Python, extra: str = "") -> dict[str, str]:
    """The variables whose values are the checked Python's; the others are this machine's."""
    modern = python.minor >= _WITH_IMPLEMENTATION
    values = {
        "python_version": ".".join(map(str, python.minor)),
        "python_full_version": python.version,
        "implementation_name": python.implementation.lower() if modern else "",
        "implementation_version": python.version if modern else "0",
        "platform_python_implementation": python.implementation,
        "extra": extra,
    }
    if python.platform == "win32" != sys.platform:
        machine = platform.machine()
        return values | _WINDOWS | _UNKNOWN | {"platform_machine": _MACHINES.get(machine, machine)}
    if sys.platform == "linux" and not modern:
        values["sys_platform"] = "linux2"
    return values
