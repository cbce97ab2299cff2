"""The rules: each looks at the whole case and yields what it finds.

They run where the literal fast path of `compare` did not settle everything. Each kind of finding
has its entry in docs/findings.md.
"""

from __future__ import annotations

from ..model import (
    Environment,
    Facts,
    Finding,
    Note,
    Policy,
    Project,
    Report,
    Requirements,
)
from .case import make_case
from .environment import broken
from .file import contradictions, repetitions, unpinned
from .listed import listed
from .unlisted import extra

RULES = (broken, listed, contradictions, repetitions, unpinned, extra)


def apply_rules(
    requirements: Requirements,
    environment: Environment,
    facts: Facts,
    policy: Policy,
    project: Project,
) -> Report:
    """Run every rule over the case, and sort and count what they yield."""
    case = make_case(requirements, environment, facts, policy, project)
    found = [item for rule in RULES for item in rule(case)]
    findings = [item for item in found if isinstance(item, Finding)]
    notes = [*case.notes, *(item for item in found if isinstance(item, Note))]
    asked = [line for line in case.lines if not line.constraint]
    skipping = {note.at for note in notes if note.reason in ("marker", "stdlib", "artefact")}
    skipped = sum(line.at in skipping for line in asked)
    return Report(
        environment._replace(python=case.python, started=environment.started or facts.started),
        requirements.files,
        tuple(sorted(findings, key=_order)),
        tuple(sorted(notes, key=_order_of_notes)),
        case.errors,
        len(asked) - skipped,
        skipped,
    )


def _order(finding: Finding) -> tuple[str, int, str, str]:
    return (finding.at.file, finding.at.line or 0, finding.project, finding.kind)


def _order_of_notes(note: Note) -> tuple[str, int, str, str]:
    file, line = (note.at.file, note.at.line or 0) if note.at else ("", 0)
    return (file, line, note.project or "", note.reason)
