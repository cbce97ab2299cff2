"""The sets of a `[tool.reqdrift]` table: which files are checked against which environment."""

from __future__ import annotations

import os
import stat

from ..errors import EnvironmentReadError, UsageError
from ..files import is_inside
from ..values import TYPE_CHECKING, Policy, Request, Set
from ..values.details import IgnoredProject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any


_OF_GLOBS = "*?["


def sets_of(table: Mapping[str, Any], folder: str, request: Request, cwd: str) -> tuple[Set, ...]:
    """The sets to check: those of the configuration, or the one of the options or the table.

    Args:
        table: the table, its keys and values already checked.
        folder: the folder of the pyproject.toml.
        request: the options.
        cwd: the working directory; in a folder of one set, that set is checked.

    Raises:
        UsageError: there is no such set, a pattern matches no file, or the named files belong to
            several sets.
    """
    named = list(_configured(table, folder, request))
    if request.set_name:
        if meant := [one for one in named if request.set_name in (one.base, one.name)]:
            return tuple(meant)
        names = ", ".join(dict.fromkeys(one.base for one in named))
        hint = f"sets: {names}" if names else "[tool.reqdrift] has no sets"
        raise UsageError(f"there is no set '{request.set_name}'", hint)
    if not request.files:
        return _of_folder(named, folder, cwd) or (_without_name(table, folder, request),)
    # If the named files are those of one set, that set is checked, with its environment.
    meant = [one for one in named if _same_files(one.files, request.files)]
    if len(meant) == 1:
        return (meant[0]._replace(name="", files=request.files),)
    if len({one.base for one in meant}) > 1 and not request.python:
        names = ", ".join(one.name for one in meant)
        raise UsageError(f"several sets have these files ({names})", "add --set NAME")
    if meant and not request.python:
        return tuple(meant)
    one = _without_name(table, folder, request)
    default = one.files or (os.path.join(folder, "requirements.txt"),)
    if not _same_files(default, request.files):
        one = one._replace(sources=())  # those of other files
    return (one._replace(files=request.files),)


def _without_name(table: Mapping[str, Any], folder: str, request: Request) -> Set:
    files = _files(table.get("files", ()), folder)
    limits = tuple(os.path.join(folder, file) for file in table.get("constraints", ()))
    configured = _path(table.get("python"), folder)
    policy = policy_of(table, {}, folder, request)
    one = Set("", files, request.python, configured, constraints=limits, policy=policy)
    return one._replace(sources=_sources(table, folder))


def _sources(table: Mapping[str, Any], folder: str) -> tuple[str, ...]:
    return tuple(os.path.join(folder, path) for path in table.get("sources", ()))


def _configured(table: Mapping[str, Any], folder: str, request: Request) -> Iterator[Set]:
    """A set for each entry, or, where it names several environments, one for each of these."""
    common = _path(table.get("python"), folder)
    for number, entry in enumerate(table.get("set", ())):
        base = entry.get("name", f"#{number + 1}")
        shared = (*table.get("constraints", ()), *entry.get("constraints", ()))
        one = Set(
            base,
            _files(entry.get("files", ()), folder),
            request.python,
            common,
            constraints=tuple(os.path.join(folder, file) for file in shared),
            policy=policy_of(table, entry, folder, request),
            base=base,
            sources=_sources(entry, folder),
        )
        pythons = entry.get("python", ())
        pythons = [pythons] if isinstance(pythons, str) else pythons
        if request.python or request.installed or not pythons:
            yield one
            continue
        for python in pythons:
            name = base if len(pythons) == 1 else f"{base} {python}"
            own = _path(python, folder)
            yield one._replace(name=name, python=own, named_by=f"python of the set {base}")


def _of_folder(sets: Sequence[Set], folder: str, cwd: str) -> tuple[Set, ...]:
    """The sets that the working directory belongs to; all of them at the top."""
    top, here = os.path.realpath(folder), os.path.realpath(cwd)
    if here == top:
        return tuple(sets)
    places = {one.base: _folder(one) for one in sets}
    below = [one for one in sets if _is_inside(places[one.base], here)]
    around = [one for one in sets if places[one.base] != top and _is_inside(here, places[one.base])]
    deepest = max((len(places[one.base]) for one in around), default=0)
    nearest = [one for one in around if len(places[one.base]) == deepest]
    return tuple(below or nearest or sets)


def _folder(one: Set) -> str:
    """The folder that all files of a set are in."""
    folders = [os.path.realpath(os.path.dirname(file)) for file in one.files]
    return os.path.commonpath(folders) if folders else ""


def _is_inside(path: str, folder: str) -> bool:
    return path == folder or is_inside(path, folder)


def _files(names: Iterable[str], folder: str) -> tuple[str, ...]:
    """The paths of files; a pattern stands for those that match it, sorted.

    Raises:
        UsageError: a pattern matches no file.
    """
    paths: list[str] = []
    for name in names:
        path = os.path.join(folder, name)
        if not any(mark in name for mark in _OF_GLOBS) or os.path.exists(path):
            paths.append(path)
            continue
        # Few configurations have patterns.
        from glob import escape, glob

        found = sorted(glob(os.path.join(escape(folder), name), recursive=True))
        if not found:
            raise UsageError(f"no file matches '{name}' in {folder}", "fix the pattern in files")
        paths += found
    return tuple(dict.fromkeys(paths))


def _same_files(one: Sequence[str], other: Sequence[str]) -> bool:
    return sorted(map(os.path.realpath, one)) == sorted(map(os.path.realpath, other))


def _path(value: str | None, folder: str) -> str | None:
    """A path of the configuration; a bare command name is searched on PATH later."""
    if value is None or (os.sep not in value and not os.path.exists(os.path.join(folder, value))):
        return value
    return os.path.join(folder, os.path.expanduser(value))


def policy_of(
    table: Mapping[str, Any], entry: Mapping[str, Any], folder: str, request: Request
) -> Policy:
    """What counts as drift: the options, then the set's own keys, then those of the table."""
    severity = {
        **table.get("severity", {}),
        **entry.get("severity", {}),
        **dict(request.severity),
    }
    ignored = (*table.get("ignore", ()), *entry.get("ignore", ()))
    live = (*table.get("stdlib", ()), *entry.get("stdlib", ()))
    return Policy(
        request.unlisted or entry.get("unlisted") or table.get("unlisted", "auto"),
        request.ignore or tuple(map(_ignored, ignored)),
        tuple(sorted(severity.items())),
        frozenset(request.stdlib or live),
        request.add_to or _path(table.get("add-to"), folder),
        entry.get("checkout") or table.get("checkout", "on"),
    )


def _ignored(wish: str | dict[str, Any]) -> str | IgnoredProject:
    if isinstance(wish, str):
        return wish
    return IgnoredProject(
        wish["name"],
        frozenset(wish.get("kinds", ())),
        wish.get("reason", ""),
        wish.get("installed", ""),
    )


STANDARD_INPUT = "-"
_SUFFIXES = (".json", ".txt")


def with_records(sets: Sequence[Set], installed: Sequence[str]) -> tuple[Set, ...]:
    """The sets, each once for each record, with names if there are several.

    Args:
        sets: the sets.
        installed: files, `-` for standard input, and folders of files.

    Raises:
        UsageError: a source is named twice.
        EnvironmentReadError: a folder has no file, or cannot be read.
    """
    paths = [path for source in installed for path in _files_of_source(source)]
    if len(set(paths)) < len(paths):
        repeated = next(path for path in paths if paths.count(path) > 1)
        raise UsageError(f"--installed: {repeated} is named twice", "name it once")
    labels = _labels(paths) if len(paths) > 1 else [""]
    return tuple(
        one._replace(
            name=" ".join(filter(None, (one.name, label))),
            base=one.base or one.name,
            installed=path,
        )
        for one in sets
        for path, label in zip(paths, labels, strict=True)
    )


def _files_of_source(source: str) -> Iterator[str]:
    """The files of a source: of a folder all that are not hidden."""
    if source == STANDARD_INPUT or not os.path.isdir(source):
        yield source
        return
    try:
        names = sorted(name for name in os.listdir(source) if not name.startswith("."))
    except OSError as error:
        raise EnvironmentReadError(f"{source} cannot be read: {error.strerror}") from None
    if not names:
        raise EnvironmentReadError(
            f"{source} has no records", "write one file for each environment"
        )
    for name in names:
        path = os.path.join(source, name)
        if _is_pipe(path):
            raise EnvironmentReadError(f"{path} is a named pipe", "pass it by itself")
        yield path


def _is_pipe(path: str) -> bool:
    """Whether reading it would wait for a writer, maybe forever."""
    try:
        return stat.S_ISFIFO(os.stat(path).st_mode)
    except OSError:
        return False  # reading it says why


def _labels(paths: Sequence[str]) -> list[str]:
    """The shortest names that tell the records apart."""
    for names in ([_stem(path) for path in paths], [os.path.basename(path) for path in paths]):
        if len(set(names)) == len(names):
            return names
    return list(paths)


def _stem(path: str) -> str:
    """The name of the file, without what names the format: the names of hosts have dots, too."""
    name = os.path.basename(path)
    for suffix in _SUFFIXES:
        name = name.removesuffix(suffix)
    return "standard input" if path == STANDARD_INPUT else name
