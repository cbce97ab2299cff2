"""The report as plain text, and the wording that it shares with other formats for people."""

from __future__ import annotations

from ..kinds import KINDS
from ..values import TYPE_CHECKING, Environment, Note, Style
from ..values.findings import Finding, Hint
from ..values.report import Report
from . import (
    counted,
    described,
    is_shown,
    note_line,
    place,
    plural,
    printable,
    shown_path,
    text_line,
)
from .groups import ROOM, grouped, inventory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..values import KindName
    from ..values.findings import Verified

# Of more environments, only names are shown.
_MOST_PARTS = 10
_RESULTS = (
    ("clean", "matching"),
    ("drift", "with drift"),
    ("failed", "that could not be checked"),
)


def render(report: Report, style: Style) -> str:
    """The report as plain text, with one `file:line: kind: message` for each finding.

    Errors, findings, notes, the verdict with its counts, and what to do next. Packages that an
    unlisted project brought in are on the line of that project.
    """
    lines = [] if style.quiet else list(map(_hint, report.leads))
    lines += [text_line(place(error.at), "error", error.message) for error in report.errors]
    paths = {path: shown_path(path) for path in {found.at.file for found in report.findings}}
    for group in grouped(report.findings):
        where = place(group.finding.at, paths[group.finding.at.file])
        message = inventory(group, None if style.verbose else ROOM, "… (-v shows all)")
        lines.append(text_line(where, _title(group.finding), message))
    if not style.quiet:
        lines += map(note_line, visible_notes(report, style.verbose))
        between = "" if report.parts else "; "
        lines.append(f"{headline(report)}{between}{counts(report, verbose=style.verbose)}")
        lines += map(_hint, report.hints)
    return "".join(f"{line}\n" for line in lines)


def _hint(hint: Hint) -> str:
    return printable(f"hint: {hint.purpose}: {hint.command}")


def _title(finding: Finding) -> str:
    return finding.kind if finding.severity == "error" else f"{finding.kind} (warning)"


def visible_notes(report: Report, verbose: bool) -> list[Note]:
    """The notes to show; with `verbose`, all of them."""
    return [note for note in report.notes if verbose or is_shown(note)]


def headline(report: Report) -> str:
    """The verdict with the number of findings of each kind."""
    numbers: dict[KindName, int] = dict.fromkeys(KINDS, 0)
    for finding in report.findings:
        numbers[finding.kind] += 1
    found = ", ".join(f"{number} {kind}" for kind, number in numbers.items() if number)
    if found and all(finding.severity == "warning" for finding in report.findings):
        found += " (a warning)" if len(report.findings) == 1 else " (warnings)"
    if _has_environments(report):
        matching = sum(part.verdict == "clean" for part in report.parts)
        of_all = f"{matching} of {len(report.parts)} environments match"
        found = f"{found}; {of_all}" if found else of_all
    if report.errors:
        errors = plural(len(report.errors), "error")
        return f"failed: {errors}" + (f", {found}" if found else "")
    return f"{report.verdict}: {found}" if found else report.verdict


def counts(report: Report, *, verbose: bool = False) -> str:
    """What was read, checked and skipped, and where; a line for each set."""
    if report.environment and report.verified:
        return _verified(report.environment, report.verified)
    if not report.parts:
        return counted(report)
    if not verbose and len(report.parts) > _MOST_PARTS and _has_environments(report):
        return "".join(f"\n{printable(line)}" for line in _by_result(report))
    return "".join(f"\n{printable(f'[{part.name}] ')}{counted(part)}" for part in report.parts)


def _has_environments(report: Report) -> bool:
    """Whether a set has several environments."""
    return any(part.base is not None for part in report.parts)


def _by_result(report: Report) -> Iterator[str]:
    """The names of the environments by their result, and what the files ask for."""
    # Most reports are about one environment.
    from ..values.findings import some_names

    for verdict, words in _RESULTS:
        names = [part.name for part in report.parts if part.verdict == verdict]
        if names:
            shown = some_names(names, 0, verbose=False)
            yield f"{plural(len(names), 'environment')} {words}: {shown}"
    for file in report.files:
        yield f"{plural(file.requirements, 'requirement')} in {shown_path(file.path)}"


def _verified(environment: Environment, verified: Verified) -> str:
    """How many files were compared, and how many were not."""
    megabytes = f"{verified.size / 1e6:,.1f} MB"
    files = f"{verified.files:,} file{'' if verified.files == 1 else 's'}"
    parts = [f"{files} of {plural(verified.distributions, 'distribution')} compared ({megabytes})"]
    if verified.unhashed:
        parts.append(f"{verified.unhashed:,} without a hash, only checked for existence")
    if verified.bytecode:
        plural_s = "" if verified.bytecode == 1 else "s"
        parts.append(f"{verified.bytecode:,} bytecode file{plural_s} skipped")
    if verified.skipped:
        parts.append(f"{plural(verified.skipped, 'distribution')} not verified")
    return f"{', '.join(parts)}; {described(environment)}"
