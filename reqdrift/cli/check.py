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
        baseline=not options.no_baseline,
    )


def check(
    request: Request,
    style: Style = _PLAIN,
    formats: Sequence[tuple[FormatName, str]] = (),
    *,
    cross_check: bool = False,
    exit_zero: bool = False,
    baseline: bool = True,
) -> int:
    """The same; what was typed need not be loaded where it was file names only."""
    settings = load(request, os.getcwd())
    if request.path is not None and len(settings.sets) > 1:
        raise UsageError("--path checks one folder, but several sets are configured", "name files")
    parts, remarks = [], []
    for one in settings.sets:
        report, found = _compared(one, settings.policy, request)
        is_plain = not (report.findings or report.errors or style.verbose or cross_check)
        if found and not is_plain:
            # A clean run says nothing more.
            from ..session.check import completed, uncommitted

            report = completed(found, one, request, with_pip=cross_check, baseline=baseline)
            asks_git = not (request.staged or request.rev or style.quiet)
            if asks_git and (report.findings or style.verbose):
                remarks.append(uncommitted(report))
        parts.append((one.name, report))
    report = parts[0][1]
    if len(parts) > 1:
        # Most projects have one set.
        from ..session.check import joined

        report = joined(parts)
    # Alone on a screen the reason is enough; it is on stderr.
    silent = report.environment is None and len(parts) == 1 and {*formats} <= {("auto", "")}
    if not silent or in_actions():
        publish(report, style, formats)
    for remark in dict.fromkeys(filter(None, remarks)):
        # The findings come first: that is the line which a hook shows at a glance.
        tell(f"reqdrift: {remark}")
    code = report.exit_code
    return 0 if code == 1 and exit_zero else code


def _compared(
    one: Set, policy: Policy, request: Request
) -> tuple[Report, session.Examination | None]:
    """The report about one set; without an environment, one that says why there is none."""
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
        return session.failed_report(requirements, error), None
    tell_of_choice(situation, environment)
    found = session.examine(requirements, situation, source, policy)
    return found.report, found
