"""A check of an environment, and one of its record, side by side."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import reqdrift
from reqdrift import Environment, Report


def said(report: Report, where: str) -> dict[str, Any]:
    """All that a report says of drift, whatever the environment was read from."""
    findings = [
        finding._replace(at=finding.at._replace(file="")) if finding.at.file == where else finding
        for finding in report.findings
    ]
    return {
        "findings": sorted(findings, key=repr),
        "errors": report.errors,
        "checked": report.checked,
        "skipped": report.skipped,
        "verdict": report.verdict,
    }


def prefix(environment: Environment | None) -> str:
    assert environment
    return environment.prefix


def both(folder: Path, python: Path, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is said of the environment, and of its record."""
    record = folder / "record.json"
    file = [str(folder / "requirements.txt")]
    record.write_text(json.dumps(reqdrift.inspect(file, python=str(python))))
    direct = reqdrift.check(file, python=str(python), **options)
    recorded = reqdrift.check(file, installed=str(record), **options)
    return said(direct, prefix(direct.environment)), said(recorded, prefix(recorded.environment))


# What is compared of each distribution besides its metadata.
USED = ("metadata_location", "direct_url", "installer", "requested")


def used(document: dict[str, Any]) -> dict[str, Any]:
    """All of an inspect report that reqdrift uses."""
    found = {}
    for item in document["installed"]:
        metadata = item["metadata"]
        facts = {name: item.get(name) for name in USED}
        facts["version"] = metadata["version"]
        facts["requires"] = metadata.get("requires_dist") or []
        found[metadata["name"]] = facts
    return {"installed": found, "environment": document["environment"]}


def check_record(record: str, python: Path, folder: Path) -> None:
    """What is reported of the record is what is reported of the environment.

    The requirements file lists all, but one project less, and another in another version.
    """
    lines = list(reqdrift.freeze(python=str(python)).lines)
    path, file = folder / "record.json", folder / "listed.txt"
    path.write_text(record)
    for listed in (lines, lines[1:], [*lines[:-1], "lantern==0.1", "absent[x]"]):
        file.write_text("\n".join(listed) + "\n")
        for unlisted in ("auto", "all", "orphans"):
            policy = reqdrift.Policy(unlisted)
            direct = reqdrift.check([str(file)], python=str(python), policy=policy)
            recorded = reqdrift.check([str(file)], installed=str(path), policy=policy)
            theirs = said(recorded, prefix(recorded.environment))
            assert theirs == said(direct, prefix(direct.environment))
