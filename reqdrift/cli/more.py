"""What `reqdrift check` adds to a report that is not plainly clean, or of several sets."""

from __future__ import annotations

from ..errors import print_error
from ..session import check
from ..session.check import joined as joined
from ..values import TYPE_CHECKING

if TYPE_CHECKING:
    from ..session import Examination
    from ..values.report import Report
    from ..values.settings import Request, Set, Style


def completed(
    found: Examination, one: Set, request: Request, style: Style, *, cross_check: bool
) -> Report:
    """The report of one set; whether its files have uncommitted changes goes to standard error."""
    shows_state = bool(found.report.findings or style.verbose) and not style.quiet
    is_current = not (request.staged or request.rev)
    files = check.ask_git(found.report) if shows_state and is_current else {}
    try:
        report = check.completed(found, one, request, files, cross_check=cross_check)
        if said := check.uncommitted(files):
            print_error(f"reqdrift: {said}")
    finally:
        check.stop(files)
    return report
