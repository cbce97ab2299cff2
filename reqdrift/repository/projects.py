"""The name of a project, as its own files say it. Nothing of the project is executed."""

from __future__ import annotations

import os

from ..files import lines_of, read_regular
from ..standards import is_project_name
from ..values import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ..values import CanonicalName

# Everything that parts two words of a TOML file, and what is a dash in a canonical name.
_PARTING = {code: " " for code in range(128) if not chr(code).isalnum() and chr(code) not in "-_."}
_PARTING |= {ord("_"): "-", ord("."): "-"}
# What may stand for another character, or for none, inside a quoted name.
_ESCAPES = tuple(f"\\{mark}" for mark in "ux \t\r\n")


def project_name(folder: str) -> str:
    """The name of the project in a folder, '' if there is none, or its files do not say it.

    In the order in which setuptools believes them; an egg-info may be older than they are.
    """
    # What reads these files is more to load than a clean run; many projects have none of them.
    if _is_there(folder, "pyproject.toml"):
        from . import pyproject

        if name := pyproject.project_name(folder):
            return name
    if _is_there(folder, "setup.cfg") or _is_there(folder, "setup.py"):
        from .setuptools_files import names_in_setup_files

        for raw in names_in_setup_files(folder):
            if name := _safe(raw):
                return name
    return _in_egg_info(folder)


def _is_there(folder: str, name: str) -> bool:
    return os.path.isfile(os.path.join(folder, name))


def may_be_named(folder: str, names: Collection[CanonicalName]) -> bool:
    """Whether one of the names may be the project's; False is sure, and quicker than its name."""
    if _is_there(folder, "setup.py") or any(_egg_infos(folder)):
        return True
    if b"metadata" in _content(folder, "setup.cfg"):
        return True
    text = _content(folder, "pyproject.toml").decode("utf-8", "replace").lower()
    if any(escape in text for escape in _ESCAPES):
        return True
    text = text.translate(_PARTING)
    while "--" in text:
        text = text.replace("--", "-")
    return not set(names).isdisjoint(text.split())


def _content(folder: str, name: str) -> bytes:
    try:
        return read_regular(os.path.join(folder, name))
    except OSError:
        return b""


def _in_egg_info(folder: str) -> str:
    """The name in the only egg-info beside the sources, which setuptools left there."""
    names = set(_egg_info_names(folder))
    return _safe(names.pop()) if len(names) == 1 else ""


def _egg_infos(folder: str) -> Iterator[str]:
    for place in (folder, os.path.join(folder, "src")):
        try:
            entries = os.listdir(place)
        except OSError:
            continue
        for entry in entries:
            if entry.endswith(".egg-info"):
                yield os.path.join(place, entry)


def _egg_info_names(folder: str) -> Iterator[str]:
    for info in _egg_infos(folder):
        try:
            lines = lines_of(read_regular(os.path.join(info, "PKG-INFO")))
        except OSError:
            continue
        yield next((line[5:].strip() for line in lines if line.startswith("Name:")), "")


def _safe(name: str) -> str:
    """A name as setuptools spells it in metadata (`safe_name`), '' if it is none."""
    text = "".join(c if c.isascii() and (c.isalnum() or c == ".") else "-" for c in name)
    while "--" in text:
        text = text.replace("--", "-")
    return text if is_project_name(text) else ""
