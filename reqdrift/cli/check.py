"""`reqdrift check`: compare, report, set the exit code."""

from __future__ import annotations

import os

from .. import session
from ..errors import EnvironmentReadError, print_error
from ..repository import load_settings
from ..values import TYPE_CHECKING, Style
from .output import choice_lines, failure_lines, in_actions, publish

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ..repository.changes import TrackedFile
    from ..session import Sides
    from ..values import Request, Set
    from ..values.report import Report
    from .output import Formats

    # The report about a set, a remark, and lines for standard error.
    Outcome = tuple[Report, str, tuple[str, ...]]

_PLAIN = Style()


def check(
    request: Request,
    style: Style = _PLAIN,
    formats: Formats = (),
    *,
    cross_check: bool = False,
    exit_zero: bool = False,
) -> int:
    """The same; without options, `arguments` need not be loaded."""
    sets = load_settings(request, os.getcwd()).sets
    known: dict[Set, Sides] = {}
    sides = [_sides(one, request, known) for one in sets]
    tracked: dict[str, TrackedFile] = {}

    def outcome(number: int) -> Outcome:
        one = sets[number], sides[number]
        return _outcome(*one, request, style, tracked, cross_check=cross_check)

    if len(sets) > 1:
        report, remarks = _joined(sets, outcome, verbose=style.verbose)
    else:
        report, remark, lines = outcome(0)
        _print_errors(lines)
        remarks = [remark]
    # On a terminal the message on stderr is enough.
    silent = report.environment is None and len(sets) == 1 and {*formats} <= {("auto", "")}
    if not silent or in_actions():
        publish(report, style, formats)
    # After the findings, which a hook should show first.
    _print_errors(f"reqdrift: {remark}" for remark in remarks if remark)
    code = report.exit_code
    return 0 if code == 1 and exit_zero else code


def _joined(
    sets: Sequence[Set], outcome: Callable[[int], Outcome], *, verbose: bool
) -> tuple[Report, Iterable[str]]:
    """The report about all sets, and the remarks."""
    # Most runs are of one set.
    from ..session import joining, processes

    reports: list[Report] = []
    remarks: dict[str, None] = {}
    # Pipes are read once, by whoever reads them: this process.
    is_of_files = all(one.installed and os.path.isfile(one.installed) for one in sets)
    count = 0 if is_of_files else 1
    outcomes = processes.computed(outcome, range(len(sets)), count)
    try:
        for report, remark, lines in outcomes:
            _print_errors(lines)
            reports.append(report)
            remarks[remark] = None
    finally:
        outcomes.close()
    return joining.joined(list(zip(sets, reports, strict=True)), verbose=verbose), remarks


def _print_errors(lines: Iterable[str]) -> None:
    for line in lines:
        print_error(line)


def _sides(one: Set, request: Request, known: dict[Set, Sides]) -> Sides:
    """The files of a set; `known` are those of sets that differ by their record only."""
    same = one._replace(name="", installed="") if one.installed else one
    if same not in known:
        known[same] = session.read_files(
            one, request.constraints, staged=request.staged, rev=request.rev
        )
    return known[same]


def _outcome(
    one: Set,
    sides: Sides,
    request: Request,
    style: Style,
    tracked: dict[str, TrackedFile],
    *,
    cross_check: bool,
) -> Outcome:
    """What comes of one set; without an environment, its report has the error."""
    requirements, situation = sides
    try:
        source = session.find_environment(one, situation, request)
        environment = source.read()
    except EnvironmentReadError as error:
        lines = failure_lines(error, requirements.errors, one.name)
        return session.failed_report(requirements, error), "", lines
    lines = choice_lines(situation, environment)
    found = session.examine(requirements, situation, source, one.policy)
    report, remark = found.report, ""
    if report.findings or report.errors or style.verbose or cross_check:
        # A clean run prints a line, and no more.
        from ..session.check import completed

        report, remark = completed(found, one, request, style, tracked, cross_check=cross_check)
    return report, remark, lines
