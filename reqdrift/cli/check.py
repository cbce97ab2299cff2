"""`reqdrift check`: compare, report, set the exit code."""

from __future__ import annotations

import os

from .. import session
from ..errors import EnvironmentReadError, print_error
from ..repository import load_settings
from ..values import TYPE_CHECKING, Request, Set, Style
from .output import failure_lines, in_actions, print_choice, publish

if TYPE_CHECKING:
    from ..session import Sides
    from ..values.report import Report
    from .options import Options
    from .output import Formats

_PLAIN = Style()


def run(options: Options) -> int:
    """Report, and exit with 1 if there is drift."""
    return check(
        options.request,
        options.style,
        options.formats,
        cross_check=options.cross_check,
        exit_zero=options.exit_zero,
    )


def check(
    request: Request,
    style: Style = _PLAIN,
    formats: Formats = (),
    *,
    cross_check: bool = False,
    exit_zero: bool = False,
) -> int:
    """The same; a run without options loads no parser."""
    sets = load_settings(request, os.getcwd()).sets
    every = zip(sets, session.sides_of(sets, request), strict=True)
    parts = [(one, _outcome(one, sides, request, cross_check)) for one, sides in every]
    report = parts[0][1]
    if len(sets) > 1:
        # Most runs are of one set.
        from ..session.joining import joined

        report = joined(parts, verbose=style.verbose)
    # On a terminal the message on stderr is enough.
    silent = report.environment is None and len(sets) == 1 and {*formats} <= {("auto", "")}
    if not silent or in_actions():
        publish(report, style, formats)
    code = report.exit_code
    return 0 if code == 1 and exit_zero else code


def _outcome(one: Set, sides: Sides, request: Request, ask: bool) -> Report:
    """The report about one set, which has the error if there is no environment."""
    requirements, situation = sides
    try:
        source = session.find_environment(one, situation, request)
        source.read()
    except EnvironmentReadError as error:
        for line in failure_lines(error, requirements.errors, one.name):
            print_error(line)
        return session.failed_report(requirements, error)
    found = session.examine(*sides, source, one.policy)
    print_choice(situation, found.environment)
    report = found.report
    if ask:
        # Few ask for it, and it starts programs.
        from ..session.cross_check import cross_checked

        report = cross_checked(found)
    if report.findings or report.errors:
        # A clean run prints a line, and no more.
        from ..session.check import explained

        report = explained(report, found, one, request)
    return report
