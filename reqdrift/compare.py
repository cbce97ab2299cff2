"""The comparison: requirements and an environment in, first questions and then a Report out. Pure.

`settle` is the literal fast path: where every line is a plain `name==version` that says, letter
for letter, what is installed, and nothing else bears on any project, there is nothing to ask and
nothing to weigh. Otherwise `questions` says what must be read, and `compare` applies the rules. A
property test holds the two ways together.
"""

from __future__ import annotations

from .excuses import TOOLS, listed_names, unlisted
from .model import (
    TYPE_CHECKING,
    CanonicalName,
    Environment,
    Facts,
    Finding,
    Note,
    Policy,
    Project,
    Python,
    Questions,
    Report,
    Requirements,
)

if TYPE_CHECKING:
    from collections.abc import Iterable


def settle(requirements: Requirements, environment: Environment) -> Report | None:
    """The report, if comparing texts settles every line and leaves nothing to weigh."""
    if requirements.errors or environment.broken:
        return None
    distributions = environment.distributions
    listed: set[CanonicalName] = set()
    for line in requirements.requirements:
        name = line.name
        if name is None or line.pin is None or line.constraint or name in listed:
            return None
        found = distributions.get(name)
        if found is None or found.version != line.pin or found.direct:
            return None
        listed.add(name)
    others, excuses = unlisted(environment, frozenset(listed), requirements.unsafe)
    if others:
        return None
    notes = (*requirements.notes, *environment.notes, *excuses)
    return _sorted(Report(environment, requirements.files, notes=notes, checked=len(listed)))


def questions(requirements: Requirements, environment: Environment) -> Questions:
    """What else must be known of the environment before it can be compared."""
    lines = requirements.requirements
    # A line with a marker may not apply, so a project that it names may be extra after all.
    surely_listed = listed_names(line for line in lines if not line.marker)
    others, _ = unlisted(environment, surely_listed, requirements.unsafe)
    return Questions(
        frozenset(name for name, found in environment.distributions.items() if found.direct),
        requires=any(found.name not in TOOLS for found in others)
        or any(line.extras for line in lines),
        exact_python=_hangs_on_patch((line.marker for line in lines), environment.python),
    )


def compare(
    requirements: Requirements,
    environment: Environment,
    facts: Facts,
    policy: Policy,
    project: Project,
) -> Report:
    """Hold the requirements against the environment, rule by rule.

    Args:
        requirements: what the files say.
        environment: what is installed.
        facts: the answers to `questions` about these two.
        policy: what the user counts as drift.
        project: the project that the requirements file belongs to.
    """
    # A clean run never pays for loading the rules.
    from .rules import apply_rules

    return _sorted(apply_rules(requirements, environment, facts, policy, project))


def _sorted(report: Report) -> Report:
    return report._replace(
        findings=tuple(sorted(report.findings, key=_order_of_findings)),
        notes=tuple(sorted(report.notes, key=_order_of_notes)),
    )


def _order_of_findings(finding: Finding) -> tuple[str, int, str, str]:
    return (finding.at.file, finding.at.line or 0, finding.project, finding.kind)


def _order_of_notes(note: Note) -> tuple[str, int, str, str]:
    file, line = (note.at.file, note.at.line or 0) if note.at else ("", 0)
    return (file, line, note.project or "", note.reason)


def _hangs_on_patch(markers: Iterable[str | None], python: Python) -> bool:
    """Whether a verdict hangs on the patch version, which an upgrade of the base may have moved."""
    asked = {marker for marker in markers if marker and "_version" in marker}
    if not asked:
        return False
    from .versions import marker_hangs_on_patch

    return any(marker_hangs_on_patch(marker, python) for marker in asked)
