"""A page for people: one file without scripts that loads nothing."""

from __future__ import annotations

from html import escape

from ..kinds import KINDS
from ..values import TYPE_CHECKING, Style
from ..values.findings import Hint
from ..values.parts import some_names
from ..values.report import Report
from . import place, plural, printable, shown_path
from .crosstab import Cell, Crosstab, EnvironmentGroup, crosstab
from .groups import Group, brings, grouped, shares
from .html_style import STYLE
from .text import counts, headline, visible_notes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# A screen has no place for more columns; the table of environments has every group.
_MOST_COLUMNS = 40
# Of one group; a page with the names of thousands would be only that.
_MOST_NAMES = 200
# Nothing is loaded or executed, whatever a name would do in a page.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def render(report: Report, style: Style) -> str:
    """The verdict, what could not be read, findings by kind, notes, environments, commands."""
    verdict, _, summary = headline(report).partition(": ")
    body = [
        f'<header class="{verdict.partition(";")[0]}"><h1>{_text(verdict)}</h1>',
        f"<p>{_text(summary)}</p></header>" if summary else "</header>",
    ]
    if not style.quiet:
        body += _commands("What to do", report.leads)
    body += _errors(report)
    body += _findings(report, style)
    if not style.quiet:
        body += _notes(report, style)
        body += _environments(report)
        body += _read(report, style)
        body += _commands("What to do", report.hints)
    return _page(headline(report), body)


def _page(title: str, body: Iterable[str]) -> str:
    return "\n".join(
        (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            # The documentation need not know where a report is.
            '<meta name="referrer" content="no-referrer">',
            f"<title>{_text(f'reqdrift: {title}')}</title>",
            f"<style>\n{STYLE}</style>\n</head>\n<body>",
            *body,
            "</body>\n</html>\n",
        )
    )


def _text(text: str) -> str:
    """The text, which cannot be markup or end an attribute, and has no control characters."""
    return escape(printable(text))


def _code(text: str) -> str:
    return f"<code>{_text(text)}</code>" if text else ""


def _section(heading: str, about: str, content: Iterable[str], number: int | None = None) -> str:
    """A part of the page; its heading is markup."""
    count = "" if number is None else f' <span class="count">{number}</span>'
    about = f"<p>{_text(about)}</p>\n" if about else ""
    lines = "\n".join(content)
    return f"<section>\n<h2>{heading}{count}</h2>\n{about}{lines}\n</section>"


def _list(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A table whose rows are below each other on a narrow screen; no column is empty."""
    used = [index for index in range(len(head)) if any(row[index] for row in rows)]
    names = "".join(f'<th scope="col">{_text(head[index])}</th>' for index in used)
    yield f'<table class="list">\n<thead><tr>{names}</tr></thead>\n<tbody>'
    for row in rows:
        yield "<tr>" + "".join(_cell(head[index], row[index]) for index in used) + "</tr>"
    yield "</tbody></table>"


def _cell(name: str, content: str) -> str:
    """What place and words are, needs no name."""
    named = f' data-name="{_text(name)}"' if content and name not in ("Where", "What") else ""
    return f"<td{named}>{content}</td>"


def _errors(report: Report) -> Iterator[str]:
    if report.errors:
        rows = [(_code(place(one.at)), _text(one.message)) for one in report.errors]
        table = _list(("Where", "What"), rows)
        yield _section("Could not be read or decided", "", table, len(report.errors))


def _findings(report: Report, style: Style) -> Iterator[str]:
    """A table for each kind, in the order of the kinds."""
    groups = grouped(report.findings)
    several = any(finding.environments for finding in report.findings)
    named = several or any(finding.part for finding in report.findings)
    for kind in KINDS.values():
        of_kind = [group for group in groups if group.finding.kind == kind.name]
        if of_kind:
            head = ["Where", "What", *(["Environments" if several else "Set"] if named else [])]
            rows = [_finding(group, report, style, named=named) for group in of_kind]
            number = sum(1 + len(group.brought) for group in of_kind)
            heading = f'<a href="{kind.url}">{kind.name}</a>: {_text(kind.title)}'
            yield _section(heading, "", _list(head, rows), number)


def _finding(group: Group, report: Report, style: Style, *, named: bool) -> list[str]:
    finding = group.finding
    label = f"[{finding.label}] " if finding.label else ""
    message = finding.message.removeprefix(label)
    more = [brings(group, None), shares(group, None)]
    what = _text(message) + "".join(f"<br><small>{_text(text)}</small>" for text in more if text)
    warning = finding.severity == "warning"
    if warning:
        what = f'<span class="warning">warning</span> {what}'
    cells = [_code(place(finding.at)), what]
    if named:
        names = finding.environments or (finding.part,)
        shown = some_names(names, len(report.parts), verbose=style.verbose)
        cells.append(_text(shown))
    return cells


def _notes(report: Report, style: Style) -> Iterator[str]:
    if notes := visible_notes(report, style.verbose):
        rows = [(_code(place(n.at)), _text(n.message), _text(n.reason)) for n in notes]
        table = _list(("Where", "What", "Reason"), rows)
        yield _section("Notes", "These are not counted as drift.", table, len(notes))


def _environments(report: Report) -> Iterator[str]:
    """Every group of environments, and the projects that are not the same in all of them."""
    found = crosstab(report)
    if not found.groups:
        return
    if found.projects:
        yield _matrix(found)
    rows = [
        (str(number), _group_names(group), *_facts(group, report))
        for number, group in enumerate(found.groups, 1)
    ]
    head = ("Group", "Environments", "Verdict", "Python", "Distributions")
    total = sum(len(group.names) for group in found.groups)
    yield _section("Environments", "", _list(head, rows), total)


def _matrix(found: Crosstab) -> str:
    shown = found.groups[:_MOST_COLUMNS]
    heads = (f"{number} ({len(group.names)})" for number, group in enumerate(shown, 1))
    rows = (
        f'<tr><th scope="row">{_text(project)}</th>'
        + "".join(_matrix_cell(group.cells[index]) for group in shown)
        + "</tr>"
        for index, project in enumerate(found.projects)
    )
    about = "A column is a group of environments with the same findings, and how many there are."
    if len(found.groups) > len(shown):
        about += f" {len(found.groups) - len(shown)} more groups are only in the next table."
    cells = "".join(f'<th scope="col">{head}</th>' for head in ("Project", *heads))
    start = f'<div class="wide"><table class="matrix">\n<thead><tr>{cells}</tr></thead>\n<tbody>'
    return _section("Projects and environments", about, (start, *rows, "</tbody></table></div>"))


def _matrix_cell(cell: Cell) -> str:
    version = "unknown" if cell.version is None else cell.version or "not installed"
    if not cell.kinds:
        return f'<td class="quiet">{_text(version)}</td>'
    kinds = ", ".join(cell.kinds)
    return f'<td class="drift">{_text(version)}<br><small>{_text(kinds)}</small></td>'


def _group_names(group: EnvironmentGroup) -> str:
    names = ", ".join(group.names[:_MOST_NAMES])
    more = len(group.names) - _MOST_NAMES
    of_set = f" <small>{_text(group.base)}</small>" if group.base else ""
    return _text(names) + (f" and {more} more" if more > 0 else "") + of_set


def _facts(group: EnvironmentGroup, report: Report) -> tuple[str, str, str]:
    """Verdict, Pythons and numbers of distributions of a group."""
    names = frozenset(group.names)
    parts = [part for part in report.parts if part.name in names and part.base == group.base]
    read = [part.environment for part in parts if part.environment]
    pythons = sorted({environment.python.version for environment in read}, key=_numbers)
    numbers = sorted({len(environment.distributions) for environment in read})
    span = f"{numbers[0]} to {numbers[-1]}" if len(numbers) > 1 else "".join(map(str, numbers))
    return f'<b class="{group.verdict}">{group.verdict}</b>', _text(", ".join(pythons)), span


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".") if part.isdigit()]


def _read(report: Report, style: Style) -> Iterator[str]:
    """What was read, checked and skipped; of many environments, the table above says it."""
    if crosstab(report).groups:
        files = {file.path: file for file in report.files}.values()
        lines = [f"{plural(f.requirements, 'requirement')} in {shown_path(f.path)}" for f in files]
    else:
        lines = [line for line in counts(report, verbose=style.verbose).splitlines() if line]
    if lines:
        items = (f"<li>{_text(line)}</li>" for line in lines)
        yield _section("What was read", "", ("<ul>", *items, "</ul>"))


def _commands(title: str, hints: Iterable[Hint]) -> Iterator[str]:
    blocks = [
        f"<p>{_text(hint.purpose[:1].upper() + hint.purpose[1:])}:</p>\n"
        f"<pre><code>{_text(hint.command)}</code></pre>"
        for hint in hints
    ]
    if blocks:
        yield _section(title, "", blocks)
