"""The values of environment markers (PEP 508) for the checked Python."""

from __future__ import annotations

import os
import sys

from ..values import TYPE_CHECKING, Python

if TYPE_CHECKING:
    from collections.abc import Iterable

VARIABLES = (
    *("os_name", "sys_platform", "platform_system", "platform_machine", "platform_release"),
    *("platform_version", "platform_python_implementation", "python_version"),
    *("python_full_version", "implementation_name", "implementation_version", "extra"),
)

# This version added `sys.implementation`, and removed the kernel version from `linux2`.
_WITH_IMPLEMENTATION = (3, 3)

# What Windows calls its releases cannot be known from here.
_WINDOWS = {
    "os_name": "nt",
    "sys_platform": "win32",
    "platform_system": "Windows",
    "platform_release": "",
    "platform_version": "",
}
# Windows' names for processors.
_MACHINES = {"x86_64": "AMD64", "aarch64": "ARM64", "arm64": "ARM64", "i686": "x86"}
_OF_UNAME = {
    "platform_system": "sysname",
    "platform_machine": "machine",
    "platform_release": "release",
    "platform_version": "version",
}


def marker_values(
    python: Python, extra: str = "", variables: Iterable[str] = VARIABLES
) -> dict[str, str]:
    """The variables, with their values for the checked Python.

    Values from the environment's source (`python.markers`) take precedence, then those that follow
    from the version and the layout. The others are this machine's.
    """
    stated = {**dict(python.markers), "extra": extra}
    return {name: _derived(name, python) for name in variables if name not in stated} | stated


def _derived(variable: str, python: Python) -> str:
    """What follows from the version and the layout, or else is this machine's."""
    if variable == "python_version":
        return ".".join(map(str, python.minor))
    modern = python.minor >= _WITH_IMPLEMENTATION
    # A comparison of texts (`in`) is one with a whole release.
    full = python.version if python.version.count(".") > 1 else f"{python.version}.0"
    if variable == "python_full_version":
        return full
    if variable == "implementation_name":
        return python.implementation.lower() if modern else ""
    if variable == "implementation_version":
        return full if modern else "0"
    if variable == "platform_python_implementation":
        return python.implementation
    if python.platform == "win32" != sys.platform:
        if variable in _WINDOWS:
            return _WINDOWS[variable]
        machine = _of_machine(variable)
        return _MACHINES.get(machine, machine)
    value = _of_machine(variable)
    return "linux2" if variable == "sys_platform" and value == "linux" and not modern else value


def _of_machine(variable: str) -> str:
    """The variables that depend on the operating system and the processor."""
    if variable == "os_name":
        return os.name
    if variable == "sys_platform":
        return sys.platform
    if sys.platform in ("linux", "darwin"):
        # As `platform` does, which takes as long to load as a small environment to check.
        return str(getattr(os.uname(), _OF_UNAME[variable]))
    # Only for systems without `os.uname`.
    import platform

    return str(getattr(platform, variable.removeprefix("platform_"))())
