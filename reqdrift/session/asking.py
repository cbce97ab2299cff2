"""Questions of the fast path: it needs to know what packages need before it can settle them."""

from __future__ import annotations

from ..drift import settle, unlisted_projects
from ..drift.lines import surely_listed
from ..values import TYPE_CHECKING
from ..values.findings import Facts, Questions

if TYPE_CHECKING:
    from ..environments import EnvironmentSource
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
        if situation.own_projects(unlisted)[0]:
            return None, facts
    return settled, facts
