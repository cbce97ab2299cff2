"""The fast path where packages are installed that no line lists: do the lines need them all?"""

from __future__ import annotations

from ..standards import pep440
from ..values import TYPE_CHECKING, CanonicalName, Note
from ..values.facts import Questions, Unreadable
from .freezes import omissions_of
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
)
from .lines import is_allowed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..values import Distribution, Environment, Policy, Requirement, Requirements
    from ..values.facts import Facts

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
) -> tuple[tuple[Note, ...], Questions | None] | None:
    """Whether what no line lists may be unlisted, and all is installed that packages need.

    Args:
        requirements: all that was read, without an error; what is installed satisfies each line.
        environment: what is installed.
        listed: the projects that lines ask for.
        others: the installed projects that are not listed, and not exempt.
        policy: what counts as drift.
        facts: what is known of the environment besides.

    Returns:
        Notes, and questions if it hangs on what packages need. None if something is wrong, or may
        be: the rules have to say what, so None is always a right answer.
    """
    if not others and not is_unmet_wanted_everywhere(policy):
        return (), None
    distributions, python = environment.distributions, environment.python
    if python.assumed or any(found.direct for found in distributions.values()):
        return None
    if others and (policy.unlisted == "all" or any(found.name in TOOLS for found in others)):
        return None
    if policy.unlisted == "auto" and 0 < len(others) * _FEW < len(listed):
        return None  # of a freeze; it would be read in vain
    if facts is None or facts.requires is None:
        return (), Questions(requires=True)
    if any(isinstance(needs, Unreadable) for needs in facts.requires.values()):
        return None
    unlisted = {found.name for found in others}
    applying = [
        line
        for line in requirements.requirements
        if line.marker is None or pep440.marker_holds(line.marker, python)
    ]
    asking = [line for line in applying if not line.constraint]
    graph = graph_of(facts, python)
    omissions = Omissions()
    if unlisted:
        omissions = omissions_of(requirements, policy, asking, graph, listed, unlisted)
        # What only pip needs is a tool.
        if not unlisted <= omissions.projects or unlisted & graph.dependencies([_PIP]):
            return None
        # A constraint counts for what a line needs, too.
        limits = [line for line in applying if line.name in unlisted]
        for found in others if limits else ():
            if not all(is_allowed(line, found) for line in limits if line.name == found.name):
                return None
    if is_unmet_wanted(policy):
        markers = set(markers_that_decide(facts.requires, distributions))
        if any(pep440.marker_hangs_on_patch(marker, python) for marker in markers):
            return None
        everywhere = is_unmet_wanted_everywhere(policy)
        held = [line for line in asking if everywhere or line.origin.file in omissions.files]
        if not _all_met(held, graph, distributions):
            return None
    return omissions.notes, None


def _all_met(
    lines: Iterable[Requirement],
    graph: Graph,
    distributions: Mapping[CanonicalName, Distribution],
) -> bool:
    """Whether all that these lines' packages need is installed, directly and indirectly."""
    nodes = [Node(line.name, extra) for line in lines if line.name for extra in ("", *line.extras)]
    edges = {edge for node in graph.followed(nodes) for edge in graph.needs(node)}
    return all(is_met(edge, distributions.get(edge.name)) for edge in edges)
