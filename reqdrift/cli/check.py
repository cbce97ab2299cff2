"""`reqdrift check`: compare, report, set the exit code."""

from __future__ import annotations

import os

from .. import session
from ..errors import EnvironmentReadError, UsageError
from ..repository.config import load
from ..values import TYPE_CHECKING
from ..values.settings import Style
from .output import in_actions, print_choice, print_failure, publish

if TYPE_CHECKING:
    from ..values.report import Report
    from ..values.settings import Policy, Request, Set
    from . import more
    from .output import Formats

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
    sets, policy = load(request, os.getcwd())
    if request.path is not None and len(sets) > 1:
        raise UsageError("--path checks one folder, but several sets are configured", "name files")
    parts = [(one.name, _check(one, policy, request, style, cross_check)) for one in sets]
    report = parts[0][1]
    if len(parts) > 1:
        _load_more()
        report = more.joined(parts)
    # On a terminal the message on stderr is enough.
    silent = report.environment is None and len(parts) == 1 and {*formats} <= {("auto", "")}
    if not silent or in_actions():
        publish(report, style, formats)
    code = report.exit_code
    return 0 if code == 1 and exit_zero else code


def _load_more() -> None:
    """Must be called before `more` is used."""
    global more
    # A clean run of one set prints a line, and no more.
    from . import more


def _check(one: Set, policy: Policy, request: Request, style: Style, cross_check: bool) -> Report:
    """The report about one set; without an environment, it has the error."""
    requirements, situation = session.read_files(
        one, request.constraints, staged=request.staged, rev=request.rev
    )
    try:
        source = session.find_environment(situation, request.path, request.python_version)
        environment = source.read()
    except EnvironmentReadError as error:
        print_failure(error, requirements.errors, one.name)
        return session.failed_report(requirements, error)
    print_choice(situation, environment)
    found = session.examine(requirements, situation, source, policy)
    if not (found.report.findings or found.report.errors or style.verbose or cross_check):
        return found.report
    _load_more()
    return more.completed(found, one, request, style, cross_check=cross_check)
