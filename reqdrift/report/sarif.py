"""SARIF 2.1.0, for code scanning and editors: findings as results, errors as notifications."""

from __future__ import annotations

import json
import os
from urllib.parse import quote

from .._version import REPOSITORY, __version__
from ..kinds import KINDS
from ..values import TYPE_CHECKING, Problem, Report, Style
from ..values.details import Finding
from . import printable
from .github import fingerprints, repository_path

if TYPE_CHECKING:
    from typing import Any

    from ..kinds import Kind
    from ..values import Location

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def render(report: Report, style: Style) -> str:  # noqa: ARG001 - it is for a program
    """One run; it was not successful if something could not be read."""
    invocation: dict[str, Any] = {"executionSuccessful": report.verdict != "failed"}
    if report.errors:
        invocation["toolExecutionNotifications"] = [_notification(e) for e in report.errors]
    run = {
        "tool": {
            "driver": {
                "name": "reqdrift",
                "version": __version__,
                "semanticVersion": __version__,
                "informationUri": REPOSITORY,
                "rules": [_rule(kind) for kind in KINDS.values()],
            }
        },
        "invocations": [invocation],
        "results": [
            _result(*pair)
            for pair in zip(report.findings, fingerprints(report.findings), strict=True)
        ],
        "columnKind": "unicodeCodePoints",
    }
    return json.dumps({"version": "2.1.0", "$schema": _SCHEMA, "runs": [run]}, indent=2) + "\n"


def _rule(kind: Kind) -> dict[str, Any]:
    return {
        "id": kind.name,
        "shortDescription": {"text": f"{kind.title[0].upper()}{kind.title[1:]}."},
        "fullDescription": {"text": kind.explanation},
        "help": {"text": kind.advice},
        "helpUri": kind.url,
        "defaultConfiguration": {"level": kind.severity},
    }


def _result(finding: Finding, fingerprint: str) -> dict[str, Any]:
    return {
        "ruleId": finding.kind,
        "ruleIndex": list(KINDS).index(finding.kind),
        "level": finding.severity,
        "message": _message(finding.message),
        "locations": [_location(finding.at)],
        # GitHub identifies alerts by the second one. By default it is computed from the text of
        # the line, which is the same for all findings about a whole file.
        "partialFingerprints": {
            "reqdriftFinding/v1": fingerprint,
            "primaryLocationLineHash": fingerprint,
        },
    }


def _notification(error: Problem) -> dict[str, Any]:
    notification: dict[str, Any] = {"level": "error", "message": _message(error.message)}
    if error.at is not None:
        notification["locations"] = [_location(error.at)]
    return notification


def _message(text: str) -> dict[str, str]:
    """A plain text message: braces are doubled, and nothing in it is a link."""
    text = printable(text).replace("{", "{{").replace("}", "}}")
    return {"text": text.replace("](", "]\\(")}


def _location(at: Location) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": _uri(repository_path(at.file))}}
    if at.line:
        place["region"] = {"startLine": at.line, "endLine": at.end_line or at.line}
    return {"physicalLocation": place}


def _uri(path: str) -> str:
    """A relative reference for a path in the repository, otherwise a `file:` URI."""
    uri = quote(os.fsencode(path))
    if not os.path.isabs(path):
        return uri
    return f"file://{uri}" if uri.startswith("/") else f"file:///{uri}"
