"""Read a project's name and tools from its pyproject.toml."""

from __future__ import annotations

import os
import tomllib

from ..files import read_regular
from ..values import TYPE_CHECKING

if TYPE_CHECKING:
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
