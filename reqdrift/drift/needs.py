"""The fast path where it counts what packages need: lines have extras, or do not list all."""

from __future__ import annotations

from .. import drift
from ..standards import pep440
from ..values import TYPE_CHECKING, CanonicalName, Note
from ..values.findings import Facts, Questions, Unreadable
from .graph import (
    TOOLS,
    Graph,
    Node,
    Omissions,
    graph_of,
    is_met,
    is_unmet_wanted,
    is_unmet_wanted_everywhere,
    markers_that_decide,
    node_of,
)
from .lines import is_allowed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..values import Distribution, Environment, Policy, Requirement, Requirements

_PIP = Node(CanonicalName("pip"))
# A file that names so many times what it leaves out is hardly one of top-level packages.
_FEW = 3


def satisfied_needs(
    requirements: Requirements,
    environment: Environment,
    listed: frozenset[CanonicalName],
    others: Sequence[Distribution],
    policy: Policy,
    facts: Facts | None,
) -> tuple[tuple[Note, ...], Questions] | None:
    """Whether all that packages need is installed, and nothing else that must be listed.

    Args:
        requirements: all that was read, without an error; what is installed satisfies each line.
        environment: what is installed.
        listed: the projects that lines ask for.
        others: the installed projects that are not listed, and not exempt; none, if all must be.
        policy: what counts as drift.
        facts: what is known of the environment besides.

    Returns:
        Notes, and questions if it hangs on what packages need. None if something is wrong, or may
        be: the rules have to say what, so None is always a right answer.
    """
    facts = facts or Facts({})
    if environment.python.assumed:
        return None  # with another version, extras may lack something
    if any(isinstance(needs, Unreadable) for needs in facts.needs.values()):
        return None
    installed, python = environment.distributions, environment.python
    applying = [
        line
        for line in requirements.requirements
        if line.marker is None or pep440.marker_holds(line.marker, python)
    ]
    with_extras = [line for line in applying if line.extras]
    is_by_wish = policy.unlisted == "orphans" or "unmet" in dict(policy.severity)
    if others or is_by_wish:
        limits = [line for line in applying if line.name not in listed]
        if not _may_be_settled(environment, limits, listed, others, policy):
            return None
    if facts.requires is None and (others or is_unmet_wanted_everywhere(policy)):
        return (), Questions(requires=True)
    graph = graph_of(facts, python)
    extras = [Node(line.name, extra) for line in with_extras if line.name for extra in line.extras]
    if unread := graph.behind_extras(extras) & installed.keys() - facts.needs.keys():
        return (), Questions(requires_of=unread)
    if any(graph.lacking_for_extra(node, installed) for node in extras):
        return None
    if facts.requires is None:
        return (), Questions()
    omissions = Omissions()
    if others:
        asking = [line for line in applying if not line.constraint]
        found = _omitting(requirements, policy, asking, graph, listed, others)
        if found is None:
            return None
        omissions = found
    everywhere = is_unmet_wanted_everywhere(policy)
    held = [line for line in applying if everywhere or line.origin.file in omissions.files]
    if held and is_unmet_wanted(policy):
        markers = set(markers_that_decide(facts.requires, installed))
        if any(pep440.marker_hangs_on_patch(marker, python) for marker in markers):
            return None
        if not _all_met(held, graph, installed):
            return None
    return omissions.notes, Questions()


def _may_be_settled(
    environment: Environment,
    limits: Sequence[Requirement],
    listed: frozenset[CanonicalName],
    others: Sequence[Distribution],
    policy: Policy,
) -> bool:
    """Whether it is worth reading what all packages need: nothing else is to be weighed.

    `limits` are the lines on what is not listed.
    """
    distributions = environment.distributions
    if any(one.direct for one in distributions.values()):
        return False
    if any(other.name in TOOLS for other in others):
        return False
    # Constraints on what is unlisted, exempt or not, count if lines need it.
    for line in limits:
        found = distributions.get(line.name) if line.name else None
        if found and not is_allowed(line, found):
            return False
    # What a freeze does not list is drift.
    return policy.unlisted == "orphans" or not 0 < len(others) * _FEW < len(listed)


def _omitting(
    requirements: Requirements,
    policy: Policy,
    asking: Sequence[Requirement],
    graph: Graph,
    listed: frozenset[CanonicalName],
    others: Sequence[Distribution],
) -> Omissions | None:
    """What need not be listed, if nothing else is unlisted."""
    unlisted = {found.name for found in others}
    # What only pip needs is a tool.
    if unlisted & graph.dependencies([_PIP]) or unlisted - graph.dependencies(_nodes(asking)):
        return None
    omissions = drift.graph.omissions_of(requirements, policy, asking, graph, listed, unlisted)
    return omissions if unlisted <= omissions.projects else None


def _all_met(
    lines: Iterable[Requirement],
    graph: Graph,
    distributions: Mapping[CanonicalName, Distribution],
) -> bool:
    """Whether all that is needed of what lines ask for is installed, directly and indirectly."""
    nodes = _nodes(line for line in lines if not line.constraint)
    edges = {edge for node in graph.followed(nodes) for edge in graph.needs(node)}
    return all(is_met(edge, distributions.get(edge.name)) for edge in edges)


def _nodes(lines: Iterable[Requirement]) -> list[Node]:
    """What lines ask for: projects by themselves, and with extras."""
    return [node_of((line.name, extra)) for line in lines for extra in ("", *line.extras)]
