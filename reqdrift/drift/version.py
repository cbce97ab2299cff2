"""`version`: installed, in a version that a requirement or a constraint does not allow."""

from __future__ import annotations

from ..values import TYPE_CHECKING, Finding
from .case import Case
from .lines import is_allowed
from .source import is_from_elsewhere

if TYPE_CHECKING:
    from collections.abc import Iterator


def version(case: Case) -> Iterator[Finding]:
    """Each line that does not allow the installed version; a line has `source` or `version`."""
    for line, found in case.comparable:
        if not is_allowed(line, found) and not is_from_elsewhere(line, found, case):
            what = "the constraint" if line.constraint else "the file"
            message = f"{found.name} {found.version} is installed, {what} says {line.text}"
            yield case.finding("version", line, message)
