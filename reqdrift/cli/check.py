"""`reqdrift check`: compare, report, set the exit code."""

from __future__ import annotations

import os

from .. import session
from ..errors import EnvironmentReadError, UsageError, tell
from ..report import place, printable, told
from ..repository.config import load
from ..values import TYPE_CHECKING
from ..values.settings import Style
from .output import in_actions, publish, tell_of_choice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..values import FormatName
    from ..values.report import Report
    from ..values.settings import Policy, Request, Set
    from .arguments import Options

_PLAIN = Style()


def run(options: Options) -> int:
    """Print the report; the exit code is 0, 1 (drift), 2 (a file) or 3 (an environment)."""
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
    formats: Sequence[tuple[FormatName, str]] = (),
    *,
    cross_check: bool = False,
    exit_zero: bool = False,
) -> int:
    """The same; without options, `Arguments` need not be imported."""
    settings = load(request, os.getcwd())
    if request.path is not None and len(settings.sets) > 1:
        raise UsageError("--path checks one folder, but several sets are configured", "name files")
    parts = [
        (one.name, _check(one, settings.policy, request, style, cross_check))
        for one in settings.sets
    ]
    report = parts[0][1]
    if len(parts) > 1:
        # Most projects have one set.
        from ..session.check import joined

        report = joined(parts)
    # On a terminal the message on stderr is enough.
    silent = report.environment is None and len(parts) == 1 and {*formats} <= {("auto", "")}
    if not silent or in_actions():
        publish(report, style, formats)
    code = report.exit_code
    return 0 if code == 1 and exit_zero else code


def _check(one: Set, policy: Policy, request: Request, style: Style, cross_check: bool) -> Report:
    """The report about one set; without an environment, it has the error."""
    requirements, situation = session.read_files(
        one, request.constraints, staged=request.staged, rev=request.rev
    )
    try:
        source = session.find_environment(situation, request.path, request.python_version)
        environment = source.read()
    except EnvironmentReadError as error:
        for problem in requirements.errors:
            tell(f"{place(problem.at)}: error: {printable(problem.message)}")
        part = printable(f"[{one.name}] ") if one.name else ""
        tell(f"reqdrift: {part}{told(error)}")
        return session.failed_report(requirements, error)
    tell_of_choice(situation, environment)
    found = session.examine(requirements, situation, source, policy)
    report = found.report
    if not (report.findings or report.errors or style.verbose or cross_check):
        return report
    # A clean run prints nothing more.
    from ..session.check import explained, seen_by_pip, uncommitted

    if cross_check:
        report = seen_by_pip(found)
    asks_git = not (request.staged or request.rev or style.quiet)
    if asks_git and (report.findings or style.verbose) and (said := uncommitted(report)):
        tell(f"reqdrift: {said}")
    return explained(report, found, one, request)
