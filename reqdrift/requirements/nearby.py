"""Requirements files next to those that are checked."""

from __future__ import annotations

import os
from itertools import islice

from ..files import read_regular
from ..repository import top_folder
from ..values import TYPE_CHECKING, CanonicalName
from . import read_requirements

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Set

# How many files are read, and how long they may be together, in bytes: a report waits for it.
_MOST = 8
_LONGEST = 1 << 17


def named_nearby(
    files: Collection[str], names: Set[CanonicalName]
) -> dict[str, frozenset[CanonicalName]]:
    """Which of the projects other requirements files name, by the path of the file.

    Args:
        files: absolute paths of the files that are checked, all of them, the main one first.
        names: the projects to look for.
    """
    known = set(map(os.path.realpath, files))
    found = {}
    for path in _promising(os.path.dirname(next(iter(files))), known, names) if names else ():
        lines = read_requirements([path]).requirements
        if named := {line.name for line in lines if line.name and not line.constraint} & names:
            found[path] = frozenset(named)
    return found


def is_installed(path: str, names: Set[CanonicalName]) -> bool:
    """Whether all that a file asks for, under whatever marker, is among the projects."""
    lines = read_requirements([path]).requirements
    return all(line.name in names for line in lines if not line.constraint)


def _promising(folder: str, known: Set[str], names: Set[CanonicalName]) -> Iterator[str]:
    """The other files that may name some of the projects."""
    others = (path for path in _nearby(folder) if os.path.realpath(path) not in known)
    left = _LONGEST
    for path in islice(others, _MOST):
        try:
            left -= os.stat(path).st_size
            text = read_regular(path).decode("utf-8", "replace").lower() if left >= 0 else ""
        except OSError:
            continue
        text = "\n" + text.replace("_", "-").replace(".", "-").replace("\r", "\n")
        # What it includes may name them, too; NULs are UTF-16's.
        if any(words in text for words in ("\n-r", "\n--r", "\0", *names)):
            yield path


def _nearby(folder: str) -> Iterator[str]:
    """Text files with `requirements` in their name here, or in a folder of that name."""
    folders = [folder, os.path.join(folder, "requirements")]
    if top_folder(folder) != folder:
        folders.append(os.path.dirname(folder))
    for place in folders:
        try:
            names = sorted(os.listdir(place))
        except OSError:
            continue
        in_folder = "requirements" in os.path.basename(place)
        for name in names:
            path = os.path.join(place, name)
            is_named = name.endswith((".txt", ".in")) and (in_folder or "requirements" in name)
            if is_named and os.path.isfile(path):
                yield path
