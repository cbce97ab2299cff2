"""Questions of the fast path: it needs to know what extras bring before it can settle them."""

from __future__ import annotations

from ..drift import settle
from ..values import TYPE_CHECKING
from ..values.facts import Facts, Questions

if TYPE_CHECKING:
    from ..environments.base import EnvironmentSource
    from ..values import Policy, Requirements
    from ..values.report import Report


def settle_with_answers(
    asked: Questions, requirements: Requirements, source: EnvironmentSource, policy: Policy
) -> tuple[Report | None, Facts]:
    """The report, None if the rules must be applied; and what was asked for it.

    The parameters are those of `examine`, and what is asked first.
    """
    facts = Facts({})
    while True:
        facts = source.answer(asked, facts)
        settled = settle(requirements, source.read(), policy, facts)
        if not isinstance(settled, Questions):
            return settled, facts
        asked = settled
