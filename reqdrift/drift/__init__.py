"""The comparison: requirements and an environment in, first questions and then a Report out. Pure.

`settle` is the literal fast path, all that a clean run loads: where every line is a plain
`name==version` that says, letter for letter, what is installed, and nothing else bears on any
project, there is nothing to ask and nothing to weigh. Otherwise `compare.questions` says what must
be read, and `compare.compare` applies the rules. A property test holds the two ways together.
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
    """The report, if comparing texts settles every line and leaves nothing to weigh."""
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
    """Whether a project is named twice in one file; across files it may be."""
    return len({(line.origin.file, line.name) for line in lines}) < len(lines)


def order_of_notes(note: Note) -> tuple[str, int, str, str, str]:
    """The key by which notes are sorted."""
    file, line = (note.at.file, note.at.line or 0) if note.at else ("", 0)
    return (file, line, note.project or "", note.reason, note.message)
