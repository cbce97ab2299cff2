"""The comparison if the fast path does not decide everything: ask questions, compare, repeat."""

from __future__ import annotations

from ..drift.compare import compare_case, hanging_on_version, perhaps_unlisted, questions
from ..drift.lines import is_pinned, sure_verdicts
from ..values import TYPE_CHECKING, CanonicalName, Note, Python
from ..values.facts import Facts, Project, Questions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..drift.case import Case
    from ..environments.base import EnvironmentSource
    from ..environments.candidates import Situation
    from ..values import Environment, Policy, Requirement, Requirements
    from ..values.report import Report

_MOST_NAMED = 3


def is_plainly_drifted(
    lines: Iterable[Requirement], environment: Environment, policy: Policy
) -> bool:
    """Whether there will be a finding, as far as a glance at the lines shows.

    The rules decide. They may find drift where this is false; the reverse is rare.
    """
    if policy.ignore:
        return False
    may_be_loose = dict(policy.severity).get("unpinned") == "off"
    for line in lines:
        if line.name and not (line.constraint or line.source or line.ignore):
            found = environment.distributions.get(line.name)
            is_satisfied = found and line.pin in (None, found.version)
            if not is_satisfied and sure_verdicts([line], environment.python)[line.marker]:
                return True
            if not (line.pin or may_be_loose or is_pinned(line)):
                return True
    return False


def compared(
    requirements: Requirements,
    situation: Situation,
    source: EnvironmentSource,
    policy: Policy,
    facts: Facts | None,
    *,
    thoroughly: bool = False,
) -> tuple[Report, Case, tuple[CanonicalName, ...]]:
    """The report, its case, and what depends on an assumed Python version.

    The parameters are those of `examine`, and the answers so far.
    """
    environment, folder = source.read(), situation.top or situation.folder
    always = Questions(requires=thoroughly)
    facts = _ask(requirements, source, folder, policy, facts or Facts({}), always)
    project = Project(folder)
    if facts.requires is not None:
        # The project's name decides nothing but what an unlisted distribution is.
        from ..repository.projects import project_among, projects_in

        unlisted = {found.name for found in perhaps_unlisted(requirements, environment)}
        gaps = environment.gaps
        parts = projects_in(folder, unlisted) if gaps and gaps.sources else frozenset()
        project = Project(folder, project_among(situation.folder, unlisted), parts)
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
