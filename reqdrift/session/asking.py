"""Questions of the fast path: it needs to know what packages need before it can settle them."""

from __future__ import annotations

from ..drift import settle, unlisted_projects
from ..drift.lines import surely_listed
from ..values import TYPE_CHECKING, CanonicalName
from ..values.facts import Facts, Questions

if TYPE_CHECKING:
    from collections.abc import Collection

    from ..environments.base import EnvironmentSource
    from ..environments.candidates import Situation
    from ..values import Policy, Requirements
    from ..values.report import Report


def settle_with_answers(
    asked: Questions,
    requirements: Requirements,
    situation: Situation,
    source: EnvironmentSource,
    policy: Policy,
) -> tuple[Report | None, Facts]:
    """The report, None if the rules must be applied; and what was asked for it.

    The parameters are those of `examine`, and what is asked first.
    """
    facts, environment = Facts({}), source.read()
    while True:
        facts = source.answer(asked, facts)
        settled = settle(requirements, environment, policy, facts)
        if not isinstance(settled, Questions):
            break
        asked = settled
    if settled and facts.requires is not None:
        # What is this project itself need not be listed, but for another reason.
        listed = surely_listed(requirements.requirements, environment.python)
        others, _ = unlisted_projects(environment, listed, requirements.unsafe)
        unlisted = {found.name for found in others}
        if own_projects(situation, unlisted)[0]:
            return None, facts
    return settled, facts


def own_projects(
    situation: Situation, unlisted: Collection[CanonicalName], *, parts: bool = False
) -> tuple[CanonicalName | None, frozenset[CanonicalName]]:
    """The project's name, if it is one of these; those of projects in its folders, if `parts`."""
    # The name decides nothing but what an unlisted distribution is.
    from ..repository.projects import project_among, projects_in

    top = situation.top or situation.folder
    inside = projects_in(top, unlisted) if parts else frozenset[CanonicalName]()
    return project_among(situation.folder, unlisted), inside
