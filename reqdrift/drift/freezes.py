"""Is a requirements file a freeze, or does it list top-level packages only?

The dependencies of a freeze's lines must be listed; those of a top-level file's lines need not be.
The user need not say which it is: it is determined by how many dependencies a file lists.
"""

from __future__ import annotations

from itertools import chain

from ..requirements.compiled import generating_command
from ..values import (
    TYPE_CHECKING,
    CanonicalName,
    Location,
    NamedTuple,
    Note,
    Requirement,
    Requirements,
)
from .graph import Graph, Node, Omissions, node_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set

    from ..values import Policy


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
    return chain.from_iterable(requested_nodes(lines).values())


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
