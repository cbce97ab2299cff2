"""Read a project's name and tools from its pyproject.toml."""

from __future__ import annotations

import ast
import configparser
import os
import re
import warnings

from ..files import entries_of, lines_of, read_regular
from ..standards import is_project_name
from ..values import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


def project_name(folder: str) -> str:
    """The project's name in a folder's pyproject.toml, '' if it has none or cannot be read."""
    content = _read(folder)
    for table in (_table(content, "project"), _table(_table(content, "tool"), "poetry")):
        if isinstance(name := table.get("name"), str):
            return name
    return ""


def is_project_of_uv(folder: str) -> bool:
    """Whether uv manages a project in the folder: a uv.lock, or a `[project]` it may manage."""
    if os.path.isfile(os.path.join(folder, "uv.lock")):
        return True
    content = _read(folder)
    uv = _table(_table(content, "tool"), "uv")
    return "project" in content and uv.get("managed") is not False


def _read(folder: str) -> dict[str, Any]:
    # It takes longer to load than all else here.
    import tomllib

    path = os.path.join(folder, "pyproject.toml")
    if not os.path.isfile(path):
        return {}
    try:
        return tomllib.loads(read_regular(path).decode())
    except (OSError, ValueError, RecursionError):
        return {}


def _table(content: dict[str, Any], name: str) -> dict[str, Any]:
    table = content.get(name)
    return table if isinstance(table, dict) else {}


# In bytes; the syntax tree of a longer setup.py would take too much memory.
_LONGEST_SETUP = 1 << 18


def setuptools_name(folder: str) -> str:
    """The name in setup.cfg, setup.py or an egg-info; '' if they do not say it.

    In the order in which setuptools believes them; an egg-info may be older than they are.
    """
    for find in (_in_setup_cfg, _in_setup_py, _in_egg_info):
        if name := find(folder):
            return name
    return ""


def _in_setup_cfg(folder: str) -> str:
    path = os.path.join(folder, "setup.cfg")
    if not os.path.isfile(path):
        return ""
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(read_regular(path).decode())
        return _safe(parser.get("metadata", "name", fallback=""))
    except (OSError, ValueError, configparser.Error):
        return ""


def _in_setup_py(folder: str) -> str:
    """The name in the call of `setup()`, if it is a literal, or a variable for one."""
    path = os.path.join(folder, "setup.py")
    if not os.path.isfile(path):
        return ""
    try:
        data = read_regular(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(data if len(data) <= _LONGEST_SETUP else b"")
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    variables: dict[str, set[object]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            value = node.value.value if isinstance(node.value, ast.Constant) else None
            for target in node.targets:
                if isinstance(target, ast.Name):
                    variables.setdefault(target.id, set()).add(value)
    names: set[object] = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if "setup" not in (getattr(called, "id", ""), getattr(called, "attr", "")):
            continue
        for keyword in node.keywords:
            if keyword.arg == "name" and isinstance(keyword.value, ast.Constant):
                names.add(keyword.value.value)
            elif keyword.arg == "name" and isinstance(keyword.value, ast.Name):
                names |= variables.get(keyword.value.id, {None})
            elif keyword.arg == "name":
                names.add(None)
    return _safe(names.pop()) if len(names) == 1 else ""


def _in_egg_info(folder: str) -> str:
    """The name in the only egg-info next to the sources, which setuptools created."""
    names = set(_egg_info_names((folder, os.path.join(folder, "src"))))
    return _safe(names.pop()) if len(names) == 1 else ""


def _egg_info_names(folders: tuple[str, ...]) -> Iterator[str]:
    for folder in folders:
        for entry in entries_of(folder):
            if not entry.endswith(".egg-info"):
                continue
            try:
                lines = lines_of(read_regular(os.path.join(folder, entry, "PKG-INFO")))
            except OSError:
                continue
            yield next((line[5:].strip() for line in lines if line.startswith("Name:")), "")


def _safe(name: object) -> str:
    """A name as setuptools spells it in metadata (`safe_name`), '' if it is not valid."""
    text = re.sub(r"[^A-Za-z0-9.]+", "-", name) if isinstance(name, str) else ""
    return text if is_project_name(text) else ""
