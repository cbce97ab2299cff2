"""The lines that most files are made of, read without what pip itself reads lines with.

A name with extras, an ordinary specifier, an ordinary marker and hashes; an include, an editable,
or the usual options. `read_ordinary` gives what `parse_line` gives, or None: then `parse` has to
read the line. A property test holds the two together.
"""

from __future__ import annotations

import os

from .._record import unchecked
from ..errors import InvalidLineError
from ..standards import canonical_name
from ..standards.markers import parse_marker, parse_requirement
from ..values import TYPE_CHECKING, Lines, Location, Requirement
from .lines import Include, LogicalLine, is_alphanumeric

if TYPE_CHECKING:
    from .lines import FileText

_FLAGS = frozenset(("--no-index", "--pre", "--prefer-binary", "--require-hashes"))
_WITH_VALUE = frozenset(
    (
        *("-i", "--index-url", "--extra-index-url", "-f", "--find-links", "--trusted-host"),
        *("--no-binary", "--only-binary", "--use-feature"),
    )
)
_INCLUDES = {"-r": False, "--requirement": False, "-c": True, "--constraint": True}
_EDITABLE = ("-e", "--editable")
_HASHES = ("--hash=sha256:", "--hash=sha384:", "--hash=sha512:")
# A name that ends like this is a file's.
_ARCHIVES = (
    *(".zip", ".whl", ".tar", ".tbz", ".tgz", ".txz", ".tlz", ".bz2", ".gz", ".xz", ".lz", ".lzma"),
)
_QUERY = frozenset("?&#;")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

_lines, _unchecked_requirement = unchecked(Lines), unchecked(Requirement)


def read_ordinary(line: LogicalLine, file: FileText) -> tuple[Requirement | Include, ...] | None:
    """What a logical line of the file says, None if it is not ordinary."""
    text = line.text
    if not (text.isascii() and text.isprintable()):
        return None
    if text[0] == "-":
        return _read_options(line, file)
    text, dash, options = text.partition(" -")
    hashes: tuple[str, ...] = ()
    if dash:
        words = [word for word in f"-{options}".split(" ") if word]
        if not all(map(_is_hash, words)):
            return None
        hashes = tuple(word[7:] for word in words)
    body, _, marker = text.partition(";")
    body, marker = body.strip(), marker.strip()
    # A text that may hold a password is not ordinary, and neither is a variable.
    if "@" in text or "$" in text or "://" in text or not _QUERY.isdisjoint(marker):
        return None
    parsed = parse_requirement(body)
    if parsed is None or (marker and parse_marker(marker) is None):
        return None
    name, extras, specifier = parsed.name, parsed.extras, parsed.specifier
    if file.constraint and extras:
        return None
    if not specifier and name.lower().endswith(_ARCHIVES):
        return None
    if body[-1] == "]":
        extras = tuple(sorted({extra.lower() for extra in extras}))
    return (
        _unchecked_requirement(
            (
                *(canonical_name(name), name, text.strip(), line.text),
                _lines((file.path, line.line, line.end_line, line.raw)),
                *(file.constraint, None, specifier, extras, marker or None, None, hashes),
                *("", False, None),
            )
        ),
    )


def _is_hash(word: str) -> bool:
    return word.startswith(_HASHES) and is_alphanumeric(word[14:])


def _read_options(line: LogicalLine, file: FileText) -> tuple[Requirement | Include, ...] | None:
    """A line of options: any that do not bear on the environment, or one include or editable."""
    text = expand_variables(line.text)
    if not (text.isascii() and text.isprintable()) or not set("'\"\\").isdisjoint(text):
        return None
    given = []
    words = iter([word for word in text.split(" ") if word])
    for word in words:
        name, equals, value = word.partition("=")
        if name in _FLAGS and not equals:
            continue
        if equals and name[:2] != "--":  # the value of `-i=x` is `=x`
            return None
        if not equals:
            value = next(words, "")
        if value[:1] in ("", "-"):
            return None
        if name in _INCLUDES or name in _EDITABLE:
            given.append((name, value))
        elif name not in _WITH_VALUE:
            return None
    if not given:
        return ()
    name, value = given[0]
    if line.text not in (f"{name} {value}", f"{name}={value}"):
        return None
    if name in _EDITABLE:
        return None if file.constraint else _read_editable(value, line, file)
    if "@" in value or "?" in value:  # a password is not shown
        return None
    at = Location(file.path, line.line, line.end_line)
    return (Include(at, value, _INCLUDES[name], line.text),)


def _read_editable(value: str, line: LogicalLine, file: FileText) -> tuple[Requirement] | None:
    # Few files have such a line.
    from .references import requirement_from_editable, written_as

    origin = Lines(file.path, line.line, line.end_line, line.raw)
    try:
        return (requirement_from_editable(value, written_as(line.text, origin), file.bases),)
    except InvalidLineError:
        return None


def expand_variables(text: str) -> str:
    """Replace `${NAME}` from the process's environment; pip leaves an unset or empty one."""
    if "${" not in text:
        return text
    names = [part.partition("}") for part in text.split("${")[1:]]
    for name in dict.fromkeys(name for name, brace, _ in names if brace and name):
        if not name.strip(_LETTERS) and (value := os.environ.get(name)):
            text = text.replace(f"${{{name}}}", value)
    return text
