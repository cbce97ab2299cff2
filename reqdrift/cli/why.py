"""`reqdrift why NAME`: which lines name a project, whether it is installed, what needs it."""

from __future__ import annotations

import difflib
import sys

from .. import session
from ..drift.case import Case, make_case
from ..drift.graph import Node
from ..drift.sources import describe
from ..errors import EnvironmentReadError, UsageError, tell
from ..report import place, printable, shown_path
from ..standards.names import canonical_name
from ..standards.urls import redact
from ..values import TYPE_CHECKING, CanonicalName, Facts, Options, Questions, Unreadable
from .choice import tell_of_choice

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def run(options: Options) -> int:
    """Print all that is known of one project.

    Returns:
        1 if nothing is known of it; 2 or 3 if a file or metadata could not be read, so that some
        of the answer may be missing; else 0.
    """
    one, policy = session.only_set(options)
    requirements, situation = session.read_files(one, options.constraints)
    source = session.find_environment(situation, options.path, options.python_version)
    environment = source.read()
    tell_of_choice(situation, environment)
    found = session.examine(requirements, situation, source, policy)
    direct = frozenset(d.name for d in environment.distributions.values() if d.direct)
    facts = source.answer(Questions(direct, requires=True), Facts({}))
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
    if name in known:
        # Metadata may ask for a URL, with whatever its author left in it.
        lines = map(redact, _answer(name, case, needed_by))
        sys.stdout.writelines(f"{printable(line)}\n" for line in lines)
    else:
        _say_unknown(options.name, known)
    for problem in case.errors:
        tell(f"{place(problem.at)}: error: {printable(problem.message)}")
    unread = [item for item in (facts.requires or {}).values() if isinstance(item, Unreadable)]
    for item in unread:
        tell(f"reqdrift: {printable(f'{item.path}: {item.why}')}")
    if unread:
        return EnvironmentReadError.exit_code
    if case.errors:
        return UsageError.exit_code
    return 0 if name in known else 1


def _say_unknown(name: str, known: set[CanonicalName]) -> None:
    close = difflib.get_close_matches(canonical_name(name), sorted(known), n=3)
    hint = f"; did you mean {', '.join(close)}?" if close else ""
    message = f"{printable(redact(name))} is neither listed, nor installed, nor needed{hint}"
    tell(f"reqdrift: {message}")


def _answer(
    name: CanonicalName, case: Case, needed_by: Mapping[CanonicalName, set[CanonicalName]]
) -> Iterator[str]:
    yield name
    for text in _lines(name, case):
        yield f"  listed     {text}"
    yield f"  installed  {_installed(name, case)}"
    if not needed_by.get(name):
        yield "  needed by  nothing"
        return
    yield "  needed by"
    yield from _tree(name, needed_by, case)


def _lines(name: CanonicalName, case: Case) -> Iterator[str]:
    """Every line that names the project."""
    named = [line for line in case.lines if line.name == name]
    for line in named:
        remarks = ["a constraint"] if line.constraint else []
        if line.marker and line not in (*case.applicable.get(name, ()), *case.limits.get(name, ())):
            remarks.append("does not apply here")
        yield f"{place(line.at)}: {line.text}" + (f" ({', '.join(remarks)})" if remarks else "")
    if not named:
        yield "nowhere in what could be read" if case.errors else "nowhere"


def _installed(name: CanonicalName, case: Case) -> str:
    found = case.installed(name)
    if found is None:
        return "no"
    source = case.facts.sources.get(name)
    where = "from where cannot be read" if isinstance(source, Unreadable) else describe(source)
    return f"{found.version}, {where}, in {shown_path(found.folder)}"


def _tree(
    name: CanonicalName,
    needed_by: Mapping[CanonicalName, set[CanonicalName]],
    case: Case,
) -> Iterator[str]:
    """Every chain upwards from the project; what was shown once is not opened again."""
    graph = case.graph
    listed = {line.name: place(line.at) for line in reversed(case.lines) if not line.constraint}
    opened = {name}
    stack = [(parent, name, "    ") for parent in sorted(needed_by.get(name, ()), reverse=True)]
    while stack:
        above, below, indent = stack.pop()
        found = case.installed(above)
        version = f" {found.version}" if found else ""
        wants = ", ".join(dict.fromkeys(e.text for e in graph.edges(above) if e.name == below))
        where = f"; listed in {listed[above]}" if above in listed else ""
        parents = sorted(needed_by.get(above, ()), reverse=True)
        again = " (shown above)" if parents and above in opened else ""
        yield f"{indent}{above}{version} wants {wants}{where}{again}"
        if above not in opened:
            opened.add(above)
            stack += [(parent, above, indent + "  ") for parent in parents]
