"""Markdown, for pull request comments and GitHub Actions job summaries."""

from __future__ import annotations

import html
from textwrap import wrap

from ..kinds import KINDS
from ..values import TYPE_CHECKING, Report, Style
from ..values.details import Hint
from . import place, plural, printable, visible_notes
from .text import Group, brings, counts, grouped, headline, summarized

if TYPE_CHECKING:
    from collections.abc import Sequence

# A comment has at most 65,536 characters. These are the limits for its parts.
_ROOM_FOR_FINDINGS = 36_000
_ROOM_FOR_OTHERS = 8_000
_ROOM_FOR_A_CELL = 500

_RANKS = {kind: rank for rank, kind in enumerate(KINDS)}


def render(report: Report, style: Style) -> str:
    """The verdict, errors, findings, collapsed notes, and commands that fix the drift."""
    parts = [f"### reqdrift — {headline(report)}"]
    parts += [] if style.quiet else map(_way_out, report.leads)
    if report.errors:
        rows = [f"| {_code(place(error.at))} | {_code(error.message)} |" for error in report.errors]
        parts.append(_table("| Where | Could not be read |", rows, _ROOM_FOR_OTHERS))
    if report.findings:
        # The sort is stable: within a kind the order stays.
        groups = summarized(grouped(report.findings), style)
        groups.sort(key=lambda group: _RANKS[group.finding.kind])
        rows = [_row(group, style) for group in groups]
        numbers = [len(group.findings) for group in groups]
        parts.append(_table("| Drift | Where | What |", rows, _ROOM_FOR_FINDINGS, numbers))
    if not style.quiet:
        parts += [
            _code(line) for line in counts(report, verbose=style.verbose).splitlines() if line
        ]
        if notes := visible_notes(report, style.verbose):
            lines = [f"- {_code(place(n.at))} {n.reason}: {_code(n.message)}" for n in notes]
            title = f"{plural(len(notes), 'note')}: not counted as drift"
            fold = f"<details><summary>{title}</summary>"
            parts += fold, "\n".join(_fitting(lines, _ROOM_FOR_OTHERS)), "</details>"
        parts += [_way_out(h) for h in report.hints if len(h.command) < _ROOM_FOR_OTHERS // 8]
    found = {finding.kind for finding in report.findings}
    if found:
        parts.append("\n".join(f"[{k.name}]: {k.url}" for k in KINDS.values() if k.name in found))
    return "\n\n".join(parts) + "\n\n"  # more text may follow on the page


def _row(group: Group, style: Style) -> str:
    finding = group.finding
    more = printable(brings(group, verbose=style.verbose))[:_ROOM_FOR_OTHERS]
    spans = wrap(more, _ROOM_FOR_A_CELL, break_on_hyphens=False)
    what = "<br>".join(map(_code, [finding.message, *spans]))
    warning = " (warning)" if finding.severity == "warning" else ""
    return f"| [{finding.kind}]{warning} | {_code(place(finding.at))} | {what} |"


def _table(head: str, rows: Sequence[str], room: int, numbers: Sequence[int] = ()) -> str:
    rule = "|" + "---|" * (head.count("|") - 1)
    return "\n".join([head, rule, *_fitting(rows, room, numbers)])


def _fitting(lines: Sequence[str], room: int, numbers: Sequence[int] = ()) -> list[str]:
    """As many of the lines as fit, then how many are left out.

    `numbers` has how many findings each line shows.
    """
    for number, line in enumerate(lines):
        room -= len(line)
        if room < 0:
            more = f"{sum(numbers[number:]) or len(lines) - number} more"
            return [*lines[:number], f"| {more} |" if line.startswith("|") else f"- {more}"]
    return list(lines)


def _way_out(hint: Hint) -> str:
    command = printable(hint.command)
    if not command:
        return _prose(hint.purpose)
    if "`" in command:
        block = f"<pre><code>{html.escape(command)}</code></pre>"
    else:
        block = f"```sh\n{command}\n```"
    return f"{_prose(hint.purpose)}:\n\n{block}"


def _prose(text: str) -> str:
    """Plain words unchanged; text with anything else as code."""
    text = printable(text)
    if text.isascii() and text.replace(" ", "").isalnum() and len(text) < _ROOM_FOR_A_CELL:
        return text[0].upper() + text[1:]
    return _code(text)


def _code(text: str) -> str:
    """The text as a code span, so that it cannot be a link, a mention or markup.

    Text that would end the span or the table cell becomes escaped HTML.
    """
    text = printable(text)
    if len(text) > _ROOM_FOR_A_CELL:
        text = text[: _ROOM_FOR_A_CELL - 1] + "…"
    if not text.strip():
        return ""
    if "`" not in text and "|" not in text and "\\" not in text:
        return f"`{text}`"
    plain = "".join(c if c.isalnum() or c in " ,=-" else f"&#{ord(c)};" for c in text)
    return f"<code>{plain}</code>"
