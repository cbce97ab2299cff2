"""The settings of a run from the `[tool.reqdrift]` table and the options: its sets.

An unknown key or a value of the wrong type is an error, so that no setting is ignored.
"""

from __future__ import annotations

import os

from ..errors import UsageError
from ..files import is_inside, is_same, read_regular
from ..kinds import KINDS, LEVELS, close_kind, closest
from ..standards import plain_toml
from ..values import TYPE_CHECKING, Policy, Request, Set, Settings
from ..values.details import IgnoredProject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    Keys = Mapping[str, tuple[str, Callable[[Any], object]]]


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value) and "\0" not in value


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _are_names_or_tables(value: object) -> bool:
    return isinstance(value, list) and all(
        _is_text(item) or (isinstance(item, dict) and item.get("name")) for item in value
    )


def _are_severities(value: object) -> bool:
    return isinstance(value, dict) and all(k in KINDS and v in LEVELS for k, v in value.items())


def _are_sets(value: object) -> bool:
    sets = value if isinstance(value, list) else []
    names = {str(entry.get("name")) for entry in sets if isinstance(entry, dict)}
    return 0 < len(names) == len(sets)


# Key -> a description of its value, and whether something is one.
_KEYS: Keys = {
    "files": ("a list of paths", _are_texts),
    "sources": ("a list of paths", _are_texts),
    "python": ("a path", _is_text),
    "ignore": (
        "a list of project names, which may contain * and ?, or of tables with name, kinds, "
        "reason and installed",
        _are_names_or_tables,
    ),
    "severity": (f"a table of {', '.join(KINDS)} to {', '.join(LEVELS)}", _are_severities),
    "unlisted": ("'auto', 'all' or 'orphans'", ("auto", "all", "orphans").__contains__),
    "add-to": ("a path", _is_text),
    "stdlib": ("a list of project names", _are_texts),
    "constraints": ("a list of paths", _are_texts),
    "checkout": ("'on' or 'off'", ("on", "off").__contains__),
    "satisfied": ("true or false", lambda value: isinstance(value, bool)),
    "set": ("an array of tables, each with a unique name and its files", _are_sets),
}
_KEYS_OF_IGNORE: Keys = {
    "name": ("a name", _is_text),
    "kinds": ("a list of kinds", lambda v: _are_texts(v) and v and KINDS.keys() >= {*v}),
    "reason": ("a text", _is_text),
    "installed": ("a version in quotes", _is_text),
}
_KEYS_OF_SET: Keys = {
    **{key: row for key, row in _KEYS.items() if key not in ("set", "add-to")},
    "name": ("a name", _is_text),
    "files": ("a list of paths, which may contain * and ?", _are_texts),
    "python": ("a path, or a list of paths", lambda v: _is_text(v) or (_are_texts(v) and v)),
}
# The keys of the tables in a list.
_KEYS_OF_INNER = {"ignore": _KEYS_OF_IGNORE, "set": _KEYS_OF_SET}


def read_table(path: str) -> dict[str, Any]:
    """The `[tool.reqdrift]` table of a pyproject.toml, empty if there is none.

    Raises:
        UsageError: the file is not TOML, or `tool.reqdrift` is not a table.
    """
    try:
        text = read_regular(path).decode()
        tools = plain_toml.tables(text, ("tool", "tool.reqdrift", "tool.reqdrift.")).get("tool", {})
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(f"{path}: {error}", "fix the file") from None
    table = tools.get("reqdrift", {}) if isinstance(tools, dict) else {}
    if not isinstance(table, dict):
        raise UsageError(f"{path}: tool.reqdrift must be a table", "write [tool.reqdrift]")
    return table


def settings_of(
    table: Mapping[str, Any], path: str, request: Request, cwd: str, compares: bool
) -> Settings:
    """The settings from a table and the options; options take precedence.

    Args:
        table: the table.
        path: the pyproject.toml that it is in; the table's paths are relative to its folder.
        request: the options.
        cwd: the working directory.
        compares: see `load_settings`.

    Raises:
        UsageError: an unknown key, or a value of the wrong type: file, key, what to write; a set
            or a file that does not exist.
    """
    _check(table, _KEYS, path, "tool.reqdrift")
    if "set" in table and "files" in table:
        raise UsageError(f"{path}: tool.reqdrift has both files and sets", "move files into a set")
    folder = os.path.dirname(path)
    sets = sets_of(table, folder, request, cwd, compares)
    if len(sets) > 1 and request.path is not None:
        why = "--path checks one environment, but several sets are configured"
        raise UsageError(why, "name files, or pass --set NAME")
    return Settings(sets, policy_of(table, {}, folder, request))


def _check(table: Mapping[str, Any], keys: Keys, path: str, where: str) -> None:
    for key, value in table.items():
        if key not in keys:
            near = closest(key, keys, 0.5)
            hint = f"did you mean '{near}'?" if near else f"valid keys: {', '.join(keys)}"
            raise UsageError(f"{path}: {where} has no key '{key}'", hint)
        what, is_one = keys[key]
        if not is_one(value):
            hint = _unknown_kind(key, value) or f"it is {value!r}"
            raise UsageError(f"{path}: {where}.{key} must be {what}", hint)
        for number, one in enumerate(value if key in _KEYS_OF_INNER else (), 1):
            if isinstance(one, dict):
                _check(one, _KEYS_OF_INNER[key], path, f"{where}.{key} #{number}")


def _unknown_kind(key: str, value: Any) -> str:
    """Which kind was meant, if one in the value is misspelled; '' if that is not what is wrong."""
    named = value if isinstance(value, (dict, list)) and key in ("severity", "kinds") else ()
    unknown = [kind for kind in named if isinstance(kind, str) and kind not in KINDS]
    return f"there is no kind '{unknown[0]}'; {close_kind(unknown[0])}" if unknown else ""


_OF_GLOBS = "*?["


def sets_of(
    table: Mapping[str, Any], folder: str, request: Request, cwd: str, compares: bool
) -> tuple[Set, ...]:
    """The sets to check: those of the configuration, or the one of the options or the table.

    Args:
        table: the table, its keys and values already checked.
        folder: the folder of the pyproject.toml.
        request: the options.
        cwd: the working directory; in a folder of one set, that set is checked.
        compares: see `load_settings`.

    Raises:
        UsageError: there is no such set, a pattern matches no file, the named files belong to
            several sets, or no file is named in a folder that has one of its own.
    """
    configured = [*_configured(table, folder, request._replace(python=None, installed=()))]
    named = _side_by_side([*_configured(table, folder, request)], configured)
    if request.set_name:
        if meant := [one for one in named if request.set_name in (one.base, one.name)]:
            return tuple(meant)
        names = ", ".join(dict.fromkeys(one.base for one in named))
        hint = f"sets: {names}" if names else "[tool.reqdrift] has no sets"
        raise UsageError(f"there is no set '{request.set_name}'", hint)
    if not request.files:
        sets = _of_folder(named, folder, cwd) or (_set_of(table, {}, folder, request),)
        files = [file for one in sets for file in one.files]
        own = os.path.join(cwd, "requirements.txt")
        # A verdict on what is configured would be taken for one on what is here.
        is_other = compares and bool(files) and not any(is_same(file, own) for file in files)
        if is_other and not is_same(cwd, folder) and os.path.isfile(own):
            where = os.path.join(folder, "pyproject.toml")
            what = f"{own} is none of the files that {where} names"
            raise UsageError(what, "name the files: reqdrift requirements.txt")
        return sets
    # If the named files are those of one set, that set is checked, with its environment.
    asked = _real(request.files)
    meant = [one for one in named if _real(one.files) == asked]
    if len(meant) == 1:
        return (meant[0]._replace(name="", files=request.files),)
    if len({one.base for one in meant}) > 1 and not request.python:
        names = ", ".join(one.name for one in meant)
        raise UsageError(f"several sets have these files ({names})", "add --set NAME")
    if meant and not request.python:
        return tuple(meant)
    holding = [one for one in named if _real(one.files) >= asked]
    if len({one.base for one in holding}) == 1:
        # A part of a set has its environment, with what the rest of it lists.
        parts = [one for one in configured if one.base == holding[0].base]
        rest = tuple(dict.fromkeys((x, one.configured_python) for one in parts for x in one.files))
        meant = [one._replace(sources=(), beside=(*one.beside, *rest)) for one in holding]
        meant = [one._replace(files=request.files) for one in meant]
        return tuple(meant) if len(meant) > 1 else (meant[0]._replace(name=""),)
    one = _set_of(table, {}, folder, request)
    default = one.files or (os.path.join(folder, "requirements.txt"),)
    if _real(default) != asked:
        # The sources are those of other files, which may be for the same environment.
        beside = tuple((file, one.configured_python) for file in one.files)
        one = one._replace(sources=(), beside=beside)
    return (one._replace(files=request.files),)


def _set_of(
    table: Mapping[str, Any], entry: Mapping[str, Any], folder: str, request: Request
) -> Set:
    """The set of an entry, or, if it is empty, that of the table itself."""
    own, base = entry or table, entry.get("name", "")
    return Set(
        base,
        _files(own.get("files", ()), folder),
        request.python,
        _path(table.get("python"), folder),
        extras=request.extras,
        groups=request.groups,
        sources=_paths(own.get("sources", ()), folder),
        constraints=_paths((*table.get("constraints", ()), *entry.get("constraints", ())), folder),
        policy=policy_of(table, entry, folder, request),
        base=base,
    )


def _paths(names: Iterable[str], folder: str) -> tuple[str, ...]:
    return tuple(os.path.join(folder, name) for name in names)


def _configured(table: Mapping[str, Any], folder: str, request: Request) -> Iterator[Set]:
    """A set for each entry, or, where it names several environments, one for each of these."""
    for number, entry in enumerate(table.get("set", ()), 1):
        one = _set_of(table, {"name": f"#{number}", **entry}, folder, request)
        pythons = entry.get("python", ())
        pythons = [pythons] if isinstance(pythons, str) else pythons
        if request.python or request.installed or not pythons:
            yield one
            continue
        for python in pythons:
            name = one.base if len(pythons) == 1 else f"{one.base} {python}"
            own = _path(python, folder)
            yield one._replace(name=name, python=own, named_by=f"python of the set {one.base}")


def _side_by_side(sets: Sequence[Set], configured: Sequence[Set]) -> list[Set]:
    """The sets, each with the files of the others, which may share its environment.

    `configured` are the same, with the environments of the configuration.
    """
    files = [(one.base, (file, one.configured_python)) for one in configured for file in one.files]
    # An environment that is named for this run is in the place of the set's own.
    own = {one.base: one.configured_python or None for one in configured}
    return [
        one._replace(
            configured=own[one.base] if one.named_by == "--python" else one.configured,
            beside=tuple(dict.fromkeys(file for base, file in files if base != one.base)),
        )
        for one in sets
    ]


def _of_folder(sets: Sequence[Set], folder: str, cwd: str) -> tuple[Set, ...]:
    """The sets that the working directory belongs to; all of them at the top."""
    top, here = os.path.realpath(folder), os.path.realpath(cwd)
    if here == top:
        return tuple(sets)
    folders = {one: {os.path.realpath(os.path.dirname(file)) for file in one.files} for one in sets}
    below = [one for one in sets if any(is_inside(f"{x}{os.sep}", here) for x in folders[one])]
    around_it = f"{here}{os.sep}"
    above = {one: [x for x in folders[one] if x != top and is_inside(around_it, x)] for one in sets}
    around = {one: max(map(len, places), default=0) for one, places in above.items()}
    nearest = [one for one in sets if around[one] and around[one] == max(around.values())]
    return tuple(below or nearest or sets)


def _files(names: Iterable[str], folder: str) -> tuple[str, ...]:
    """The paths of files; a pattern stands for those that match it, sorted.

    Raises:
        UsageError: a pattern matches no file.
    """
    paths: list[str] = []
    for name in names:
        path = os.path.join(folder, name)
        if not any(mark in name for mark in _OF_GLOBS) or os.path.exists(path):
            paths.append(path)
            continue
        # Few configurations have patterns.
        from glob import escape, glob

        found = sorted(glob(os.path.join(escape(folder), name), recursive=True))
        if not found:
            raise UsageError(f"no file matches '{name}' in {folder}", "fix the pattern in files")
        paths += found
    return tuple(dict.fromkeys(paths))


def _real(files: Iterable[str]) -> set[str]:
    return {*map(os.path.realpath, files)}


def policy_of(
    table: Mapping[str, Any], entry: Mapping[str, Any], folder: str, request: Request
) -> Policy:
    """What counts as drift: the options, then the set's own keys, then those of the table."""
    severity = {**table.get("severity", {}), **entry.get("severity", {}), **dict(request.severity)}
    ignored = (*table.get("ignore", ()), *entry.get("ignore", ()))
    live = (*table.get("stdlib", ()), *entry.get("stdlib", ()))
    return Policy(
        request.unlisted or entry.get("unlisted") or table.get("unlisted", "auto"),
        request.ignore or tuple(map(_ignored, ignored)),
        tuple(sorted(severity.items())),
        frozenset(request.stdlib or live),
        request.add_to or _path(table.get("add-to"), folder),
        entry.get("checkout") or table.get("checkout", "on"),
        request.satisfied or entry.get("satisfied", table.get("satisfied", False)),
    )


def _ignored(wish: str | dict[str, Any]) -> str | IgnoredProject:
    if isinstance(wish, str):
        return wish
    return IgnoredProject(**wish | {"kinds": frozenset(wish.get("kinds", ()))})


def _path(value: str | None, folder: str) -> str | None:
    """A path of the configuration; a bare command name is searched on PATH later."""
    if value is None or (os.sep not in value and not os.path.exists(os.path.join(folder, value))):
        return value
    return os.path.join(folder, os.path.expanduser(value))
