"""One module a format: a pure function, Report -> text. Here are the words that they share.

So is the plain text, which every clean run prints: a module more would be 1 % of it.
"""

from __future__ import annotations

import os

from ..errors import ReqdriftError
from ..values import TYPE_CHECKING, Environment, Location, Note, Options, Report

if TYPE_CHECKING:
    from ..values import Finding, Part, Verified

# Format -> its module, '' for this one; none is imported before it is asked for.
FORMATS = {
    "text": "",
    "rich": "terminal",
    "json": "json",
    "github": "github",
    "gitlab": "gitlab",
    "sarif": "sarif",
    "junit": "junit",
    "markdown": "markdown",
}

# Kinds in the order in which a reader wants them, with what stands before the list.
KINDS = {
    "broken": "the environment contradicts itself",
    "missing": "listed, not installed",
    "version": "another version is installed",
    "source": "installed from somewhere else",
    "unmet": "needed by listed packages, not installed or in another version",
    "extra": "installed, not listed",
    "unpinned": "more than one release would do",
    "conflict": "lines that contradict or repeat each other",
    "modified": "not as it was installed",
}

# Notes that only say what is always so: one has to ask for them with -v.
QUIET_NOTES = frozenset({"tool", "system", "archive", "conda", "local"})


def render(report: Report, options: Options) -> str:
    """The report as plain text, one `file:line: kind: message` a finding.

    Errors, findings, notes, the verdict with its counts, and what to do next. What an unlisted
    project brought has no line of its own.
    """
    lines = [_line(place(error.at), "error", error.message) for error in report.errors]
    if report.findings:
        # The clean path does without.
        from .groups import grouped, said

        for group in grouped(report.findings):
            said_of_it = said(group, verbose=options.verbose)
            lines.append(_line(place(group.finding.at), _kind(group.finding), said_of_it))
    if not options.quiet:
        lines += [
            _line(place(note.at), f"note ({note.reason})", note.message)
            for note in visible_notes(report, options.verbose)
        ]
        between = "" if report.parts else "; "
        lines.append(f"{headline(report)}{between}{counts(report)}")
        lines += [printable(f"hint: {hint.purpose}: {hint.command}") for hint in report.hints]
    return "".join(f"{line}\n" for line in lines)


def _kind(finding: Finding) -> str:
    return finding.kind if finding.severity == "error" else f"{finding.kind} (warning)"


def _line(where: str, kind: str, message: str) -> str:
    text = f"{kind}: {printable(message)}"
    return f"{where}: {text}" if where else text


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

    So is what begins a command to GitHub Actions wherever it stands in a line.
    """
    if not text.isprintable():
        text = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
    return text.replace("##[", "#\\x23[")


def told(error: ReqdriftError) -> str:
    """What stops a run, and what to do about it; only the latter may have several lines."""
    from ..standards.urls import redact

    message = printable(redact(error.message))
    hint = "\n".join(printable(redact(line)) for line in error.hint.split("\n"))
    return f"{message}; {hint}" if hint else message


def place(at: Location | None) -> str:
    """`file:line`, or `file` where no line is meant."""
    if at is None:
        return ""
    return shown_path(at.file) + (f":{at.line}" if at.line else "")


def plural(number: int, noun: str) -> str:
    """`1 requirement`, `2 requirements`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def visible_notes(report: Report, verbose: bool) -> list[Note]:
    """The notes to show."""
    return [note for note in report.notes if verbose or note.reason not in QUIET_NOTES]


def counts(report: Report) -> str:
    """What was read, checked and skipped, and where; a line for each set."""
    if report.environment and report.verified:
        return _verified(report.environment, report.verified)
    if not report.parts:
        return _counted(report)
    return "".join(f"\n{printable(f'[{part.name}] ')}{_counted(part)}" for part in report.parts)


def _counted(part: Part | Report) -> str:
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
        f"{installed} in {_named(environment)}"
    )


def _named(environment: Environment) -> str:
    started = ", interpreter asked" if environment.started else ""
    assumed = " assumed" if environment.python.assumed else ""
    return (
        f"{shown_path(environment.prefix)} (Python {printable(environment.python.version)}{assumed}"
        f", found by {printable(environment.found_by)}{started})"
    )


def _verified(environment: Environment, counted: Verified) -> str:
    """How many files were compared, and how many could not be."""
    megabytes = f"{counted.size / 1e6:,.1f} MB"
    files = f"{counted.files:,} file{'' if counted.files == 1 else 's'}"
    said = [f"{files} of {plural(counted.distributions, 'distribution')} compared ({megabytes})"]
    if counted.unhashed:
        said.append(f"{counted.unhashed:,} without a hash only looked for")
    if counted.bytecode:
        said.append(f"{counted.bytecode:,} of bytecode passed over")
    if counted.skipped:
        said.append(f"{plural(counted.skipped, 'distribution')} not verified")
    return f"{', '.join(said)}; {_named(environment)}"


def moved(finding: Finding) -> str:
    """Which side moved, and how that is known; '' where the times do not tell."""
    return f"{finding.history}: the {finding.moved} moved" if finding.moved else ""


def headline(report: Report) -> str:
    """The verdict with the number of findings of each kind."""
    numbers = {kind: sum(f.kind == kind for f in report.findings) for kind in KINDS}
    found = ", ".join(f"{number} {kind}" for kind, number in numbers.items() if number)
    if found and all(finding.severity == "warning" for finding in report.findings):
        found += " (a warning)" if len(report.findings) == 1 else " (warnings)"
    if report.errors:
        errors = plural(len(report.errors), "error")
        return f"failed: {errors}" + (f", {found}" if found else "")
    return f"{report.verdict}: {found}" if found else report.verdict
