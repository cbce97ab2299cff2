"""GitLab Code Quality report: a JSON array with one object for each finding."""

from __future__ import annotations

import json

from ..values import TYPE_CHECKING, Report, Style
from . import printable
from .github import fingerprints, repository_path

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Literal

    from ..values import KindName, Location, Severity

    GitlabSeverity = Literal["blocker", "major", "minor"]

_SEVERITIES: Mapping[Severity, GitlabSeverity] = {"error": "major", "warning": "minor"}


def render(report: Report, style: Style) -> str:  # noqa: ARG001 - it is for a program
    """Errors, as blockers, and findings."""
    # Each issue needs a file: those without one get the first file that was checked.
    first = report.files[0].path if report.files else "requirements.txt"
    issues = []
    for error, fingerprint in zip(report.errors, fingerprints(report.errors), strict=True):
        issues.append(_issue("error", error.message, "blocker", error.at, first, fingerprint))
    for finding, fingerprint in zip(report.findings, fingerprints(report.findings), strict=True):
        severity = _SEVERITIES[finding.severity]
        issues.append(
            _issue(finding.kind, finding.message, severity, finding.at, first, fingerprint)
        )
    return json.dumps(issues, indent=2) + "\n"


def _issue(
    kind: KindName | Literal["error"],
    message: str,
    severity: GitlabSeverity,
    at: Location | None,
    first: str,
    fingerprint: str,
) -> dict[str, Any]:
    line = (at.line if at else None) or 1
    lines = {"begin": line}
    if at and at.end_line and at.end_line > line:
        lines["end"] = at.end_line
    return {
        "description": printable(message),
        "check_name": f"reqdrift/{kind}",  # the only place that shows the tool
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {
            "path": printable(repository_path(at.file if at else first)),
            "lines": lines,
        },
    }
