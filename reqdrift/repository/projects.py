"""Read the name of a project from its files. Nothing of the project is executed."""

from __future__ import annotations

import os

from .. import repository
from ..files import entries_of
from ..standards import canonical_name
from ..values import TYPE_CHECKING, CanonicalName

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


# To look for a name, however it is spelled or put together.
_LETTERS_AND_DIGITS = {code: None for code in range(128) if not chr(code).isalnum()}
# What may stand for another character, or for none, inside a quoted name.
_ESCAPES = tuple(f"\\{mark}" for mark in "ux \t\r\n")


def project_name(folder: str) -> str:
    """The name of the project in a folder, '' if there is none, or its files do not say it."""
    name = repository.declared.project_name(folder)
    if name or not _has_setuptools_files(folder):
        return name
    return repository.setuptools_files.setuptools_name(folder)


def project_among(folder: str, names: Collection[CanonicalName]) -> CanonicalName | None:
    """The project's name, if it is one of these."""
    if not may_be_named(folder, names):
        return None
    name = canonical_name(project_name(folder))
    return name if name in names else None


def folders_of(folder: str, names: Collection[CanonicalName]) -> dict[CanonicalName, str]:
    """The projects of these names in the folder and in folders below it, with the nearest folder.

    Hidden folders and environments are not searched, nor what is deeper than most projects are.
    """
    found: dict[CanonicalName, str] = {}
    for place in repository.folders_in(folder) if names else ():
        if name := project_among(place, names):
            found.setdefault(name, place)
    return found


def may_be_named(folder: str, names: Collection[CanonicalName]) -> bool:
    """Whether one of the names may be the project's; False is sure, and quicker than its name."""
    if not names:
        return False
    texts = [repository.read_text(os.path.join(folder, name)) for name in repository.OF_PROJECTS]
    text = "".join(texts).lower()
    if any(escape in text for escape in _ESCAPES) or any(_egg_infos(folder)):
        return True
    # Setuptools drops other letters from a name.
    text = text.encode("ascii", "ignore").decode().translate(_LETTERS_AND_DIGITS)
    return any(name.replace("-", "") in text for name in names)


def _has_setuptools_files(folder: str) -> bool:
    """Whether there is a file of setuptools that may say a name."""
    # Most setup.cfg are for linters.
    if os.path.isfile(os.path.join(folder, "setup.py")) or (
        "metadata" in repository.read_text(os.path.join(folder, "setup.cfg"))
    ):
        return True
    return any(_egg_infos(folder))


def _egg_infos(folder: str) -> Iterator[str]:
    places = (folder, os.path.join(folder, "src"))
    return (x for place in places for x in entries_of(place) if x.endswith(".egg-info"))
