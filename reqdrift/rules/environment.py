"""`broken`: the environment contradicts itself."""

from __future__ import annotations

from ..findings import Finding
from ..model import TYPE_CHECKING, CanonicalName, Location, Unreadable
from .case import Case

if TYPE_CHECKING:
    from collections.abc import Iterator


def broken(case: Case) -> Iterator[Finding]:
    """What reading the environment ran into, and answers that could not be read."""
    for trouble in case.environment.broken:
        yield _finding(case, trouble.project, trouble.message)
    answers = (*case.facts.sources.items(), *(case.facts.requires or {}).items())
    for name, answer in answers:
        if isinstance(answer, Unreadable):
            yield _finding(case, name, f"{answer.path} cannot be read: {answer.why}")


def _finding(case: Case, project: CanonicalName, message: str) -> Finding:
    installed = case.installed(project)
    return Finding(
        "broken",
        "error",
        project,
        Location(case.environment.prefix),
        None,
        installed.version if installed else None,
        message,
    )
