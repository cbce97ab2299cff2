"""pip's format: bytes -> logical lines, each with its span of physical lines -> requirements.

The plain line of a freeze, `name==version` with or without hashes, is read here too: most lines are
not more than that, and no slow module is imported for them. `parse` reads all other lines as pip
does.

The rules are those of pip's `req_file.py`: how the bytes are decoded, where lines end, how
continuations are joined and comments cut. They are written without regular expressions, because
importing `re` would double the time of a clean run.
"""

from __future__ import annotations

from .. import requirements
from .._record import unchecked
from ..errors import ReqdriftError
from ..standards import checked_name
from ..values import TYPE_CHECKING, Lines, Location, NamedTuple, Requirement

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Protocol

    from ..errors import InvalidLineError
    from ..values import Note
    from ..values.details import Scope

    # The extras and the dependency groups of lock files that are installed.
    Choices = tuple[tuple[str, ...], tuple[str, ...]]

    class Sink(Protocol):
        """Receives everything that a reader finds in a file."""

        requirements: list[Requirement]
        notes: list[Note]
        # The extras and dependency groups that can be chosen.
        offers: set[tuple[str, str]]
        # What the file says about the environments that it is for.
        scopes: list[Scope]

        def refuse(self, at: Location, error: InvalidLineError) -> bool:
            """Take a part that cannot be read; returns whether the reader should continue."""

        def include(self, include: Include) -> None:
            """Read another file, before the rest of this one."""


# Longer marks first: UTF-32's little-endian mark begins with UTF-16's.
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)

_HASH = " --hash=sha256:"

# Looked up once, not for each line.
_lines, _requirement = unchecked(Lines), unchecked(Requirement)


class FileText(NamedTuple):
    """A file to read. Relative paths in it may be relative to each of the folders `bases`.

    `extras` and `groups` are those that were chosen of a lock file; without groups, its default
    groups are.
    """

    path: str
    text: str
    constraint: bool
    bases: tuple[str, ...]
    extras: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


class Include(NamedTuple):
    """A `-r` or `-c` line: another file to read, and how to name it in messages."""

    at: Location
    path: str
    constraint: bool
    shown: str


class LogicalLine(NamedTuple):
    """A line after joining continuations and cutting the comment, with its physical span."""

    line: int
    end_line: int
    text: str
    raw: str


class Decoded(NamedTuple):
    """A file's text; `mark + text.encode(encoding)` are its bytes."""

    text: str
    encoding: str
    mark: bytes = b""


def decode(data: bytes) -> Decoded:
    """The text of a requirements file.

    As pip: a byte order mark, else a PEP 263 comment in the first two lines, else UTF-8, else the
    locale's encoding.

    Raises:
        ReqdriftError: the bytes are not valid in the encoding.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return Decoded(_decode_as(data[len(mark) :], encoding), encoding, mark)
    # Most files need no more.
    if not any(line[:1] == b"#" and b"coding" in line for line in data.split(b"\n", 2)[:2]):
        try:
            return Decoded(data.decode(), "utf-8")
        except UnicodeDecodeError:
            pass
    encoding = requirements.options.encoding_of(data)
    return Decoded(_decode_as(data, encoding), encoding)


def _decode_as(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (ValueError, LookupError) as error:  # ValueError: a NUL in its name, too
        why = f"unknown encoding '{encoding}'" if isinstance(error, LookupError) else str(error)
        raise ReqdriftError(f"cannot be decoded: {why}", "save it as UTF-8") from None


def logical_lines(text: str) -> Iterator[LogicalLine]:
    """Join continuations, cut comments, and skip lines that are then empty."""
    return map(LogicalLine._make, fields_of_lines(text))


def fields_of_lines(text: str) -> Iterator[tuple[int, int, str, str]]:
    """The logical lines as plain tuples, because most are used only once."""
    # Continued lines, of which hashes have many, are joined all at once.
    parts = text.split("\\\n")
    if "\0" in text or text.count("\\") != len(parts) - 1:
        yield from _joined(text, 1)
        return
    number = 0
    for physical in "\0".join(parts).splitlines(keepends=True):
        number += 1
        first, raw, content = number, physical, physical
        if "\0" in physical:
            parts = physical.split("\0")
            raw, content = "\\\n".join(parts), "".join(parts)
            number += len(parts) - 1 - physical.endswith("\0")
        if "#" not in physical:
            # Line endings are white space.
            if content := content.strip():
                yield first, number, content, raw
        elif raw is not physical:
            yield from _joined(raw, first)
        elif physical.lstrip()[0] != "#" and (content := _without_comment(physical)):
            yield number, number, content, physical


def _joined(text: str, first: int) -> Iterator[tuple[int, int, str, str]]:
    """The logical lines of a text that begins at line `first`, joined as pip joins them."""
    parts: list[str] = []
    raw: list[str] = []
    start = first
    for number, physical in enumerate(text.splitlines(keepends=True), start=first):
        line = physical.splitlines()[0]
        is_comment = line.lstrip().startswith("#")
        start = start if raw else number
        # A comment ends a continuation without being part of the requirement.
        if not is_comment:
            raw.append(physical)
            if line.endswith("\\"):
                parts.append(line.strip("\\"))
                continue
            parts.append(line)
        if content := _without_comment("".join(parts)):
            yield start, start + len(raw) - 1, content, "".join(raw)
        parts, raw = [], []
    if content := _without_comment("".join(parts)):
        yield start, start + len(raw) - 1, content, "".join(raw)


def _without_comment(line: str) -> str:
    """Cut at the first `#` that begins the line or follows white space, and strip."""
    at = line.find("#")
    while at > 0 and not line[at - 1].isspace():
        at = line.find("#", at + 1)
    return (line if at < 0 else line[:at]).strip()


def literal_requirement(line: tuple[int, int, str, str], file: FileText) -> Requirement | None:
    """A `name==version` in the strict grammar, perhaps with hashes; None for every other line."""
    number, end, whole, raw = line
    text, options = whole, ""
    if " " in whole:
        text, _, options = whole.partition(" ")
    name, _, version = text.partition("==")
    canonical = checked_name(name)
    if canonical is None or not is_literal_version(version):
        return None
    hashes: tuple[str, ...] = ()
    if options:
        before, *rest = f" {options}".split(_HASH)
        values = [value.rstrip(" ") for value in rest]
        if before.strip(" ") or "" in values or not is_alphanumeric("".join(values)):
            return None
        hashes = tuple([f"sha256:{value}" for value in values])
    origin = _lines((file.path, number, end, raw))
    fields = (canonical, name, text, whole, origin, file.constraint, version, "", (), None, None)
    return _requirement((*fields, hashes, "", False, None))


def is_alphanumeric(text: str) -> bool:
    """Whether it has only ASCII letters and digits; of bytes, that is known ten times faster."""
    return text.encode("ascii", "replace").isalnum()


def is_literal_version(text: str) -> bool:
    """Whether the text is a version that PEP 440 allows, spelled in its plainest form.

    Digits and dots, then at most one `aN`, `bN` or `rcN`, one `.postN`, one `.devN`.
    """
    if not text.isascii() or len(text) > 200:
        return False
    if text.replace(".", "").isdigit():
        return ".." not in f".{text}."
    release = text
    for marks in ((".dev",), (".post",), ("rc", "b", "a")):
        for mark in marks:
            before, found, number = release.rpartition(mark)
            if found:
                if not number.isdigit():
                    return False
                release = before
                break
    return release.replace(".", "").isdigit() and ".." not in f".{release}."


# What uv writes above all that it compiles or exports, in so many characters.
_OF_UV, _HEAD = "autogenerated by uv via", 200


def is_for_uv_alone(line: str, text: str) -> bool:
    """Whether the line of a file with that text is an editable as uv writes it, and pip reads none.

    It has a path with spaces, or a marker.
    """
    is_editable = line.startswith("-e ") and " " in line[len("-e ") :].strip()
    return is_editable and " -" not in line and _OF_UV in text[:_HEAD]
