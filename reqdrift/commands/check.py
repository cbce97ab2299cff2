"""`reqdrift check`: compare, report, set the exit code."""

from __future__ import annotations

import os

from .. import commands
from ..errors import EnvironmentReadError, print_error
from ..report import describe_error, describe_problem, masked, masked_texts, printable
from ..repository import load_settings
from ..values import TYPE_CHECKING, Problem, Report, Request, Set, Style
from . import in_actions, print_choice, publish

if TYPE_CHECKING:
    from typing import Unpack

    from ..options import Options
    from . import Sides
    from .subject import Files, Subject


def run(options: Options) -> int:
    """Report, and exit with 1 if there is drift."""
    return check_and_print(options.request, options)


def check_and_print(request: Request, options: Options | None = None) -> int:
    """The same; a run without options loads no parser."""
    style, formats = (options.style, options.formats) if options else (Style(), ())
    cross_check, exit_zero = (options.cross_check, options.exit_zero) if options else (False, False)
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
        for problem in requirements.errors:
            print_error(describe_problem(problem))
        named = printable(f"[{one.name}] ") if one.name else ""
        print_error(f"reqdrift: {named}{describe_error(error)}")
        failed = Problem(None, str(error).partition("\n")[0])
        return Report(None, requirements.files, errors=(*requirements.errors, failed))
    found = commands.examine(one, sides, source, request)
    print_choice(situation, found.environment)
    if ask:
        found = commands.crosscheck.cross_checked(found)
    if found.report.findings or found.report.errors:
        found = commands.run.explained(found)
    return found.report


def check(
    files: Files = (),
    constraints: Files = (),
    *,
    staged: bool = False,
    rev: str = "",
    with_pip: bool = False,
    explain: bool = False,
    **subject: Unpack[Subject],
) -> Report:
    """Compare an environment with requirements files.

    Args:
        files: requirements files, checked together; by default `requirements.txt` in the working
            directory or at the top of the repository.
        constraints: files that only limit versions, as pip's `-c`.
        staged: read the files from git's index.
        rev: read the files from this git revision.
        with_pip: also start the environment's pip and compare its answers (`--cross-check`).
        explain: set `Report.hints` and `Report.leads` (what to do).
        **subject: the environment, and what counts; see `Subject`.

    Raises:
        UsageError: no file was named and there is no default one.
        EnvironmentReadError: no environment was found, or it cannot be read.
    """
    one, request = commands.subject.unconfigured(
        "check", subject, files, constraints, staged=staged, rev=rev
    )
    found = commands.run.examined(one, request)
    if with_pip:
        found = commands.crosscheck.cross_checked(found)
    report = masked(commands.run.explained(found).report if explain else found.report)
    return report._replace(files=masked_texts(report.files))
