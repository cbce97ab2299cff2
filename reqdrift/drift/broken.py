"""`broken`: the environment contradicts itself."""

from __future__ import annotations

from ..values import TYPE_CHECKING, CanonicalName, Location
from ..values.findings import Finding, Unreadable
from .case import Case

if TYPE_CHECKING:
    from collections.abc import Iterator


def broken(case: Case) -> Iterator[Finding]:
    """Problems found while reading the environment, and answers that could not be read."""
    for trouble in case.environment.broken:
        yield _finding(case, trouble.project, trouble.message)
    for name, answer in case.facts.sources.items():
        if isinstance(answer, Unreadable):
            yield _finding(case, name, f"{answer.path} cannot be read: {answer.why}")
    doubled = case.environment.doubled
    for name, requires in case.facts.needs.items():
        # The duplicate is already reported.
        if isinstance(requires, Unreadable) and name not in doubled:
            found = case.environment.distributions[name]
            what = f"the requirements of {found.project} {found.version} are unknown"
            why = f"{requires.path} cannot be read: {requires.why}"
            yield _finding(case, name, f"{what}: {why}; reinstall it")


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
