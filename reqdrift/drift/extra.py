"""`extra`: installed, and neither a line, nor what lines need, nor the project accounts for it.

- An unlisted package is `extra` if no listed package needs it, directly or indirectly, and
  nothing that is declared here does. In a file that lists everything, it is also `extra` if a line
  of that file needs it: a lock file, a compiled file (by its header), a file with a hash on each
  line, and every file with `--unlisted all`.
- Never extra unless listed:
  - pip, setuptools, wheel and distribute; uv, pip-tools and reqdrift, with those of their
    dependencies that nothing else needs
  - what an ignored package needs, and nothing that is listed
  - what a compiled file leaves out on purpose (its comment, or `--unsafe-package` and the like in
    its header)
  - the project itself: installed from a folder of this repository, editable or copied, that is not
    in an environment; or with the name in the pyproject.toml, setup.cfg, setup.py or egg-info next
    to the file
  - distributions outside of the environment's own folders
- Checkouts in `.venv/src`, and wheels and sdists in the repository, are `extra`.
- Declared here: what accounts for unlisted packages is in docs/findings.md. It is read by
  `repository/declared.py` and `requirements/nearby.py`, and nothing of it is executed. The
  project's own dependencies account for something only if no file lists everything or is a freeze,
  but for one for development (by its name), beside which the project is installed.
- Brought in by: an extra that no other extra needs is a root. If extras only need each other,
  the first by name is the root. A root brought in every extra that it needs, directly or
  indirectly, when it is installed without extras (`root`, not `root[x]`), unless a listed project
  or this project itself needs that one too. Formats for people group findings after the policy was
  applied: each member counts, an ignored one is not in the group, and members whose root is not a
  finding are shown separately.
- Fixing extras: `fix` adds the roots, compares again, and adds what they brought in only if it
  is still `extra`. So the comparison decides what may stay unlisted; there is no second rule. If a
  root cannot be added, what it brought in is not added either.
"""

from __future__ import annotations

import os

from .. import drift
from ..requirements import nearby
from ..values import TYPE_CHECKING, CanonicalName, Distribution, Location, Note
from ..values.details import Declared, DeclaredRequirement, Finding, some_names
from .case import Case, files_that_list_all, is_wanted
from .files import freezes_of
from .graph import Graph, Node, nodes_of, shortest_chain
from .lines import SEED_PACKAGES, TOOLS
from .policy import finding_at, ignored_projects

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .graph import NeededBy


def extra(case: Case) -> Iterator[Finding | Note]:
    """Unlisted projects that nothing accounts for, each with what needs it."""
    if not case.complete:
        return
    unlisted = [found for found in case.unlisted if found.name not in case.needed]
    local = {found.name for found in unlisted if case.is_local(found)}
    for name in sorted(local):
        version = case.environment.distributions[name].version
        what = "this project itself" if name == case.project.name else "of this repository"
        yield Note("local", name, None, f"{name} {version} is {what}")
    names = {found.name for found in unlisted} - local
    if is_wanted("broken", case.policy):
        names -= {found.name for found in case.unknown if drift.absent.is_leftover(found, case)}
    asked = nodes_of(case.asking)
    needed_by = case.graph.reach([*map(Node, case.environment.distributions), *asked])
    tools = _tools(names, case.graph, needed_by)
    wanted = case.graph.reach([*asked, *map(Node, local)])
    needed_by_ignored = _needed_by_ignored(unlisted, case) - wanted.keys()
    lists_all = bool(complete := files_that_list_all(case) or freezes_of(case))
    is_strict = lists_all and not all(map(nearby.is_for_development, complete))
    declared = _declared(names - tools, local, case, lists_all=is_strict)
    if declared:
        packages = "1 package is" if len(declared) == 1 else f"{len(declared)} packages are"
        message = f"{packages} from {some_names([*dict.fromkeys(declared.values())])}"
        yield Note("unlisted", None, None, message)
    extras = names - tools - declared.keys()
    project = case.project.declared or Declared()
    for one in project.others if extras and case.declarations_count else ():
        if one.unread:
            why = f"{one.unread.message}; what it lists may be reported as extra"
            yield Note("unsure", None, one.unread.at, why)
    brought_by = _brought_by(extras - wanted.keys(), case.graph)
    own = project.dependencies
    places = {x.name: Location(own.file, x.line, x.line) for x in own.requirements} if own else {}
    for found in unlisted:
        if found.name in tools:
            message = f"{found.name} {found.version} is a tool, or only a tool needs it"
            yield Note("tool", found.name, None, message)
        elif found.name in needed_by_ignored:
            message = f"{found.name} {found.version} is needed by an ignored package"
            yield Note("ignored", found.name, None, message, True)
        elif found.name in extras:
            place = places.get(found.name) if lists_all else None
            finding = _finding(found, case, needed_by, place)
            yield finding._replace(brought_by=tuple(brought_by.get(found.name, ())))


def _needed_by_ignored(unlisted: Sequence[Distribution], case: Case) -> set[CanonicalName]:
    ignores = [*ignored_projects(case.policy)]
    names = {x.name for x in unlisted for y in ignores if y.covers("extra", x.name, x.version)}
    return case.graph.dependencies(map(Node, names)) - names


def _declared(
    names: set[CanonicalName], local: set[CanonicalName], case: Case, *, lists_all: bool
) -> dict[CanonicalName, str]:
    """The projects that this project declares elsewhere, or that these need, each with the place.

    What it needs itself is among them, unless a file lists all that is installed.
    """
    declared = case.project.declared
    if declared is None or not case.declarations_count:
        return {}
    found: dict[CanonicalName, str] = {}
    places = [(one.place, one.requirements) for one in declared.others]
    if declared.dependencies and not lists_all:
        places.append((declared.dependencies.place, declared.dependencies.requirements))
    # The extras of setup.py are in the metadata only.
    found_here = filter(None, map(case.installed, case.applicable))
    listed = {one.name for one in found_here if one.direct and case.is_local(one)}
    for name in sorted(local | listed):
        is_whole = name in listed or lists_all
        own = [x for x in case.graph.edges(name) if "extra" in x.marker or not is_whole]
        place = "this project" if name == case.project.name else name
        places.append((place, tuple(DeclaredRequirement(x.name, x.extras) for x in own)))
    for place, requirements in places:
        applying = [one for one in requirements if case.holds(one.marker)]
        nodes = [Node(one.name, extra) for one in applying for extra in ("", *one.extras)]
        there = {one.name for one in applying} | case.graph.dependencies(nodes)
        found.update(dict.fromkeys((there & names) - found.keys(), place))
    return found


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


def _finding(found: Distribution, case: Case, needed_by: NeededBy, at: Location | None) -> Finding:
    """A finding about the file, or at the place where the project declares what it needs."""
    installed = case.environment.distributions
    chain = shortest_chain(found.name, needed_by, case.applicable)
    # Code may, and what is to be installed.
    why = "no installed package needs it"
    if chain:
        nearest = installed[chain[0]]
        steps = [f"{nearest.name} {nearest.version}", *chain[1:]]
        why = ", ".join(f"needed by {step}" for step in steps)
    elif perhaps := [f"{d.name} {d.version}" for d in case.unknown if d.name != found.name]:
        why = f"may be needed by {some_names(perhaps)}"
    if case.environment.gaps:
        why = ""
    compiled = ""
    if at:
        why = f"{os.path.basename(at.file)} declares it"
        compiled = next((one.file for one in case.compiled if at.file in one.sources), "")
    message = f"{found.name} {found.version} is installed but not listed"
    message = f"{message}; {why}" if why else message
    finding = finding_at(at or Location(case.file), case, "extra", found.name, message)
    above = tuple(sorted(needed_by.get(found.name, ())))
    return finding._replace(needed_by=above, compiled=compiled, why=why)


def _tools(unlisted: set[CanonicalName], graph: Graph, needed_by: NeededBy) -> set[CanonicalName]:
    """Unlisted tools, with those of their dependencies that nothing else needs."""
    roots = TOOLS | SEED_PACKAGES
    tools = (unlisted & graph.reach(map(Node, roots)).keys()) | roots
    while wanted := {n for n in tools - roots if not needed_by.get(n, set()) <= tools}:
        tools -= wanted
    return tools
