"""TOML without `tomllib`, which loads `re` and takes longer than a clean run.

Plain is a table with bare keys and values of these kinds: strings on one line without escapes,
true, false, whole numbers, arrays and inline tables. Only the tables that are asked for are read:
another one may have an error, such as a conflict that is being resolved.
"""

from __future__ import annotations

from ..values import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

_BLANK = " \t\r"
_NO_QUOTES_OR_BLANKS = dict.fromkeys(map(ord, "\"' \t"))
_MARKS_OF_LONG = ("'''", '"""')
_QUOTES_OR_COMMENT = frozenset("\"'#")
_WORDS = {"true": True, "false": False}
# Each string counts the lines before it.
_LONGEST = 1 << 16
# For each dot of a key, `tomllib` copies all before it.
_MOST_DOTS = 500


class Text(str):
    """A string that knows the number of its line."""

    line: int


def tables(text: str, wanted: Collection[str]) -> dict[str, Any]:
    """The wanted tables of a file, perhaps among others.

    Args:
        text: the file.
        wanted: names as in headers (`tool.uv`); one that ends with a dot stands for all below it,
            and '' for all.

    Raises:
        ValueError, RecursionError: it is not valid, or has a line with very many dots.
    """
    if len(text) <= _LONGEST:
        try:
            return plain_tables(text, wanted)
        except (ValueError, IndexError, RecursionError):
            pass
    return any_tables(text)


def any_tables(text: str) -> dict[str, Any]:
    """The whole file, by `tomllib`.

    Raises:
        ValueError, RecursionError: it is not valid, or has a line with very many dots.
    """
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") > _MOST_DOTS:
            raise ValueError(f"line {number} has more than {_MOST_DOTS} dots")
    # It is slow to load, and few files need it.
    import tomllib

    return tomllib.loads(text)


def plain_tables(text: str, wanted: Collection[str]) -> dict[str, Any]:
    """The wanted tables, if they are plain; the strings in them are `Text`.

    Raises:
        ValueError, IndexError, RecursionError: one is not plain.
    """
    if "\ufeff" in text:  # a byte order mark is an error
        raise ValueError
    prefixes = tuple(name for name in wanted if not name or name.endswith("."))
    text += "\n"
    found: dict[str, Any] = {}
    table: dict[str, Any] | None = found
    at, headers = 0, set[str]()
    while at < len(text):
        end = text.index("\n", at)
        line = text[at:end].strip()
        if table is None and any(mark in line for mark in _MARKS_OF_LONG):
            at = end + 1 if line.startswith("#") else _past_long_string(text, at, end)
            continue
        # Outside of such strings, a line `[name]` is a header: no array holds a bare word.
        if line.startswith("["):
            header = line.partition("#")[0].rstrip()
            # Quotes and blanks are allowed around names; lines of arrays have them, too.
            name = header.strip("[]").translate(_NO_QUOTES_OR_BLANKS)
            if "\\" in header:
                raise ValueError
            table = None
            if name in wanted or name.startswith(prefixes):
                if header not in (f"[{name}]", f"[[{name}]]") or f"[{name}]" in headers:
                    raise ValueError
                headers.add(header)
                table = _opened(found, name.split("."), several=header.startswith("[["))
        elif table is not None and line and not line.startswith("#"):
            at = _read_pair(text, at, table)
            end = text.index("\n", at)
            if text[at:end].strip(_BLANK)[:1] not in ("", "#"):
                raise ValueError
        at = end + 1
    return found


def _past_long_string(text: str, at: int, end: int) -> int:
    """Where the first string of several lines ends that begins on a line."""
    first = {text.find(mark, at, end): mark for mark in _MARKS_OF_LONG}
    start = min(place for place in first if place >= 0)
    closing = text.index(first[start], start + 3)
    # Another string or a comment may come before it, an escaped or one more quote at its end.
    if not _QUOTES_OR_COMMENT.isdisjoint(text[at:start]):
        raise ValueError
    if text[closing - 1] == "\\" or text[closing + 3] == text[closing]:
        raise ValueError
    return closing + 3


def _opened(table: dict[str, Any], names: list[str], *, several: bool = False) -> dict[str, Any]:
    """The table at a path of names, made where it is missing; perhaps a new one of several."""
    for number, name in enumerate(names, 1):
        if several and number == len(names):
            others = table.setdefault(_bare(name), [])
            table = {}
            if not isinstance(others, list):
                raise ValueError
            others.append(table)
        else:
            table = table.setdefault(_bare(name), {})
            if not isinstance(table, dict):
                raise ValueError
    return table


def _bare(name: str) -> str:
    if not (name.isascii() and name.replace("-", "").replace("_", "").isalnum()):
        raise ValueError
    return name


def _read_pair(text: str, at: int, table: dict[str, Any]) -> int:
    """Read `key = value` into the table; returns where it ends."""
    equals = text.index("=", at)
    *names, key = text[at:equals].strip(_BLANK).split(".")
    table = _opened(table, names)
    if key in table:
        raise ValueError
    table[_bare(key)], at = _value(text, _past_gap(text, equals + 1))
    return at


def _value(text: str, at: int) -> tuple[Any, int]:
    """The value that begins there, and where it ends."""
    mark = text[at]
    if mark in "\"'":
        end = text.index(mark, at + 1)
        value = Text(text[at + 1 : end])
        if "\n" in value or ("\\" in value and mark == '"'):
            raise ValueError
        value.line = text.count("\n", 0, at) + 1
        return value, end + 1
    if mark == "[":
        items = []
        at = _past_gap(text, at + 1)
        while text[at] != "]":
            item, at = _value(text, at)
            items.append(item)
            at = _past_comma(text, at, "]")
        return items, at + 1
    if mark == "{":
        table: dict[str, Any] = {}
        at = _past_gap(text, at + 1)
        while text[at] != "}":
            at = _past_comma(text, _read_pair(text, at, table), "}")
        return table, at + 1
    end = at
    while text[end] not in " \t\r\n#,]}":
        end += 1
    word = text[at:end]
    return (_WORDS[word] if word in _WORDS else int(word)), end


def _past_comma(text: str, at: int, closing: str) -> int:
    """Where the next item begins, or the closing bracket is."""
    at = _past_gap(text, at)
    if text[at] == ",":
        return _past_gap(text, at + 1)
    if text[at] != closing:
        raise ValueError
    return at


def _past_gap(text: str, at: int) -> int:
    """Where something else begins than blanks, ends of lines and comments."""
    while (mark := text[at]) in " \t\r\n#":
        at = text.index("\n", at) if mark == "#" else at + 1
    return at
