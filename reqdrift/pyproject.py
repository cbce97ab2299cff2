"""What a pyproject.toml says of its project."""

from __future__ import annotations

import os

from .reading import read_regular


def project_name(folder: str) -> str:
    """The `[project]` name in a folder's pyproject.toml, '' if there is none to be read."""
    path = os.path.join(folder, "pyproject.toml")
    if not os.path.isfile(path):
        return ""
    import tomllib

    try:
        table = tomllib.loads(read_regular(path).decode()).get("project")
    except (OSError, ValueError, RecursionError):
        return ""
    name = table.get("name") if isinstance(table, dict) else None
    return name if isinstance(name, str) else ""
