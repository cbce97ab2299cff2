"""The dependency graph: the Requires-Dist of an environment. Pure."""

from __future__ import annotations

from .. import standards
from .._record import unchecked
from ..errors import InvalidLineError
from ..standards import canonical_name
from ..values import TYPE_CHECKING, NamedTuple, Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from ..values import CanonicalName, Distribution, Facts, Python, Requirement

    Requires = Mapping[CanonicalName, Iterable[str] | Unreadable]
    # Projects, each with those that need it directly.
    NeededBy = Mapping[CanonicalName, set[CanonicalName]]

_IN_NAMES = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."
_AFTER_NAMES = " >[(<=!~@"


class Edge(NamedTuple):
    """One Requires-Dist: `name` is needed, with `extras`, where `marker` ('' is always) holds.

    `specifier` limits its versions; it is '' for a URL, as `url` is for all else.
    """

    name: CanonicalName
    extras: tuple[str, ...]
    marker: str
    text: str
    specifier: str
    url: str


class Node(NamedTuple):
    """A project, together with one of its extras, or by itself (`extra` '')."""

    name: CanonicalName
    extra: str = ""


_edge = unchecked(Edge)
# There are thousands.
node_of = unchecked(Node)


def graph_of(facts: Facts, python: Python) -> Graph:
    """The dependency graph, as far as the metadata could be read."""

    def holds(marker: str, extra: str) -> bool:
        try:
            return standards.pep440.marker_holds(marker, python, extra)
        except InvalidLineError:
            return True  # in doubt, it is needed

    return Graph(facts.requires or {}, holds)


class Graph:
    """The dependencies in an environment.

    Args:
        requires: each installed project's Requires-Dist texts, as far as they could be read.
        holds: whether a marker holds, given an extra.
    """

    def __init__(self, requires: Requires, holds: Callable[[str, str], bool]) -> None:
        read = {name: x for name, x in requires.items() if not isinstance(x, Unreadable)}
        self._requires = read
        # The projects whose dependencies could not be read.
        self.unreadable = sorted(requires.keys() - read.keys())
        # All that were evaluated.
        self.markers: set[str] = set()
        # Whether what was evaluated has a URL.
        self.has_urls = False
        self.holds = holds
        # An environment has thousands of each, but few different ones.
        self._parsed: dict[str, Edge] = {}
        self._held: dict[str, dict[str, bool]] = {}
        self._needs: dict[Node, Sequence[Edge]] = {}
        self._last: tuple[frozenset[Node], Sequence[Node]] = frozenset(), ()

    def without(self, variables: Sequence[str]) -> Graph:
        """The graph of what is needed whatever some variables of markers are."""

        def holds(marker: str, extra: str) -> bool:
            return not any(map(marker.count, variables)) and self.holds(marker, extra)

        return Graph(self._requires, holds)

    def edges(self, name: CanonicalName) -> tuple[Edge, ...]:
        """All that a project's metadata asks for, under whatever marker."""
        return tuple(map(self._edge_of, self._requires.get(name, ())))

    def needs(self, node: Node) -> Sequence[Edge]:
        """What one project needs, by itself or for one of its extras."""
        found = self._needs.get(node)
        if found is not None:
            return found
        name, extra = node
        held = self._held.setdefault(extra, {})
        edges = self._needs[node] = []
        for text in self._requires.get(name, ()):
            marker = text.partition(";")[2]
            if marker not in held:
                stripped = marker.strip()
                self.markers.add(stripped)
                held[marker] = not stripped or self.holds(stripped, extra)
            if held[marker]:
                edges.append(self._edge_of(text))
        return edges

    def _edge_of(self, text: str) -> Edge:
        edge = self._parsed.get(text)
        if edge is None:
            edge = self._parsed[text] = parse_edge(text)
            self.has_urls |= bool(edge.url)
        return edge

    def needed_names(self, node: Node) -> set[CanonicalName]:
        """The other projects that one needs, by itself or for one of its extras."""
        return {edge.name for edge in self.needs(node)} - {node.name}

    def reach(
        self, start: Iterable[Node], seen: set[Node] | None = None
    ) -> dict[CanonicalName, set[CanonicalName]]:
        """All direct and indirect dependencies of `start`, with those that need each directly.

        What is in `seen` is not followed again; what is followed is added to it.
        """
        needed_by: dict[CanonicalName, set[CanonicalName]] = {}
        for node in self.followed(start, seen):
            for name in self.needed_names(node):
                needed_by.setdefault(name, set()).add(node.name)
        return needed_by

    def dependencies(
        self, start: Iterable[Node], seen: set[Node] | None = None
    ) -> set[CanonicalName]:
        """The same without what needs each."""
        found: set[CanonicalName] = set()
        return found.union(*map(self.needed_names, self.followed(start, seen)))

    def followed(self, start: Iterable[Node], seen: set[Node] | None = None) -> Sequence[Node]:
        """`start` and all that it leads to, except what is only behind what was `seen` before."""
        first = frozenset(start)
        if seen is not None:
            return self._follow(first, seen)
        # Several questions in turn are about what all lines lead to.
        if self._last[0] != first:
            self._last = first, self._follow(first, set())
        return self._last[1]

    def _follow(self, start: Iterable[Node], seen: set[Node]) -> list[Node]:
        queue = list(start)
        seen.update(queue)
        for node in queue:
            for edge in self.needs(node):
                for extra in ("", *edge.extras):
                    # A node is equal to the plain tuple, which takes less time to create.
                    if (edge.name, extra) not in seen:
                        below = node_of((edge.name, extra))
                        seen.add(below)
                        queue.append(below)
        return queue

    def is_whole(
        self, start: Iterable[Node], installed: Mapping[CanonicalName, Distribution]
    ) -> bool:
        """Whether all that `start` leads to is installed, as each that needs it allows."""
        # Many projects ask for the same.
        edges: set[Edge] = set()
        edges.update(*map(self.needs, self.followed(start)))
        return all(is_met(edge, installed.get(edge.name)) for edge in edges)

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

    def lacking_for_extra(self, node: Node, installed: Collection[CanonicalName]) -> list[Edge]:
        """What only an extra asks for and is not installed, including extras of extras."""
        lacking: dict[CanonicalName, Edge] = {}
        queue, seen = [node], {node}
        for current in queue:
            always = self.needs(Node(current.name))
            for edge in (edge for edge in self.needs(current) if edge not in always):
                if edge.name not in installed:
                    lacking.setdefault(edge.name, edge)
                behind = [Node(edge.name, x) for x in edge.extras if (edge.name, x) not in seen]
                seen.update(behind)
                queue += behind
        return sorted(lacking.values())


def parse_edge(text: str) -> Edge:
    """Split a Requires-Dist into its parts; in metadata, splitting text is enough."""
    body, _, marker = text.partition(";")
    body = body.strip()
    rest = body.lstrip(_IN_NAMES)
    name = body[: len(body) - len(rest)]
    if rest[:1] not in _AFTER_NAMES:
        name = body
        for mark in _AFTER_NAMES:
            name = name.partition(mark)[0]
    extras: tuple[CanonicalName, ...] = ()
    rest, at, url = rest.partition("@")
    if "[" in rest:
        inside = rest.partition("[")[2].partition("]")[0].split(",")
        extras = tuple([canonical_name(extra.strip()) for extra in inside if extra.strip()])
        rest = rest.partition("]")[2]
    specifier = "" if at else rest.strip(" ()")
    parts = (canonical_name(name.strip()), extras, marker.strip(), text, specifier, url.strip())
    return _edge(parts)


def shortest_chain(
    name: CanonicalName, needed_by: NeededBy, ends: Collection[CanonicalName]
) -> tuple[CanonicalName, ...]:
    """The shortest way up from `name` to one of `ends`, or else to a project that nothing needs.

    The result leaves `name` itself out; it is empty when nothing needs it.
    """
    below = {name: name}
    queue, tops = [name], []
    for above in queue:
        if above != name and above in ends:
            tops = [above]
            break
        parents = sorted(needed_by.get(above, ()))
        if not parents:
            tops.append(above)
        for parent in parents:
            if parent not in below:
                below[parent] = above
                queue.append(parent)
    # Without a top, they need each other.
    chain = [tops[0] if tops else queue[:2][-1]]
    while chain[-1] != name:
        chain.append(below[chain[-1]])
    return tuple(chain[-2::-1])


def is_met(edge: Edge, there: Distribution | None) -> bool:
    """Whether an installed distribution satisfies a requirement in metadata."""
    if there is None:
        return False
    return not edge.specifier or standards.pep440.satisfies(there.version, edge.specifier)


def body_of(text: str) -> str:
    """A requirement without its marker."""
    return text.partition(";")[0].strip()


def nodes_of(lines: Iterable[Requirement]) -> list[Node]:
    """What requirements ask for: projects by themselves, and with their extras."""
    return [
        node_of((line.name, extra))
        for line in lines
        if line.name and not line.constraint
        for extra in ("", *line.extras)
    ]
