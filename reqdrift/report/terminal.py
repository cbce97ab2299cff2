"""The report for a terminal: grouped by kind, aligned, wanted and installed side by side.

Messages wrap. Paths never do, so that they can be copied.
"""

from __future__ import annotations

import io
import re
import sys
from shutil import get_terminal_size

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from ..kinds import KINDS
from ..values import TYPE_CHECKING, Report, Style
from ..values.details import Finding, Hint
from . import place, printable, visible_notes
from .text import Group, brings, counts, grouped, headline, summarized

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    # A location or project, and the text about it.
    _Row = tuple[Text, Text]

_VERDICTS = {"clean": "bold green", "drift": "bold yellow", "failed": "bold red"}

_INDENT = 2
_GAP = 2


def render(report: Report, style: Style) -> str:
    """The report for the width of the terminal, with color unless `style` says `never`."""
    colored = style.color != "never"
    console = Console(
        file=io.StringIO(),
        force_terminal=colored,
        no_color=not colored,
        color_system="standard" if colored else None,
        width=max(get_terminal_size().columns, 20),
        legacy_windows=False,
    )
    with console.capture() as capture:
        for line in _lines(report, style, console.width):
            # rich must not wrap paths and commands, so that they can be copied.
            console.print(line, soft_wrap=True)
    return "".join(map(_inert, capture.get().splitlines(keepends=True)))


def _inert(line: str) -> str:
    """The line, changed if it begins like a GitHub Actions command after wrapping.

    Without the random numbers that rich gives links: each link here is one piece.
    """
    line = re.sub(r"\x1b\]8;id=[-.\d]+;", "\x1b]8;;", line)
    return line.replace("::", ":\\x3a", 1) if line.lstrip().startswith("::") else line


def _lines(report: Report, style: Style, width: int) -> Iterator[Text]:
    for lead in () if style.quiet else report.leads:
        yield from (*_way_out(lead, width), Text())
    if report.errors:
        rows = [_said(place(error.at), error.message) for error in report.errors]
        yield from _section("error", "could not be read", "red", rows, width)
    groups = summarized(grouped(report.findings), style)
    # A log of a CI service can have color, but shows links as rubbish.
    linked = sys.stdout.isatty()
    for kind in KINDS.values():
        of_kind = [group for group in groups if group.finding.kind == kind.name]
        if of_kind:
            number = sum(len(group.findings) for group in of_kind)
            rows = list(_rows(of_kind, style, width))
            color = f"{kind.color} link {kind.url}" if linked else kind.color
            yield from _section(f"{kind.name} {number}", kind.title, color, rows, width)
    if style.quiet:
        return
    notes = visible_notes(report, style.verbose)
    if notes:
        rows = [_said(place(n.at) or n.reason, n.message, "dim") for n in notes]
        yield from _section("note", "not counted as drift", "dim", rows, width)
    yield from _wrapped(Text(headline(report), _VERDICTS[report.verdict]), width)
    for line in counts(report, verbose=style.verbose).lstrip().splitlines():
        yield from _wrapped(Text(line, "dim"), width)
    for hint in report.hints:
        yield from (Text(), *_way_out(hint, width))


def _way_out(hint: Hint, width: int) -> Iterator[Text]:
    end = ":" if hint.command else ""
    yield from _wrapped(Text(f"{printable(hint.purpose)}{end}", "bold"), width)
    if hint.command:
        yield Text(f"  {printable(hint.command)}")


def _section(
    title: str, meaning: str, color: str, rows: Sequence[_Row], width: int
) -> Iterator[Text]:
    heading = Text.assemble((title, f"bold {color}"), (f"  {meaning}", "dim"))
    yield from (*_wrapped(heading, width), *_aligned(rows, width), Text())


def _aligned(rows: Sequence[_Row], width: int) -> Iterator[Text]:
    """The location and next to it the message, or below it if the location is too long."""
    column = _column([where for where, _ in rows], width)
    for where, what in rows:
        below = _wrapped(what, max(width - column, 1))
        if where and _INDENT + where.cell_len + _GAP > column:
            yield _indented(where, _INDENT)
        elif where:
            gap = " " * (column - _INDENT - where.cell_len)
            yield _indented(Text.assemble(where, gap, next(below, Text())), _INDENT)
        for line in below:
            yield _indented(line, column)


def _column(places: Sequence[Text], width: int) -> int:
    """The column of messages: after the longest location that leaves three fifths of the width."""
    if not any(places):
        return _INDENT
    sizes = (place.cell_len for place in places)
    return _INDENT + _GAP + max((size for size in sizes if size <= width * 2 // 5), default=0)


def _wrapped(text: Text, width: int) -> Iterator[Text]:
    """The lines of a text; unlike in rich, a word that is too long is not split."""
    begin, breaks = 0, []
    for word in re.finditer(r"\S+", text.plain):
        before = text.plain[begin : word.start()]
        if before.strip() and cell_len(before) + cell_len(word[0]) > width:
            begin = word.start()
            breaks.append(begin)
    for line in text.divide(breaks):
        line.rstrip()
        yield line


def _indented(line: Text, column: int) -> Text:
    return Text.assemble(" " * column, line)


def _said(where: str, message: str, style: str = "") -> _Row:
    return Text(where, "dim"), Text(printable(message), style)


def _rows(groups: Sequence[Group], style: Style, width: int) -> Iterator[_Row]:
    """The findings of one kind."""
    places = [_where(group.finding) for group in groups]
    room = width - _column(places, width)
    wanted = (cell_len(printable(group.finding.wanted or "")) for group in groups)
    longest = max((size for size in wanted if size <= room // 2), default=0)
    for where, group in zip(places, groups, strict=True):
        if group.brought:
            why = f"{_why(group.finding)}; {brings(group, verbose=style.verbose)}"
            yield where, Text(printable(why), "dim")
        else:
            yield where, _what(group.finding, longest)


def _where(finding: Finding) -> Text:
    """The location, or the project if the location is always the same."""
    if finding.kind == "modified":
        return Text()  # the message has it, and shorter
    if finding.kind == "extra" and finding.project:
        return Text(printable(f"{finding.project} {finding.installed or ''}"), "cyan")
    return Text(place(finding.at), "dim")


def _what(finding: Finding, longest: int) -> Text:
    """Wanted and installed if these say everything, otherwise the message.

    A label is the name of a set or of environments, which is in the message only.
    """
    if finding.kind in ("version", "unpinned") and finding.wanted and not finding.label:
        wanted = Text(printable(finding.wanted or ""), "bold")
        gap = " " * (max(longest - wanted.cell_len, 0) + _GAP)
        if finding.installed is None:
            return Text.assemble(wanted, gap, "not installed")
        installed = (printable(finding.installed), KINDS[finding.kind].color)
        return Text.assemble(wanted, gap, "installed ", installed)
    if finding.kind == "extra" and finding.project:
        return Text(_why(finding), "dim")
    return Text(printable(finding.message))


def _why(finding: Finding) -> str:
    label = f"[{finding.label}] " if finding.label else ""
    return printable(label + finding.why)
