"""`reqdrift check`: compare, report, set the exit code."""

from __future__ import annotations

import os

from .. import session
from ..errors import EnvironmentReadError, print_error
from ..repository import load_settings
from ..values import TYPE_CHECKING, Request, Set, Style
from .output import choice_lines, failure_lines, in_actions, publish

if TYPE_CHECKING:
    from ..session import Sides
    from ..session.several import Outcome
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
    sides = session.sides_of(sets, request)

    def outcome(number: int) -> Outcome:
        return _outcome(sets[number], sides[number], request, cross_check)

    if len(sets) == 1:
        report, lines = outcome(0)
        for line in lines:
            print_error(line)
    else:
        # Most runs are of one set.
        from ..session.several import joined_outcomes

        report = joined_outcomes(sets, outcome, print_error, verbose=style.verbose)
    # On a terminal the message on stderr is enough.
    silent = report.environment is None and len(sets) == 1 and {*formats} <= {("auto", "")}
    if not silent or in_actions():
        publish(report, style, formats)
    code = report.exit_code
    return 0 if code == 1 and exit_zero else code


def _outcome(one: Set, sides: Sides, request: Request, cross_check: bool) -> Outcome:
    """What comes of one set; without an environment, its report has the error."""
    requirements, situation = sides
    try:
        source = session.find_environment(one, situation, request)
        lines = choice_lines(situation, source.read())
    except EnvironmentReadError as error:
        lines = failure_lines(error, requirements.errors, one.name)
        return session.failed_report(requirements, error), lines
    found = session.examine(*sides, source, one.policy)
    report = found.report
    if cross_check:
        # Few ask for it, and it starts programs.
        from ..session.cross_check import cross_checked

        report = cross_checked(found)
    if report.findings or report.errors:
        # A clean run prints a line, and no more.
        from ..session.check import explained

        report = explained(report, found, one, request)
    return report, lines
