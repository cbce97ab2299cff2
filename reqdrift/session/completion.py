"""What is added to a report that is not clean: which side changed last, and what to do."""

from __future__ import annotations

import time

from ..kinds import KINDS
from ..report import advice, shown_path
from ..repository.changes import TrackedFile, ask_states
from ..values import TYPE_CHECKING, Request, Set, Style
from ..values.findings import Hint
from ..values.report import Report
from . import baseline_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from . import Examination

    # What git was asked about files, by their paths.
    Tracked = dict[str, TrackedFile]

# Findings that leave no place on a screen for what is above them.
_MANY = 20


def completed(
    found: Examination,
    one: Set,
    request: Request,
    style: Style,
    known: Tracked,
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
        known: the files that git was asked about for other records.
        cross_check: compare with what the environment's own pip reads, too.
    """
    files: Tracked = {}
    try:
        report = counted(found, one, request, cross_check=cross_check)
        shows_state = bool(report.findings or style.verbose) and not style.quiet
        if shows_state and not (request.staged or request.rev):
            # A record has no times, so that nothing else is asked of its files.
            known = known if one.installed else {**found.tracked}
            files = ask_states([file.path for file in report.files], known)
        return explained(report, found, one, request, files), _uncommitted(files)
    finally:
        for file in (*found.tracked.values(), *files.values()):
            file.end()


def counted(found: Examination, one: Set, request: Request, *, cross_check: bool) -> Report:
    """The report without what the baseline has, and with what a second witness adds."""
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


def explained(
    report: Report,
    found: Examination,
    one: Set,
    request: Request,
    files: Mapping[str, TrackedFile],
) -> Report:
    """The report with which side changed last, and what to do.

    `files` are those that git was asked about before; it is still to answer.
    """
    if not (report.findings or report.errors):
        return report
    asked = None
    may_be_dated = any(KINDS[finding.kind].dated for finding in report.findings)
    if may_be_dated and not (request.staged or request.rev):
        # git dates the lines of the working tree.
        from ..repository.history import ask, dated

        now = time.time()
        asked = ask(report, found.environment, now, files)
    if asked:
        try:
            report = dated(report, asked, now)
        finally:
            for path, file in asked.files.items():
                if path not in files:
                    file.end()
    if request.no_baseline and not baseline_of(found.situation, request):
        request = request._replace(no_baseline=False)  # the commands do without the option
    if one.installed:
        request = request._replace(installed=(one.installed,), set_name=one.base)
    elif one.name and not request.files:
        # A set with several environments has one for each of them.
        python = one.python if one.name != one.base else request.python
        request = request._replace(set_name=one.base, python=python and shown_path(python))
    named = found.situation.files
    leads = _leads(report, named, request)
    rest = advice.beyond_lead(report) if leads else report
    hints: tuple[Hint, ...] = ()
    if rest.findings or not leads:
        about_compiled = _about_compiled(found, rest)
        is_split = _is_split(report, found, one, request)
        hints = advice.advise(rest, named, request, *about_compiled, is_split=is_split)
    # On a terminal, the beginning of a long report is out of sight.
    again = leads if len(report.findings) > _MANY else ()
    return report._replace(leads=leads, hints=(*again, *hints))


def _leads(report: Report, files: Sequence[str], request: Request) -> tuple[Hint, ...]:
    """The reason that most findings have, with the one thing to do; () if there is none."""
    if not advice.may_be_wrong_as_a_whole(report):
        return advice.about_ranges(report, request)
    # Few environments are.
    from ..report.lead import lead_of

    return lead_of(report, files, request)


def _is_split(report: Report, found: Examination, one: Set, request: Request) -> bool:
    """Whether `fix --cautious` and a plan, one after the other, keep the changes of both sides."""
    if {"environment", "file"} != {finding.moved for finding in report.findings}:
        return False
    # Drift is seldom of both sides.
    from .fix import settles_one_side

    return settles_one_side(found._replace(report=report), one, request)


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


def _uncommitted(files: Mapping[str, TrackedFile]) -> str:
    """Which of the files have uncommitted changes; '' if none has, as far as git can tell."""
    known = {path: file.is_changed() for path, file in files.items()}
    changed = [shown_path(path) for path, differs in known.items() if differs]
    return f"uncommitted changes in {', '.join(changed)}" if changed else ""
