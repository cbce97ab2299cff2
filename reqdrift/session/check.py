"""`reqdrift.check`: a report, and on demand what explains it."""

from __future__ import annotations

from ..report import advice, shown_path
from ..values import TYPE_CHECKING, Policy, Request, Set
from ..values.report import Report
from .job import examined, unconfigured

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..values.findings import Hint
    from . import Examination
    from .job import Files, Names, StrPath

# Findings that leave no place on a screen for what is above them.
_MANY = 20


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
    job = unconfigured(
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
    found = examined(job)
    report = found.report
    if with_pip:
        # Few ask for it, and it starts programs.
        from .cross_check import cross_checked

        report = cross_checked(found)
    return explained(report, found, job.one, job.request) if explain else report


def explained(report: Report, found: Examination, one: Set, request: Request) -> Report:
    """The report with what to do.

    Args:
        report: what was found.
        found: what it is based on.
        one: the set.
        request: what the run was about.
    """
    if not (report.findings or report.errors):
        return report
    if one.installed:
        request = request._replace(installed=(one.installed,), set_name=one.base)
    elif one.name and not request.files:
        # A set with several environments has one for each of them.
        python = one.python if one.name != one.base else request.python
        request = request._replace(set_name=one.base, python=python and shown_path(python))
    named = found.situation.files
    if advice.may_be_wrong_as_a_whole(report):
        # Few environments are.
        from ..report.advice import lead_of

        leads = lead_of(report, named, request)
    else:
        leads = advice.about_ranges(report, request)
    rest = advice.beyond_lead(report) if leads else report
    hints: tuple[Hint, ...] = ()
    if rest.findings or not leads:
        hints = advice.advise(rest, named, request, *_about_compiled(found, rest))
    # On a terminal, the beginning of a long report is out of sight.
    again = leads if len(report.findings) > _MANY else ()
    return report._replace(leads=leads, hints=(*again, *hints))


def _about_compiled(
    found: Examination, report: Report
) -> tuple[Mapping[str, Hint], Mapping[str, str]]:
    """How compiled files follow the environment, and how those that are stale are compiled."""
    if not (found.case and found.case.compiled):
        return {}, {}
    # Most files are not compiled.
    from ..repair.recompile import recompilations, stale_files

    ways = recompilations(found.case, report.findings)
    hints = {file: way.hint for file, way in ways.items()}
    return hints, stale_files(found.case, report.findings)
