"""Edits of a file's physical lines, and how they are applied."""

from __future__ import annotations

import bisect

from ..values import TYPE_CHECKING, CanonicalName, NamedTuple, Requirement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


class Replacement(NamedTuple):
    """Lines `first` to `last` (from 1) become `raw`."""

    file: str
    first: int
    last: int
    raw: str
    summary: str


class Deletion(NamedTuple):
    """Lines `first` to `last` are removed, with pip-compile's `# via` lines below them."""

    file: str
    first: int
    last: int
    summary: str


class Insertion(NamedTuple):
    """A line is inserted after line `after` (0: before the first).

    `order` sorts lines that are inserted at the same place.
    """

    file: str
    after: int
    order: str
    text: str
    summary: str


class Place(NamedTuple):
    """Where a new line belongs: see `Insertion`."""

    after: int
    order: str


Edit = Replacement | Deletion | Insertion


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text with the edits applied; all other lines are unchanged."""
    lines: list[str] = text.splitlines(keepends=True)
    ending = line_ending(lines)
    kept: list[str | None] = list(lines)
    added: dict[int, list[Insertion]] = {}
    # Deletions last: a repeated line may also have been replaced.
    for edit in sorted(edits, key=lambda edit: isinstance(edit, Deletion)):
        if isinstance(edit, Insertion):
            added.setdefault(edit.after, []).append(edit)
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
        for insertion in sorted(added.get(number, ()), key=lambda edit: (edit.order, edit.text)):
            _add_line(result, insertion.text, ending)
    return "".join(result)


def _add_line(lines: list[str], text: str, ending: str) -> None:
    """Put a line after the others, with the ending of the one before it, else with `ending`."""
    if not lines:
        lines.append(text + ending)
        return
    ending = _ending_of(lines[-1]) or ending
    # If the file's last line has no line ending, the new last line has none either.
    unended = not _ending_of(lines[-1])
    if unended:
        lines[-1] += ending
    if is_continued(lines[-1]):
        lines.append(ending)  # otherwise the last line would continue into the new one
    lines.append(text if unended else text + ending)


def is_continued(line: str) -> bool:
    """Whether a physical line ends in a backslash that joins the next one to it."""
    text = "".join(line.splitlines())
    return text.endswith("\\") and not text.lstrip().startswith("#")


def line_ending(lines: Sequence[str]) -> str:
    """The ending that the file's first ended line has."""
    return next(filter(None, map(_ending_of, lines)), "\n")


def _ending_of(line: str) -> str:
    return next((ending for ending in ("\r\n", "\n", "\r") if line.endswith(ending)), "")


def end_of_annotation(lines: Sequence[str], last: int) -> int:
    """The last line of pip-compile's or uv's comment under the requirement in line `last`.

    That is an indented `# via NAME`, or `# via` with a line for each name, and `# from INDEX`.
    """
    end = last
    listing = False
    for line in lines[last:]:
        comment = line.strip()
        if not line[:1].isspace():
            break
        if comment.startswith("# via"):
            listing = comment == "# via"
        elif not (comment.startswith("# from http") or (listing and comment.startswith("#   "))):
            break
        end += 1
    return end


def insertion_point(
    text: str, in_file: Sequence[Requirement], name: CanonicalName, written: str, new: str
) -> Place:
    """Where the requirement `new` of a project, whose name is `written` so, belongs in the file.

    In its alphabetical place if the file's requirements are sorted in any known order; otherwise at
    the end.
    """
    lines = text.splitlines(keepends=True)
    named = [line for line in in_file if line.name and line.at.line]
    for order in _orders(named):
        keys = [order(line.name or name, line.written, line.text) for line in named]
        if not keys or keys != sorted(keys):
            continue
        key = order(name, written, new)
        index = bisect.bisect(keys, key)
        if not index:
            return Place(_before_first(lines, named), key)
        before = named[index - 1].at
        after = end_of_annotation(lines, before.end_line or before.line or 0)
        return Place(_past_continuation(lines, after), key)
    last = len(lines)
    while last and not lines[last - 1].strip():
        last -= 1
    return Place(_past_continuation(lines, last), name)


def _past_continuation(lines: Sequence[str], after: int) -> int:
    """After line `after`, or after the comment or blank line that ends its continuation."""
    while 0 < after < len(lines) and is_continued(lines[after - 1]):
        after += 1
    return after


def _before_first(lines: Sequence[str], named: Sequence[Requirement]) -> int:
    """The place before the first requirement.

    Above the comment before it, if other requirements have comments before them too: then the
    comment belongs to the line, not to the file.
    """
    first, *others = [(line.at.line or 1) - 1 for line in named]
    if any(_is_heading(lines[number - 1]) for number in others if number):
        while first and _is_heading(lines[first - 1]):
            first -= 1
        while any("coding" in line for line in lines[first:2] if _is_heading(line)):
            first += 1  # an encoding comment must stay in the first two lines
    return first


def _is_heading(line: str) -> bool:
    """A comment at the margin, unlike those that pip-compile indents under a requirement."""
    return line.startswith("#")


def _orders(named: Sequence[Requirement]) -> Sequence[Callable[[CanonicalName, str, str], str]]:
    """The orders that tools and people sort requirements in, the most usual first."""
    orders = (_by_canonical_name, _by_written_name, _by_lower_text, _by_text)
    if any(line.source and line.source.editable for line in named):
        return (_editables_first, *orders)
    return orders


def _editables_first(name: CanonicalName, _written: str, text: str) -> str:
    return f"{'0' if text.startswith('-') else '1'}{name}"  # pip-compile


def _by_canonical_name(name: CanonicalName, _written: str, _text: str) -> str:
    return name  # uv pip freeze, uv pip compile


def _by_written_name(_name: CanonicalName, written: str, _text: str) -> str:
    return written.lower()  # pip freeze


def _by_lower_text(_name: CanonicalName, _written: str, text: str) -> str:
    return text.lower()  # sort --ignore-case


def _by_text(_name: CanonicalName, _written: str, text: str) -> str:
    return text  # sort
