"""Everything that is known about one project, in lines for people."""

from __future__ import annotations

from time import localtime, strftime

from ..drift.case import Case
from ..drift.graph import Node, is_met
from ..drift.sources import describe
from ..values import TYPE_CHECKING, CanonicalName, Location, Requirement
from ..values.findings import Unreadable
from . import place, shown_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..repository.dates import Change


def answer(
    name: CanonicalName,
    case: Case,
    needed_by: Mapping[CanonicalName, set[CanonicalName]],
    changes: Mapping[Location, Change],
    changed: float | None,
) -> Iterator[str]:
    """The lines that name it, whether it is installed, and all chains that need it.

    Args:
        name: the project.
        case: what was compared.
        needed_by: for each project, those that need it.
        changes: the last changes of the lines, as far as they are known.
        changed: when the environment last changed, None if that is unknown.
    """
    yield name
    named = [line for line in case.lines if line.name == name]
    for line in named:
        yield f"  listed     {_listed(line, name, case)}"
        if change := changes.get(line.at):
            yield f"             {_changed(change)}"
    if not named:
        where = "in none of the lines that could be read" if case.errors else "nowhere"
        yield f"  listed     {where}"
    yield f"  installed  {_installed(name, case)}"
    if changed is not None:
        yield f"             the environment last changed {_time(changed)}"
    if not needed_by.get(name):
        yield f"  needed by  {'unknown' if case.environment.gaps else 'nothing'}"
        return
    yield "  needed by"
    yield from _tree(name, needed_by, case)


def _listed(line: Requirement, name: CanonicalName, case: Case) -> str:
    """A line that names the project."""
    remarks = ["a constraint"] if line.constraint else []
    if line.marker and line not in (*case.applicable.get(name, ()), *case.limits.get(name, ())):
        remarks.append("does not apply here")
    return f"{place(line.at)}: {line.text}" + (f" ({', '.join(remarks)})" if remarks else "")


def _changed(change: Change) -> str:
    if not change.commit:
        return "the line is not committed"
    return f"the line last changed {_time(change.at)} in {change.commit} '{change.summary}'"


def _time(at: float) -> str:
    """A time as the clock of this machine shows it."""
    return strftime("%Y-%m-%d %H:%M:%S", localtime(at))


def _installed(name: CanonicalName, case: Case) -> str:
    found = case.installed(name)
    gaps = case.environment.gaps
    if found is None:
        return "unknown" if gaps and name in gaps.hidden else "no"
    source = case.facts.sources.get(name)
    where = "source cannot be read" if isinstance(source, Unreadable) else describe(source)
    if source is None and gaps and gaps.sources:
        where = "from an unknown source"
    return f"{found.version}, {where}, in {shown_path(found.folder)}"


def _tree(
    name: CanonicalName,
    needed_by: Mapping[CanonicalName, set[CanonicalName]],
    case: Case,
) -> Iterator[str]:
    """All chains of packages that need the project; each package is expanded only once."""
    graph = case.graph
    listed = {line.name: place(line.at) for line in reversed(case.lines) if not line.constraint}
    opened = {name}
    stack = [(parent, name, "    ") for parent in sorted(needed_by.get(name, ()), reverse=True)]
    while stack:
        above, below, indent = stack.pop()
        found = case.installed(above)
        version = f" {found.version}" if found else ""
        # With a marker that is false here only if there is nothing else.
        edges = [edge for edge in graph.needs(Node(above)) if edge.name == below]
        edges = edges or [edge for edge in graph.edges(above) if edge.name == below]
        wants = ", ".join(dict.fromkeys(edge.text for edge in edges))
        where = f"; listed in {listed[above]}" if above in listed else ""
        parents = sorted(needed_by.get(above, ()), reverse=True)
        again = " (shown above)" if parents and above in opened else ""
        has = _found(below, above, case)
        yield f"{indent}{above}{version} wants {wants} ({has}){where}{again}"
        if above not in opened:
            opened.add(above)
            stack += [(parent, above, indent + "  ") for parent in parents]


def _found(name: CanonicalName, above: CanonicalName, case: Case) -> str:
    """What is there of a project, and whether that is what another one wants."""
    found = case.installed(name)
    if found is None:
        return "not installed"
    wanted = [edge for edge in case.graph.needs(Node(above)) if edge.name == name]
    is_right = all(is_met(edge, found) for edge in wanted)
    return f"found {found.version}" + ("" if is_right else ", not allowed")
