"""The report as plain text, one `file:line: kind: message` a finding."""

from __future__ import annotations

from ..model import TYPE_CHECKING, Options, Report
from . import counts, headline, moved, place, printable, visible_notes

if TYPE_CHECKING:
    from ..findings import Finding


def render(report: Report, options: Options) -> str:
    """Errors, findings, notes, the verdict with its counts, and what to do next."""
    lines = [_line(place(error.at), "error", error.message) for error in report.errors]
    lines += [_line(place(f.at), _kind(f), _told(f)) for f in report.findings]
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


def _told(finding: Finding) -> str:
    why = moved(finding)
    return f"{finding.message} ({why})" if why else finding.message


def _line(where: str, kind: str, message: str) -> str:
    text = f"{kind}: {printable(message)}"
    return f"{where}: {text}" if where else text
