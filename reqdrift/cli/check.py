"""`reqdrift check`: compare, report, set the exit code."""

from __future__ import annotations

import os

from .. import session
from ..errors import EnvironmentReadError, UsageError, tell
from ..report import place, printable, told
from ..repository.config import load
from ..values import TYPE_CHECKING, Options, Policy, Report
from .output import in_actions, publish, tell_of_choice

if TYPE_CHECKING:
    from ..repository.config import Set


def run(options: Options) -> int:
    """Print the report; the exit code is 0, 1 (drift), 2 (a file) or 3 (an environment)."""
    settings = load(options, os.getcwd())
    if options.path is not None and len(settings.sets) > 1:
        raise UsageError("--path checks one folder, but several sets are configured", "name files")
    parts = [(one.name, _check(one, settings.policy, options)) for one in settings.sets]
    report = parts[0][1]
    if len(parts) > 1:
        from ..session.check import joined

        report = joined(parts)
    # Alone on a screen the reason is enough; it is on stderr.
    silent = report.environment is None and len(parts) == 1 and {*options.formats} <= {("auto", "")}
    if not silent or in_actions():
        publish(report, options)
    code = report.exit_code
    return 0 if code == 1 and options.exit_zero else code


def _check(one: Set, policy: Policy, options: Options) -> Report:
    """The report about one set; without an environment, one that says why there is none."""
    requirements, situation = session.read_files(
        one, options.constraints, staged=options.staged, rev=options.rev
    )
    try:
        source = session.find_environment(situation, options.path, options.python_version)
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
    if options.cross_check:
        from ..session.cross_check import cross_checked

        report = cross_checked(found)
    if report.findings or report.errors or options.verbose:
        # A clean run says nothing more.
        from ..session.check import ask_git, explained, stop, uncommitted
        from ..session.job import Job

        is_told = not (options.staged or options.rev or options.quiet)
        is_told = is_told and bool(report.findings or options.verbose)
        files = ask_git(report) if is_told else {}
        try:
            report = explained(report, found, Job(one, policy, options), files)
            if said := uncommitted(files):
                tell(f"reqdrift: {said}")
        finally:
            stop(files)
    return report
