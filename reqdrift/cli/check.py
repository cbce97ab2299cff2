"""`reqdrift check`: compare, report, set the exit code."""

from __future__ import annotations

import os

from .. import session
from ..errors import EnvironmentReadError, print_error
from ..repository import load_settings
from ..values import TYPE_CHECKING, Style
from .output import in_actions, print_choice, print_failure, publish

if TYPE_CHECKING:
    from ..session import Examination, Sides
    from ..values import Request, Set
    from ..values.report import Report
    from .output import Formats

_PLAIN = Style()


def check(
    request: Request,
    style: Style = _PLAIN,
    formats: Formats = (),
    *,
    cross_check: bool = False,
    exit_zero: bool = False,
) -> int:
    """The same; without options, `arguments` need not be loaded."""
    sets = load_settings(request, os.getcwd()).sets
    known: dict[Set, Sides] = {}
    parts = [(one, *_compared(one, request, known)) for one in sets]
    report = parts[0][1]
    remarks: tuple[str, ...] = ()
    is_plain = len(parts) == 1 and not (report.findings or report.errors or style.verbose)
    if cross_check or not is_plain:
        # A clean run of one set prints a line, and no more.
        from ..session.check import reported

        report, remarks = reported(parts, request, style, cross_check)
    # On a terminal the message on stderr is enough.
    silent = report.environment is None and len(sets) == 1 and {*formats} <= {("auto", "")}
    if not silent or in_actions():
        publish(report, style, formats)
    for remark in remarks:
        print_error(f"reqdrift: {remark}")  # after the findings, which a hook should show first
    code = report.exit_code
    return 0 if code == 1 and exit_zero else code


def _compared(
    one: Set, request: Request, known: dict[Set, Sides]
) -> tuple[Report, Examination | None]:
    """The report about one set; without an environment, it has the error.

    `known` are the files of sets that differ by their record only.
    """
    same = one._replace(name="", installed="") if one.installed else one
    if same not in known:
        known[same] = session.read_files(
            one, request.constraints, staged=request.staged, rev=request.rev
        )
    requirements, situation = known[same]
    try:
        source = session.find_environment(one, situation, request)
        environment = source.read()
    except EnvironmentReadError as error:
        print_failure(error, requirements.errors, one.name)
        return session.failed_report(requirements, error), None
    print_choice(situation, environment)
    found = session.examine(requirements, situation, source, one.policy)
    return found.report, found
