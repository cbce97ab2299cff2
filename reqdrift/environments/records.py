"""Records: documents that say what is installed in an environment, maybe on another machine.

They are untrusted, of limited size, and one document only. What a record says of folders is about
its machine. If all its metadata is on this disk too, it is a record of this machine. Otherwise, a
folder that it names is one of this project if both have the same name.

- A folder of `--path` does not record its Python; `--python-version X.Y` sets it. By default it
  is the version of the Python that reqdrift runs on. If another X.Y would change findings, a note
  (`unsure`) names the projects, and `fix`, `diff` and `plan` do nothing (exit code 2).
- A record's paths are those of its machine, unless all metadata that it names is on this disk. The
  commit of an editable checkout of another machine is unknown.
- The environment's own folders, where an inspect report has several: in a virtual environment the
  first one; without one, all site folders.
- `reqdrift inspect` equals `pip inspect` in all that is compared. Under the key `reqdrift` it adds
  what pip does not report: own folders, broken and hidden distributions, metadata that cannot be
  read. `tests/recorded.py` compares the report about a record with the direct one.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from functools import cached_property

from .. import environments, requirements, standards
from .._record import TYPE_CHECKING, NamedTuple
from ..errors import EnvironmentReadError, InvalidLineError, UsageError
from ..repository.projects import project_name
from ..standards import canonical_name, checked_name
from ..standards.markers import OF_RELEASE, VARIABLES
from ..standards.pep440 import is_pinned, satisfies
from ..values import (
    CanonicalName,
    Capabilities,
    Distribution,
    Environment,
    Lines,
    Note,
    Python,
    Requirement,
    Unreadable,
)
from ..values.details import Broken, Editable, Gaps, Source
from . import Candidate, EnvironmentSource, implementation_here, read_folders
from .answers import DOUBLED
from .metadata import placed, source_of
from .site import SiteFolders, version_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from ..values import Facts, Questions, Request

    # What was read of pipes, by device and inode.
    Pipes = dict[tuple[int, int], bytes]


STANDARD_INPUT = "-"
# In bytes; the record of 1,000 distributions has 10 MB.
LARGEST = 32 << 20
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
        request: the version of its Python and its `sys.platform`, if the record does not say them.
        pipes: what the run has read of pipes, for other sets of it.
    """

    def __init__(self, path: str, project: str, request: Request, pipes: Pipes) -> None:
        self._path = path
        self._project = project
        self._request = request
        self._pipes = pipes

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
        listed = [entry.distribution for entry in recorded.entries.values()]
        distributions = [one if one.folder else one._replace(folder=path) for one in listed]
        return Environment(
            path,
            python,
            f"--installed: {gaps.record}" + (f" of {recorded.prefix}" if recorded.prefix else ""),
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
        stated, name = self._request.python_version, self._request.platform
        version = ".".join(map(str, sys.version_info[:2]))
        if stated is not None:
            version = _stated_version(stated)
            is_exact = version.count(".") > 1
            unknown -= {"python_version", *(OF_RELEASE if is_exact else ())}
        markers: list[tuple[str, str]] = []
        if name is not None:
            if not (name.isascii() and name.isalnum() and name == name.lower()):
                message = f"--platform: '{name}' is not a value of sys.platform"
                raise UsageError(message, f"for example: {', '.join(PLATFORMS)}")
            names = ("sys_platform", "os_name", "platform_system")
            # Of other platforms, the name of the system is not known.
            markers = list(zip(names, (name, *PLATFORMS.get(name, ("posix",))), strict=False))
            unknown = unknown.difference(dict(markers))
        python = Python(version, "CPython", None, name or "", stated is None, tuple(markers))
        return python, unknown

    def answer(self, asked: Questions, known: Facts) -> Facts:
        """As in `EnvironmentSource`: what the record has."""
        environment, entries = self.read(), self._recorded.entries
        distributions = environment.distributions
        sources = {name: self._source(distributions[name]) for name in asked.sources}
        facts = known._replace(sources={**known.sources, **sources})
        if asked.checkouts:
            checkouts = {one: self._checkout(*one) for one in sorted(asked.checkouts)}
            facts = facts._replace(checkouts={**known.checkouts, **checkouts})
        if asked.requires:
            listed = ((name, one.requires) for name, one in entries.items())
            requires = {name: needs for name, needs in listed if needs is not None}
            doubled = environment.doubled & requires.keys()
            unread = {name: Unreadable(distributions[name].path, DOUBLED) for name in doubled}
            facts = facts._replace(requires={**requires, **unread})
        if asked.names:
            facts = facts._replace(names={name: entries[name].name for name in asked.names})
        if asked.editables:
            facts = facts._replace(editables=self._editable(asked.editables[0]))
        if asked.exact_python:
            facts = facts._replace(python=environment.python)
        return facts

    def _source(self, distribution: Distribution) -> Source | Unreadable:
        entry = self._recorded.entries[distribution.name]
        said = entry.direct
        if isinstance(said, Unreadable):
            return said
        try:
            source = said if isinstance(said, Source) else source_of(said)
        except (InvalidLineError, ValueError, TypeError, AttributeError, KeyError, RecursionError):
            what = f"the direct URL of {distribution.name}"
            return Unreadable(what, "does not conform to PEP 610")
        if not source.local:
            return source
        is_conda = entry.installer == "conda"
        if self._is_of_this_disk:
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

    @cached_property
    def _is_of_this_disk(self) -> bool:
        """Whether all that the record names is on this disk: then its paths mean what they say."""
        paths = [one.path for one in self.read().distributions.values()]
        return bool(paths) and all(os.path.isabs(path) and os.path.exists(path) for path in paths)

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
        if self._is_of_this_disk:
            return environments.checkouts.read_checkout(folder, revision, project)
        found = environments.checkouts.read_checkout(folder, revision, self._project)
        if not found or not found.own:
            return None
        return found if project else environments.checkouts.read_checkout(folder, revision)


def _content(text: str) -> Recorded:
    """What the text says; its format is recognized by its content.

    Raises:
        EnvironmentReadError: it is none of the formats, truncated, or more than one document.
    """
    if not text.strip():
        raise EnvironmentReadError("it is empty", WAY_OUT)
    start = text.lstrip()[:2]
    # pip's `[notice]` is no array.
    if not (start[:1] == "{" or (start[:1] == "[" and not start[1:].isalpha())):
        return read_frozen_list(text)
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        what = f"it is truncated or not valid JSON: {error.msg}"
        if error.msg == "Extra data":
            what = "after the document, there is other text"
        raise EnvironmentReadError(f"{what} in line {error.lineno}", APART) from None
    except RecursionError:
        raise EnvironmentReadError("it is nested too deeply") from None
    if isinstance(document, dict) and "installed" in document:
        return read_inspect_report(document)
    if isinstance(document, list):
        return read_listing(document)
    raise EnvironmentReadError("it is of no format that reqdrift reads", WAY_OUT)


def _text_of(data: bytes) -> str:
    """The text of a record.

    Raises:
        EnvironmentReadError: it is not UTF-8 (or UTF-16, as PowerShell writes it).
    """
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
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
        return read_folders(candidate, SiteFolders(folder, python, (folder,), (folder,)))


WAY_OUT = "write it with pip inspect, pip list --format json or pip freeze"
APART = "keep standard error apart (2>/dev/null; ssh and docker without -t)"
# In characters: of a value in a message, of a name (no file system has longer ones), of a version.
_LONGEST = 80
_LONGEST_NAME = 255
_LONGEST_VERSION = 1_000


class Entry(NamedTuple):
    """A distribution in a record, with its name as spelled in the metadata.

    `direct` is the source of one that did not come from an index, as PEP 610 writes it, or as a
    `Source`. `requires` is what it needs, None if the record does not say it.
    """

    distribution: Distribution
    name: str
    direct: Any = None
    requires: tuple[str, ...] | Unreadable | None = None
    installer: str = ""


class Recorded(NamedTuple):
    """The content of a record, as the reader of its format understood it.

    `python` is None if the record does not describe it. `prefix` is the folder of the environment
    on its machine, '' if unknown.
    """

    gaps: Gaps
    entries: Mapping[CanonicalName, Entry]
    python: Python | None = None
    broken: tuple[Broken, ...] = ()
    hidden: tuple[Distribution, ...] = ()
    folders: tuple[str, ...] = ()
    prefix: str = ""


def entry_of(name: object, version: object, source: Source | None = None) -> Entry:
    """A distribution of which a record has only the name, the version and perhaps the source.

    Raises:
        EnvironmentReadError: one of them is none.
    """
    canonical, project = checked_project(name), str(name)
    version = checked_version(version, project)
    found = Distribution(canonical, project, version, project, "", source is not None)
    return Entry(found, project, source)


def checked_project(name: object) -> CanonicalName:
    """The canonical form of a name.

    Raises:
        EnvironmentReadError: it is not the name of a project.
    """
    is_text = isinstance(name, str) and 0 < len(name) <= _LONGEST_NAME
    canonical = checked_name(str(name)) if is_text else None
    if canonical is None:
        raise EnvironmentReadError(f"{quoted(name)} is not the name of a project")
    return canonical


def checked_version(version: object, project: str) -> str:
    """The version of a project; before PEP 440 it could be any text.

    Raises:
        EnvironmentReadError: it is none.
    """
    if not isinstance(version, str) or not 0 < len(version) <= _LONGEST_VERSION:
        raise EnvironmentReadError(f"{project} has no readable version")
    return version


def by_name(entries: Iterable[Entry]) -> dict[CanonicalName, Entry]:
    """The entries by the names of their projects, in their order.

    Raises:
        EnvironmentReadError: one project is there twice, as in two records in one file.
    """
    found: dict[CanonicalName, Entry] = {}
    for entry in entries:
        name = entry.distribution.name
        if found.setdefault(name, entry) is not entry:
            message = f"{name} is in it twice; it may be two records in one"
            raise EnvironmentReadError(message, "write each record to its own file")
    return found


def quoted(value: object) -> str:
    """The beginning of a value, for a message."""
    is_plain = value is None or isinstance(value, (str, int, float))
    text = repr(value) if is_plain else type(value).__name__
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


VERSION = "1"
OWN_KEY = "reqdrift"
NAME = "an inspect report"
# In `extra`, no environment has a value.
STATED = tuple(sorted(name for name in VARIABLES if name != "extra"))
_SITE_FOLDERS = ("site-packages", "dist-packages")
# Where `pip install --user` installs on Linux, macOS and Windows.
_OF_USERS = ("/.local/lib/", "/Library/Python/", "/AppData/Roaming/Python/")


def read_inspect_report(document: dict[str, Any]) -> Recorded:
    """The content of the report.

    Args:
        document: the JSON.

    Raises:
        EnvironmentReadError: it is of another version, or lacks something.
    """
    version = document.get("version")
    if version != VERSION:
        what = f"{NAME} of version {quoted(version)}; reqdrift reads version '{VERSION}'"
        raise EnvironmentReadError(
            what, "pip 23.0 and newer write it, and so does reqdrift inspect"
        )
    items = document["installed"]
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise EnvironmentReadError("'installed' is not a list of distributions")
    more = document.get(OWN_KEY) or {}
    python = _python(document.get("environment"))
    listed = [_distribution(item) for item in items]
    folders = tuple(map(_slashed, more.get("folders", ())))
    folders = folders or _own_folders(listed)
    pairs = zip(listed, items, strict=True)
    entries = by_name(_entry(_in_place(one, item, folders), item) for one, item in pairs)
    hidden = [_in_place(_distribution(item), item, folders) for item in more.get("hidden", ())]
    for one in hidden:
        if one.name not in entries:
            raise EnvironmentReadError(f"{one.name} is hidden by nothing")
    broken = tuple(map(_broken, more.get("broken", ())))
    prefix = _slashed(more.get("prefix", ""))
    return Recorded(Gaps(NAME), entries, python, broken, tuple(hidden), folders, prefix)


def _entry(found: Distribution, item: dict[str, Any]) -> Entry:
    name = item["metadata"].get("name")
    # The metadata may spell it in another way than the folder.
    is_same = isinstance(name, str) and checked_name(name) == found.name
    direct = _trouble(item, "direct_url") or item.get("direct_url")
    installer = str(item.get("installer", ""))
    needs = _requires(found.name, item)
    return Entry(found, name if is_same else found.project, direct, needs, installer)


def _slashed(path: object) -> str:
    """A path of any system, as the places of distributions are compared."""
    return str(path).replace("\\", "/")


def _broken(item: dict[str, Any]) -> Broken:
    """What reqdrift found broken when it wrote the report.

    Raises:
        TypeError: it is not text.
    """
    project, message = item["project"], item["message"]
    if not isinstance(project, str) or not isinstance(message, str):
        raise TypeError(project)
    return Broken(canonical_name(project), message)


def _python(stated: Any) -> Python:
    values: dict[str, Any] = stated if isinstance(stated, dict) else {}
    said = [values.get(name) for name in STATED]
    if not all(isinstance(value, str) and value.isprintable() for value in said):
        raise EnvironmentReadError("it does not say for which Python it is ('environment')")
    full = values["python_full_version"]
    version = version_of({"version": full})
    if not version or not version_of({"version": values["python_version"]}):
        raise EnvironmentReadError(f"{quoted(full)} is not a Python version")
    return Python(
        version,
        values["platform_python_implementation"],
        platform=values["sys_platform"],
        markers=tuple((name, values[name]) for name in STATED),
    )


def _distribution(item: dict[str, Any]) -> Distribution:
    """One distribution.

    Name and version are those of its metadata folder, as for `pip list`.

    Raises:
        EnvironmentReadError: it has no name or no version.
    """
    metadata, location = item.get("metadata"), item.get("metadata_location") or ""
    if not isinstance(metadata, dict) or not isinstance(location, str):
        raise EnvironmentReadError("a distribution has no readable metadata")
    folder, _, entry = _slashed(location).rpartition("/")
    if entry == "EGG-INFO":
        folder, _, entry = folder.rpartition("/")
    name, version = metadata.get("name"), metadata.get("version")
    of_folder, version_of_folder = "", ""
    if entry.endswith(".dist-info"):
        of_folder, _, version_of_folder = entry[:-10].partition("-")
    if of_folder and version_of_folder and not {"-", "_"} & {*version_of_folder}:
        name, version = of_folder, version_of_folder
    name = name or of_folder
    canonical = checked_project(name)
    version = checked_version(version or version_of_folder, name)
    is_direct = "direct_url" in item or _trouble(item, "direct_url") is not None
    return Distribution(canonical, name, version, entry or name, folder, is_direct)


def _in_place(found: Distribution, item: dict[str, Any], folders: tuple[str, ...]) -> Distribution:
    """Whether it is in the environment's own folders, where an egg-link is instead of its target.

    A folder of a `.pth` file is not one of these, but an egg is a part of the folder that it is in.
    """
    if found.folder in folders or not found.folder or found.entry.endswith(".egg"):
        return found
    if found.entry.endswith(".egg-info") and _is_editable(item):
        # `setup.py develop`: pip reports what the egg-link leads to.
        return found._replace(entry=f"{found.project}.egg-link", folder=next(iter(folders), ""))
    return found._replace(own=False)


def _is_editable(item: dict[str, Any]) -> bool:
    about = item.get("direct_url")
    folder = about.get("dir_info") if isinstance(about, dict) else None
    return isinstance(folder, dict) and folder.get("editable") is True


def _own_folders(found: Iterable[Distribution]) -> tuple[str, ...]:
    """The environment's own folders among those on its path, which pip lists in their order.

    In a virtual environment the first is its own, and others belong to its base Python. Without
    one, all site folders are own: the user's, and those of the operating system.
    """
    folders = tuple(dict.fromkeys(one.folder for one in found if one.folder))
    sites = [folder for folder in folders if folder.rpartition("/")[2] in _SITE_FOLDERS]
    if not sites:
        return folders
    first = sites[0]
    if first.endswith("dist-packages") or any(part in first for part in _OF_USERS):
        return tuple(sites)
    return tuple(folder for folder in sites if prefix_of(folder) == prefix_of(first))


def prefix_of(folder: str) -> str:
    """The prefix that a site folder belongs to, '' if it is not in the usual place."""
    for mark in ("/lib/", "/lib64/", "/Lib/"):
        before, found, after = folder.rpartition(mark)
        if found and after.count("/") <= 1:
            return before
    return ""


def _requires(name: CanonicalName, item: dict[str, Any]) -> tuple[str, ...] | Unreadable:
    if trouble := _trouble(item, "requires_dist"):
        return trouble
    texts = item["metadata"].get("requires_dist", [])
    if not isinstance(texts, list) or not {*map(type, texts)} <= {str}:
        return Unreadable(name, "its 'requires_dist' is not a list of requirements")
    return tuple(texts)


def _trouble(item: dict[str, Any], key: str) -> Unreadable | None:
    """What reqdrift could not read when it wrote the report."""
    trouble = (item.get(OWN_KEY) or {}).get(key)
    return Unreadable(str(trouble["path"]), str(trouble["why"])) if trouble else None


# The first pip whose list has the folders of editables.
_LISTS_EDITABLES = "21.3"
# In place of the version, where a freeze has none.
UNKNOWN = "unknown"
_IN_VERSIONS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+!_-"
_PIP = CanonicalName("pip")
# The first pip whose freeze has those.
_FREEZES_EDITABLES = "19.0"
# Old versions of pip begin with the `find-links` of their configuration.
_WHERE_TO_LOOK = ("-f ", "--find-links ")
# pip omits them without `--all`: itself always, the others below Python 3.12 (older pips always).
_OFTEN_OMITTED = frozenset(map(CanonicalName, ("setuptools", "wheel", "distribute")))


def read_listing(document: list[Any]) -> Recorded:
    """The content of the list.

    Raises:
        EnvironmentReadError: it is another list, or not complete.
    """
    found = []
    for item in document:
        if not isinstance(item, dict) or "name" not in item or "version" not in item:
            raise EnvironmentReadError("a list, but not of pip or uv", WAY_OUT)
        if "latest_version" in item:
            raise EnvironmentReadError("it has only what is outdated", "leave out --outdated")
        if "channel" in item:
            raise EnvironmentReadError("it is a list of conda, with other packages", WAY_OUT)
        location = item.get("editable_project_location") or ""
        folder = Source("folder", str(location), editable=True, local=True) if location else None
        found.append(entry_of(item["name"], item["version"], folder))
    entries = by_name(found)
    is_old = _is_of_pip_before(_LISTS_EDITABLES, entries)
    editables = is_old and not any(entry.direct for entry in found)
    return Recorded(Gaps("a list", sources=True, editables=editables), entries)


def _is_of_pip_before(version: str, entries: Mapping[CanonicalName, Entry]) -> bool:
    pip = entries.get(_PIP)
    return pip is not None and satisfies(pip.distribution.version, f"<{version}")


def read_frozen_list(text: str) -> Recorded:
    """The content of a freeze.

    Raises:
        EnvironmentReadError: a line is not one of a freeze.
    """
    if requirements.compiled.generating_command(text):
        raise EnvironmentReadError("a compiled requirements file, not a record", "write a freeze")
    found: list[Entry] = []
    for number, line, comment in _lines(text):
        try:
            found.append(_read(line, comment))
        except (InvalidLineError, ValueError):
            what = f"line {number} is not one of a freeze: {quoted(line)}"
            # The first line may be a message, or the file be of another format.
            raise EnvironmentReadError(what, APART if found else f"{WAY_OUT}; {APART}") from None
    if not found:
        raise EnvironmentReadError("it is empty")
    entries = by_name(found)
    names = entries.keys()
    hidden = frozenset[CanonicalName]()
    if _PIP not in names:
        hidden = frozenset({_PIP, *(() if names & _OFTEN_OMITTED else _OFTEN_OMITTED)}) - names
    # `pip list --format freeze` has pip, too, but no sources.
    is_list = _PIP in names and not any(entry.direct for entry in found)
    gaps = Gaps(
        "a freeze",
        sources=is_list,
        # An old pip freezes a folder, editable or not, as a release.
        editables=is_list or _is_of_pip_before(_FREEZES_EDITABLES, entries),
        hidden=hidden,
        unversioned=frozenset(
            name for name, entry in entries.items() if entry.distribution.version == UNKNOWN
        ),
    )
    return Recorded(gaps, entries)


def _lines(text: str) -> Iterator[tuple[int, str, str]]:
    """The number of each line, the line, and the comment before it."""
    comment = ""
    for number, line in enumerate(text.split("\n"), 1):
        line = line.rstrip()
        if line.startswith("#"):
            # Below its comment, pip may quote a URL.
            comment = comment if line.startswith("# '") else line
        elif line and not line.startswith(_WHERE_TO_LOOK):
            yield number, line, comment
            comment = ""


def _read(line: str, comment: str) -> Entry:
    """The distribution of a line.

    Raises:
        InvalidLineError: pip does not write such a line.
        ValueError: the same.
        EnvironmentReadError: it does not say which project it is.
    """
    if line.startswith("-e "):
        return _editable(line[3:].strip(), comment)
    name, equals, version = line.partition("==")
    if equals and name.isascii() and version and not version.startswith("="):
        if version.strip(_IN_VERSIONS):
            raise ValueError(version)
        return entry_of(name, version)
    asked = Requirement(None, "", line, line, Lines("", 1, 1, line))
    requirement = requirements.references.requirement_from_text(line, asked, ())
    if requirement.name is None or requirement.marker or requirement.extras:
        raise ValueError(line)
    if requirement.source is None and not is_pinned(requirement.specifier):
        raise ValueError(line)
    version = requirement.specifier.lstrip("=") or UNKNOWN
    return entry_of(requirement.written, version, requirement.source)


def _editable(text: str, comment: str) -> Entry:
    if "+" in text.partition(":")[0]:
        standards.urls.check(text)
        source = standards.urls.parse(text)._replace(editable=True)
        name, version = standards.urls.egg_name(text), ""
    else:
        path = standards.urls.file_path(text) if text.startswith("file:") else text
        source = Source("folder", path, editable=True, local=True)
        # "# Editable install with no version control (name==version)"
        name, _, version = comment.partition("(")[2].partition(")")[0].partition("==")
        version = version.lstrip("=")
        if not name and os.path.isabs(path) and path.isprintable():
            name = project_name(path)
    if not name:
        what = f"'-e {text}' does not name its project"
        way_out = "write the record with pip inspect or uv pip list --format json"
        raise EnvironmentReadError(what, way_out)
    return entry_of(name, version or UNKNOWN, source)
