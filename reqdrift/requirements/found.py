"""The requirements files of a project, if none is named."""

from __future__ import annotations

import os

from ..values import TYPE_CHECKING
from . import read_requirements

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFAULT = "requirements.txt"
_FOLDER = "requirements"
# A repository has services, not hundreds of them; what is deeper belongs to something else.
_DEEPEST = 3
_MOST_FOLDERS = 2000
_MOST_SERVICES = 50
_NOT_SERVICES = frozenset(("node_modules", "site-packages", "build", "dist", "tests", "docs"))


def main_files(folder: str, top: str | None) -> list[tuple[str, ...]]:
    """The files that may describe an environment, each tuple to be checked together.

    The default file, or those with `requirements` in their names that no other one includes.
    """
    for place in filter(None, (folder, top)):
        if os.path.isfile(path := os.path.join(place, DEFAULT)):
            return [(path,)]
    for place in filter(None, (folder, top)):
        if roots := _roots(list(_named_requirements(place))):
            together = [tuple(roots)] if len(roots) > 1 else []
            return [*((path,) for path in roots), *together]
    return []


def _named_requirements(folder: str) -> Iterator[str]:
    """`requirements/*.txt`, `requirements-dev.txt`, `dev-requirements.txt`."""
    for place in (folder, os.path.join(folder, _FOLDER)):
        for name in _names(place):
            path = os.path.join(place, name)
            is_named = _FOLDER in name or place != folder
            if is_named and name.endswith(".txt") and os.path.isfile(path):
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
    found = []
    for path in _below(folder):
        found.append(path)
        if len(found) == _MOST_SERVICES:
            break
    names = [os.path.basename(os.path.dirname(path)) for path in found]
    if len({*names}) < len(names):
        names = [os.path.relpath(os.path.dirname(path), folder) for path in found]
    return list(zip(names, found, strict=True))


def _below(folder: str) -> Iterator[str]:
    queue = [(folder, 0)]
    for number, (place, depth) in enumerate(queue):
        if number == _MOST_FOLDERS:
            return
        names = _names(place)
        if depth and DEFAULT in names:
            yield os.path.join(place, DEFAULT)
            continue
        inner = [os.path.join(place, name) for name in names if not name.startswith(".")]
        if depth < _DEEPEST:
            queue += [(path, depth + 1) for path in inner if _may_be_service(path)]


def _may_be_service(path: str) -> bool:
    if os.path.islink(path) or not os.path.isdir(path) or os.path.basename(path) in _NOT_SERVICES:
        return False
    return not os.path.exists(os.path.join(path, "pyvenv.cfg"))


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []
