"""`extra`: installed, and no requirement that applies here names it."""

from __future__ import annotations

import os

from ..excuses import TOOLS
from ..graph import Graph, Node, shortest_chain
from ..model import (
    TYPE_CHECKING,
    CanonicalName,
    Distribution,
    Finding,
    Location,
    Note,
)
from .case import Case

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def extra(case: Case) -> Iterator[Finding | Note]:
    """Unlisted projects that nothing excuses, each with who needs it."""
    if not case.unlisted:
        return
    if not case.complete:
        message = "unlisted packages are not judged while lines cannot be read"
        yield Note("unsure", None, None, message)
        return
    graph = case.graph
    asked = [
        Node(name, asked_extra)
        for name, lines in case.applicable.items()
        for line in lines
        for asked_extra in ("", *line.extras)
    ]
    needed_by = graph.reach([*map(Node, case.environment.distributions), *asked])
    allowed = graph.reach(asked) if case.policy.unlisted == "orphans" else {}
    local = {found.name for found in case.unlisted if _is_local(found, case)}
    tools = _tools(case, graph, needed_by, local)
    for found in case.unlisted:
        release = f"{found.name} {found.version}"
        if found.name in local:
            yield Note("local", found.name, None, f"{release} is this project itself")
        elif found.name in tools:
            yield Note("tool", found.name, None, f"{release} is a tool, or only a tool needs it")
        elif found.name not in allowed:
            yield _finding(found, case, needed_by)


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
    return Finding(
        "extra",
        "error",
        found.name,
        Location(case.file),
        None,
        found.version,
        f"{found.name} {found.version} is installed and not listed; {why}",
        tuple(sorted(needed_by.get(found.name, ()))),
    )


def _is_local(found: Distribution, case: Case) -> bool:
    """Whether the project is the user's own: installed from this repository, or of its name."""
    if found.name == case.project.name:
        return True
    source = case.source(found.name)
    top = os.path.realpath(case.project.folder) + os.sep
    return source is not None and any(f"{f}{os.sep}".startswith(top) for f in source.folders)


def _tools(
    case: Case,
    graph: Graph,
    needed_by: Mapping[CanonicalName, set[CanonicalName]],
    local: set[CanonicalName],
) -> set[CanonicalName]:
    """Unlisted tools, with those of their dependencies that nothing else needs."""
    unlisted = {found.name for found in case.unlisted} - local
    roots = {*(unlisted & TOOLS), CanonicalName("pip")}
    excused = (unlisted & graph.reach(map(Node, roots)).keys()) | roots
    while wanted := {n for n in excused - roots if not needed_by.get(n, set()) <= excused}:
        excused -= wanted
    return excused
