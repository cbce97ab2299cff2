"""Read the files of setuptools: setup.cfg, and a name in setup.py or an egg-info."""

from __future__ import annotations

import configparser
import os
import re
import warnings

from ..files import entries_of, lines_of, read_regular
from ..standards import is_project_name
from ..values import TYPE_CHECKING
from . import read_text

if TYPE_CHECKING:
    import ast
    from typing import Any


# In bytes; the syntax tree of a longer setup.py would take too much memory.
_LONGEST_SETUP = 1 << 18


def setuptools_name(folder: str) -> str:
    """The name in setup.cfg, setup.py or an egg-info; '' if they do not say it.

    In the order in which setuptools believes them; an egg-info may be older than they are.
    """
    cfg = setup_cfg(read_text(os.path.join(folder, "setup.cfg"))).get("name", "")
    return cfg or _in_setup_py(folder) or _in_egg_info(folder)


def setup_cfg(text: str) -> dict[str, Any]:
    """What a setup.cfg declares, under the keys of `[project]`; empty if it cannot be read."""
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(text)
        has_extras = parser.has_section("options.extras_require")
        extras = parser.items("options.extras_require") if has_extras else ()
        return {
            "name": _safe(parser.get("metadata", "name", fallback="")),
            "dependencies": _items(parser.get("options", "install_requires", fallback="")),
            "optional-dependencies": {extra: _items(text) for extra, text in extras},
            "tests": _items(parser.get("options", "tests_require", fallback="")),
        }
    except (ValueError, configparser.Error):
        return {}


def _items(text: str) -> list[str] | dict[str, list[str]]:
    """The items of a list in a setup.cfg, without comments; for `file: a.txt, b.txt` the files."""
    if text.startswith("file:"):
        return {"file": [*map(str.strip, text[len("file:") :].split(","))]}
    items = text.splitlines() if "\n" in text else text.split(";")
    items = [item.partition(" #")[0].strip() for item in items]
    return [item for item in items if item]


def _in_setup_py(folder: str) -> str:
    """The name in the call of `setup()`, if it is a literal, or a variable for one."""
    import ast  # few projects have their name in a setup.py

    try:
        data = read_regular(os.path.join(folder, "setup.py"))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(data if len(data) <= _LONGEST_SETUP else b"")
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    # What is no literal has no value, or one that is no text.
    variables: dict[str, set[object]] = {}
    given: list[ast.expr] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in (one for one in node.targets if isinstance(one, ast.Name)):
                variables.setdefault(target.id, set()).add(getattr(node.value, "value", None))
        elif isinstance(node, ast.Call):
            called = (getattr(node.func, "id", ""), getattr(node.func, "attr", ""))
            if "setup" in called:
                given += [keyword.value for keyword in node.keywords if keyword.arg == "name"]
    names: set[object] = set()
    for value in given:
        names |= variables.get(getattr(value, "id", ""), {getattr(value, "value", None)})
    return _safe(names.pop()) if len(names) == 1 else ""


def _in_egg_info(folder: str) -> str:
    """The name in the only egg-info next to the sources, which setuptools created."""
    names = set()
    for place in (folder, os.path.join(folder, "src")):
        for entry in (x for x in entries_of(place) if x.endswith(".egg-info")):
            try:
                lines = lines_of(read_regular(os.path.join(place, entry, "PKG-INFO")))
            except OSError:
                continue
            names.add(next((x[5:].strip() for x in lines if x.startswith("Name:")), ""))
    return _safe(names.pop()) if len(names) == 1 else ""


def _safe(name: object) -> str:
    """A name as setuptools spells it in metadata (`safe_name`), '' if it is not valid."""
    text = re.sub(r"[^A-Za-z0-9.]+", "-", name) if isinstance(name, str) else ""
    return text if is_project_name(text) else ""
