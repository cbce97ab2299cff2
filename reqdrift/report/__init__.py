"""Output formats: one module each, with a pure function from Report to text.

This module has what a clean run prints. The others are imported only when they are needed.
"""

from __future__ import annotations

import os

from .._record import lazy
from ..files import is_inside
from ..texts import mask
from ..values import TYPE_CHECKING, Location

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ..errors import ReqdriftError
    from ..values import Environment, FormatName, Note, Problem, Reason, Report, Style
    from ..values.details import Part
    from . import advice as advice
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
    """The notes that people see, one for many of a kind in a file; with `verbose`, all of them.

    What is said of several files as a whole is said once.
    """
    if verbose:
        return list(report.notes)
    notes = [note for note in report.notes if not (note.quiet or note.reason in QUIET_NOTES)]
    if len(notes) <= _MOST_NOTES:
        return notes
    alike: dict[tuple[Reason, str], list[Note]] = {}
    of_files: dict[tuple[Reason, str], list[Note]] = {}
    for note in notes:
        if note.at and not note.at.line:
            of_files.setdefault((note.reason, note.message), []).append(note)
    for note in notes:
        first, *others = of_files.get((note.reason, note.message), [note])
        if note is not first:
            continue
        if others:
            more = f"(also of {plural(len(others), 'other file')}; -v shows all)"
            note = note._replace(message=f"{note.message} {more}")
        alike.setdefault((note.reason, note.at.file if note.at else ""), []).append(note)
    shown = []
    for (_, file), same in alike.items():
        left = same[_MOST_NOTES:] if file else []
        shown += same[: len(same) - len(left)]
        if left:
            message = f"{plural(len(left), 'more note')} of this reason; -v shows all"
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
    where = f"{installed} in {described(environment)}"
    return f"{text}: {part.checked} checked, {part.skipped} skipped; {where}"


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


def plural(number: int, noun: str) -> str:
    """`1 requirement`, `2 requirements`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def place(at: Location | None, shown: str = "") -> str:
    """`file:line`, or `file` if there is no line; `shown` is the path as it is shown, if known."""
    if at is None:
        return ""
    return (shown or shown_path(at.file)) + (f":{at.line}" if at.line else "")


def masked(report: Report) -> Report:
    """The report without secrets, which only comparisons need."""
    fields = ("findings", "notes", "errors", "leads", "hints")
    report = report._replace(**{name: masked_texts(getattr(report, name)) for name in fields})
    parts = (one._replace(name=mask(one.name)) for one in report.parts)
    return report._replace(parts=tuple(parts))


def masked_texts(value: Any) -> Any:
    """Records, or what JSON has, with each text masked, except paths and keys."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, dict):
        return {key: masked_texts(one) for key, one in value.items()}
    if not isinstance(value, tuple | list) or isinstance(value, Location):
        return value
    return getattr(type(value), "_make", type(value))(map(masked_texts, value))


def describe_problem(problem: Problem) -> str:
    """What could not be read, with its place if it has one."""
    where = f"{place(problem.at)}: " if problem.at else ""
    return f"{where}error: {printable(problem.message)}"


def describe_error(error: ReqdriftError) -> str:
    """The error's message and hint; only the hint may have several lines."""
    hint = "\n".join(map(printable, error.hint.split("\n")))
    return f"{printable(error.message)}; {hint}" if hint else printable(error.message)
