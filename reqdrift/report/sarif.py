"""SARIF 2.1.0, for code scanning and editors: findings as results, errors as notifications."""

from __future__ import annotations

import json
import os
from urllib.parse import quote

from ..values import TYPE_CHECKING, Finding, Options, Problem, Report
from . import KINDS, moved, printable
from .ci import fingerprints, repository_path

if TYPE_CHECKING:
    from typing import Any

    from ..values import Location

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

# Kind -> when it is reported, and what to do; docs/findings.md says it with examples.
EXPLAINED = {
    "missing": (
        "A requirement applies here, and no distribution has that name; or an extra that it asks "
        "for needs a distribution that is not installed.",
        "Install what the file says, or take the line out.",
    ),
    "version": (
        "The installed version is outside the requirement's or a constraint's specifier.",
        "Install the version that the file names, or let the file name the version that is "
        "installed.",
    ),
    "source": (
        "The right name from the wrong place: another VCS repository or commit, another archive, "
        "another folder; a checkout or a folder where the file says a release, or the reverse.",
        "Install it again from where the file says, or let the file say where it came from.",
    ),
    "unmet": (
        "A listed package, or one that it needs, needs a package that is not installed, or that is "
        "installed in a version that it does not allow (a warning).",
        "Install what is needed. Where the installed version is the right one, change the version "
        "of the package that does not allow it.",
    ),
    "extra": (
        "Installed, and no requirement that applies here names it. Where the file is not a freeze, "
        "what listed packages need may be unlisted.",
        "List it, or uninstall it. If another file names it, check both files together.",
    ),
    "unpinned": (
        "A requirement that allows more than one release, and that no constraint and no other "
        "line pins.",
        "Write which release it is: the one that is installed.",
    ),
    "conflict": (
        "Lines that apply here and contradict each other: no version satisfies both, or their "
        "direct references differ. The same line twice in one file is a warning of this kind.",
        "Take one of the lines out.",
    ),
    "broken": (
        "The environment contradicts itself: two distributions of one project in one folder; a "
        "metadata folder that does not say what it holds; metadata that is needed and cannot be "
        "read; an interpreter that is gone, or that is of another version than the environment's "
        "packages.",
        "Make the environment anew, or reinstall the package.",
    ),
    "modified": (
        "An installed file is not as its distribution's RECORD says: its hash or size differs, it "
        "is gone, or another thing stands in its place; or it is a file in the site folders that "
        "no distribution lists.",
        "Install the distribution again, without its dependencies; delete what nobody installed.",
    ),
}


def render(report: Report, options: Options) -> str:  # noqa: ARG001 - it is for a program
    """One run. It was not successful if something could not be read: no result is no claim then."""
    from .. import __version__

    invocation: dict[str, Any] = {"executionSuccessful": report.verdict != "failed"}
    if report.errors:
        invocation["toolExecutionNotifications"] = [_notification(e) for e in report.errors]
    run = {
        "tool": {
            "driver": {
                "name": "reqdrift",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_rule(kind) for kind in KINDS],
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


def _rule(kind: str) -> dict[str, Any]:
    summary = f"{KINDS[kind][0].upper()}{KINDS[kind][1:]}."
    when, advice = EXPLAINED.get(kind, (summary, summary))
    return {
        "id": kind,
        "shortDescription": {"text": summary},
        "fullDescription": {"text": when},
        "help": {"text": advice},
        "defaultConfiguration": {"level": "error"},
    }


def _result(finding: Finding, fingerprint: str) -> dict[str, Any]:
    why = moved(finding)
    result: dict[str, Any] = {
        "ruleId": finding.kind,
        "level": finding.severity,
        "message": _message(f"{finding.message} ({why})" if why else finding.message),
        "locations": [_location(finding.at)],
        # The second is what GitHub knows an alert by. It would else be made of the line's text,
        # which is the same for all that is about the whole file.
        "partialFingerprints": {
            "reqdriftFinding/v1": fingerprint,
            "primaryLocationLineHash": fingerprint,
        },
    }
    if finding.kind in KINDS:
        result["ruleIndex"] = list(KINDS).index(finding.kind)
    return result


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
    """A relative reference for a path of the repository, else a `file:` URI."""
    uri = quote(os.fsencode(path))
    if not os.path.isabs(path):
        return uri
    return f"file://{uri}" if uri.startswith("/") else f"file:///{uri}"
