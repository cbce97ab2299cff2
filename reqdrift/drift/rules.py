"""The rules: each looks at the whole case and yields what it finds.

They run if the fast path did not decide everything. Each kind of finding has a module here with
its rule and its wording, a row in kinds.py, and an entry in docs/findings.md.
"""

from __future__ import annotations

from ..values import Note
from ..values.findings import Finding
from ..values.report import Report
from .broken import broken
from .case import Case
from .conflict import conflict
from .extra import extra
from .missing import lines_not_needed, missing
from .policy import judged
from .source import source
from .unmet import unmet
from .unpinned import unpinned
from .version import version

# In the order of kinds.py, except `unmet`, which depends on what these find.
RULES = (broken, missing, version, source, extra, unpinned, conflict)


def apply_rules(case: Case) -> Report:
    """Run every rule over the case, and count what they looked at."""
    found = [item for rule in RULES for item in rule(case)]
    found += unmet(case, found)
    counted = list(judged([item for item in found if isinstance(item, Finding)], case))
    findings = tuple(item for item in counted if isinstance(item, Finding))
    notes = (*case.notes, *(item for item in (*found, *counted) if isinstance(item, Note)))
    asked = sum(not line.constraint for line in case.lines)
    skipped = len(case.inactive) + len(lines_not_needed(case))
    environment = case.environment
    return Report(
        environment._replace(python=case.python, started=environment.started or case.facts.started),
        case.files,
        findings,
        notes,
        case.errors,
        asked - skipped,
        skipped,
    )
