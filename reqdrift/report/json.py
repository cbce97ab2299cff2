"""The report as a JSON document; docs/report.schema.json is its schema."""

from __future__ import annotations

import json

from .._version import __version__
from ..values import TYPE_CHECKING, Location
from ..values.environment import Environment
from ..values.report import Report
from ..values.settings import Style
from . import shown_path

if TYPE_CHECKING:
    from typing import Any

SCHEMA_VERSION = 1


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
        "findings": [
            {
                "kind": f.kind,
                "severity": f.severity,
                "project": f.project,
                **_place(f.at),
                "end_line": f.at.end_line,
                "wanted": f.wanted,
                "installed": f.installed,
                "message": f.message,
                "needed_by": list(f.needed_by),
                "brought_by": list(f.brought_by),
                "required_by": f.required_by or None,
                "requires": f.requires or None,
                "chain": list(f.chain),
                "moved": f.moved or None,
                "history": f.history or None,
                "set": f.part or None,
            }
            for f in report.findings
        ],
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
        "errors": [{**_place(e.at), "message": e.message} for e in report.errors],
    }
    if report.verified:
        document["verified"] = report.verified._asdict()
    # GitHub Actions reads `##[` as a command anywhere in a line.
    return json.dumps(document, indent=2).replace("##[", r"#\u0023[") + "\n"


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
