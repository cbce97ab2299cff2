"""What a plain clean check does without: other files and environments, and the whole comparison."""

from __future__ import annotations

import os

from .. import drift, environments, repository, requirements, standards, values
from ..drift import settle, unlisted_projects
from ..environments.candidates import Situation
from ..errors import UsageError
from ..report import shown_path
from ..values import TYPE_CHECKING, CanonicalName, Note, Policy, Python, Request, Set
from ..values.findings import some_names
from ..values.report import Report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..environments import EnvironmentSource
    from ..environments.documents import Pipes
    from ..values import Requirements


# The last request, of which each run has its own, and what was read of pipes for it.
_last: list[tuple[Request, Pipes]] = []


def named_source(one: Set, situation: Situation, request: Request) -> EnvironmentSource:
    """The source that reads a record, or the folder of `--path`."""
    version = request.python_version
    if not one.installed:
        return environments.records.Target(request.path or "", version)
    # What was read of pipes for the other sets of this run; a later run reads them again.
    if not (_last and _last[0][0] is request):
        _last[:] = [(request, {})]
    project = situation.top or situation.folder
    pipes = _last[0][1]
    return environments.records.Record(one.installed, project, version, request.platform, pipes)


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
    if found:
        command = " ".join(map(standards.shell.quoted, ["reqdrift", shown_path(found[0])]))
        names, hint = map(shown_path, found), f"pass what the environment is for: {command}"
        raise UsageError(f"{message}, but {', '.join(names)}", hint)
    # The folders below may have one each, as the services of a monorepo do.
    below = [shown_path(path) for _, path in requirements.nearby.services(cwd)]
    if not below:
        raise UsageError(message, "pass the file: reqdrift FILE")
    more = [f"{len(below) - 3} more"] if len(below) > 3 else []
    hint = "to check each in its own environment, add sets: reqdrift init --write"
    raise UsageError(f"{message}, but {', '.join([*below[:3], *more])}", hint)


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
    minor = ".".join(map(str, python.minor))
    return (
        f"the folder does not record its Python version: {minor} is assumed, but the findings"
        f" about {some_names(hanging, 3)} depend on it; pass --python-version X.Y"
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
