"""`reqdrift why NAME ...`: which lines name a project, is it installed, what needs it."""

from __future__ import annotations

import difflib
from time import localtime, strftime

from .. import commands
from ..drift.case import Case
from ..drift.graph import Node, is_met, nodes_of
from ..drift.sources import describe
from ..errors import EnvironmentReadError, UsageError, print_error
from ..options import Options
from ..report import describe_problem, masked_texts, place, printable, shown_path
from ..repository.dates import changes_of, environment_changed
from ..standards import canonical_name
from ..texts import mask
from ..values import TYPE_CHECKING, Location, NamedTuple, Unreadable
from . import Run, print_choice, print_lines
from .run import configured, examined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Unpack

    from ..values import CanonicalName, Distribution, Problem, Requirement
    from ..values.details import Declaration, DeclaredRequirement
    from .subject import Files, Subject


def run(options: Options) -> int:
    """Print all that is known of each project.

    Returns:
        1 if nothing is known of one of them; 2 or 3 if a file or metadata could not be read, so
        that some of the answer may be missing; else 0.
    """
    found = examined(configured(options.request), options.request, thoroughly=True)
    print_choice(found.situation, found.environment)
    answers = [answered(name, found) for name in options.names]
    for number, why in enumerate(answers):
        print_lines(["", *why.lines] if number and why.lines else why.lines)
    for name, why in zip(options.names, answers, strict=True):
        if not why.is_known:
            hint = f"; did you mean {', '.join(why.close)}?" if why.close else ""
            print_error(
                f"reqdrift: {printable(name)} is neither listed, nor installed, nor needed{hint}"
            )
    first = answers[0]
    for problem in first.errors:
        print_error(describe_problem(problem))
    for item in first.unreadable:
        print_error(f"reqdrift: {printable(f'{item.path}: {item.why}')}")
    if first.unreadable:
        return EnvironmentReadError.exit_code
    if first.errors:
        return UsageError.exit_code
    return 0 if all(why.is_known for why in answers) else 1


class Why(NamedTuple):
    """Everything that is known about one project.

    `listed` has the lines that name it, including constraints; `needed_by` the installed projects
    that need it directly. `lines` is the text for people. If it is not known (`is_known`), `close`
    has similar names. `errors` and `unreadable` are files and metadata that could not be read, so
    the answer may be incomplete.
    """

    project: CanonicalName
    listed: tuple[Requirement, ...]
    installed: Distribution | None
    needed_by: tuple[CanonicalName, ...]
    lines: tuple[str, ...]
    is_known: bool
    close: tuple[str, ...] = ()
    errors: tuple[Problem, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()


def why(name: str, files: Files = (), constraints: Files = (), **subject: Unpack[Subject]) -> Why:
    """Show what lists a project, whether it is installed, and what needs it.

    Args:
        name: the project, in any spelling.
        files: requirements files, as for `check`.
        constraints: files that only limit versions.
        **subject: the environment, and what counts; see `Subject`.

    Raises:
        UsageError: no file was named and there is no default one.
        EnvironmentReadError: no environment was found, or it cannot be read.
    """
    one, request = commands.subject.unconfigured("why", subject, files, constraints)
    return answered(name, examined(one, request, thoroughly=True))


def answered(name: str, found: Run) -> Why:
    """The answer from a thorough examination."""
    case, project = found.case, canonical_name(name)
    environment = found.environment
    asked = [*nodes_of(case.asking), *map(Node, environment.distributions)]
    needed_by = case.graph.reach(asked)
    known = {line.name for line in case.lines if line.name} | environment.distributions.keys()
    known |= needed_by.keys()
    own = case.project.declared
    places = (own.dependencies, *own.others) if own else ()
    declared = [(one, line) for one in filter(None, places) for line in one.requirements]
    known |= {line.name for _, line in declared}
    unread = tuple(u for u in (case.facts.requires or {}).values() if isinstance(u, Unreadable))
    if environment.gaps:
        why_not = f"{environment.gaps.record} has no dependencies"
        unread = (*unread, Unreadable(environment.prefix, why_not))
    is_known = project in known
    lines = tuple(map(mask, _answer(project, case, declared, needed_by))) if is_known else ()
    listed = tuple(masked_texts(line) for line in case.lines if line.name == project)
    needing = tuple(sorted(needed_by.get(project, ())))
    close = () if is_known else tuple(difflib.get_close_matches(project, sorted(known), n=3))
    there = case.installed(project)
    errors = masked_texts(case.errors)
    return Why(project, listed, there, needing, lines, is_known, close, errors, unread)


def _answer(
    name: CanonicalName,
    case: Case,
    declared: Iterable[tuple[Declaration, DeclaredRequirement]],
    needed_by: Mapping[CanonicalName, set[CanonicalName]],
) -> Iterator[str]:
    """What lists and declares it, whether it is installed, and all chains that need it."""
    yield name
    named = [line for line in case.lines if line.name == name]
    for line in named:
        remarks = ["a constraint"] if line.constraint else []
        applying = (*case.applicable.get(name, ()), *case.limits.get(name, ()))
        if line.marker and line not in applying:
            remarks.append("does not apply here")
        said = f" ({', '.join(remarks)})" if remarks else ""
        yield f"  listed     {place(line.at)}: {line.text}{said}"
        number = line.at.line
        change = changes_of(line.at.file, {number}).lines.get(number) if number else None
        if change and not change.commit:
            yield "             the line is not committed"
        elif change:
            when = f"{_time(change.at)} in {change.commit} '{change.summary}'"
            yield f"             the line last changed {when}"
    if not named:
        where = "in none of the lines that could be read" if case.errors else "nowhere"
        yield f"  listed     {where}"
    for declaration, wanted in declared:
        if wanted.name == name:
            extras = f"[{','.join(wanted.extras)}]" if wanted.extras else ""
            marker = f"; {wanted.marker}" if wanted.marker else ""
            where = f" ({declaration.place})" if declaration.place.startswith("the ") else ""
            said = f" @ {wanted.url}" if wanted.url else wanted.specifier
            at = place(Location(declaration.file, wanted.line))
            yield f"  declared   {at}: {name}{extras}{said}{marker}{where}"
    yield f"  installed  {_installed(name, case)}"
    if (changed := environment_changed(case.environment)) is not None:
        yield f"             the environment last changed {_time(changed)}"
    if not needed_by.get(name):
        yield f"  needed by  {'unknown' if case.environment.gaps else 'nothing'}"
        return
    yield "  needed by"
    yield from _tree(name, needed_by, case)


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
    name: CanonicalName, needed_by: Mapping[CanonicalName, set[CanonicalName]], case: Case
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
        applying = [edge for edge in graph.needs(Node(above)) if edge.name == below]
        edges = applying or [edge for edge in graph.edges(above) if edge.name == below]
        wants = ", ".join(dict.fromkeys(edge.text for edge in edges))
        where = f"; listed in {listed[above]}" if above in listed else ""
        parents = sorted(needed_by.get(above, ()), reverse=True)
        again = " (shown above)" if parents and above in opened else ""
        has = "not installed"
        if there := case.installed(below):
            is_right = all(is_met(edge, there) for edge in applying)
            has = f"found {there.version}" + ("" if is_right else ", not allowed")
        yield f"{indent}{above}{version} wants {wants} ({has}){where}{again}"
        if above not in opened:
            opened.add(above)
            stack += [(parent, above, indent + "  ") for parent in parents]
