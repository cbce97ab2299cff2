"""Environments on this disk: their folders, and the distributions in them."""

from __future__ import annotations

import os
import sys

from ..errors import EnvironmentReadError, UsageError
from ..values import TYPE_CHECKING, Capabilities, Environment, Facts, Python, Questions
from .installed import Installed
from .site import SiteFolders, find_interpreter, find_site_folders, is_virtualenv, version_of

if TYPE_CHECKING:
    from .candidates import Candidate


class _Folders:
    """A source whose files are on this disk."""

    _environment: Environment | None = None

    @property
    def can(self) -> Capabilities:
        return self.read().can

    def read(self) -> Environment:
        if self._environment is None:
            self._environment = self._read()
        return self._environment

    def _read(self) -> Environment:
        raise NotImplementedError

    def answer(self, asked: Questions, known: Facts) -> Facts:
        # A run without drift mostly asks nothing.
        from .answers import answer

        return answer(asked, self.read(), known)


class Disk(_Folders):
    """An environment, or a Python installation that is no virtual environment."""

    def __init__(self, candidate: Candidate) -> None:
        self._candidate = candidate

    def _read(self) -> Environment:
        return read_environment(self._candidate)


class Target(_Folders):
    """A folder that `pip install --target` filled.

    It has no interpreter, and does not say which Python it is for: `python_version` is the X.Y or
    X.Y.Z of it; without that, the Python that reqdrift runs on is assumed.
    """

    def __init__(self, folder: str, python_version: str | None = None) -> None:
        self._folder = folder
        self._python_version = python_version

    def _read(self) -> Environment:
        if not os.path.isdir(self._folder):
            message = f"--path: {self._folder} is not a folder"
            raise EnvironmentReadError(message, "name an existing folder")
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
        message = f"--python-version: '{named}' is no version of Python"
        raise UsageError(message, "write X.Y, as in 3.12")
    implementation = {"pypy": "PyPy"}.get(sys.implementation.name, "CPython")
    return Python(version, implementation, assumed=named is None)


def read_environment(candidate: Candidate) -> Environment:
    """Read an environment; its interpreter is started only if it is no virtual one.

    Raises:
        EnvironmentReadError: it cannot be read.
    """
    site = _site_folders(candidate)
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
        Capabilities(True, site.python.interpreter is not None, True),
    )


def _site_folders(candidate: Candidate) -> SiteFolders:
    if is_virtualenv(candidate.prefix):
        return find_site_folders(candidate.prefix, candidate.interpreter)
    # Only a Python that is no virtual environment has to be asked.
    from .asking import ask_for_folders

    interpreter = candidate.interpreter or find_interpreter(candidate.prefix)
    return ask_for_folders(candidate.prefix, interpreter)
