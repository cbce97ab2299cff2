"""What a plain clean check does without: other files and environments, and the whole comparison."""

from __future__ import annotations

import os

from .. import drift, environments, repository, requirements, standards, values
from ..drift import settle, unlisted_projects
from ..environments.candidates import Situation
from ..errors import UsageError
from ..report import shown_path
from ..values import TYPE_CHECKING, CanonicalName, Note, Policy, Python, Report, Request, Set

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..environments import EnvironmentSource
    from ..values import Requirements

    # What a set asks for, and where it stands.
    Sides = tuple[Requirements, Situation]

    StrPath = str | os.PathLike[str]
    # One, or several.
    Files = StrPath | Sequence[StrPath]
    Names = str | Sequence[str]

    from ..environments.documents import Pipes


# The last request, of which each run has its own, and what was read of pipes for it.
_last: list[tuple[Request, Pipes]] = []


def named_source(one: Set, situation: Situation, request: Request) -> EnvironmentSource:
    """The source that reads a record, or the folder of `--path`."""
    version = request.python_version
    if one.installed:
        project = situation.top or situation.folder
        return environments.records.Record(
            one.installed, project, version, request.platform, _pipes_of(request)
        )
    return environments.records.Target(request.path or "", version)


def _pipes_of(request: Request) -> Pipes:
    """What was read of pipes for the other sets of this run; a later run reads them again."""
    found = next((pipes for one, pipes in _last if one is request), None)
    if found is None:
        found = {}
        _last[:] = [(request, found)]
    return found


# More names do not say more.
_SHOWN = 3


def default_of_folder(cwd: str) -> str:
    """The one file of a `requirements/` folder that no other includes.

    Raises:
        UsageError: there is none, or several; the hint has the command that checks the first.
    """
    found = [
        files[0]
        for files in requirements.nearby.main_files(cwd, repository.top_folder(cwd))
        if len(files) == 1
    ]
    if len(found) == 1 and os.path.basename(os.path.dirname(found[0])) == "requirements":
        return found[0]
    message = "there is no requirements.txt or pylock.toml here or at the top of the repository"
    if not found:
        raise _no_file(message, requirements.nearby.services(cwd))
    names = ", ".join(map(shown_path, found))
    command = " ".join(map(standards.shell.quoted, ["reqdrift", shown_path(found[0])]))
    raise UsageError(f"{message}, but {names}", f"pass what the environment is for: {command}")


def _no_file(message: str, below: Sequence[tuple[str, str]]) -> UsageError:
    """There is none; the folders below may have one each, as the services of a monorepo do."""
    if not below:
        return UsageError(message, "pass the file: reqdrift FILE")
    names = [shown_path(path) for _, path in below[:_SHOWN]]
    more = [f"{len(below) - _SHOWN} more"] if len(below) > _SHOWN else []
    hint = "to check each in its own environment, add sets: reqdrift init --write"
    return UsageError(f"{message}, but {', '.join([*names, *more])}", hint)


def settle_with_answers(
    asked: values.findings.Questions,
    requirements: Requirements,
    situation: Situation,
    source: EnvironmentSource,
    policy: Policy,
) -> tuple[Report | None, values.findings.Facts]:
    """The report, None if the rules must be applied; and what was asked for it.

    The parameters are those of `examine`, and what is asked first.
    """
    facts, environment = values.findings.Facts({}), source.read()
    while True:
        facts = source.answer(asked, facts)
        settled = settle(requirements, environment, policy, facts)
        if not isinstance(settled, values.findings.Questions):
            break
        asked = settled
    if settled and facts.requires is not None:
        # What is this project itself need not be listed, but for another reason.
        listed = drift.lines.surely_listed(requirements.requirements, environment.python)
        others, _ = unlisted_projects(environment, listed, requirements.unsafe)
        unlisted = {found.name for found in others}
        if situation.own_projects(unlisted)[0]:
            return None, facts
    return settled, facts


_MOST_NAMED = 3


def compared(
    requirements: Requirements,
    situation: Situation,
    source: EnvironmentSource,
    policy: Policy,
    facts: values.findings.Facts | None,
    *,
    thoroughly: bool,
) -> tuple[Report, drift.case.Case, tuple[CanonicalName, ...]]:
    """The report, its case, and what depends on an assumed Python version.

    The parameters are those of `examine`, and the answers so far.
    """
    environment, folder = source.read(), situation.top or situation.folder
    always = values.findings.Questions(requires=thoroughly)
    facts = _ask(requirements, source, folder, policy, facts or values.findings.Facts({}), always)
    project = values.findings.Project(folder)
    if facts.requires is not None:
        unlisted = {
            found.name for found in drift.compare.perhaps_unlisted(requirements, environment)
        }
        is_of_parts = bool(environment.gaps and environment.gaps.sources)
        project = values.findings.Project(
            folder, *situation.own_projects(unlisted, parts=is_of_parts)
        )
    case, report = drift.compare.compare_case(requirements, environment, facts, policy, project)
    if environment.gaps:
        return (
            drift.undecided.decided(requirements, case, report, environment.gaps, project),
            case,
            (),
        )
    if hanging := drift.compare.hanging_on_version(report, requirements, facts, policy, project):
        note = Note("unsure", None, None, assumed(environment.python, hanging))
        report = report._replace(notes=(*report.notes, note))
    return report, case, hanging


def assumed(python: Python, hanging: Sequence[CanonicalName]) -> str:
    """What is said of verdicts that another Python would change."""
    names = ", ".join(hanging[:_MOST_NAMED])
    if len(hanging) > _MOST_NAMED:
        names += f" and {len(hanging) - _MOST_NAMED} more"
    minor = ".".join(map(str, python.minor))
    return (
        f"the folder does not record its Python version: {minor} is assumed, but the"
        f" findings about {names} depend on it; pass --python-version X.Y"
    )


def _ask(
    requirements: Requirements,
    source: EnvironmentSource,
    folder: str,
    policy: Policy,
    facts: values.findings.Facts,
    always: values.findings.Questions,
) -> values.findings.Facts:
    """The answers so far, and those to all that is asked always or for the comparison."""
    if any(always):
        facts = source.answer(always, facts)
    while any(asked := drift.compare.questions(requirements, source.read(), folder, facts, policy)):
        facts = source.answer(asked, facts)
    return facts
