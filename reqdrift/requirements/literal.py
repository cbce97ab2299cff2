"""The plain line of a freeze, `name==version` with or without hashes, read by hand.

Most lines are no more than that, and nothing heavy is imported for them. All else goes the way
that pip goes (`parse`).
"""

from __future__ import annotations

from ..model import TYPE_CHECKING, Location, Requirement, checked_name

if TYPE_CHECKING:
    from .lines import LogicalLine

# Looked up once, not for every line.
_location, _requirement = Location._make, Requirement._make


def literal_requirement(line: LogicalLine, file: str, constraint: bool) -> Requirement | None:
    """A `name==version` in the strict grammar, perhaps with hashes; None for every other line."""
    number, end, whole, raw = line
    text, _, options = whole.partition(" ")
    name, _, version = text.partition("==")
    canonical = checked_name(name)
    if canonical is None or not is_literal_version(version):
        return None
    hashes: tuple[str, ...] = ()
    if options:
        words = [word for word in options.split(" ") if word]
        if not all(map(_is_literal_hash, words)):
            return None
        hashes = tuple(word[7:] for word in words)
    at = _location((file, number, end))
    fields = (at, canonical, name, text, raw, constraint, version, f"=={version}")
    return _requirement((*fields, (), None, None, hashes, ""))


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
    return _is_release(release)


def _is_release(text: str) -> bool:
    return text.replace(".", "").isdigit() and ".." not in f".{text}."


def _is_literal_hash(word: str) -> bool:
    return word.startswith("--hash=sha256:") and word[14:].isalnum()
