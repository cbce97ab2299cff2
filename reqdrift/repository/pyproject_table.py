"""A `[tool.reqdrift]` table as text, and a pyproject.toml to which one is appended."""

from __future__ import annotations

import json
import os
import tomllib

from ..errors import UsageError
from ..values import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def text_of_table(keys: Iterable[tuple[str, str]]) -> str:
    """A table with these keys and values, each value as TOML writes it; '' without keys."""
    lines = [f"{key} = {value}" for key, value in keys]
    return "\n".join(["[tool.reqdrift]", *lines, ""]) if lines else ""


def text_of_sets(sets: Iterable[tuple[str, Iterable[tuple[str, str]]]]) -> str:
    """A table for each set, of its name, and its keys and values as TOML writes them."""
    tables = []
    for name, keys in sets:
        lines = [f"{key} = {value}" for key, value in keys]
        tables.append("\n".join(["[[tool.reqdrift.set]]", f"name = {quoted(name)}", *lines, ""]))
    return "\n".join(tables)


def quoted(text: str) -> str:
    """A string as TOML writes it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def listed(texts: Iterable[str]) -> str:
    """A list of strings as TOML writes it."""
    return f"[{', '.join(map(quoted, texts))}]"


def has_table(folders: Iterable[str]) -> str:
    """The first pyproject.toml in these folders that has a `[tool.reqdrift]` table, or ''."""
    return next((path for path in _paths(folders) if "reqdrift" in _tools(_read(path))), "")


def nearest(folders: Sequence[str]) -> str:
    """The first pyproject.toml in these folders, or the path of a new one in the last of them."""
    return next(iter(_paths(folders)), os.path.join(folders[-1], "pyproject.toml"))


def with_table(data: bytes, table: str, path: str) -> bytes:
    """The content of a pyproject.toml with a table appended, all else as it was.

    Raises:
        UsageError: the file is no TOML, or the table cannot be appended to it.
    """
    by_hand = "add it by hand"
    try:
        text = data.decode()
        before = tomllib.loads(text)
        ending = "\r\n" if "\r\n" in text else "\n"
        gap = "" if not text else ending if text.endswith("\n") else ending * 2
        text += gap + table.replace("\n", ending)
        after = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"the table cannot be appended to {path}: {error}", by_hand) from None
    if _tools(after).pop("reqdrift", None) is None or _without_empty(after) != _without_empty(
        before
    ):
        raise UsageError(f"the table cannot be appended to {path}", by_hand)
    return text.encode()


def _without_empty(document: dict[str, object]) -> dict[str, object]:
    """The document without a `tool` that has nothing in it."""
    return {key: value for key, value in document.items() if key != "tool" or value}


def _paths(folders: Iterable[str]) -> Iterable[str]:
    paths = (os.path.join(folder, "pyproject.toml") for folder in folders)
    return filter(os.path.isfile, paths)


def _read(path: str) -> dict[str, object]:
    try:
        with open(path, "rb") as file:
            return tomllib.load(file)
    except (OSError, ValueError, RecursionError):
        return {}


def _tools(document: dict[str, object]) -> dict[str, object]:
    tools = document.get("tool")
    return tools if isinstance(tools, dict) else {}
