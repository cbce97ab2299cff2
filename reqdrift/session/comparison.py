"""The comparison if the fast path does not decide everything: ask questions, compare, repeat."""

from __future__ import annotations

from ..drift.compare import compare_case, hanging_on_version, perhaps_unlisted, questions
from ..values import TYPE_CHECKING, CanonicalName, Note, Python
from ..values.findings import Facts, Project, Questions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..drift.case import Case
    from ..environments import EnvironmentSource
    from ..environments.candidates import Situation
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
) -> tuple[Report, Case, tuple[CanonicalName, ...]]:
    """The report, its case, and what depends on an assumed Python version.

    The parameters are those of `examine`, and the answers so far.
    """
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
