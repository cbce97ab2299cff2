"""A page for people: one file without scripts that loads nothing."""

from __future__ import annotations

from html import escape

from ..kinds import KINDS
from ..texts import shortened
from ..values import TYPE_CHECKING, Report, Style
from ..values.details import Hint
from . import place, printable, visible_notes
from .text import Group, brings, counts, grouped, headline, summarized

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# Nothing is loaded or executed, whatever a name would do in a page.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
# Of a table.
_MOST_ROWS = 900
# For light and dark screens, and for paper.
_STYLE = """\
:root {
  --page: #ffffff; --text: #1b1f24; --dim: #57606a; --line: #d0d7de; --shade: #f6f8fa;
  --clean: #116329; --drift: #a40e26; --failed: #7d2e00; --warning: #7d4e00;
  --clean-shade: #dafbe1; --drift-shade: #ffebe9; --failed-shade: #fff1e5;
}
@media screen and (prefers-color-scheme: dark) { :root {
  --page: #0d1117; --text: #e6edf3; --dim: #9da7b3; --line: #3d444d; --shade: #161b22;
  --clean: #56d364; --drift: #ff938a; --failed: #ffa657; --warning: #e3b341;
  --clean-shade: #0f2f18; --drift-shade: #3b1416; --failed-shade: #3a2410;
} }
body {
  margin: 0 auto; padding: 1rem; max-width: 80rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere;
}
header { padding: 1rem; border-left: .5rem solid; border-radius: .25rem; }
header h1 { margin: 0; font-size: 2rem; line-height: 1.2; }
header p { margin: .25rem 0 0; color: var(--text); font-size: 1.125rem; }
.clean, .no { color: var(--clean); background: var(--clean-shade); }
.drift { color: var(--drift); background: var(--drift-shade); }
.failed { color: var(--failed); background: var(--failed-shade); }
.warning { color: var(--warning); font-weight: 600; }
h2 { margin: 2rem 0 .5rem; font-size: 1.25rem; }
h2 a { color: inherit; }
small { color: var(--dim); font-size: .875em; font-weight: normal; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .375rem .75rem; border-bottom: 1px solid var(--line); }
th, td { text-align: left; vertical-align: top; }
th, pre { background: var(--shade); }
pre { padding: .75rem; white-space: pre-wrap; }
code { font: .875rem/1.5 ui-monospace, monospace; }
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  h2 { break-after: avoid; }
  tr, pre { break-inside: avoid; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
"""


def render(report: Report, style: Style) -> str:
    """The verdict, what could not be read, findings by kind, notes, environments, commands."""
    verdict, _, summary = headline(report).partition(": ")
    body = [
        # The first word; the one of `no errors, 2 warnings` is green, too.
        f'<header class="{verdict.split()[0].strip(";")}"><h1>{_text(verdict)}</h1>',
        f"<p>{_text(summary)}</p></header>" if summary else "</header>",
    ]
    errors = [(_code(place(one.at)), _text(one.message)) for one in report.errors]
    table = _list(("Where", "What"), errors)
    body += () if style.quiet else _commands(report.leads)
    body += _section("Could not be read or decided", table, len(errors))
    body += _findings(report, style)
    if not style.quiet:
        notes = [
            (_code(place(n.at)), _text(n.message), _text(n.reason))
            for n in visible_notes(report, style.verbose)
        ]
        table = _list(("Where", "What", "Reason"), notes, "These are not counted as drift.")
        body += _section("Notes", table, len(notes))
        read = counts(report, verbose=style.verbose).split("\n")
        items = [f"<li>{_text(line)}</li>" for line in read if line]
        body += _section("What was read", ["<ul>", *items, "</ul>"])
        body += _commands(report.hints)
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
            f"<style>\n{_STYLE}</style>\n</head>\n<body>",
            *body,
            "</body>\n</html>\n",
        )
    )


def _text(text: str) -> str:
    """The text, which cannot be markup or end an attribute, and has no control characters."""
    return escape(printable(shortened(text)))


def _code(text: str) -> str:
    return f"<code>{_text(text)}</code>" if text else ""


def _section(heading: str, content: Iterable[str], number: int | None = None) -> Iterator[str]:
    """A part of the page, if there is anything in it; its heading is markup."""
    count = "" if number is None else f" <small>{number}</small>"
    if lines := "\n".join(content):
        yield f"<section>\n<h2>{heading}{count}</h2>\n{lines}\n</section>"


def _list(head: Sequence[str], rows: Sequence[Sequence[str]], about: str = "") -> Iterator[str]:
    """A table; no column is empty."""
    if not rows:
        return
    if about:
        yield f"<p>{_text(about)}</p>"
    used = [index for index in range(len(head)) if any(row[index] for row in rows)]
    names = "".join(f'<th scope="col">{_text(head[index])}</th>' for index in used)
    yield f"<table>\n<thead><tr>{names}</tr></thead>\n<tbody>"
    for row in rows[:_MOST_ROWS]:
        yield "<tr>" + "".join(f"<td>{row[index]}</td>" for index in used) + "</tr>"
    yield "</tbody></table>"
    if left := len(rows[_MOST_ROWS:]):
        yield f"<p>… {left} more; --format json has all</p>"


def _findings(report: Report, style: Style) -> Iterator[str]:
    """A table for each kind, in the order of the kinds."""
    groups = summarized(grouped(report.findings), style)
    several = any(finding.environments for finding in report.findings)
    head = ("Where", "What", "Environments" if several else "Set")
    for kind in KINDS.values():
        of_kind = [group for group in groups if group.finding.kind == kind.name]
        number = sum(len(group.findings) for group in of_kind)
        heading = f'<a href="{kind.url}">{kind.name}</a>: {_text(kind.title)}'
        yield from _section(heading, _list(head, [*map(_finding, of_kind)]), number)


def _finding(group: Group) -> tuple[str, str, str]:
    finding = group.finding
    message = finding.message.removeprefix(f"[{finding.label}] ")
    more = brings(group, verbose=True)
    what = _text(message) + (more and f"<br><small>{_text(more)}</small>")
    if group.same:
        each = (
            f"<li>{_code(place(x.at))} {_text(x.message)}</li>" for x in group.same[:_MOST_ROWS]
        )
        summary = _text(message.removesuffix(" (-v shows each)"))
        what = f"<details><summary>{summary}</summary><ul>{''.join(each)}</ul></details>"
    if finding.severity == "warning":
        what = f'<span class="warning">warning</span> {what}'
    return _code(place(finding.at)), what, _text(finding.label)


def _commands(hints: Iterable[Hint]) -> Iterator[str]:
    blocks = []
    for hint in hints:
        purpose = _text(hint.purpose[:1].upper() + hint.purpose[1:])
        command = f":</p>\n<pre><code>{_text(hint.command)}</code></pre>"
        blocks.append(f"<p>{purpose}{command if hint.command else '</p>'}")
    return _section("What to do", blocks)
