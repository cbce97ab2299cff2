"""The dependency graph: the Requires-Dist of an environment. Pure."""

from __future__ import annotations

import itertools

from .._record import unchecked
from ..errors import InvalidLineError
from ..requirements.compiled import generating_command
from ..standards import canonical_name, pep440
from ..values import (
    TYPE_CHECKING,
    CanonicalName,
    Location,
    NamedTuple,
    Note,
    Python,
    Requirement,
    Requirements,
)
from ..values.findings import Facts, Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set

    from ..values import Distribution, Policy


# Tools that are installed into environments to inspect them.
TOOLS = frozenset(map(CanonicalName, ("uv", "pip-tools", "reqdrift")))

_IN_NAMES = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."
_AFTER_NAMES = " >[(<=!~@"


class Edge(NamedTuple):
    """One Requires-Dist: `name` is needed, with `extras`, where `marker` ('' is always) holds.

    `specifier` limits its versions; it is '' for a URL.
    """

    name: CanonicalName
    extras: tuple[str, ...]
    marker: str
    text: str
    specifier: str


class Node(NamedTuple):
    """A project, together with one of its extras, or by itself (`extra` '')."""

    name: CanonicalName
    extra: str = ""


class Omissions(NamedTuple):
    """What need not be listed: the `projects` that the requirements of `files` need."""

    files: frozenset[str] = frozenset()
    projects: frozenset[CanonicalName] = frozenset()
    notes: tuple[Note, ...] = ()


_edge = unchecked(Edge)
# There are thousands.
node_of = unchecked(Node)
_NOTHING: tuple[frozenset[CanonicalName], frozenset[Node]] = frozenset(), frozenset()


def graph_of(facts: Facts, python: Python) -> Graph:
    """The dependency graph, as far as the metadata could be read."""

    def holds(marker: str, extra: str) -> bool:
        try:
            return pep440.marker_holds(marker, python, extra)
        except InvalidLineError:
            return True  # in doubt, it is needed

    needs = facts.needs.items()
    return Graph({n: texts for n, texts in needs if not isinstance(texts, Unreadable)}, holds)


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
        self._requires = requires
        self._holds = holds
        # An environment has thousands of each, but few different ones.
        self._parsed: dict[str, Edge] = {}
        self._held: dict[str, dict[str, bool]] = {}
        self._needs: dict[Node, Sequence[Edge]] = {}
        self._below: dict[Node, tuple[Set[CanonicalName], Set[Node]]] = {}
        self._last: tuple[frozenset[Node], Sequence[Node]] = frozenset(), ()

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
                held[marker] = not stripped or self._holds(stripped, extra)
            if held[marker]:
                edges.append(self._edge_of(text))
        return edges

    def _edge_of(self, text: str) -> Edge:
        edge = self._parsed.get(text)
        if edge is None:
            edge = self._parsed[text] = parse_edge(text)
        return edge

    def needed_names(self, node: Node) -> Set[CanonicalName]:
        """The other projects that one needs, by itself or for one of its extras."""
        return self._below_of(node)[0]

    def _below_of(self, node: Node) -> tuple[Set[CanonicalName], Set[Node]]:
        """The other projects that a node needs; all nodes that it leads to."""
        below = self._below.get(node)
        if below is None:
            if edges := self.needs(node):
                names = {edge.name for edge in edges} - {node.name}
                nodes = {node_of((e.name, extra)) for e in edges for extra in ("", *e.extras)}
                below = names, nodes
            else:
                below = _NOTHING
            self._below[node] = below
        return below

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
            new = self._below_of(node)[1] - seen
            seen |= new
            queue += new
        return queue

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
        nodes, ends = self.followed(start), frozenset(ends)
        depending = {node for node in nodes if not self.needed_names(node).isdisjoint(ends)}
        above: dict[Node, list[Node]] = {}
        for node in nodes:
            if node not in depending:
                for found in self._below_of(node)[1]:
                    above.setdefault(found, []).append(node)
        queue = list(depending) if above else []
        for node in queue:
            parents = [parent for parent in above.pop(node, ()) if parent not in depending]
            depending.update(parents)
            queue += parents
        return depending

    def behind_extras(self, nodes: Iterable[Node]) -> frozenset[CanonicalName]:
        """The projects whose needs must be known to say what these extras lack."""
        return frozenset(found.name for node in nodes for found in self._extras_behind(node))

    def _extras_behind(self, node: Node) -> list[Node]:
        """The extra itself, and the extras of others that it asks for."""
        queue = [node]
        seen = {node}
        for current in queue:
            always = self.needs(Node(current.name))
            for edge in self.needs(current):
                for extra in edge.extras if edge not in always else ():
                    if (found := Node(edge.name, extra)) not in seen:
                        seen.add(found)
                        queue.append(found)
        return queue

    def lacking_for_extra(self, node: Node, installed: Collection[CanonicalName]) -> list[Edge]:
        """What only an extra asks for and is not installed, including extras of extras."""
        lacking: dict[CanonicalName, Edge] = {}
        for current in self._extras_behind(node):
            always = self.needs(Node(current.name))
            for edge in self.needs(current):
                if edge not in always and edge.name not in installed:
                    lacking.setdefault(edge.name, edge)
        return sorted(lacking.values())


def is_unmet_wanted(policy: Policy) -> bool:
    """Whether files that need not list dependencies are held against what their packages need."""
    level = dict(policy.severity).get("unmet")
    return level != "off" and (level is not None or policy.unlisted != "all")


def is_unmet_wanted_everywhere(policy: Policy) -> bool:
    """Whether all files are."""
    is_named = "unmet" in dict(policy.severity)
    return is_unmet_wanted(policy) and (is_named or policy.unlisted == "orphans")


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
    if "[" in rest:
        inside = rest.partition("[")[2].partition("]")[0].split(",")
        extras = tuple([canonical_name(extra.strip()) for extra in inside if extra.strip()])
        rest = rest.partition("]")[2]
    specifier = "" if "@" in body else rest.strip(" ()")
    return _edge((canonical_name(name.strip()), extras, marker.strip(), text, specifier))


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


def markers_that_decide(
    requires: Mapping[CanonicalName, Sequence[str] | Unreadable],
    installed: Mapping[CanonicalName, Distribution],
) -> Iterator[str]:
    """The markers of all that an environment does not satisfy."""
    for texts in requires.values():
        for text in () if isinstance(texts, Unreadable) else texts:
            # Most do not depend on the patch version.
            if "full_version" in text or "implementation_version" in text:
                edge = parse_edge(text)
                if not is_met(edge, installed.get(edge.name)):
                    yield edge.marker


def is_met(edge: Edge, there: Distribution | None) -> bool:
    """Whether an installed distribution satisfies a requirement in metadata."""
    if there is None:
        return False
    return not edge.specifier or pep440.satisfies(there.version, edge.specifier)


def body_of(text: str) -> str:
    """A requirement without its marker."""
    return text.partition(";")[0].strip()


class Coverage(NamedTuple):
    """How many dependencies of its packages a file lists.

    Of so many `packages` that need something installed, `complete` need nothing unlisted, directly
    or indirectly. Of so many `direct` dependencies of theirs, each counted once, `listed` are
    listed.
    """

    packages: int
    complete: int
    direct: int
    listed: int

    @property
    def lists_most(self) -> bool:
        """Whether at least half of the direct dependencies are listed."""
        return self.listed * 2 >= self.direct

    @property
    def is_freeze(self) -> bool:
        """Whether only freezes list as much (docs/architecture.md has the measurements)."""
        return self.complete * 3 >= self.packages or self.lists_most


def coverage_of(
    asked: Mapping[CanonicalName, Collection[Node]],
    graph: Graph,
    listed: Set[CanonicalName],
    unlisted: Set[CanonicalName],
    incomplete: Set[Node],
) -> Coverage:
    """How many of their dependencies are listed.

    Args:
        asked: the file's packages, each with the extras that are asked of it.
        graph: the dependency graph.
        listed: the installed projects that any file lists.
        unlisted: those that no file lists, and that may be extra.
        incomplete: what needs one of the unlisted, directly or indirectly.
    """
    direct: set[CanonicalName] = set()
    packages = complete = 0
    installed = listed | unlisted
    nothing: frozenset[CanonicalName] = frozenset()
    for nodes in asked.values():
        needed = nothing.union(*map(graph.needed_names, nodes))
        # What is not installed is in no freeze; setuptools, say, may be left out.
        if needed := needed & installed:
            packages += 1
            complete += incomplete.isdisjoint(nodes)
            direct |= needed
    return Coverage(packages, complete, len(direct), len(direct & listed))


def requested_nodes(lines: Iterable[Requirement]) -> dict[CanonicalName, set[Node]]:
    """The projects that lines ask for, by themselves and with their extras."""
    nodes: dict[CanonicalName, set[Node]] = {}
    for line in lines:
        if line.name and not line.constraint:
            found = {node_of((line.name, extra)) for extra in ("", *line.extras)}
            nodes.setdefault(line.name, set()).update(found)
    return nodes


def dependencies_of(
    lines: Iterable[Requirement], graph: Graph, others: Iterable[Requirement] = ()
) -> set[CanonicalName]:
    """Every project that lines need, directly or indirectly, except what `others` need too."""
    return graph.dependencies(_nodes(lines), set(_nodes(others)))


def _nodes(lines: Iterable[Requirement]) -> Iterator[Node]:
    return itertools.chain.from_iterable(requested_nodes(lines).values())


class _JudgedFile(NamedTuple):
    """A file, the `files` that are judged together with it, and the verdict.

    `is_marked` is whether a compiler's header, or hashes in every line, mark it as a freeze.
    """

    file: str
    files: frozenset[str]
    coverage: Coverage
    is_marked: bool

    @property
    def is_freeze(self) -> bool:
        return self.is_marked or self.coverage.is_freeze

    @property
    def is_doubtful(self) -> bool:
        """Whether it is a freeze by one measure only, which a few top-level files also meet."""
        return self.is_freeze and not self.is_marked and not self.coverage.lists_most


def omissions_of(
    requirements: Requirements,
    policy: Policy,
    lines: Sequence[Requirement],
    graph: Graph,
    listed: Set[CanonicalName],
    unlisted: Set[CanonicalName],
) -> Omissions:
    """What need not be listed, by the policy or by the form of the files.

    The parameters are those of `permitted_omissions`, and what the user counts as drift.
    """
    if policy.unlisted == "orphans":
        files = frozenset(line.origin.file for line in lines)
        return Omissions(files, frozenset(dependencies_of(lines, graph)))
    return permitted_omissions(requirements, lines, graph, listed, unlisted)


def permitted_omissions(
    requirements: Requirements,
    lines: Sequence[Requirement],
    graph: Graph,
    listed: Set[CanonicalName],
    unlisted: Set[CanonicalName],
) -> Omissions:
    """What need not be listed, by how much each file lists.

    A file is judged with what it includes, except freezes: a development file that includes a
    freeze is not one. What a freeze's lines need must be listed, even if something else needs it
    too, up to what a top-level file lists: the dependencies of that belong to its own file.

    Args:
        requirements: all that was read, without an error.
        lines: the requirements that apply here.
        graph: the dependency graph.
        listed: the installed projects that lines ask for.
        unlisted: those that no line asks for, and that may be extra.
    """
    units = _judged_files(requirements, lines, graph, listed, unlisted)
    frozen = {file for unit in units if unit.is_freeze for file in unit.files}
    files = {file for unit in units for file in unit.files} - frozen
    free = [line for line in lines if line.origin.file in files]
    bound = [line for line in lines if line.origin.file not in files]
    needed_by_free = dependencies_of(free, graph)
    needed = needed_by_free - dependencies_of(bound, graph, free)
    notes = []
    for unit in (unit for unit in units if unit.is_doubtful or not unit.is_freeze):
        own = needed_by_free & unlisted
        if unit.files != files:
            of_unit = [line for line in lines if line.origin.file in unit.files]
            own = dependencies_of(of_unit, graph) & unlisted
        if number := len(own - needed if unit.is_freeze else own & needed):
            wording = _reported if unit.is_freeze else _not_reported
            notes.append(Note("unlisted", None, Location(unit.file), wording(number, unit)))
    return Omissions(frozenset(files), frozenset(needed), tuple(notes))


def _judged_files(
    requirements: Requirements,
    lines: Sequence[Requirement],
    graph: Graph,
    listed: Set[CanonicalName],
    unlisted: Set[CanonicalName],
) -> list[_JudgedFile]:
    """Every named file, and every included one that is a freeze by itself."""
    below: dict[str, list[str]] = {}
    for above, file in requirements.includes:
        below.setdefault(above, []).append(file)
    compiled = {
        file.path for file in requirements.files if file.is_lock or generating_command(file.text)
    }
    incomplete = graph.depending_on(_nodes(lines), unlisted)
    units: dict[str, _JudgedFile] = {}

    def judged(file: str, files: frozenset[str]) -> _JudgedFile:
        own = [line for line in lines if line.origin.file in files]
        coverage = coverage_of(requested_nodes(own), graph, listed, unlisted, incomplete)
        hashed = bool(own) and all(line.hashes for line in own)
        return _JudgedFile(file, files, coverage, hashed or file in compiled)

    for file in (*dict.fromkeys(line.origin.file for line in lines), *below):
        _judge(file, below, units, judged)
    included = {file for files in below.values() for file in files}
    return [unit for unit in units.values() if unit.is_freeze or unit.file not in included]


def _judge(
    file: str,
    below: Mapping[str, Sequence[str]],
    units: dict[str, _JudgedFile],
    judged: Callable[[str, frozenset[str]], _JudgedFile],
) -> _JudgedFile:
    """The file with those of its included files that are no freezes by themselves.

    A function inside of `_judged_files` would refer to itself: a cycle, which would keep the graph.
    """
    if file not in units:
        inner = [_judge(name, below, units, judged) for name in below.get(file, ())]
        parts = [unit.files for unit in inner if not unit.is_freeze]
        units[file] = judged(file, frozenset({file}).union(*parts))
    return units[file]


def _not_reported(number: int, unit: _JudgedFile) -> str:
    are, them = _words(number)
    return (
        f"{are} not reported: listed packages need {them}, and this file is not a freeze"
        f" ({_numbers(unit.coverage)}); to report {them}: --unlisted all"
    )


def _reported(number: int, unit: _JudgedFile) -> str:
    are, them = _words(number)
    return (
        f"{are} reported although listed packages need {them}: this file looks like a freeze"
        f" ({_numbers(unit.coverage)}); if it names top-level packages only: --unlisted orphans"
    )


def _words(number: int) -> tuple[str, str]:
    if number == 1:
        return "1 unlisted package is", "it"
    return f"{number} unlisted packages are", "them"


def _numbers(coverage: Coverage) -> str:
    return (
        f"complete with dependencies: {coverage.complete} of {coverage.packages} packages;"
        f" direct dependencies listed: {coverage.listed} of {coverage.direct}"
    )
