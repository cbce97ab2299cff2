"""Records: documents that say what is installed in an environment, maybe on another machine.

They are untrusted, of limited size, and one document only. What a record says of folders is about
its machine. If all its metadata is on this disk too, it is a record of this machine. Otherwise, a
folder that it names is one of this project if both have the same name.

- A folder of `--path` does not record its Python; `--python-version X.Y` sets it. By default it
  is the version of the Python that reqdrift runs on. If another X.Y would change findings, a note
  (`unsure`) names the projects, and `fix`, `diff` and `plan` do nothing (exit code 2).
- A record's paths are those of its machine, unless all metadata that it names is on this disk. The
  commit of an editable checkout of another machine is unknown.
"""

from __future__ import annotations

import json
import os
import stat
import sys

from .. import environments
from ..errors import EnvironmentReadError, InvalidLineError, UsageError
from ..repository.projects import project_name
from ..standards import canonical_name
from ..values import TYPE_CHECKING, Capabilities, Environment, Note, Python, Unreadable
from ..values.details import Editable, Source
from . import Candidate, EnvironmentSource, implementation_here, read_folders
from .answers import DOUBLED
from .documents import APART, STATED, WAY_OUT, Recorded, prefix_of, read_inspect_report
from .metadata import placed, source_of
from .site import SiteFolders, version_of

if TYPE_CHECKING:
    from typing import Any

    from ..values import CanonicalName, Distribution, Facts, Questions

    # What was read of pipes, by device and inode.
    Pipes = dict[tuple[int, int], bytes]


FOUND_BY = "--installed"
STANDARD_INPUT = "-"
# In bytes; the record of 1,000 distributions has 10 MB.
LARGEST = 32 << 20
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


class Record(EnvironmentSource):
    """An environment as a file describes it.

    Args:
        path: the file, or `-` for standard input.
        project: the folder of the project, in which folders of the record may be found.
        python_version: the version of its Python, if the record does not say it: X.Y or X.Y.Z.
        platform: its `sys.platform`, if the record does not say it.
        pipes: what the run has read of pipes, for other sets of it.
    """

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

    def _read(self) -> Environment:
        is_piped = self._path == STANDARD_INPUT
        shown = "standard input" if is_piped else self._path
        try:
            recorded = _content(_text_of(_read_bytes(self._path, self._pipes)))
        except EnvironmentReadError as error:
            raise EnvironmentReadError(f"{shown}: {error.message}", error.hint) from None
        except (RecursionError, TypeError, AttributeError, KeyError, ValueError):
            # Documents that only resemble one.
            raise EnvironmentReadError(f"{shown}: it has an unexpected form", WAY_OUT) from None
        self._recorded = recorded
        gaps, notes, python = recorded.gaps, [], recorded.python
        if python is None:
            python, variables = self._stated()
            gaps = gaps._replace(variables=variables)
        if gaps.sources:
            message = f"{gaps.record} does not record where distributions were installed from"
            notes.append(Note("unsure", None, None, message, quiet=True))
        path = shown if is_piped else os.path.abspath(self._path)
        distributions = [
            one if one.folder else one._replace(folder=path) for one in recorded.distributions
        ]
        return Environment(
            path,
            python,
            f"{FOUND_BY}: {gaps.record}" + (f" of {recorded.prefix}" if recorded.prefix else ""),
            {one.name: one for one in distributions},
            recorded.broken,
            tuple(notes),
            folders=recorded.folders,
            hidden=recorded.hidden,
            chosen="named",
            can=Capabilities(files=False, install=False, times=False),
            gaps=gaps if any(gaps[1:]) else None,
        )

    def _stated(self) -> tuple[Python, frozenset[str]]:
        """The Python as the options state it, and the markers that remain unknown.

        Raises:
            UsageError: an option has a value that cannot be.
        """
        unknown = frozenset(STATED)
        version = ".".join(map(str, sys.version_info[:2]))
        if self._python_version is not None:
            version = _stated_version(self._python_version)
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
        """As in `EnvironmentSource`: what the record has."""
        environment, recorded = self.read(), self._recorded
        distributions = environment.distributions
        sources = {name: self._source(distributions[name]) for name in asked.sources}
        facts = known._replace(sources={**known.sources, **sources})
        if asked.checkouts:
            checkouts = {one: self._checkout(*one) for one in sorted(asked.checkouts)}
            facts = facts._replace(checkouts={**known.checkouts, **checkouts})
        if asked.requires:
            doubled = environment.doubled & recorded.requires.keys()
            unread = {name: Unreadable(distributions[name].path, DOUBLED) for name in doubled}
            facts = facts._replace(requires={**recorded.requires, **unread})
        if asked.names:
            spelled = recorded.names
            names = {name: spelled.get(name, distributions[name].project) for name in asked.names}
            facts = facts._replace(names=names)
        if asked.editables:
            facts = facts._replace(editables=self._editable(asked.editables[0]))
        if asked.exact_python:
            facts = facts._replace(python=environment.python)
        return facts

    def _source(self, distribution: Distribution) -> Source | Unreadable:
        said: Any = self._recorded.direct.get(distribution.name)
        if isinstance(said, Unreadable):
            return said
        try:
            source = said if isinstance(said, Source) else source_of(said)
        except (InvalidLineError, ValueError, TypeError, AttributeError, KeyError, RecursionError):
            what = f"the direct URL of {distribution.name}"
            return Unreadable(what, "does not conform to PEP 610")
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
        around = prefix if f"{source.url}/".startswith(f"{prefix}/") else ""
        folders = self._places(source, distribution.name)
        return source._replace(folders=folders, conda=is_conda, environment=around)

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

    def _checkout(self, folder: str, revision: str, project: str) -> Any:
        """Of another machine, only whether the folder is in the project's own repository."""
        if self._is_of_this_disk():
            return environments.checkouts.read_checkout(folder, revision, project)
        found = environments.checkouts.read_checkout(folder, revision, self._project)
        if not found or not found.own:
            return None
        return found if project else environments.checkouts.read_checkout(folder, revision)


def _content(text: str) -> Recorded:
    """What the text says; its format is recognized by its content.

    Raises:
        EnvironmentReadError: it is none of the formats, or cannot be read.
    """
    if not text.strip():
        raise EnvironmentReadError("it is empty", WAY_OUT)
    start = text.lstrip()[:2]
    # pip's `[notice]` is no array.
    if not (start[:1] == "{" or (start[:1] == "[" and not start[1:].isalpha())):
        return environments.documents.read_frozen_list(text)
    document = _parsed(text)
    if isinstance(document, dict) and "installed" in document:
        return read_inspect_report(document)
    if isinstance(document, list):
        return environments.documents.read_listing(document)
    raise EnvironmentReadError("it is of no format that reqdrift reads", WAY_OUT)


def _parsed(text: str) -> Any:
    """The document.

    Raises:
        EnvironmentReadError: it is truncated, or there is more than one document.
    """
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        what = f"it is truncated or not valid JSON: {error.msg}"
        if error.msg == "Extra data":
            what = "after the document, there is other text"
        raise EnvironmentReadError(f"{what} in line {error.lineno}", APART) from None
    except RecursionError:
        raise EnvironmentReadError("it is nested too deeply") from None


def _text_of(data: bytes) -> str:
    """The text of a record.

    Raises:
        EnvironmentReadError: it is not UTF-8 (or UTF-16, as PowerShell writes it).
    """
    encoding = "utf-8"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    try:
        text = data.removeprefix(b"\xef\xbb\xbf").decode(encoding)
    except UnicodeDecodeError:
        raise EnvironmentReadError("it is not UTF-8") from None
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _read_bytes(path: str, pipes: Pipes) -> bytes:
    """The bytes of a record.

    Args:
        path: the file, or `-` for standard input.
        pipes: what this run has read of pipes and standard input; what it reads now is added.

    Raises:
        EnvironmentReadError: it cannot be read, or is too large.
    """
    source: int | str = 0 if path == STANDARD_INPUT else path
    try:
        if source == 0 and os.isatty(0):
            hint = "for example: pip inspect | reqdrift --installed -"
            raise UsageError("nothing is piped into standard input", hint)
        status = os.stat(source)
        if stat.S_ISDIR(status.st_mode):
            raise EnvironmentReadError("a folder inside a folder of records", "pass it by itself")
        is_file = stat.S_ISREG(status.st_mode)
        if source != 0 and not (is_file or stat.S_ISFIFO(status.st_mode)):
            raise EnvironmentReadError("is not a regular file")
        # Each set asks for what a pipe or standard input has, and it can be read only once.
        key = (status.st_dev, status.st_ino)
        if key in pipes:
            return pipes[key]
        with open(source, "rb", closefd=source != 0) as file:
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise EnvironmentReadError(f"cannot be read: {why}") from None
    if len(data) > LARGEST:
        raise EnvironmentReadError(f"is larger than {LARGEST >> 20} MiB")
    if source == 0 or not is_file or path.startswith(("/dev/fd/", "/dev/stdin")):
        pipes[key] = data
    return data


def _stated_version(text: str) -> str:
    """The version that `--python-version` names.

    Raises:
        UsageError: it is none.
    """
    version = version_of({"version": text})
    if not version:
        message = f"--python-version: '{text}' is not a Python version"
        raise UsageError(message, "write X.Y or X.Y.Z, as in 3.12")
    return version


class Target(EnvironmentSource):
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
        named = self._python_version
        here = ".".join(map(str, sys.version_info[:3]))
        version = here if named is None else _stated_version(named)
        python = Python(version, implementation_here(), assumed=named is None)
        folder = os.path.abspath(self._folder)
        candidate = Candidate("--path", folder, chosen="named")
        return read_folders(candidate, SiteFolders(folder, python, (folder,)))
