"""Candidate -> Environment: the folders found, their distributions read."""

from __future__ import annotations

import os
import sys

from ..errors import EnvironmentReadError, UsageError
from ..values import TYPE_CHECKING, Environment, Python
from .installed import Installed
from .site import find_site_folders, version_of

if TYPE_CHECKING:
    from .locate import Candidate


def read_environment(candidate: Candidate) -> Environment:
    """Read an environment; its interpreter is started only if it is no virtual one.

    Raises:
        EnvironmentReadError: it cannot be read.
    """
    site = find_site_folders(candidate.prefix, candidate.interpreter)
    installed = Installed(site.python)
    for folder in site.own:
        installed.add_site_folder(folder, own=True)
    for folder in site.system:
        installed.add_site_folder(folder, own=False)
    return Environment(
        site.prefix,
        site.python,
        candidate.found_by,
        installed.distributions,
        (*site.broken, *installed.broken),
        tuple(installed.notes),
        site.started,
        site.own,
        tuple(installed.hidden),
        candidate.chosen,
    )


def read_target_folder(folder: str, python_version: str | None = None) -> Environment:
    """Read a folder that `pip install --target` filled.

    Args:
        folder: its path.
        python_version: the X.Y or X.Y.Z of the Python that it is for; without it, this one's.

    Raises:
        UsageError: there is no such version.
        EnvironmentReadError: it is no folder, or cannot be read.
    """
    if not os.path.isdir(folder):
        raise EnvironmentReadError(f"--path: {folder} is not a folder", "name an existing folder")
    version = ".".join(map(str, sys.version_info[:3]))
    if python_version is not None and not (version := version_of({"version": python_version})):
        message = f"--python-version: '{python_version}' is no version of Python"
        raise UsageError(message, "write X.Y, as in 3.12")
    implementation = {"pypy": "PyPy"}.get(sys.implementation.name, "CPython")
    python = Python(version, implementation, assumed=python_version is None)
    installed = Installed(python)
    installed.add_site_folder(os.path.abspath(folder), own=True)
    return Environment(
        os.path.abspath(folder),
        python,
        "--path",
        installed.distributions,
        tuple(installed.broken),
        tuple(installed.notes),
        folders=(os.path.abspath(folder),),
        hidden=tuple(installed.hidden),
        chosen="named",
    )
