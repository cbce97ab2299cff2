"""Output formats: one module each, with a pure function from Report to text.

This module has what a clean run prints. The others are imported only when they are needed.
"""

from __future__ import annotations

import os

from .. import standards
from .._record import lazy
from ..files import is_inside
from ..values import TYPE_CHECKING, Location

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ..errors import ReqdriftError
    from ..values import Environment, FormatName, Note, Problem, Reason, Report, Style
    from ..values.details import Part
    from . import advice as advice
    from . import former as former
    from . import text as text

__getattr__ = lazy(__name__)

# Format -> its module, which is imported only when it is used.
FORMATS: Mapping[FormatName, str] = {
    "text": "text",
    "rich": "terminal",
    "json": "json",
    "github": "github",
    "gitlab": "gitlab",
    "sarif": "sarif",
    "junit": "junit",
    "markdown": "markdown",
    "html": "html",
}

# The formats for people, whose lines and length have a limit; all others are complete.
FOR_PEOPLE = frozenset(("text", "rich", "markdown"))
_LONGEST_LINE = 2000
_MOST_LINES = 10_000
# The verdict, and what to do.
_LAST_LINES = 100
# Of one reason in one file.
_MOST_NOTES = 3
# Notes that are shown only with -v, as each one is that says so itself.
QUIET_NOTES: frozenset[Reason] = frozenset(
    {"tool", "system", "archive", "conda", "local", "marker"}
)


def clean_text(report: Report, style: Style) -> str:
    """The text of a clean run, with its notes; '' if there is more to say."""
    more = report.findings or report.errors or report.leads or report.hints or report.parts
    if more or report.verified or style.quiet or style.verbose or not report.environment:
        return ""
    notes = [f"{note_line(note)}\n" for note in visible_notes(report)]
    return f"{''.join(notes)}clean; {counted(report)}\n"


def note_line(note: Note) -> str:
    """A note as plain text."""
    return text_line(place(note.at), f"note ({note.reason})", note.message)


def visible_notes(report: Report, verbose: bool = False) -> list[Note]:
    """The notes that people see, one for many of a kind in a file; with `verbose`, all of them."""
    if verbose:
        return list(report.notes)
    notes = [note for note in report.notes if not (note.quiet or note.reason in QUIET_NOTES)]
    if len(notes) <= _MOST_NOTES:
        return notes
    alike: dict[tuple[Reason, str], list[Note]] = {}
    for note in notes:
        alike.setdefault((note.reason, note.at.file if note.at else ""), []).append(note)
    shown = []
    for (_, file), same in alike.items():
        left = same[_MOST_NOTES:] if file else []
        shown += same[: len(same) - len(left)]
        if left:
            message = (
                f"{len(left)} more {plural(len(left), 'note')[2:]} of this reason; -v shows all"
            )
            shown.append(same[0]._replace(at=Location(file), message=message))
    return shown


def text_line(where: str, title: str, message: str) -> str:
    """A line of the plain text: `file:line: title: message`."""
    text = f"{title}: {printable(message)}"
    return f"{where}: {text}" if where else text


def counted(part: Part | Report) -> str:
    """What was read, checked and skipped, and where."""
    files = ", ".join(shown_path(file.path) for file in part.files) or "no file"
    limits = sum(file.constraints for file in part.files)
    text = f"{plural(sum(file.requirements for file in part.files), 'requirement')} in {files}"
    if limits:
        text += f" ({plural(limits, 'constraint')})"
    environment = part.environment
    if environment is None:
        return text
    installed = plural(len(environment.distributions), "distribution")
    return (
        f"{text}: {part.checked} checked, {part.skipped} skipped; "
        f"{installed} in {described(environment)}"
    )


def described(environment: Environment) -> str:
    """An environment with its Python, and how it was found."""
    started = ", interpreter started" if environment.started else ""
    assumed = " assumed" if environment.python.assumed else ""
    how = environment.found_by
    # Its name, or what was typed, says it.
    is_obvious = how in ("--python", "--path") or environment.prefix.endswith(f"{os.sep}{how}")
    found = "" if is_obvious else f", found by {printable(how)}"
    version = printable(environment.python.version)
    return f"{shown_path(environment.prefix)} (Python {version}{assumed}{found}{started})"


def shown_path(path: str) -> str:
    """The path, relative to the working directory if it is inside; control characters escaped."""
    cwd = os.getcwd()
    if path == cwd:
        path = "."
    elif is_inside(path, cwd):
        path = path[len(cwd.rstrip(os.sep)) + 1 :]
    # GitHub Actions executes a line that begins with two colons.
    return printable(f".{os.sep}{path}" if path.lstrip().startswith(":") else path)


def printable(text: str) -> str:
    """The text with characters escaped that could move the cursor or change the text direction.

    `##[`, which starts a GitHub Actions command anywhere in a line, is escaped too.
    """
    if not text.isprintable():
        text = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
    return text.replace("##[", "#\\x23[")


def shortened(text: str) -> str:
    """A text for people without the rest of very long lines, nor the middle of very many lines."""
    if len(text) <= _LONGEST_LINE:
        return text
    lines = text.split("\n")
    if len(lines) > _MOST_LINES:
        first, last = _MOST_LINES - _LAST_LINES - 1, len(lines) - _LAST_LINES
        left = f"… {last - first} more lines; --format json has all"
        lines = [*lines[:first], left, *lines[last:]]
    return "\n".join(map(_shortened, lines))


def _shortened(line: str) -> str:
    if len(line) <= _LONGEST_LINE:
        return line
    if "\x1b" not in line:
        return f"{line[: _LONGEST_LINE - 1]}…"
    # A color ends with its line, and no escape sequence is cut.
    kept = line[: _LONGEST_LINE - 20]
    before, _, after = kept.rpartition("\x1b")
    return f"{kept if 'm' in after else before}…\x1b[0m"


def plural(number: int, noun: str) -> str:
    """`1 requirement`, `2 requirements`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def place(at: Location | None, shown: str = "") -> str:
    """`file:line`, or `file` if there is no line; `shown` is the path as it is shown, if known."""
    if at is None:
        return ""
    return (shown or shown_path(at.file)) + (f":{at.line}" if at.line else "")


def masked(report: Report) -> Report:
    """The report without credentials: comparisons have seen them, and nobody else does."""
    return report._replace(
        findings=tuple(map(_masked, report.findings)),
        notes=tuple(map(_masked, report.notes)),
        errors=tuple(map(_masked, report.errors)),
        leads=tuple(map(_masked, report.leads)),
        hints=tuple(map(_masked, report.hints)),
    )


def _masked(one: Any) -> Any:
    """A finding, a note, a problem or a hint, with each of its texts masked."""
    texts = {name: text for name, text in one._asdict().items() if isinstance(text, str)}
    shown = {name: standards.redact(text) for name, text in texts.items()}
    return one if shown == texts else one._replace(**shown)


def describe_problem(problem: Problem) -> str:
    """What could not be read, with its place if it has one."""
    where = f"{place(problem.at)}: " if problem.at else ""
    return shortened(f"{where}error: {printable(standards.redact(problem.message))}")


def describe_error(error: ReqdriftError) -> str:
    """The error's message and hint; only the hint may have several lines."""
    message = printable(standards.redact(error.message))
    hint = "\n".join(printable(standards.redact(line)) for line in error.hint.split("\n"))
    return shortened(f"{message}; {hint}" if hint else message)
