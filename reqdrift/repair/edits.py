"""Edits of a file's text: what each does to its physical lines, and how they are put together."""

from __future__ import annotations

import bisect

from ..model import TYPE_CHECKING, CanonicalName, NamedTuple, Requirement

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Replacement(NamedTuple):
    """Lines `first` to `last` (from 1) become `raw`."""

    file: str
    first: int
    last: int
    raw: str
    summary: str


class Deletion(NamedTuple):
    """Lines `first` to `last` go, with pip-compile's `# via` lines under them."""

    file: str
    first: int
    last: int
    summary: str


class Insertion(NamedTuple):
    """A line comes in after line `after` (0: before the first)."""

    file: str
    after: int
    text: str
    summary: str


Edit = Replacement | Deletion | Insertion


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text with the edits made; lines that none of them names stay as they are."""
    lines: list[str] = text.splitlines(keepends=True)
    ending = line_ending(lines)
    kept: list[str | None] = list(lines)
    added: dict[int, list[str]] = {}
    # Deletions last: what goes as a repetition may have been reworded as well.
    for edit in sorted(edits, key=lambda edit: isinstance(edit, Deletion)):
        if isinstance(edit, Insertion):
            added.setdefault(edit.after, []).append(edit.text)
            continue
        last = edit.last
        if isinstance(edit, Deletion):
            last = end_of_annotation(lines, edit.last)
        kept[edit.first - 1 : last] = [None] * (last - edit.first + 1)
        if isinstance(edit, Replacement):
            kept[edit.first - 1] = edit.raw
    result: list[str] = []
    for number in range(len(lines) + 1):
        if number and (line := kept[number - 1]) is not None:
            result.append(line)
        for new in sorted(added.get(number, ()), key=str.lower):
            if result and not result[-1].endswith(("\n", "\r")):
                # The file's last line has no ending; then the new last line has none either.
                result[-1] += ending
                result.append(new)
            else:
                result.append(new + ending)
    return "".join(result)


def line_ending(lines: Sequence[str]) -> str:
    """The ending that the file's first ended line has."""
    for line in lines:
        for ending in ("\r\n", "\n", "\r"):
            if line.endswith(ending):
                return ending
    return "\n"


def end_of_annotation(lines: Sequence[str], last: int) -> int:
    """The last line of pip-compile's indented `# via` comment under line `last`, or `last`."""
    end = last
    for line in lines[last:]:
        comment = line.strip()
        if not (line[:1].isspace() and comment.startswith("#")):
            break
        if end == last and not comment.startswith("# via"):
            break
        end += 1
    return end


def insertion_point(
    text: str, in_file: Sequence[Requirement], name: CanonicalName, new: str
) -> int:
    """After which physical line a new requirement belongs.

    In its alphabetical place if the file's requirements are sorted, in whichever way they are;
    else at the end.
    """
    lines = text.splitlines(keepends=True)
    named = [line for line in in_file if line.name and line.at.line]
    for key_of in (_by_canonical_name, _by_lower_text, _by_text):
        keys = [key_of(line.name or name, line.text) for line in named]
        if len(keys) < 2 or keys != sorted(keys):
            continue
        index = bisect.bisect(keys, key_of(name, new))
        if index:
            before = named[index - 1].at
            return end_of_annotation(lines, before.end_line or before.line or 0)
        return (named[0].at.line or 1) - 1
    while lines and not lines[-1].strip():
        lines.pop()
    return len(lines)


def _by_canonical_name(name: CanonicalName, _text: str) -> str:
    return name


def _by_lower_text(_name: CanonicalName, text: str) -> str:
    return text.lower()


def _by_text(_name: CanonicalName, text: str) -> str:
    return text
