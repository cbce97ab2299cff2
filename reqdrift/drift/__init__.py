"""The comparison: from requirements and an environment to questions, then to a Report. Pure.

`settle` is the fast path, the only module of a clean run: if every line is a plain `name==version`
with exactly the installed version, and nothing else affects any project, nothing more is read.
Otherwise `compare.questions` returns what must be read, and `compare.compare` applies the rules. A
property test checks that both ways agree.
"""

from __future__ import annotations

from ..values import TYPE_CHECKING, Note
from ..values.report import Report
from ..values.requirements import Requirements, listed_names
from ..values.settings import Policy
from .exempt import SEED_PACKAGES, unlisted_projects

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..values.environment import Environment
    from ..values.requirements import Requirement


def settle(requirements: Requirements, environment: Environment, policy: Policy) -> Report | None:
    """The report, if comparing texts decides every line; otherwise None."""
    if requirements.errors or requirements.scopes or environment.broken:
        return None
    if policy != Policy() and policy != Policy("all"):
        return None
    if any("reqdrift:" in file.text for file in requirements.files):
        return None  # `# reqdrift: ignore`
    lines = requirements.requirements
    distributions = environment.distributions
    for line in lines:
        found = distributions.get(line.name)  # type: ignore[arg-type] # None is no key either
        if found is None or found.version != line.pin or found.direct or line.constraint:
            return None
    names = listed_names(lines)
    if len(names) < len(lines) and _repeat_in_a_file(lines):
        return None
    others, notes = unlisted_projects(environment, names, requirements.unsafe)
    if others or (environment.python.assumed and not SEED_PACKAGES.isdisjoint(distributions)):
        return None
    notes = (*requirements.notes, *environment.notes, *notes)
    notes = tuple(sorted(notes, key=order_of_notes))
    return Report(environment, requirements.files, notes=notes, checked=len(lines))


def _repeat_in_a_file(lines: Sequence[Requirement]) -> bool:
    """Whether a project is named twice in one file; across files that is allowed."""
    return len({(line.origin.file, line.name) for line in lines}) < len(lines)


def order_of_notes(note: Note) -> tuple[str, int, str, str, str]:
    """The sort key of notes."""
    file, line = (note.at.file, note.at.line or 0) if note.at else ("", 0)
    return (file, line, note.project or "", note.reason, note.message)
