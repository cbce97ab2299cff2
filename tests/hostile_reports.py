"""A report with one text in every place."""

from __future__ import annotations

from reqdrift.values import (
    CanonicalName,
    Environment,
    Location,
    Note,
    Problem,
    Python,
    ReadFile,
    Report,
)
from reqdrift.values.details import Finding, Hint


def hostile_report(bad: str) -> Report:
    """One text in every place of a report."""
    at = Location(bad, 1, 2)
    finding = Finding("version", "error", CanonicalName(bad), at, bad, bad, bad)
    return Report(
        Environment(bad, Python(bad), bad, {}),
        (ReadFile(bad, 1, 0),),
        (finding, finding._replace(wanted=None, installed=None)),
        (Note("marker", CanonicalName(bad), at, bad),),
        (Problem(at, bad),),
        hints=(Hint(bad, bad),),
    )
