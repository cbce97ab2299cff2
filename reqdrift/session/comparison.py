"""The comparison if the fast path does not decide everything: ask questions, compare, repeat."""

from __future__ import annotations

from ..drift.compare import compare_case, hanging_on_version, perhaps_unlisted, questions
from ..drift.lines import is_plainly_drifted
from ..repository import BASELINE
from ..values import TYPE_CHECKING, CanonicalName, Note, Python
from ..values.facts import Facts, Project, Questions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..drift.case import Case
    from ..environments.base import EnvironmentSource
    from ..environments.candidates import Situation
    from ..repository.changes import TrackedFile
    from ..values import Policy, Requirements
    from ..values.report import Report

_MOST_NAMED = 3


def compared(
    requirements: Requirements,
    situation: Situation,
    source: EnvironmentSource,
    policy: Policy,
    facts: Facts | None,
    *,
    thoroughly: bool,
    ask_git: bool,
) -> tuple[Report, Case, tuple[CanonicalName, ...], Mapping[str, TrackedFile]]:
    """The report, its case, and what depends on an assumed Python version.

    And the files that git was asked about, if there are findings and it was. The parameters are
    those of `examine`, and the answers so far.
    """
    # A baseline accepts most of what is plain, and then there is nothing to ask git.
    ask_git = ask_git and not situation.nearest(BASELINE)
    is_plain = ask_git and is_plainly_drifted(requirements.requirements, source.read(), policy)
    tracked = _asked_files(requirements) if is_plain else {}
    is_clean = True
    try:
        found = _compared(requirements, situation, source, policy, facts, thoroughly=thoroughly)
        is_clean = not found[0].findings
    finally:
        if is_clean:  # or an error occurred
            for file in tracked.values():
                file.end()
    if is_clean:
        return *found, {}
    return *found, tracked or (_asked_files(requirements) if ask_git else {})


def _asked_files(requirements: Requirements) -> Mapping[str, TrackedFile]:
    """The files, with git at work: it takes as long as the comparison, and what follows it."""
    # Only of files with drift.
    from ..repository.changes import ask_states

    return ask_states([file.path for file in requirements.files], {})


def _compared(
    requirements: Requirements,
    situation: Situation,
    source: EnvironmentSource,
    policy: Policy,
    facts: Facts | None,
    *,
    thoroughly: bool,
) -> tuple[Report, Case, tuple[CanonicalName, ...]]:
    """The report, its case, and what depends on an assumed Python version."""
    environment, folder = source.read(), situation.top or situation.folder
    always = Questions(requires=thoroughly)
    facts = _ask(requirements, source, folder, policy, facts or Facts({}), always)
    project = Project(folder)
    if facts.requires is not None:
        unlisted = {found.name for found in perhaps_unlisted(requirements, environment)}
        is_of_parts = bool(environment.gaps and environment.gaps.sources)
        project = Project(folder, *situation.own_projects(unlisted, parts=is_of_parts))
    case, report = compare_case(requirements, environment, facts, policy, project)
    if environment.gaps:
        # Most environments are not records.
        from ..drift.undecided import decided

        return decided(requirements, case, report, environment.gaps, project), case, ()
    if hanging := hanging_on_version(report, requirements, facts, policy, project):
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
    facts: Facts,
    always: Questions,
) -> Facts:
    """The answers so far, and those to all that is asked always or for the comparison."""
    if any(always):
        facts = source.answer(always, facts)
    while any(asked := questions(requirements, source.read(), folder, facts, policy)):
        facts = source.answer(asked, facts)
    return facts
