"""Records: documents that say what is installed in an environment, maybe on another machine.

What a record says of folders is about its machine. If all its metadata is on this disk too, it is a
record of this machine. Otherwise, a folder that it names is one of this project if both have the
same name.
"""

from __future__ import annotations

import os
import sys

from .. import environments
from ..errors import EnvironmentReadError, InvalidLineError, UsageError
from ..repository.projects import project_name
from ..standards import canonical_name
from ..standards.markers import VARIABLES
from ..values import (
    TYPE_CHECKING,
    Broken,
    CanonicalName,
    Capabilities,
    Distribution,
    Environment,
    Note,
    Python,
)
from ..values.details import Editable, Source
from ..values.findings import Facts, Questions, Unreadable
from . import Disk
from .answers import DOUBLED
from .documents import (
    STANDARD_INPUT,
    WAY_OUT,
    Recorded,
    is_json,
    parsed,
    prefix_of,
    read_bytes,
    read_inspect_report,
    text_of,
)
from .metadata import placed, source_of
from .site import Installed, version_of

if TYPE_CHECKING:
    from typing import Any

    from .documents import Pipes


FOUND_BY = "--installed"
_CAN = Capabilities(files=False, install=False, times=False)
_UNKNOWN = frozenset(name for name in VARIABLES if name != "extra")
_OF_VERSION = frozenset(("python_version", "python_full_version", "implementation_version"))
# `sys_platform` -> `os_name`, `platform_system`.
PLATFORMS = {
    "linux": ("posix", "Linux"),
    "darwin": ("posix", "Darwin"),
    "win32": ("nt", "Windows"),
    "cygwin": ("posix", "CYGWIN_NT"),
}
# How many folders of a path are looked for in the project.
_DEEPEST = 20


class Record:
    """An environment as a file describes it.

    Args:
        path: the file, or `-` for standard input.
        project: the folder of the project, in which folders of the record may be found.
        python_version: the version of its Python, if the record does not say it: X.Y or X.Y.Z.
        platform: its `sys.platform`, if the record does not say it.
        pipes: what the run has read of pipes, for other sets of it.
    """

    _environment: Environment | None = None
    _is_here: bool | None = None

    def __init__(
        self,
        path: str,
        project: str,
        python_version: str | None = None,
        platform: str | None = None,
        pipes: Pipes | None = None,
    ) -> None:
        self._path = path
        self._project = project
        self._python_version = python_version
        self._platform = platform
        self._pipes: Pipes = {} if pipes is None else pipes

    def read(self) -> Environment:
        """See `EnvironmentSource` in base.py; the same applies to the other methods."""
        if self._environment is None:
            self._recorded = self._read()
            self._environment = self._environment_of(self._recorded)
        return self._environment

    def _read(self) -> Recorded:
        shown = "standard input" if self._path == STANDARD_INPUT else self._path
        try:
            return self._content(text_of(read_bytes(self._path, self._pipes)))
        except EnvironmentReadError as error:
            raise EnvironmentReadError(f"{shown}: {error.message}", error.hint) from None
        except (RecursionError, TypeError, AttributeError, KeyError, ValueError):
            # Documents that only resemble one.
            raise EnvironmentReadError(f"{shown}: it has an unexpected form", WAY_OUT) from None

    def _content(self, text: str) -> Recorded:
        """What the text says; its format is recognized by its content.

        Raises:
            EnvironmentReadError: it is none of the formats, or cannot be read.
        """
        if not text.strip():
            raise EnvironmentReadError("it is empty", WAY_OUT)
        document: Any = parsed(text) if is_json(text) else None
        if isinstance(document, dict) and "installed" in document:
            return read_inspect_report(document)
        if isinstance(document, list):
            return environments.documents.read_listing(document)
        if document is not None:
            raise EnvironmentReadError("it is of no format that reqdrift reads", WAY_OUT)
        return environments.documents.read_frozen_list(text, self._name_of)

    def _environment_of(self, recorded: Recorded) -> Environment:
        gaps, notes = recorded.gaps, []
        python = recorded.python
        if python is None:
            python, variables = self._stated()
            gaps = gaps._replace(variables=variables)
        if gaps.sources:
            message = f"{gaps.record} does not record where distributions were installed from"
            notes.append(Note("unsure", None, None, message, quiet=True))
        path = "standard input" if self._path == STANDARD_INPUT else os.path.abspath(self._path)
        distributions = [
            one if one.folder else one._replace(folder=path) for one in recorded.distributions
        ]
        return Environment(
            path,
            python,
            f"{FOUND_BY}: {gaps.record}" + (f" of {recorded.prefix}" if recorded.prefix else ""),
            {one.name: one for one in distributions},
            tuple(Broken(canonical_name(name), text) for name, text in recorded.broken),
            tuple(notes),
            folders=recorded.folders,
            hidden=recorded.hidden,
            chosen="named",
            can=_CAN,
            gaps=gaps if any(gaps[1:]) else None,
        )

    def _stated(self) -> tuple[Python, frozenset[str]]:
        """The Python as the options state it, and the markers that remain unknown.

        Raises:
            UsageError: an option has a value that cannot be.
        """
        unknown = _UNKNOWN
        version = ".".join(map(str, sys.version_info[:2]))
        if self._python_version is not None:
            version = version_of({"version": self._python_version})
            if not version:
                message = f"--python-version: '{self._python_version}' is not a Python version"
                raise UsageError(message, "write X.Y or X.Y.Z, as in 3.12")
            is_exact = version.count(".") > 1
            unknown -= _OF_VERSION if is_exact else {"python_version"}
        markers: list[tuple[str, str]] = []
        if self._platform is not None:
            name = self._platform
            if not (name.isascii() and name.isalnum() and name == name.lower()):
                message = f"--platform: '{name}' is not a value of sys.platform"
                raise UsageError(message, f"for example: {', '.join(PLATFORMS)}")
            names = ("sys_platform", "os_name", "platform_system")
            # Of other platforms, the name of the system is not known.
            markers = list(zip(names, (name, *PLATFORMS.get(name, ("posix",))), strict=False))
            unknown = unknown.difference(dict(markers))
        is_assumed = self._python_version is None
        platform = self._platform or ""
        return Python(version, "CPython", None, platform, is_assumed, tuple(markers)), unknown

    def answer(self, asked: Questions, known: Facts) -> Facts:
        """The known facts, and the answers that the record has."""
        environment, recorded = self.read(), self._recorded
        distributions = environment.distributions
        sources = {name: self._source(distributions[name]) for name in asked.sources}
        facts = known._replace(sources={**known.sources, **sources})
        if asked.checkouts:
            checkouts = {one: self._checkout(*one) for one in sorted(asked.checkouts)}
            facts = facts._replace(checkouts={**known.checkouts, **checkouts})
        if asked.requires:
            facts = facts._replace(requires={n: self._requires(n) for n in recorded.requires})
        if asked.names:
            spelled = recorded.names
            names = {name: spelled.get(name, distributions[name].project) for name in asked.names}
            facts = facts._replace(names=names)
        if asked.editables:
            facts = facts._replace(editables=self._editable(asked.editables[0]))
        if asked.exact_python:
            facts = facts._replace(python=environment.python)
        return facts

    def _requires(self, name: CanonicalName) -> tuple[str, ...] | Unreadable:
        environment = self.read()
        if name in environment.doubled:
            return Unreadable(environment.distributions[name].path, DOUBLED)
        return self._recorded.requires.get(name, ())

    def _source(self, distribution: Distribution) -> Source | Unreadable:
        said = self._recorded.direct.get(distribution.name)
        if isinstance(said, Unreadable):
            return said
        try:
            source = said if isinstance(said, Source) else source_of(_as_record(said))
        except (InvalidLineError, ValueError, TypeError, AttributeError, KeyError, RecursionError):
            return Unreadable(
                f"the direct URL of {distribution.name}", "does not conform to PEP 610"
            )
        if not source.local:
            return source
        is_conda = self._recorded.installers.get(distribution.name) == "conda"
        if self._is_of_this_disk():
            source = placed(source)._replace(conda=is_conda)
            if distribution.entry.endswith(".egg-link"):
                # pip reports where the package is, which may be a folder of the project.
                above = os.path.dirname(source.folders[0])
                if canonical_name(project_name(above)) == distribution.name:
                    source = source._replace(folders=(*source.folders, above))
            return source
        prefix = self._recorded.prefix or prefix_of(distribution.folder)
        is_inside = bool(prefix) and f"{source.url}/".startswith(f"{prefix}/")
        folders = self._places(source, distribution.name)
        return source._replace(
            folders=folders, conda=is_conda, environment=prefix if is_inside else ""
        )

    def _editable(self, project: str) -> dict[CanonicalName, Editable]:
        """The project itself, if it is an editable install: its path means nothing here."""
        found = self.read().distributions.get(canonical_name(project_name(project)))
        source = self._source(found) if found and found.direct else None
        if found is None or not isinstance(source, Source) or not source.editable:
            return {}
        return {found.name: Editable(source.url, here=project, own=True, recorded=True)}

    def _is_of_this_disk(self) -> bool:
        """Whether all that the record names is on this disk: then its paths mean what they say."""
        if self._is_here is None:
            found = self.read().distributions.values()
            self._is_here = bool(found) and all(
                os.path.isabs(one.path) and os.path.exists(one.path) for one in found
            )
        return self._is_here

    def _places(self, source: Source, name: CanonicalName) -> tuple[str, ...]:
        """Where a folder or archive of the record is on this machine; nothing if that is unknown.

        A folder is the same if a project of the same name is there, or at the end of the same path
        in this project.
        """
        path = source.url
        if not os.path.isabs(path) or not path.isprintable():
            return ()
        parts = os.path.normpath(path).split(os.sep)[1:][-_DEEPEST:]
        inside = (
            os.path.join(self._project, *parts[start:])
            for start in range(len(parts) + (source.kind == "folder"))
        )
        for place in (path, *inside):
            if source.kind == "archive":
                is_there = os.path.isfile(place)
            else:
                place_of_name = os.path.join(place, source.subdirectory)
                is_there = canonical_name(project_name(place_of_name)) == name
            if is_there:
                return (os.path.realpath(place),)
        return ()

    def _name_of(self, path: str) -> str:
        """The project that an editable path of a freeze is, '' if unknown."""
        is_usual = os.path.isabs(path) and path.isprintable()
        return project_name(path) if is_usual else ""

    def _checkout(self, folder: str, revision: str, project: str) -> Any:
        """Of another machine, only whether the folder is in the project's own repository."""
        if self._is_of_this_disk():
            return environments.checkouts.read_checkout(folder, revision, project)
        found = environments.checkouts.read_checkout(folder, revision, self._project)
        if not found or not found.own:
            return None
        return found if project else environments.checkouts.read_checkout(folder, revision)


def _as_record(said: object) -> dict[str, Any]:
    if not isinstance(said, dict):
        raise ValueError(said)
    return said


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
