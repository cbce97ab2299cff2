"""`extra`: installed, and neither a line, nor what lines need, nor the project accounts for it.

What a listed package needs need not be listed, but in files that list everything: lock files,
compiled files, files with a hash on each line, all files with `--unlisted all`. In a file with pins
only that lists most of the dependencies, those that it leaves out are `unpinned`.
"""

from __future__ import annotations

from ..values import TYPE_CHECKING, CanonicalName, Distribution, Location, Note
from ..values.findings import Finding, some_names
from .case import Case
from .graph import Graph, Node, nodes_of, shortest_chain
from .lines import SEED_PACKAGES, TOOLS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def extra(case: Case) -> Iterator[Finding | Note]:
    """Unlisted projects that nothing accounts for, each with what needs it."""
    if not case.complete:
        return
    unlisted = [found for found in case.unlisted if found.name not in case.needed]
    local = {found.name for found in unlisted if case.is_local(found)}
    for name in sorted(local):
        version = case.environment.distributions[name].version
        yield Note("local", name, None, f"{name} {version} is this project itself")
    unlisted = [found for found in unlisted if found.name not in local]
    asked = nodes_of(case.asking)
    needed_by = case.graph.reach([*map(Node, case.environment.distributions), *asked])
    tools = _tools({found.name for found in unlisted}, case.graph, needed_by)
    extras = {found.name for found in unlisted} - tools
    wanted = case.graph.reach([*asked, *map(Node, local)])
    brought_by = _brought_by(extras - wanted.keys(), case.graph)
    for found in unlisted:
        if found.name in tools:
            message = f"{found.name} {found.version} is a tool, or only a tool needs it"
            yield Note("tool", found.name, None, message)
        else:
            finding = _finding(found, case, needed_by)
            yield finding._replace(brought_by=tuple(brought_by.get(found.name, ())))


def _brought_by(
    unwanted: set[CanonicalName], graph: Graph
) -> Mapping[CanonicalName, list[CanonicalName]]:
    """Unlisted projects with the roots that need them, directly or not; the roots have none.

    Nothing that is listed needs the `unwanted`, and neither does this project itself.
    """
    brought_by: dict[CanonicalName, list[CanonicalName]] = {}
    for root in graph.roots(unwanted):
        for name in (graph.reach([Node(root)]).keys() & unwanted) - {root}:
            brought_by.setdefault(name, []).append(root)
    return brought_by


def _finding(
    found: Distribution, case: Case, needed_by: Mapping[CanonicalName, set[CanonicalName]]
) -> Finding:
    installed = case.environment.distributions
    chain = shortest_chain(found.name, needed_by, case.applicable)
    why = "nothing needs it"
    if chain:
        nearest = installed[chain[0]]
        steps = [f"{nearest.name} {nearest.version}", *chain[1:]]
        why = ", ".join(f"needed by {step}" for step in steps)
    elif perhaps := [f"{d.name} {d.version}" for d in case.unknown if d.name != found.name]:
        why = f"may be needed by {some_names(perhaps, 0, verbose=False)}"
    if case.environment.gaps:
        why = ""
    message = f"{found.name} {found.version} is installed but not listed"
    return Finding(
        "extra",
        "error",
        found.name,
        Location(case.file),
        None,
        found.version,
        f"{message}; {why}" if why else message,
        tuple(sorted(needed_by.get(found.name, ()))),
        why=why,
    )


def _tools(
    unlisted: set[CanonicalName],
    graph: Graph,
    needed_by: Mapping[CanonicalName, set[CanonicalName]],
) -> set[CanonicalName]:
    """Unlisted tools, with those of their dependencies that nothing else needs."""
    roots = TOOLS | SEED_PACKAGES
    tools = (unlisted & graph.reach(map(Node, roots)).keys()) | roots
    while wanted := {n for n in tools - roots if not needed_by.get(n, set()) <= tools}:
        tools -= wanted
    return tools
