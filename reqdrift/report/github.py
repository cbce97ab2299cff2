"""Workflow commands: GitHub Actions shows each finding at its line; GitLab's Code Quality report.

Also what all formats for CI services share: paths from the top, and fingerprints.
"""

from __future__ import annotations

import json
import os
from hashlib import sha256

from .. import repository
from ..kinds import KINDS
from ..values import TYPE_CHECKING, Problem, Report, Style
from ..values.details import Finding
from . import printable
from .text import Group, grouped, inventory

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from ..values import Location, Severity


def render(report: Report, style: Style) -> str:  # noqa: ARG001 - it is for a program
    """One command for each error and finding; '' if there are none.

    GitHub shows the first ten of a step: errors come first, of these the ones at lines, then by
    kind. What an unlisted package brought in is in its annotation.
    """
    lines = [_command("error", e.at, "reqdrift", e.message) for e in report.errors]
    for group in sorted(grouped(report.findings), key=_weight):
        finding = group.finding
        title = f"{finding.kind}: {finding.project}"
        lines.append(_command(finding.severity, finding.at, title, inventory(group)))
    return "".join(f"{line}\n" for line in lines)


def _weight(group: Group) -> tuple[bool, bool, int]:
    finding = group.finding
    return (finding.severity == "warning", finding.at.line is None, [*KINDS].index(finding.kind))


def _command(level: Severity, at: Location | None, title: str, message: str) -> str:
    properties = {"title": title}
    if at is not None:
        properties = {"file": repository_path(at.file)}
        if at.line:
            properties["line"] = str(at.line)
            if at.end_line:
                properties["endLine"] = str(at.end_line)
        properties["title"] = title
    text = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{level} {text}::{_data(message)}"


def _data(text: str) -> str:
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def repository_path(path: str) -> str:
    """A path from the top of the working tree, as CI services name files; absolute outside it."""
    cwd = os.getcwd()
    top = (repository.top_folder(cwd) or cwd).rstrip(os.sep) + os.sep
    absolute = os.path.normpath(os.path.join(cwd, path))
    return absolute.removeprefix(top).replace(os.sep, "/")


def fingerprints(found: Iterable[Finding | Problem]) -> Iterator[str]:
    """A unique id for each, which stays the same when lines move.

    It depends on the kind, the project, the file and the set. Those that agree in all of these are
    numbered, because services show only one result for each fingerprint.
    """
    seen: dict[str, int] = {}
    for one in found:
        file = repository_path(one.at.file) if one.at else ""
        if isinstance(one, Finding):
            words = [one.kind, one.project, file, one.part]
        else:
            words = ["error", one.message, file, ""]
        text = "\0".join(words)
        seen[text] = seen.get(text, 0) + 1
        digest = sha256(text.encode(errors="backslashreplace")).hexdigest()
        yield f"{digest[:32]}:{seen[text]}"


_SEVERITIES: Mapping[Severity, str] = {"error": "major", "warning": "minor"}


def gitlab(report: Report, style: Style) -> str:  # noqa: ARG001 - it is for a program
    """GitLab's Code Quality report: a JSON array of errors, as blockers, and findings."""
    # Each issue needs a file: those without one get the first file that was checked.
    first = report.files[0].path if report.files else "requirements.txt"
    found: list[Finding | Problem] = [*report.errors, *report.findings]
    pairs = zip(found, fingerprints(found), strict=True)
    return json.dumps([_issue(one, first, digest) for one, digest in pairs], indent=2) + "\n"


def _issue(one: Finding | Problem, first: str, digest: str) -> dict[str, Any]:
    """An error or a finding; `first` is the path of one without a file."""
    at, kind, severity = one.at, "error", "blocker"
    if isinstance(one, Finding):
        kind, severity = one.kind, _SEVERITIES[one.severity]
    line = (at.line if at else None) or 1
    lines = {"begin": line}
    if at and at.end_line and at.end_line > line:
        lines["end"] = at.end_line
    return {
        "description": printable(one.message),
        "check_name": f"reqdrift/{kind}",  # the only place that shows the tool
        "fingerprint": digest,
        "severity": severity,
        "location": {"path": printable(repository_path(at.file if at else first)), "lines": lines},
    }
