"""Folders made by `pip install --target`: packages without a Python."""

from __future__ import annotations

import os
import sys

from ..errors import EnvironmentReadError, UsageError
from ..values import Capabilities, Environment, Python
from . import Disk
from .installed import Installed
from .site import version_of


class Target(Disk):
    """A folder made by `pip install --target`.

    It has no interpreter, and does not record its Python version. `python_version` is that version,
    as X.Y or X.Y.Z; the default is the version that reqdrift runs on.
    """

    def __init__(self, folder: str, python_version: str | None = None) -> None:
        self._folder = folder
        self._python_version = python_version

    def _read(self) -> Environment:
        if not os.path.isdir(self._folder):
            message = f"--path: {self._folder} is not a folder"
            raise EnvironmentReadError(message, "give an existing folder")
        folder = os.path.abspath(self._folder)
        python = _python_of_target(self._python_version)
        installed = Installed(python)
        installed.add_site_folder(folder, own=True)
        return Environment(
            folder,
            python,
            "--path",
            installed.distributions,
            tuple(installed.broken),
            tuple(installed.notes),
            folders=(folder,),
            hidden=tuple(installed.hidden),
            chosen="named",
            can=Capabilities(files=True, install=False, times=True),
        )


def _python_of_target(named: str | None) -> Python:
    version = ".".join(map(str, sys.version_info[:3]))
    if named is not None and not (version := version_of({"version": named})):
        message = f"--python-version: '{named}' is not a Python version"
        raise UsageError(message, "write X.Y, as in 3.12")
    implementation = {"pypy": "PyPy"}.get(sys.implementation.name, "CPython")
    return Python(version, implementation, assumed=named is None)
