"""Candidate -> Environment: the folders found, their distributions read."""

from __future__ import annotations

import os
import sys

from ..errors import EnvironmentReadError
from ..model import TYPE_CHECKING, Environment, Python
from .installed import Installed
from .interpreter import find_site_folders

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


def read_target_folder(folder: str) -> Environment:
    """Read a folder that `pip install --target` filled; markers are those of this Python.

    Raises:
        EnvironmentReadError: it is no folder, or cannot be read.
    """
    if not os.path.isdir(folder):
        raise EnvironmentReadError(f"--path: {folder} is not a folder", "name an existing folder")
    version = ".".join(map(str, sys.version_info[:3]))
    python = Python(version, {"pypy": "PyPy"}.get(sys.implementation.name, "CPython"))
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
