"""GitLab Code Quality report: a JSON array with one object for each finding."""

from __future__ import annotations

import json

from ..values import TYPE_CHECKING, Problem, Report, Style
from ..values.details import Finding
from . import printable
from .github import fingerprints, repository_path

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ..values import Severity

_SEVERITIES: Mapping[Severity, str] = {"error": "major", "warning": "minor"}


def render(report: Report, style: Style) -> str:  # noqa: ARG001 - it is for a program
    """Errors, as blockers, and findings."""
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
