"""Requirements files next to those that are checked."""

from __future__ import annotations

import os

from ..repository import top_folder
from ..values import TYPE_CHECKING, CanonicalName
from . import read_requirements

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

# Folders rarely have more requirements files, and they are read only for a hint.
_MOST_FILES = 20
_LARGEST = 256 * 1024


def named_nearby(
    files: Collection[str], names: Collection[CanonicalName]
) -> dict[str, frozenset[CanonicalName]]:
    """Which of the projects other requirements files name, by the path of the file.

    Args:
        files: absolute paths of the files that are checked, all of them, the main one first.
        names: the projects to look for.
    """
    known = set(map(os.path.realpath, files))
    found = {}
    main = next(iter(files), "")
    for path in list(_nearby(os.path.dirname(main)))[:_MOST_FILES] if names else ():
        if os.path.realpath(path) in known or os.path.getsize(path) > _LARGEST:
            continue
        lines = read_requirements([path]).requirements
        if named := {line.name for line in lines if line.name and not line.constraint} & {*names}:
            found[path] = frozenset(named)
    return found


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
