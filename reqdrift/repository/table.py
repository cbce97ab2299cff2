"""The `[tool.reqdrift]` table: its keys, and the settings from the table and the options.

An unknown key or a value of the wrong type is an error, so that no setting is ignored.
"""

from __future__ import annotations

import os
import tomllib

from ..errors import UsageError
from ..kinds import KINDS, LEVELS, close_kind
from ..values import TYPE_CHECKING
from ..values.ignores import IgnoredProject
from ..values.settings import Policy, Request, Set, Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any


# Key -> a description of its value.
_KEYS = {
    "files": "a list of paths",
    "sources": "a list of paths",
    "python": "a path",
    "ignore": "a list of project names, which may contain * and ?, or of tables with name, kinds "
    "and reason",
    "severity": f"a table of {', '.join(KINDS)} to {', '.join(LEVELS)}",
    "unlisted": "'auto', 'all' or 'orphans'",
    "add-to": "a path",
    "stdlib": "a list of project names",
    "set": "an array of tables with name (unique), files, sources and python",
}
_KEYS_OF_SET = {
    "name": "a name",
    **{key: _KEYS[key] for key in ("files", "sources", "python")},
}
_KEYS_OF_IGNORE = {"name": "a name", "kinds": "a list of kinds", "reason": "a text"}


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


def settings_of(table: Mapping[str, Any], path: str, request: Request) -> Settings:
    """The settings from a table and the options; options take precedence.

    Args:
        table: the table.
        path: the pyproject.toml that it is in; the table's paths are relative to its folder.
        request: the options.

    Raises:
        UsageError: an unknown key, or a value of the wrong type: file, key, what to write.
    """
    _check(table, _KEYS, path, "tool.reqdrift")
    for number, entry in enumerate(table.get("set", ())):
        _check(entry, _KEYS_OF_SET, path, f"tool.reqdrift.set #{number + 1}")
    if "set" in table and "files" in table:
        raise UsageError(
            f"{path}: tool.reqdrift has both files and sets", "move the files into a set"
        )
    for number, entry in enumerate(table.get("ignore", ())):
        if isinstance(entry, dict):
            _check(entry, _KEYS_OF_IGNORE, path, f"tool.reqdrift.ignore #{number + 1}")
    folder = os.path.dirname(path)
    sets = tuple(
        one._replace(extras=request.extras, groups=request.groups)
        for one in _sets(table, folder, request)
    )
    return Settings(sets, _policy(table, folder, request))


def _check(table: Mapping[str, Any], keys: Mapping[str, str], path: str, where: str) -> None:
    for key, value in table.items():
        if key not in keys:
            # Few tables have a mistake.
            import difflib

            near = difflib.get_close_matches(key, keys, n=1, cutoff=0.5)
            hint = f"did you mean '{near[0]}'?" if near else f"valid keys: {', '.join(keys)}"
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
    if key in ("files", "sources", "stdlib"):
        return isinstance(value, list) and all(isinstance(item, str) and item for item in value)
    if key == "unlisted":
        return value in ("auto", "all", "orphans")
    return isinstance(value, str) and bool(value)


def _sets(table: Mapping[str, Any], folder: str, request: Request) -> tuple[Set, ...]:
    """The sets of the configuration, or the one set of the options or the table."""
    configured = _path(table.get("python"), folder)
    named = tuple(_named_sets(table.get("set", ()), folder, request.python, configured))
    files = tuple(os.path.join(folder, file) for file in table.get("files", ()))
    sources = _sources(table, folder)
    if not request.files:
        return named or (Set("", files, request.python, configured, sources=sources),)
    # If the named files are those of one set, that set is checked, with its environment.
    meant = [one for one in named if _same_files(one.files, request.files)]
    if len(meant) == 1:
        return (meant[0]._replace(name="", files=request.files),)
    if len(meant) > 1 and not request.python:
        names = ", ".join(one.name for one in meant)
        raise UsageError(f"several sets have these files ({names})", "add --python PATH")
    default = files or (os.path.join(folder, "requirements.txt"),)
    if not _same_files(default, request.files):
        sources = ()  # those of other files
    return (Set("", request.files, request.python, configured, sources=sources),)


def _sources(table: Mapping[str, Any], folder: str) -> tuple[str, ...]:
    return tuple(os.path.join(folder, path) for path in table.get("sources", ()))


def _named_sets(
    entries: Iterable[Mapping[str, Any]], folder: str, python: str | None, configured: str | None
) -> Iterator[Set]:
    for number, entry in enumerate(entries):
        name = entry.get("name", f"#{number + 1}")
        files = tuple(os.path.join(folder, file) for file in entry.get("files", ()))
        own = _path(entry.get("python"), folder)
        if python or not own:
            one = Set(name, files, python, configured)
        else:
            one = Set(name, files, own, configured, f"python of the set {name}")
        yield one._replace(sources=_sources(entry, folder))


def _same_files(one: Sequence[str], other: Sequence[str]) -> bool:
    return sorted(map(os.path.realpath, one)) == sorted(map(os.path.realpath, other))


def _path(value: str | None, folder: str) -> str | None:
    """A path of the configuration; a bare command name is searched on PATH later."""
    if value is None or (os.sep not in value and not os.path.exists(os.path.join(folder, value))):
        return value
    return os.path.join(folder, os.path.expanduser(value))


def _policy(table: Mapping[str, Any], folder: str, request: Request) -> Policy:
    severity = {**table.get("severity", {}), **dict(request.severity)}
    add_to = request.add_to or _path(table.get("add-to"), folder)
    return Policy(
        request.unlisted or table.get("unlisted", "auto"),
        request.ignore or tuple(map(_ignored, table.get("ignore", ()))),
        tuple(sorted(severity.items())),
        frozenset(request.stdlib or table.get("stdlib", ())),
        add_to,
    )


def _ignored(wish: str | dict[str, Any]) -> str | IgnoredProject:
    if isinstance(wish, str):
        return wish
    return IgnoredProject(wish["name"], frozenset(wish.get("kinds", ())), wish.get("reason", ""))
