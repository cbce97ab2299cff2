"""`extra`: installed, and no requirement that applies here names it."""

from __future__ import annotations

from ..values import TYPE_CHECKING, CanonicalName, Distribution, Location, Note
from ..values.findings import Finding
from . import SEED_PACKAGES
from .case import Case
from .graph import TOOLS, Graph, Node, shortest_chain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def extra(case: Case) -> Iterator[Finding | Note]:
    """Unlisted projects that must be listed, each with what needs it."""
    if not case.unlisted:
        return
    if not case.complete:
        message = "unlisted packages are not reported while lines cannot be read"
        yield Note("unsure", None, None, message)
        return
    local = {found.name for found in case.unlisted if case.is_local(found)}
    for name in sorted(local):
        version = case.environment.distributions[name].version
        yield Note("local", name, None, f"{name} {version} is this project itself")
    # Often only the project itself is unlisted; then the graph is not needed.
    if len(local) < len(case.unlisted):
        yield from case.omissions.notes
        yield from _not_local(local, case)


def _not_local(local: set[CanonicalName], case: Case) -> Iterator[Finding | Note]:
    unlisted = [found for found in case.unlisted if found.name not in local]
    asked = [
        Node(name, asked_extra)
        for name, lines in case.applicable.items()
        for line in lines
        for asked_extra in ("", *line.extras)
    ]
    needed_by = case.graph.reach([*map(Node, case.environment.distributions), *asked])
    tools = _tools({found.name for found in unlisted}, case.graph, needed_by)
    extras = {f.name for f in unlisted if not case.may_be_unlisted(f.name)} - tools
    wanted = case.graph.reach([*asked, *map(Node, local)])
    brought_by = _brought_by(extras - wanted.keys(), case.graph)
    for found in unlisted:
        if found.name in tools:
            message = f"{found.name} {found.version} is a tool, or only a tool needs it"
            yield Note("tool", found.name, None, message)
        elif found.name in extras:
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
        why = f"may be needed by {_some(perhaps)}"
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


def _some(names: list[str]) -> str:
    """The first names, and how many more there are."""
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _tools(
    unlisted: set[CanonicalName],
    graph: Graph,
    needed_by: Mapping[CanonicalName, set[CanonicalName]],
) -> set[CanonicalName]:
    """Unlisted tools, with those of their dependencies that nothing else needs."""
    roots = {*(unlisted & TOOLS), CanonicalName("pip")}
    tools = (unlisted & graph.reach(map(Node, roots)).keys()) | roots
    # Being needed by setuptools or wheel does not count either.
    while wanted := {
        n for n in tools - roots if not needed_by.get(n, set()) <= tools | SEED_PACKAGES
    }:
        tools -= wanted
    return tools
