"""`reqdrift check`: compare, report, set the exit code."""

from __future__ import annotations

import os

from .. import commands
from ..errors import EnvironmentReadError, print_error
from ..repository import load_settings
from ..values import TYPE_CHECKING, Policy, Report, Request, Set, Style
from .output import failure_lines, in_actions, print_choice, publish

if TYPE_CHECKING:
    from ..options import Options
    from . import Files, Names, Sides, StrPath
    from .output import Formats


_PLAIN = Style()


def run(options: Options) -> int:
    """Report, and exit with 1 if there is drift."""
    return check_and_print(
        options.request,
        options.style,
        options.formats,
        cross_check=options.cross_check,
        exit_zero=options.exit_zero,
    )


def check_and_print(
    request: Request,
    style: Style = _PLAIN,
    formats: Formats = (),
    *,
    cross_check: bool = False,
    exit_zero: bool = False,
) -> int:
    """The same; a run without options loads no parser."""
    sets = load_settings(request, os.getcwd()).sets
    if request.installed:
        sets = commands.several.with_records(sets, request.installed)
    every = zip(sets, commands.sides_of(sets, request), strict=True)
    parts = [(one, _outcome(one, sides, request, cross_check)) for one, sides in every]
    report = parts[0][1]
    if len(sets) > 1:
        report = commands.several.joined(parts, verbose=style.verbose)
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
        source = commands.find_environment(one, situation, request)
        source.read()
    except EnvironmentReadError as error:
        for line in failure_lines(error, requirements.errors, one.name):
            print_error(line)
        return commands.failed_report(requirements, error)
    found = commands.examine(*sides, source, one.policy)
    print_choice(situation, found.environment)
    report = found.report
    if ask:
        report = commands.run.cross_checked(found)
    if report.findings or report.errors:
        report = commands.run.explained(report, found, one, request)
    return report


def check(
    files: Files = (),
    constraints: Files = (),
    *,
    python: StrPath | None = None,
    path: StrPath | None = None,
    python_version: str | None = None,
    installed: StrPath | None = None,
    platform: str | None = None,
    policy: Policy | None = None,
    staged: bool = False,
    rev: str = "",
    with_pip: bool = False,
    explain: bool = False,
    extras: Names = (),
    groups: Names = (),
) -> Report:
    """Compare an environment with requirements files.

    Args:
        files: requirements files, checked together; by default `requirements.txt` in the working
            directory or at the top of the repository.
        constraints: files that only limit versions, as pip's `-c`.
        python: an interpreter or environment folder; by default the project's environment is found.
        path: a folder made by `pip install --target`, instead of an environment.
        python_version: the Python version of that folder, as X.Y; by default the running one. Of a
            record, what it does not say.
        installed: the file of a record, instead of an environment: `pip inspect`, a list or a
            freeze; `-` is standard input.
        platform: the `sys.platform` of a record that does not say it.
        policy: what counts as drift; pyproject.toml is not read.
        staged: read the files from git's index.
        rev: read the files from this git revision.
        with_pip: also start the environment's pip and compare its answers (`--cross-check`).
        explain: set `Report.hints` and `Report.leads` (what to do).
        extras: the extras of lock files that are installed.
        groups: their dependency groups that are installed; by default their default groups.

    Raises:
        UsageError: no file was named and there is no default one.
        EnvironmentReadError: no environment was found, or it cannot be read.
    """
    job = commands.run.unconfigured(
        files,
        constraints,
        policy,
        python=python,
        path=path,
        python_version=python_version,
        installed=installed,
        platform=platform,
        staged=staged,
        rev=rev,
        extras=extras,
        groups=groups,
    )
    found = commands.run.examined(job)
    report = found.report
    if with_pip:
        report = commands.run.cross_checked(found)
    return commands.run.explained(report, found, job.one, job.request) if explain else report
