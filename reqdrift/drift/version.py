"""`version`: installed, in a version that a requirement or a constraint does not allow."""

from __future__ import annotations

from ..standards import pep440
from ..values import TYPE_CHECKING
from ..values.environment import Distribution
from ..values.findings import Finding
from ..values.requirements import Requirement
from .case import Case
from .source import is_from_elsewhere

if TYPE_CHECKING:
    from collections.abc import Iterator


def version(case: Case) -> Iterator[Finding]:
    """Each line that does not allow the installed version; a line has `source` or `version`."""
    for line, found in case.comparable:
        if not is_allowed(line, found) and not is_from_elsewhere(line, found, case):
            what = "the constraint" if line.constraint else "the file"
            message = f"{found.name} {found.version} is installed, but {what} says {line.text}"
            yield case.finding("version", line, message)


def is_allowed(line: Requirement, found: Distribution) -> bool:
    """Whether the line allows the installed version."""
    return line.pin == found.version or pep440.satisfies(found.version, line.specifier)
