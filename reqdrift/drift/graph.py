"""The dependency graph: the Requires-Dist of an environment. Pure."""

from __future__ import annotations

from ..standards import canonical_name
from ..values import TYPE_CHECKING, CanonicalName, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping


class Edge(NamedTuple):
    """One Requires-Dist: `name` is needed, with `extras`, where `marker` ('' is always) holds."""

    name: CanonicalName
    extras: tuple[str, ...]
    marker: str
    text: str


class Node(NamedTuple):
    """A project, together with one of its extras, or by itself (`extra` '')."""

    name: CanonicalName
    extra: str = ""


class Graph:
    """The dependencies in an environment.

    Args:
        requires: each installed project's Requires-Dist texts.
        holds: whether a marker holds, given an extra.
    """

    def __init__(
        self,
        requires: Mapping[CanonicalName, Iterable[str]],
        holds: Callable[[str, str], bool],
    ) -> None:
        self._edges = {name: tuple(map(parse_edge, texts)) for name, texts in requires.items()}
        self._holds = holds
        self._held: dict[tuple[str, str], bool] = {}

    def edges(self, name: CanonicalName) -> tuple[Edge, ...]:
        """All that a project's metadata asks for, under whatever marker."""
        return self._edges.get(name, ())

    def needs(self, node: Node) -> list[Edge]:
        """What one project needs, by itself or for one of its extras."""
        edges = self._edges.get(node.name, ())
        return [e for e in edges if not e.marker or self._applies(e.marker, node.extra)]

    def _applies(self, marker: str, extra: str) -> bool:
        """Whether a marker holds; an environment has thousands, but few different ones."""
        key = (marker, extra)
        if key not in self._held:
            self._held[key] = self._holds(marker, extra)
        return self._held[key]

    def reach(
        self, start: Iterable[Node], seen: set[Node] | None = None
    ) -> dict[CanonicalName, set[CanonicalName]]:
        """All direct and indirect dependencies of `start`, with those that need each directly.

        What is in `seen` is not followed again; what is followed is added to it.
        """
        needed_by: dict[CanonicalName, set[CanonicalName]] = {}
        seen = set() if seen is None else seen
        queue = list(set(start))
        seen.update(queue)
        while queue:
            node = queue.pop()
            for edge in self.needs(node):
                if edge.name != node.name:
                    needed_by.setdefault(edge.name, set()).add(node.name)
                for extra in ("", *edge.extras):
                    if (found := Node(edge.name, extra)) not in seen:
                        seen.add(found)
                        queue.append(found)
        return needed_by

    def roots(self, names: Iterable[CanonicalName]) -> list[CanonicalName]:
        """Those of `names` that lead to all the others; of a cycle the first by name."""
        first = self._not_reached(sorted(names))
        # A later one may lead to an earlier one, but not the other way round.
        return sorted(self._not_reached(reversed(first)))

    def _not_reached(self, names: Iterable[CanonicalName]) -> list[CanonicalName]:
        """The names to which none of those before them leads."""
        seen: set[Node] = set()
        found = []
        for name in names:
            if Node(name) not in seen:
                found.append(name)
                self.reach([Node(name)], seen)
        return found

    def depending_on(self, start: Iterable[Node], ends: Collection[CanonicalName]) -> set[Node]:
        """Those of `start` and its dependencies that need one of `ends`, even indirectly."""
        above: dict[Node, list[Node]] = {}
        seen = set(start)
        queue = list(seen)
        while queue:
            node = queue.pop()
            for edge in self.needs(node):
                for extra in ("", *edge.extras):
                    found = Node(edge.name, extra)
                    above.setdefault(found, []).append(node)
                    if found not in seen:
                        seen.add(found)
                        queue.append(found)
        depending: set[Node] = set()
        queue = [node for node in above if node.name in ends]
        while queue:
            parents = set(above.get(queue.pop(), ())) - depending
            depending |= parents
            queue += parents
        return depending

    def lacking_for_extra(self, node: Node, installed: Collection[CanonicalName]) -> list[Edge]:
        """What only an extra asks for and is not installed, including extras of extras."""
        lacking: dict[CanonicalName, Edge] = {}
        seen = {node}
        queue = [node]
        while queue:
            current = queue.pop()
            always = self.needs(Node(current.name))
            for edge in self.needs(current):
                if edge in always:
                    continue
                if edge.name not in installed:
                    lacking.setdefault(edge.name, edge)
                for extra in edge.extras:
                    if (found := Node(edge.name, extra)) not in seen:
                        seen.add(found)
                        queue.append(found)
        return sorted(lacking.values())


def parse_edge(text: str) -> Edge:
    """Split a Requires-Dist into its parts; in metadata, splitting text is enough."""
    body, _, marker = text.partition(";")
    name = body
    for mark in " [(<>=!~@":
        name = name.partition(mark)[0]
    _, bracket, rest = body.partition("[")
    extras = rest.partition("]")[0].split(",") if bracket else []
    return Edge(
        canonical_name(name.strip()),
        tuple(canonical_name(extra.strip()) for extra in extras if extra.strip()),
        marker.strip(),
        text,
    )


def shortest_chain(
    name: CanonicalName,
    needed_by: Mapping[CanonicalName, Collection[CanonicalName]],
    ends: Collection[CanonicalName],
) -> tuple[CanonicalName, ...]:
    """The shortest way up from `name` to one of `ends`, or else to a project that nothing needs.

    The result leaves `name` itself out; it is empty when nothing needs it.
    """
    chains: list[tuple[CanonicalName, ...]] = [()]
    seen = {name}
    fallback: tuple[CanonicalName, ...] = ()
    for chain in chains:
        above = chain[-1] if chain else name
        if chain and above in ends:
            return chain
        parents = sorted(needed_by.get(above, ()))
        if chain and not fallback and not parents:
            fallback = chain
        for parent in parents:
            if parent not in seen:
                seen.add(parent)
                chains.append((*chain, parent))
    return fallback or (chains[1] if len(chains) > 1 else ())
