"""The `[tool.reqdrift]` table: its keys, and the settings from the table and the options.

An unknown key or a value of the wrong type is an error, so that no setting is ignored.
"""

from __future__ import annotations

import os
import tomllib

from .. import repository
from ..errors import UsageError
from ..kinds import KINDS, LEVELS, close_kind, closest
from ..values import TYPE_CHECKING, Request, Settings
from .sets import policy_of, sets_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


# Key -> a description of its value.
_KEYS = {
    "files": "a list of paths",
    "sources": "a list of paths",
    "python": "a path",
    "ignore": "a list of project names, which may contain * and ?, or of tables with name, kinds, "
    "reason and installed",
    "severity": f"a table of {', '.join(KINDS)} to {', '.join(LEVELS)}",
    "unlisted": "'auto', 'all' or 'orphans'",
    "add-to": "a path",
    "stdlib": "a list of project names",
    "constraints": "a list of paths",
    "checkout": "'on' or 'off'",
    "set": "an array of tables, each with a unique name and its files",
}
_KEYS_OF_IGNORE = {
    "name": "a name",
    "kinds": "a list of kinds",
    "reason": "a text",
    "installed": "a version in quotes",
}
_KEYS_OF_SET = {
    **{key: text for key, text in _KEYS.items() if key not in ("set", "add-to")},
    "name": "a name",
    "files": "a list of paths, which may contain * and ?",
    "python": "a path, or a list of paths",
}


def read_table(path: str) -> dict[str, Any]:
    """The `[tool.reqdrift]` table of a pyproject.toml, empty if there is none.

    Raises:
        UsageError: the file is not TOML, or `tool.reqdrift` is not a table.
    """
    try:
        with open(path, "rb") as file:
            tools = tomllib.load(file).get("tool", {})
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(f"{path}: {error}", "fix the file") from None
    table = tools.get("reqdrift", {}) if isinstance(tools, dict) else {}
    if not isinstance(table, dict):
        raise UsageError(f"{path}: tool.reqdrift must be a table", "write [tool.reqdrift]")
    return table


def settings_of(table: Mapping[str, Any], path: str, request: Request, cwd: str) -> Settings:
    """The settings from a table and the options; options take precedence.

    Args:
        table: the table.
        path: the pyproject.toml that it is in; the table's paths are relative to its folder.
        request: the options.
        cwd: the working directory.

    Raises:
        UsageError: an unknown key, or a value of the wrong type: file, key, what to write; a set
            or a file that does not exist.
    """
    _check(table, _KEYS, path, "tool.reqdrift")
    for number, entry in enumerate(table.get("set", ())):
        _check(entry, _KEYS_OF_SET, path, f"tool.reqdrift.set #{number + 1}")
    if "set" in table and "files" in table:
        raise UsageError(
            f"{path}: tool.reqdrift has both files and sets", "move the files into a set"
        )
    places = {"tool.reqdrift": table}
    places |= {f"tool.reqdrift.set #{n + 1}": one for n, one in enumerate(table.get("set", ()))}
    for place, one in places.items():
        for number, wish in enumerate(one.get("ignore", ())):
            if isinstance(wish, dict):
                _check(wish, _KEYS_OF_IGNORE, path, f"{place}.ignore #{number + 1}")
    folder = os.path.dirname(path)
    sets = tuple(
        one._replace(extras=request.extras, groups=request.groups)
        for one in sets_of(table, folder, request, cwd)
    )
    if len(sets) > 1 and request.path is not None:
        why = "--path checks one environment, but several sets are configured"
        raise UsageError(why, "name files, or pass --set NAME")
    if request.installed:
        sets = repository.sets.with_records(sets, request.installed)
    return Settings(sets, policy_of(table, {}, folder, request))


def _check(table: Mapping[str, Any], keys: Mapping[str, str], path: str, where: str) -> None:
    for key, value in table.items():
        if key not in keys:
            near = closest(key, keys, 0.5)
            hint = f"did you mean '{near}'?" if near else f"valid keys: {', '.join(keys)}"
            raise UsageError(f"{path}: {where} has no key '{key}'", hint)
        if not _fits(key, value):
            hint = _unknown_kind(key, value) or f"it is {value!r}"
            raise UsageError(f"{path}: {where}.{key} must be {keys[key]}", hint)


def _unknown_kind(key: str, value: Any) -> str:
    """Which kind was meant, if one in the value is misspelled; '' if that is not what is wrong."""
    named = value if isinstance(value, (dict, list)) and key in ("severity", "kinds") else ()
    unknown = [kind for kind in named if isinstance(kind, str) and kind not in KINDS]
    return f"there is no kind '{unknown[0]}'; {close_kind(unknown[0])}" if unknown else ""


def _fits(key: str, value: Any) -> bool:
    if key == "severity":
        return isinstance(value, dict) and all(k in KINDS and v in LEVELS for k, v in value.items())
    if key == "set":
        is_list = isinstance(value, list) and all(isinstance(entry, dict) for entry in value)
        names = [entry.get("name") for entry in value] if is_list else []
        return bool(names) and len(names) == len({str(name) for name in names})
    if key == "ignore":
        return isinstance(value, list) and all(
            (isinstance(item, str) and item) or (isinstance(item, dict) and item.get("name"))
            for item in value
        )
    if key == "kinds":
        return (
            isinstance(value, list)
            and bool(value)
            and all(isinstance(item, str) and item in KINDS for item in value)
        )
    if key == "python" and isinstance(value, list):
        return bool(value) and all(isinstance(item, str) and item for item in value)
    if key in ("files", "constraints", "sources", "stdlib"):
        return isinstance(value, list) and all(isinstance(item, str) and item for item in value)
    if key == "unlisted":
        return value in ("auto", "all", "orphans")
    if key == "checkout":
        return value in ("on", "off")
    return isinstance(value, str) and bool(value)
