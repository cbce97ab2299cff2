"""`version`: installed, in a version that a requirement or a constraint does not allow."""

from __future__ import annotations

from ..values import TYPE_CHECKING, Distribution, Requirement
from ..values.findings import Finding
from .case import Case
from .lines import is_allowed

if TYPE_CHECKING:
    from collections.abc import Iterator


def version(case: Case) -> Iterator[Finding]:
    """Each line that does not allow the installed version; a line has `source` or `version`."""
    for line, found in case.comparable:
        if not is_allowed(line, found) and not has_other_source(line, found, case):
            what = "the constraint" if line.constraint else "the file"
            message = f"{found.name} {found.version} is installed, but {what} says {line.text}"
            yield case.finding("version", line, message)


def has_other_source(line: Requirement, found: Distribution, case: Case) -> bool:
    """Whether there is a finding about where the line's project was installed from."""
    if line.source is None and found.name not in case.facts.sources:
        return False
    # Most came from an index, and most lines do not say from where.
    from .source import is_from_elsewhere

    return is_from_elsewhere(line, found, case)
