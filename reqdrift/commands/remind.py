"""`reqdrift remind`: one sentence if the files ask for something else after a pull or checkout."""

from __future__ import annotations

import os

from ..errors import ReqdriftError, print_error
from ..options import Options, quoted
from ..report import describe_problem, plural, printable
from ..report.advice import command_line
from ..repository import load_settings
from ..values import TYPE_CHECKING, Request, Set
from . import print_lines, read_files
from .run import doubts_of, examined, explained

if TYPE_CHECKING:
    from collections.abc import Iterator

_TO_INSTALL = ("missing", "version", "source", "unmet")


def run(options: Options) -> int:
    """Print it; always 0: the exit code of a hook after a checkout is that of git."""
    refs = os.environ.get("PRE_COMMIT_FROM_REF"), os.environ.get("PRE_COMMIT_TO_REF")
    if refs[0] and refs[0] == refs[1]:
        return 0  # `git checkout -b` changes no file, and `git checkout FILE` only what is named
    try:
        for one in load_settings(options.request, os.getcwd(), compares=False).sets:
            print_lines(_sentence(one, options.request))
    except ReqdriftError as error:
        _print_first_line(error)
    return 0


def _sentence(one: Set, request: Request) -> Iterator[str]:
    named = f"[{one.name}] " if one.name else ""
    try:
        if not one.files:
            read_files(one, Request())
    except ReqdriftError:
        return  # another branch, or another kind of project
    try:
        found = examined(one, request)
    except ReqdriftError as error:
        _print_first_line(error, named)
        return
    report = found.report
    if report.errors:
        yield f"{named}{describe_problem(report.errors[0])}"
        return
    errors = [finding for finding in report.findings if finding.severity == "error"]
    wrong = [finding for finding in errors if finding.kind in _TO_INSTALL]
    if wrong:
        # A stale file is compiled before anything is installed from it, with a Python that runs.
        wrong += [finding for finding in report.findings if finding.kind in ("stale", "broken")]
        report = report._replace(findings=tuple(wrong))
        report = explained(found._replace(report=report)).report
        ways = [h.command for h in (*report.leads, *report.hints) if not h.is_for_files]
        # To recreate the environment is more than to install packages.
        ways = [command for command in ways if command and " -m venv " not in command]
        command = next(iter(ways), command_line("", request, request.files))
        number = len({finding.project for finding in wrong if finding.kind in _TO_INSTALL})
        what = f"{named}{plural(number, 'package')} to install"
        if doubt := doubts_of(found)[0]:
            # The command would name the environment, which is to insist on it.
            what, command = f"{what}, but {doubt}", command_line("", request, request.files)
        yield f"{what}: {command}"


def _print_first_line(error: ReqdriftError, named: str = "") -> None:
    """What could not be checked, without the lines that explain it.

    Git starts hooks in a new clone or worktree, and the shell that shows this is elsewhere.
    """
    line = str(error).partition("\n")[0]
    line = line.replace("; create one: ", f"; create one: cd {quoted(os.getcwd())} && ")
    print_error(f"reqdrift: {printable(named + line)}")
