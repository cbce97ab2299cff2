"""The rules: each looks at the whole case and yields what it finds.

They run where the literal fast path of `compare` did not settle everything. Each kind of finding
has its entry in docs/findings.md.
"""

from __future__ import annotations

from ..values import Finding, Note, ReadFile, Report
from .broken import broken
from .case import Case
from .case import make_case as make_case
from .extra import extra
from .file import contradictions, repetitions, unpinned
from .listed import listed
from .policy import judged
from .unmet import unmet

RULES = (broken, listed, contradictions, repetitions, unpinned, extra)


def apply_rules(case: Case, files: tuple[ReadFile, ...]) -> Report:
    """Run every rule over the case, and count what they looked at."""
    found = [item for rule in RULES for item in rule(case)]
    found += unmet(case, found)
    counted = list(judged([item for item in found if isinstance(item, Finding)], case))
    findings = tuple(item for item in counted if isinstance(item, Finding))
    notes = (*case.notes, *(item for item in (*found, *counted) if isinstance(item, Note)))
    asked = [line for line in case.lines if not line.constraint]
    skipping = {note.at for note in notes if note.reason in ("marker", "stdlib", "artefact")}
    skipped = sum(line.at in skipping for line in asked)
    environment = case.environment
    return Report(
        environment._replace(python=case.python, started=environment.started or case.facts.started),
        files,
        findings,
        notes,
        case.errors,
        len(asked) - skipped,
        skipped,
    )
