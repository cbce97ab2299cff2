"""`reqdrift why NAME`: which lines name a project, whether it is installed, what needs it."""

from __future__ import annotations

import difflib
import sys

from .. import api
from ..environment.facts import answer
from ..formats.summary import place, printable, shown_path
from ..graph import Graph, Node
from ..model import (
    TYPE_CHECKING,
    CanonicalName,
    Environment,
    Options,
    Policy,
    Questions,
    Requirement,
    Source,
    canonical_name,
)
from ..rules.case import make_case
from ..rules.sources import describe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def run(options: Options) -> int:
    """Print all that is known of one project; 1 if nothing is."""
    requirements, situation = api.read_files(options.files, options.constraints, options.python)
    environment = api.find_environment(situation, options.path)
    found = api.examine(requirements, situation, environment, Policy(options.unlisted))
    direct = frozenset(d.name for d in environment.distributions.values() if d.direct)
    facts = answer(Questions(direct, requires=True), environment)
    case = make_case(requirements, environment, facts, found.policy, found.project)
    name = canonical_name(options.name)
    asked = {
        Node(listed, extra)
        for listed, asking in case.applicable.items()
        for line in asking
        for extra in ("", *line.extras)
    }
    needed_by = case.graph.reach([*asked, *map(Node, environment.distributions)])
    known = {line.name for line in case.lines if line.name} | environment.distributions.keys()
    known |= needed_by.keys()
    if name not in known:
        return _unknown(options.name, known)
    print(name)
    for text in _lines(name, case.lines):
        print(f"  listed     {printable(text)}")
    print(f"  installed  {printable(_installed(name, environment, case.source(name)))}")
    if not needed_by.get(name):
        print("  needed by  nothing")
        return 0
    print("  needed by")
    listed = {line.name: place(line.at) for line in reversed(case.lines) if not line.constraint}
    sys.stdout.writelines(_tree(name, needed_by, case.graph, environment, listed))
    return 0


def _unknown(name: str, known: set[CanonicalName]) -> int:
    close = difflib.get_close_matches(canonical_name(name), sorted(known), n=3)
    hint = f"; did you mean {', '.join(close)}?" if close else ""
    message = f"{printable(name)} is neither listed, nor installed, nor needed{hint}"
    print(f"reqdrift: {message}", file=sys.stderr)
    return 1


def _lines(name: CanonicalName, lines: tuple[Requirement, ...]) -> Iterator[str]:
    """Every line that names the project."""
    named = [line for line in lines if line.name == name]
    for line in named:
        limits = " (a constraint)" if line.constraint else ""
        yield f"{place(line.at)}: {line.text}{limits}"
    if not named:
        yield "nowhere"


def _installed(name: CanonicalName, environment: Environment, source: Source | None) -> str:
    found = environment.distributions.get(name)
    if found is None:
        return "no"
    return f"{found.version}, {describe(source)}, in {shown_path(found.folder)}"


def _tree(
    name: CanonicalName,
    needed_by: Mapping[CanonicalName, set[CanonicalName]],
    graph: Graph,
    environment: Environment,
    listed: Mapping[CanonicalName | None, str],
) -> Iterator[str]:
    """Every chain upwards from the project; what was shown once is not opened again."""
    opened = {name}
    stack = [(parent, name, "    ") for parent in sorted(needed_by.get(name, ()), reverse=True)]
    while stack:
        above, below, indent = stack.pop()
        found = environment.distributions.get(above)
        version = f" {found.version}" if found else ""
        wants = ", ".join(dict.fromkeys(e.text for e in graph.edges(above) if e.name == below))
        where = f"; listed in {listed[above]}" if above in listed else ""
        parents = sorted(needed_by.get(above, ()), reverse=True)
        again = " (shown above)" if parents and above in opened else ""
        yield printable(f"{indent}{above}{version} wants {wants}{where}{again}") + "\n"
        if above not in opened:
            opened.add(above)
            stack += [(parent, above, indent + "  ") for parent in parents]
