"""The fast path for extras: is what they need installed?"""

from __future__ import annotations

from ..values import TYPE_CHECKING
from ..values.facts import Facts, Questions, Unreadable
from .graph import Node, graph_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..values.environment import Environment
    from ..values.requirements import Requirement


def extras_are_there(
    lines: Iterable[Requirement], environment: Environment, known: Facts | None
) -> bool | Questions:
    """Whether everything is installed that the extras of these lines need.

    Returns:
        False also if metadata cannot be read; questions if more must be known.
    """
    facts, installed = known or Facts({}), environment.distributions
    if any(isinstance(needs, Unreadable) for needs in facts.needs.values()):
        return False
    graph = graph_of(facts, environment.python)
    nodes = [Node(line.name, extra) for line in lines if line.name for extra in line.extras]
    if unread := graph.behind_extras(nodes) & installed.keys() - facts.needs.keys():
        return Questions(requires_of=unread)
    return not any(graph.lacking_for_extra(node, installed) for node in nodes)
