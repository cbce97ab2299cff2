"""One module per format: a pure function, Report -> text. Here is what a clean run prints.

Everything else is loaded when it is printed: a clean run pays for the clean line only.
"""

from __future__ import annotations

import os

from ..errors import ReqdriftError
from ..values import TYPE_CHECKING, Environment, Location, Options, Report

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..values import FormatName, Part

# Format -> its module, '' for this one; none is imported before it is asked for.
FORMATS: Mapping[FormatName, str] = {
    "text": "",
    "rich": "terminal",
    "json": "json",
    "github": "github",
    "gitlab": "gitlab",
    "sarif": "sarif",
    "junit": "junit",
    "markdown": "markdown",
}

# Notes that only say what is always so: one has to ask for them with -v.
QUIET_NOTES = frozenset({"tool", "system", "archive", "conda", "local"})


def render(report: Report, options: Options) -> str:
    """The report as plain text."""
    is_clean_line = not (
        report.findings
        or report.errors
        or report.hints
        or report.parts
        or report.verified
        or options.quiet
        or options.verbose
        or any(note.reason not in QUIET_NOTES for note in report.notes)
    )
    if is_clean_line and report.environment:
        return f"clean; {counted(report)}\n"
    if options.quiet and not (report.findings or report.errors):
        return ""
    from .text import render_text

    return render_text(report, options)


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
    started = ", interpreter asked" if environment.started else ""
    assumed = " assumed" if environment.python.assumed else ""
    return (
        f"{shown_path(environment.prefix)} (Python {printable(environment.python.version)}{assumed}"
        f", found by {printable(environment.found_by)}{started})"
    )


def shown_path(path: str) -> str:
    """A path relative to the working directory where it lies below it; control marks escaped."""
    cwd = os.getcwd()
    if path == cwd:
        path = "."
    elif path.startswith(cwd.rstrip(os.sep) + os.sep):
        path = path[len(cwd.rstrip(os.sep)) + 1 :]
    # A line that begins with two colons is a command to GitHub Actions.
    return printable(f".{os.sep}{path}" if path.lstrip().startswith(":") else path)


def printable(text: str) -> str:
    """The text with every mark that could move a terminal's cursor or direction escaped.

    So is what begins a command to GitHub Actions wherever it is in a line.
    """
    if not text.isprintable():
        text = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
    return text.replace("##[", "#\\x23[")


def plural(number: int, noun: str) -> str:
    """`1 requirement`, `2 requirements`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def place(at: Location | None) -> str:
    """`file:line`, or `file` where no line is meant."""
    if at is None:
        return ""
    return shown_path(at.file) + (f":{at.line}" if at.line else "")


def told(error: ReqdriftError) -> str:
    """What stops a run, and what to do about it; only the latter may have several lines."""
    from ..standards.urls import redact

    message = printable(redact(error.message))
    hint = "\n".join(printable(redact(line)) for line in error.hint.split("\n"))
    return f"{message}; {hint}" if hint else message
