"""The report as a JSON document; docs/report.schema.json is its schema."""

from __future__ import annotations

import json

from .._version import __version__
from ..values import TYPE_CHECKING, Environment, Location, Report, Style
from ..values.details import Finding
from . import shown_path

if TYPE_CHECKING:
    from typing import Any

SCHEMA_VERSION = 1
# What a row for one of several environments repeats, null if it could not be read.
_OF_ROWS = ("prefix", "python_version", "distributions")


def render(report: Report, style: Style) -> str:  # noqa: ARG001 - always complete
    """The complete report; -q and -v have no effect."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "reqdrift", "version": __version__},
        "verdict": report.verdict,
        "environment": _environment(report.environment),
        "files": [
            {
                "path": shown_path(file.path),
                "requirements": file.requirements,
                "constraints": file.constraints,
            }
            for file in report.files
        ],
        "counts": {
            "requirements": sum(file.requirements for file in report.files),
            "distributions": len(report.environment.distributions) if report.environment else 0,
            "checked": report.checked,
            "skipped": report.skipped,
            "errors": sum(f.severity == "error" for f in report.findings),
            "warnings": sum(f.severity == "warning" for f in report.findings),
        },
        "findings": [_finding(finding) for finding in report.findings],
        "notes": [
            {"reason": n.reason, "project": n.project, **_place(n.at), "message": n.message}
            for n in report.notes
        ],
        "sets": [
            {
                "name": part.name,
                "environment": _environment(part.environment),
                "files": [shown_path(file.path) for file in part.files],
                "checked": part.checked,
                "skipped": part.skipped,
            }
            for part in report.parts
        ],
        "environments": [
            {
                "name": part.name,
                "set": part.base or None,
                "verdict": part.verdict,
                **{key: (_environment(part.environment) or {}).get(key) for key in _OF_ROWS},
                "same_as": part.same_as or None,
            }
            for part in report.parts
            if part.base is not None
        ],
        "errors": [{**_place(e.at), "message": e.message} for e in report.errors],
    }
    if report.verified:
        document["verified"] = report.verified._asdict()
    # GitHub Actions reads `##[` as a command anywhere in a line.
    return json.dumps(document, indent=2).replace("##[", r"#\u0023[") + "\n"


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "kind": finding.kind,
        "severity": finding.severity,
        "project": finding.project,
        **_place(finding.at),
        "end_line": finding.at.end_line,
        "wanted": finding.wanted,
        "installed": finding.installed,
        "message": finding.message,
        "needed_by": list(finding.needed_by),
        "brought_by": list(finding.brought_by),
        "required_by": finding.required_by or None,
        "requires": finding.requires or None,
        "chain": list(finding.chain),
        "set": finding.part or None,
        "environments": list(finding.environments),
    }


def _environment(environment: Environment | None) -> dict[str, Any] | None:
    if environment is None:
        return None
    return {
        "prefix": environment.prefix,
        "python_version": environment.python.version,
        "found_by": environment.found_by,
        "interpreter_started": environment.started,
        "distributions": len(environment.distributions),
    }


def _place(at: Location | None) -> dict[str, Any]:
    return {"file": shown_path(at.file) if at else None, "line": at.line if at else None}
