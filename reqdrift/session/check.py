"""`reqdrift.check`, and what is added to a report that is not clean."""

from __future__ import annotations

import time

from ..errors import ReqdriftError
from ..kinds import KINDS
from ..report import shown_path
from ..repository.changes import TrackedFile
from ..values import TYPE_CHECKING, Policy, Request, Set, Style
from ..values.findings import Hint
from ..values.report import Report
from .job import Job, baseline_of, examined, unconfigured

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..report.recompilation import Recompilation
    from . import Examination
    from .job import Files, Names, StrPath

    # What git was asked about files, by their paths.
    Tracked = dict[str, TrackedFile]

# So many processes are started together.
_AT_ONCE = 4


# Findings that leave no place on a screen for what is above them.
_MANY = 20


def check(
    files: Files = (),
    constraints: Files = (),
    *,
    python: StrPath | None = None,
    path: StrPath | None = None,
    python_version: str | None = None,
    root: StrPath | None = None,
    installed: StrPath | None = None,
    platform: str | None = None,
    policy: Policy | None = None,
    staged: bool = False,
    rev: str = "",
    with_pip: bool = False,
    explain: bool = False,
    extras: Names = (),
    groups: Names = (),
    baseline: bool = False,
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
        root: another root file system, in which `python` is a path then.
        installed: the file of a record, instead of an environment: `pip inspect`, a list, a freeze,
            or an SBOM; `-` is standard input.
        platform: the `sys.platform` of a record that does not say it.
        policy: what counts as drift; pyproject.toml is not read.
        staged: read the files from git's index.
        rev: read the files from this git revision.
        with_pip: also start the environment's pip and compare its answers (`--cross-check`).
        explain: set `Finding.moved` (which side changed last) and `Report.hints` (what to do).
        extras: the extras of lock files that are installed.
        groups: their dependency groups that are installed; by default their default groups.
        baseline: set the findings apart that the project's `reqdrift-baseline.json` has:
            `Report.baselined`.

    Raises:
        UsageError: no file was named and there is no default one; the baseline cannot be read.
        EnvironmentReadError: no environment was found, or it cannot be read.
    """
    job = unconfigured(
        files,
        constraints,
        policy,
        python=python,
        path=path,
        python_version=python_version,
        root=root,
        installed=installed,
        platform=platform,
        staged=staged,
        rev=rev,
        extras=extras,
        groups=groups,
        no_baseline=not baseline,
    )
    found = examined(job)
    report = _counted(found, job.one, job.request, cross_check=with_pip)
    return _explained(report, found, job.one, job.request, {}) if explain else report


def completed(
    found: Examination,
    one: Set,
    request: Request,
    style: Style,
    tracked: Tracked,
    *,
    cross_check: bool,
) -> tuple[Report, str]:
    """The report about a set with all that is said of one that is not plainly clean.

    And a remark, maybe '': which of the files have uncommitted changes.

    Args:
        found: the comparison.
        one: the set.
        request: what the run was about.
        style: how people want to see it.
        tracked: the files that git was asked about for other records.
        cross_check: compare with what the environment's own pip reads, too.
    """
    report = _counted(found, one, request, cross_check=cross_check)
    shows_state = bool(report.findings or style.verbose) and not style.quiet
    files: Tracked = {}
    if shows_state and not (request.staged or request.rev):
        # A record has no times, so that nothing else is asked of its files.
        files = _ask_git(report, tracked if one.installed else {})
    try:
        return _explained(report, found, one, request, files), _uncommitted(files)
    finally:
        _stop(files)


def _counted(found: Examination, one: Set, request: Request, *, cross_check: bool) -> Report:
    report = found.report
    if cross_check:
        # Few ask for it, and it starts programs.
        from .cross_check import cross_checked

        report = cross_checked(found)
    path = "" if request.no_baseline else baseline_of(found.situation, request)
    if path:
        # Reading one takes a parser of JSON.
        from .baseline import compared_with_baseline

        report = compared_with_baseline(report, one.name, found.situation, request, path)
    return report


def _explained(
    report: Report,
    found: Examination,
    one: Set,
    request: Request,
    files: Mapping[str, TrackedFile],
) -> Report:
    """The report with which side changed last, and what to do."""
    if not (report.findings or report.errors):
        return report
    asked = None
    may_be_dated = any(KINDS[finding.kind].dated for finding in report.findings)
    if may_be_dated and not (request.staged or request.rev):
        # git dates the lines of the working tree.
        from ..repository.history import ask, dated

        asked = ask(report, found.environment, files)
    # A clean run gives no advice; git is at work while this is loaded.
    from ..report import advice, lead

    if asked:
        try:
            report = dated(report, asked, time.time())
        finally:
            _stop(asked.files)
    if request.no_baseline and not baseline_of(found.situation, request):
        request = request._replace(no_baseline=False)  # the commands do without the option
    if one.installed:
        request = request._replace(installed=(one.installed,), set_name=one.base)
    elif one.name and not request.files:
        # A set with several environments has one for each of them.
        python = one.python if one.name != one.base else request.python
        request = request._replace(set_name=one.base, python=python and shown_path(python))
    named = found.situation.files
    leads = lead.lead_of(report, named, request)
    rest = lead.beyond_lead(report) if leads else report
    hints: tuple[Hint, ...] = ()
    if rest.findings or not leads:
        about_compiled = _about_compiled(found, rest)
        is_split = _is_split(report, found, one, request)
        hints = advice.advise(rest, named, request, *about_compiled, is_split=is_split)
    # On a terminal, the beginning of a long report is out of sight.
    again = leads if len(report.findings) > _MANY else ()
    return report._replace(leads=leads, hints=(*again, *hints))


def _is_split(report: Report, found: Examination, one: Set, request: Request) -> bool:
    """Whether a cautious fix takes over what the environment changed last, and leaves the rest.

    It is tried: a fix may be refused for many reasons, and a plan would then undo the change.
    """
    if {"environment", "file"} != {finding.moved for finding in report.findings}:
        return False
    # Drift is seldom of both sides.
    from .fix import repair

    job = Job(one, one.policy, request._replace(cautious=True))
    try:
        repairs = repair(found._replace(report=report), job, "diff").repairs
    except ReqdriftError:
        return False
    sides = {(repair.finding.moved, bool(repair.refused)) for repair in repairs}
    return sides == {("environment", False), ("file", True)}


def _about_compiled(
    found: Examination, report: Report
) -> tuple[Mapping[str, Recompilation], Mapping[str, str]]:
    """How compiled files follow the environment, and how those that are stale are compiled."""
    if not (found.case and found.case.compiled):
        return {}, {}
    # Most files are not compiled.
    from ..repair.recompile import recompilations, stale_files

    return recompilations(found.case, report.findings), stale_files(found.case, report.findings)


def _ask_git(report: Report, known: Tracked) -> Tracked:
    """The files, with git at work to say whether they have uncommitted changes."""
    for file in report.files:
        if file.path not in known:
            known[file.path] = TrackedFile(file.path)
    files = {file.path: known[file.path] for file in report.files}
    for tracked in [*files.values()][:_AT_ONCE]:
        tracked.ask_state()
    return files


def _stop(files: Mapping[str, TrackedFile]) -> None:
    """End what was started to say more of the files."""
    for file in files.values():
        file.end()


def _uncommitted(files: Mapping[str, TrackedFile]) -> str:
    """Which of the files have uncommitted changes; '' if none has, as far as git can tell."""
    known = {path: file.is_changed() for path, file in files.items()}
    changed = [shown_path(path) for path, differs in known.items() if differs]
    return f"uncommitted changes in {', '.join(changed)}" if changed else ""
