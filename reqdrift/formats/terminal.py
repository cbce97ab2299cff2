"""The report as a terminal shows it: grouped by kind, aligned, wanted against installed."""

from __future__ import annotations

import io
import os

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ..findings import Finding
from ..model import TYPE_CHECKING, Options, Report
from . import KINDS, counts, headline, moved, place, printable, verdict, visible_notes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    _Row = list[str | Text]

_COLORS = {
    "broken": "red",
    "missing": "red",
    "version": "yellow",
    "source": "magenta",
    "unmet": "yellow",
    "extra": "cyan",
    "unpinned": "blue",
    "conflict": "red",
    "modified": "red",
}
_VERDICTS = {"clean": "bold green", "drift": "bold yellow", "failed": "bold red"}


def render(report: Report, options: Options) -> str:
    """The report for a terminal of the present width, with color unless it is unwanted."""
    console = Console(
        file=io.StringIO(),
        force_terminal=options.color != "never",
        no_color=options.color == "never" or (options.color == "auto" and _no_color()),
        width=_width(),
        highlight=False,
        emoji=False,
        markup=False,
        legacy_windows=False,
    )
    with console.capture() as capture:
        for part in _parts(report, options):
            # A command that the terminal wraps by itself can still be copied whole.
            console.print(part, soft_wrap=isinstance(part, Text) and bool(part.no_wrap))
    return "".join(map(_inert, capture.get().splitlines(keepends=True)))


def _inert(line: str) -> str:
    """A line that does not begin as a command to GitHub Actions does, wherever it was wrapped."""
    return line.replace("::", ":\\x3a", 1) if line.lstrip().startswith("::") else line


def _no_color() -> bool:
    return bool(os.environ.get("NO_COLOR"))


def _width() -> int:
    from shutil import get_terminal_size

    return max(get_terminal_size().columns, 20)


def _parts(report: Report, options: Options) -> Iterator[RenderableType]:
    if report.errors:
        yield _heading("error", "could not be read", "red")
        rows: list[_Row] = [
            [place(error.at), Text(printable(error.message))] for error in report.errors
        ]
        yield _indented(_table(rows))
    for kind, meaning in KINDS.items():
        findings = [finding for finding in report.findings if finding.kind == kind]
        if findings:
            yield _heading(kind, meaning, _COLORS[kind], len(findings))
            yield _indented(_table([row for finding in findings for row in _rows(finding)]))
    if options.quiet:
        return
    notes = visible_notes(report, options.verbose)
    if notes:
        yield _heading("note", "seen, and not counted as drift", "dim")
        shown: list[_Row] = [
            [place(n.at) or n.reason, Text(printable(n.message), "dim")] for n in notes
        ]
        yield _indented(_table(shown))
    yield Group(
        Text(headline(report), _VERDICTS[verdict(report)]), Text(counts(report).lstrip(), "dim")
    )
    for hint in report.hints:
        yield Text(f"\n{printable(hint.purpose)}:", "bold")
        yield Text(f"  {printable(hint.command)}", no_wrap=True)


def _heading(kind: str, meaning: str, color: str, number: int = 0) -> Text:
    shown = f" {number}" if number else ""
    return Text.assemble((f"{kind}{shown}", f"bold {color}"), (f"  {meaning}", "dim"))


def _indented(body: RenderableType) -> Padding:
    return Padding(body, (0, 0, 1, 2))


def _table(rows: list[_Row]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True, overflow="fold", max_width=34)
    for _ in range(max(map(len, rows)) - 1):
        table.add_column(overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table


def _rows(finding: Finding) -> Iterator[_Row]:
    """The finding, and below it which side moved."""
    yield _row(finding)
    if why := moved(finding):
        yield ["", Text(printable(why), "dim italic")]


def _row(finding: Finding) -> _Row:
    """Where, and what: wanted against installed where these say it all, else the message."""
    where = place(finding.at)
    installed = printable(finding.installed or "")
    if finding.kind in ("version", "unpinned"):
        wanted = Text(printable(finding.wanted or ""), "bold")
        return [where, wanted, Text.assemble("installed ", (installed, _COLORS[finding.kind]))]
    if finding.kind == "modified":
        return ["", Text(printable(finding.message))]  # it says where, and shorter
    if finding.kind == "extra":
        part = f"[{finding.part}] " if finding.part else ""
        why = finding.message.partition("; ")[2]
        release = f"{printable(finding.project)} {installed}"
        return [release, Text(printable(f"{part}{why}"), "dim")]
    return [where, Text(printable(finding.message))]
