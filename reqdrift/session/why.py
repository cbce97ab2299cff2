"""`reqdrift.why`: which lines name a project, whether it is installed, what needs it."""

from __future__ import annotations

import difflib

from .. import standards
from ..drift.graph import Node
from ..report import why as report
from ..repository.dates import Change, changes_of, environment_changed
from ..standards import canonical_name
from ..values import (
    TYPE_CHECKING,
    CanonicalName,
    Distribution,
    Location,
    NamedTuple,
    Policy,
    Problem,
    Requirement,
)
from ..values.findings import Unreadable
from .job import case_of, examined, unconfigured

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..drift.case import Case
    from . import Examination
    from .job import Files, Names, StrPath


class Why(NamedTuple):
    """Everything that is known about one project.

    `listed` has the lines that name it, including constraints; `needed_by` the installed projects
    that need it directly. `lines` is the text for people. If it is not known (`is_known`), `close`
    has similar names. `errors` and `unreadable` are files and metadata that could not be read, so
    the answer may be incomplete.
    """

    project: CanonicalName
    listed: tuple[Requirement, ...]
    installed: Distribution | None
    needed_by: tuple[CanonicalName, ...]
    lines: tuple[str, ...]
    is_known: bool
    close: tuple[str, ...] = ()
    errors: tuple[Problem, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()


def why(
    name: str,
    files: Files = (),
    constraints: Files = (),
    *,
    python: StrPath | None = None,
    path: StrPath | None = None,
    python_version: str | None = None,
    installed: StrPath | None = None,
    platform: str | None = None,
    policy: Policy | None = None,
    extras: Names = (),
    groups: Names = (),
) -> Why:
    """Show what lists a project, whether it is installed, and what needs it.

    Args:
        name: the project, in any spelling.
        files: requirements files, as for `check`.
        constraints: files that only limit versions.
        python: an interpreter or environment folder; by default the project's environment is found.
        path: a folder made by `pip install --target`, instead of an environment.
        python_version: the Python version of that folder, as X.Y; by default the running one.
        installed: the file of a record, instead of an environment; `-` is standard input.
        platform: the `sys.platform` of a record that does not say it.
        policy: what counts as drift.
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
        extras=extras,
        groups=groups,
    )
    return answered(name, examined(job, thoroughly=True))


def answered(name: str, found: Examination) -> Why:
    """The answer from a thorough examination."""
    case, project = case_of(found), canonical_name(name)
    environment, needed_by = found.environment, _needed_by(case, found)
    known = {line.name for line in case.lines if line.name} | environment.distributions.keys()
    known |= needed_by.keys()
    unread = tuple(u for u in (case.facts.requires or {}).values() if isinstance(u, Unreadable))
    if environment.gaps:
        why_not = f"{environment.gaps.record} has no dependencies"
        unread = (*unread, Unreadable(environment.prefix, why_not))
    is_known = project in known
    listed = tuple(line for line in case.lines if line.name == project)
    lines: tuple[str, ...] = ()
    if is_known:
        said = report.answer(
            project, case, needed_by, _changes(listed), environment_changed(environment)
        )
        # Metadata may contain URLs with credentials.
        lines = tuple(map(standards.redact, said))
    return Why(
        project,
        listed,
        case.installed(project),
        tuple(sorted(needed_by.get(project, ()))),
        lines,
        is_known,
        () if is_known else tuple(difflib.get_close_matches(project, sorted(known), n=3)),
        case.errors,
        unread,
    )


def _changes(lines: Iterable[Requirement]) -> dict[Location, Change]:
    """The last changes of lines, as far as git knows them."""
    found = {}
    for at in (line.at for line in lines):
        if at.line and (change := changes_of(at.file, {at.line}).lines.get(at.line)):
            found[at] = change
    return found


def _needed_by(case: Case, found: Examination) -> dict[CanonicalName, set[CanonicalName]]:
    asked = {
        Node(listed, extra)
        for listed, asking in case.applicable.items()
        for line in asking
        for extra in ("", *line.extras)
    }
    return case.graph.reach([*asked, *map(Node, found.environment.distributions)])
