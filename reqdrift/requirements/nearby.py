"""Requirements files next to those that are checked."""

from __future__ import annotations

import os
from itertools import islice

from .. import repository
from ..files import NO_FILE, entries_of, is_inside
from ..repository import NOT_SERVICES, folders_in, is_project, top_folder
from ..standards import canonical_name
from ..values import TYPE_CHECKING, Problem
from ..values.details import Declaration, DeclaredRequirement
from . import DEFAULT_FILES, is_pylock, read_requirements

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Set

    from ..values import CanonicalName, Requirement


# How many files are read, and how long they may be together, in bytes: a report waits for it.
_MOST = 50
_LONGEST = 1 << 24
_SHORT = 1 << 14
# Words in the names of files that list what is installed besides the project.
_DEVELOPMENT = frozenset(
    (
        *("ci", "dev", "develop", "development", "doc", "docs", "lint"),
        *("test", "testing", "tests", "typing"),
    )
)


def declared_nearby(
    files: Collection[str],
    around: str = "",
    beside: Iterable[str] = (),
    name_of: Callable[[Requirement], CanonicalName | None] = lambda _: None,
) -> tuple[Declaration, ...]:
    """What other requirements files of the project ask for.

    Args:
        files: absolute paths of the files that are checked, all of them, the main one first.
        around: the folder of the environment: what is above it is for another one.
        beside: those of other files that count as well.
        name_of: finds the project that a line without a name means.
    """
    known = set(map(os.path.realpath, files))
    folder = os.path.dirname(next(iter(files)))
    # What a checked file is compiled from says nothing more than it: it may be stale.
    known |= {f"{path.removesuffix('.txt')}.in" for path in known}
    found = []
    for path in _others([*beside, *_nearby(folder, around)], known):
        requirements, there, nameless = [], read_requirements([path]), None
        # What it includes of the checked files is not declared anywhere else.
        included = {file.path for file in there.files if os.path.realpath(file.path) in known}
        for line in there.requirements:
            name = line.name or _named_by_its_folder(line) or name_of(line)
            if name and not line.constraint and line.origin.file not in included:
                details = (line.extras, line.specifier, line.marker or "", line.at.line)
                requirements.append(DeclaredRequirement(name, *details))
            if not name:
                nameless = Problem(line.at, f"{line.text} does not name its project")
        unread = None if is_pylock(path) else next(iter(there.errors), nameless)
        # Another text of which no line is a requirement is about something else.
        is_lost = unread and (NO_FILE in unread.message or (unread.at and unread.at.line is None))
        is_list = os.path.basename(path).startswith("requirements") or is_for_development(path)
        is_lost = is_lost or (unread and is_list)
        if requirements or is_lost:
            place = os.path.relpath(path, folder)
            found.append(Declaration(place, path, tuple(requirements), unread))
    return tuple(found)


def _named_by_its_folder(line: Requirement) -> CanonicalName | None:
    """The name of the project in the folder that a line names, if its files say it."""
    folders = line.source.folders if line.source and line.source.kind == "folder" else ()
    names = filter(None, map(repository.projects.project_name, folders))
    return next(map(canonical_name, names), None)


def _others(paths: Iterable[str], known: Set[str]) -> Iterator[str]:
    """The first of the other files, as far as a report can wait for them."""
    others = (path for path in paths if os.path.realpath(path) not in known)
    left = _LONGEST
    for path in islice(others, _MOST):
        try:
            left -= os.stat(path).st_size
        except OSError:
            continue
        if left >= 0:
            yield path


def _nearby(folder: str, around: str) -> Iterator[str]:
    """Lock files, and text files with `requirements` in their name or that of their folder.

    Also in `tests` and `docs`, and in the folders above that are of the same project.
    """
    places = [folder]
    top = top_folder(folder) or os.path.dirname(folder)
    while places[-1] not in (top, around) and is_inside(folder, top) and not is_project(places[-1]):
        places.append(os.path.dirname(places[-1]))
    inner = [os.path.join(place, name) for place in places for name in INNER]
    places += [place for place in inner if place not in places and not _is_of_another(place)]
    for place in places:
        yield from texts_of(place)


# What may follow the dot in the name of a list: `requirements.dev`.
_EXTENSIONS = _DEVELOPMENT | {"", "base", "common", "local", "pip", "prod", "production", "staging"}


# Whose texts are lists, whatever they are called.
_FOLDERS = ("requirements", "reqs", "deps")


def texts_of(folder: str, *, any_name: bool = False) -> Iterator[str]:
    """Lock files with a name, and texts with `requirements` in their name, or in such a folder.

    Also `dev.txt` and its like beside a `dev.in`. With `any_name` also without one, and
    `requirements.dev`, and short texts that include another one, whatever they are called.
    """
    above, own = os.path.split(folder)
    in_folder = "requirements" in own or own in _FOLDERS
    # `requirements/testing/`, too, but not what is in a project called so.
    if not in_folder and os.path.basename(above) in _FOLDERS:
        in_folder = not (_is_of_another(folder) or _is_of_another(above))
    names = entries_of(folder)
    # A folder with so many is of something else.
    any_name = any_name and sum(name.endswith(".txt") for name in names) < _MOST
    for name in names:
        lower = name.lower()
        is_text = lower.endswith((".txt", ".in", ".lock", ".pip"))
        is_text |= any_name and "requirements" in lower and lower.partition(".")[2] in _EXTENSIONS
        # A lock of all that may be installed accounts for everything.
        is_lock = is_pylock(name) and name != "pylock.toml"
        if not (is_text or is_lock):
            continue
        path = os.path.join(folder, name)
        is_named = is_lock or in_folder or "requirements" in lower
        # `dev.txt` is compiled from a `dev.in` beside it.
        is_compiled = f"{os.path.splitext(name)[0]}.in" in names and is_for_development(name)
        is_named = is_named or is_compiled or (any_name and _may_list(path))
        if is_named and not _is_constraints(path) and os.path.isfile(path):
            yield path


def is_for_development(path: str) -> bool:
    """Whether a file lists what is installed besides the project: `dev.txt`, `tests.txt`."""
    stem = os.path.basename(path).rpartition(".")[0]
    return not _DEVELOPMENT.isdisjoint(stem.lower().replace("_", "-").split("-"))


def _may_list(path: str) -> bool:
    if is_for_development(path):
        return True
    is_short = os.path.isfile(path) and os.path.getsize(path) < _SHORT
    return is_short and any(
        x.startswith(("-r", "-c")) for x in repository.read_text(path).split("\n")
    )


# Where, besides in the project's own folder, requirements files are.
INNER = ("requirements", "requirements/test", "tests", "tests/requirements", "test", "docs", "doc")


def _is_of_another(folder: str) -> bool:
    """Whether the folder is another project's or repository's."""
    return is_project(folder) or os.path.lexists(os.path.join(folder, ".git"))


_FOLDER = "requirements"
# A repository has services, not hundreds of them.
_MOST_SERVICES = 50


def main_files(folder: str, top: str | None) -> list[tuple[str, ...]]:
    """The files that may describe an environment, each tuple to be checked together.

    A default file, or those with `requirements` in their names that no other one includes.
    """
    for name in DEFAULT_FILES:
        for place in filter(None, (folder, top)):
            if os.path.isfile(path := os.path.join(place, name)):
                return [(path,)]
    for place in filter(None, (folder, top)):
        # `requirements-dev.txt`, `dev-requirements.txt`, `requirements/*.txt`
        inside = _text_files(os.path.join(place, _FOLDER))
        if roots := _roots([*_text_files(place, _FOLDER), *inside]):
            together = [tuple(roots)] if len(roots) > 1 else []
            return [*((path,) for path in roots), *together]
    return []


def _text_files(folder: str, word: str = "") -> Iterator[str]:
    """The text files of a folder with the word in their names."""
    for name in entries_of(folder):
        path = os.path.join(folder, name)
        if name.endswith(".txt") and word in name and os.path.isfile(path):
            yield path


def _roots(paths: list[str]) -> list[str]:
    """Those that no other one includes, and that ask for something."""
    read = {path: read_requirements([path]) for path in paths}
    included = {
        file.path for path, found in read.items() for file in found.files if file.path != path
    }
    return [
        path
        for path, found in read.items()
        if path not in included and found.requirements and not _is_constraints(path)
    ]


def _is_constraints(path: str) -> bool:
    return "constraint" in os.path.basename(path)


def services(folder: str) -> list[tuple[str, str]]:
    """The folders below that have a requirements file, by name, each with that file."""
    found: list[str] = []
    for place in islice(folders_in(folder, NOT_SERVICES), 1, None):
        # What is below a service belongs to it.
        is_part = any(is_inside(place, one) for one in found)
        if not is_part and os.path.isfile(os.path.join(place, DEFAULT_FILES[0])):
            found.append(place)
    found = found[:_MOST_SERVICES]
    names = [os.path.basename(place) for place in found]
    if len({*names}) < len(names):
        names = [os.path.relpath(place, folder) for place in found]
    files = [os.path.join(place, DEFAULT_FILES[0]) for place in found]
    return list(zip(names, files, strict=True))
