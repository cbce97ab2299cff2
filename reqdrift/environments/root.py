"""Environments inside another root file system (`--root`): nothing in it is started."""

from __future__ import annotations

import os

from ..errors import EnvironmentReadError, UsageError
from ..standards.shell import quoted
from ..values import TYPE_CHECKING, Capabilities, Environment, Note, Python
from .answers import answer
from .inside import RootPaths
from .installed import Installed
from .root_pythons import find_pythons, named_python, users_folders
from .site import is_virtualenv, version_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..values.facts import Facts, Questions
    from .root_pythons import RootPython

_MOST_SHOWN = 20
# Every virtual environment has some of them, and so does Python itself.
_SEEDS = frozenset(("pip", "setuptools", "wheel", "distribute"))


class Root:
    """The environment in a root file system: a virtualenv, or a Python.

    The paths of its distributions are those inside the root.

    Args:
        root: the folder that is the root.
        python: an environment's folder or an interpreter, as a path inside the root. It may be left
            out if one Python has packages.
        python_version: the version X.Y.Z of its Python, if the files do not say it.
    """

    _environment: Environment | None = None

    def __init__(
        self, root: str, python: str | None = None, python_version: str | None = None
    ) -> None:
        self._root = root
        self._python = python
        self._python_version = python_version
        self._paths = RootPaths(root)

    @property
    def can(self) -> Capabilities:
        """See `EnvironmentSource` in base.py; the same applies to the other methods."""
        return Capabilities(files=True, install=False, times=False)

    def read(self) -> Environment:
        """The environment; its files are listed once."""
        if self._environment is None:
            try:
                self._environment = self._read()
            except OSError as error:
                message = f"{self._shown(str(error.filename))} cannot be read: {error.strerror}"
                raise EnvironmentReadError(message) from None
        return self._environment

    def answer(self, asked: Questions, known: Facts) -> Facts:
        """The known facts, and the answers from the files."""
        environment = self.read()
        checkouts = {one: None for one in asked.checkouts if self._is_inside(one[0])}
        others = asked.checkouts - checkouts.keys()
        mine = asked._replace(checkouts=others, exact_python=False)
        facts = answer(mine, environment, known, self._paths)
        if checkouts:
            # A checkout's files lead anywhere, by more than links.
            facts = facts._replace(checkouts={**(facts.checkouts or {}), **checkouts})
        if asked.exact_python:
            facts = facts._replace(python=environment.python)
        return facts

    def _is_inside(self, path: str) -> bool:
        return path.startswith(f"{self._paths.root}/")

    def _shown(self, path: str) -> str:
        """A path inside the root, as it is on this machine."""
        return path if self._is_inside(path) else f"{self._paths.root}{path}"

    def _read(self) -> Environment:
        if not self._paths.root:
            message = f"--root: {self._root} is this machine's own root file system"
            raise EnvironmentReadError(message, "leave it out")
        if not os.path.isdir(self._paths.at("/")):
            message = f"--root: {self._root} is not a folder"
            raise EnvironmentReadError(message, "give the folder of a root file system")
        found, installed = self._chosen()
        site = found.site
        version = self._exact(site.python.version, found.release)
        # No interpreter: it is not one of this machine.
        python = site.python._replace(version=version, interpreter=None, markers=found.markers)
        return Environment(
            self._shown(site.prefix),
            python,
            "--root",
            installed.distributions,
            (*site.broken, *installed.broken),
            (*installed.notes, *self._users(found)),
            folders=site.own,
            hidden=tuple(installed.hidden),
            chosen="named" if self._python is not None else "found",
            can=self.can,
            root=self._paths.root,
        )

    def _users(self, found: RootPython) -> Iterator[Note]:
        """Notes on packages of users, which a Python that is no virtualenv may also see."""
        if not is_virtualenv(found.site.prefix, self._paths):
            for folder in users_folders(found.site.python, self._paths):
                message = f"{folder} is not read: which user runs Python there is not known"
                yield Note("unsure", None, None, message)

    def _exact(self, version: str, release: str) -> str:
        """The version of the Python: as the user says it, or as its own files do.

        Raises:
            UsageError: the user's is another X.Y.
        """
        if self._python_version is None:
            return release or version
        named = version_of({"version": self._python_version})
        minor = version.split(".")[:2]
        if named.split(".")[:2] != minor:
            message = f"--python-version: {self._python_version}, but it is Python {version}"
            raise UsageError(message, "leave it out")
        return named

    def _chosen(self) -> tuple[RootPython, Installed]:
        """The Python that was named, or the only one that has packages.

        Raises:
            EnvironmentReadError: there is none, there are several, or one cannot be read.
        """
        if self._python is not None:
            found = named_python(self._python, self._paths)
            if found is None:
                message = f"--python: there is no Python environment at {self._python}"
                raise EnvironmentReadError(f"{message} in {self._root}", self._choices())
            return found, self._installed(found)
        pythons, errors = find_pythons(self._paths)
        read = [(found, self._installed(found)) for found in pythons]
        if errors:
            # It may be the one that is meant.
            raise EnvironmentReadError(errors[0].message, _pass_one(read) if read else "")
        filled = [one for one in read if one[1].distributions.keys() - _SEEDS]
        if len(filled or read) == 1:
            return (filled or read)[0]
        if not read:
            hint = "if it is elsewhere, name it: --python PATH, as it is inside"
            raise EnvironmentReadError(f"no Python environment was found in {self._root}", hint)
        several = "several Pythons have packages" if filled else "there are several Pythons"
        raise EnvironmentReadError(f"in {self._root}, {several}", _pass_one(filled or read))

    def _choices(self) -> str:
        read = [(found, self._installed(found)) for found in find_pythons(self._paths)[0]]
        return _pass_one(read) if read else "no Python was found in the usual folders"

    def _installed(self, found: RootPython) -> Installed:
        installed = Installed(found.site.python, self._paths)
        for folder in found.site.own:
            installed.add_site_folder(folder, own=True)
        for folder in found.site.system:
            installed.add_site_folder(folder, own=False)
        return installed


def _unknown(python: Python) -> frozenset[str]:
    """The environment markers that no file says: the kernel's, and what depends on the patch."""
    unknown = {"platform_release", "platform_version", "platform_machine"}
    if python.version.count(".") < 2:
        unknown |= {"python_full_version", "implementation_version"}
    return frozenset(unknown - dict(python.markers).keys())


def _pass_one(found: list[tuple[RootPython, Installed]]) -> str:
    lines = [
        f"--python {quoted(one.name)} (Python {one.release or one.site.python.version},"
        f" {len(installed.distributions)} installed)"
        for one, installed in found[:_MOST_SHOWN]
    ]
    if len(found) > _MOST_SHOWN:
        lines.append(f"and {len(found) - _MOST_SHOWN} more")
    return "\n  ".join(["pass one of these:", *lines])
