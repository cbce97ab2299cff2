"""`reqdrift env`: which environment is checked, and why."""

from __future__ import annotations

from .. import commands
from ..environments import EnvironmentSource
from ..environments.fallbacks import none_found
from ..environments.locate import candidates
from ..errors import EnvironmentReadError
from ..options import Options
from ..report import plural, shown_path
from ..values import TYPE_CHECKING, Environment, NamedTuple
from . import find_environment, print_choice, print_lines
from .run import configured, situation_of, source_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Unpack

    from ..environments import Candidate, Situation
    from .subject import Files, PlaceOrRecord


def run(options: Options) -> int:
    """Print every candidate and the facts of the chosen one; 3 if there is none."""
    one, request = configured(options.request, compares=False), options.request
    situation = situation_of(one)
    if request.path is not None or request.installed:
        print_lines(_facts(find_environment(one, situation, request).read()))
        return 0
    seen, taken = _consider(situation)
    print_lines(["candidates, best first:", *([] if seen else ["  none"])])
    for each in seen:
        named = f"{'*' if each.taken else ' '} {each.found_by}: {shown_path(each.path)}: "
        print_lines([f"{named if each.path else '  '}{each.outcome}"])
    environment = _read_taken(situation, taken)
    print_choice(situation, environment)
    print_lines(_facts(environment))
    return 0


class Considered(NamedTuple):
    """A possible environment and the outcome; `taken` is true for one at most."""

    found_by: str
    path: str
    outcome: str
    taken: bool = False


class Choice(NamedTuple):
    """The candidates, best first, and the environment that is checked.

    There are no candidates if `path` names it.
    """

    candidates: tuple[Considered, ...]
    environment: Environment


def env(files: Files = (), **place: Unpack[PlaceOrRecord]) -> Choice:
    """Which environment `check` uses with the same parameters, and all candidates.

    Raises:
        EnvironmentReadError: none was found, or it cannot be read.
    """
    one, request = commands.subject.unconfigured("env", place, files)
    if request.path is not None or request.installed:
        return Choice((), source_of(one, request).read())
    situation = situation_of(one)
    seen, taken = _consider(situation)
    return Choice(seen, _read_taken(situation, taken))


def _consider(situation: Situation) -> tuple[tuple[Considered, ...], Candidate | None]:
    """All candidates, best first, and the one that a check uses.

    If an error ends the search after that one is found, the last outcome is its message.

    Raises:
        EnvironmentReadError: what was named is not an environment.
    """
    taken: Candidate | None = None
    seen = []
    try:
        for candidate in candidates(situation):
            is_taken = taken is None and not candidate.refused
            outcome = candidate.refused or ("taken" if is_taken else "not used: one above is taken")
            taken = candidate if is_taken else taken
            path = candidate.interpreter or candidate.prefix
            seen.append(Considered(candidate.found_by, path, outcome, is_taken))
    except EnvironmentReadError as error:
        if taken is None:
            raise
        seen.append(Considered("", "", error.message))
    return tuple(seen), taken


def _read_taken(situation: Situation, taken: Candidate | None) -> Environment:
    """Read the environment that a check uses.

    Raises:
        EnvironmentReadError: there is none, or it cannot be read.
    """
    if taken is None:
        raise none_found(situation, ())
    return EnvironmentSource(taken).read()


def _facts(environment: Environment) -> Iterator[str]:
    """Where it is, how it was found, its Python, and how many distributions it has."""
    python = environment.python
    interpreter = shown_path(python.interpreter) if python.interpreter else "none"
    asked = "asked" if environment.started else "not started"
    distributions = environment.distributions.values()
    direct = [f"{found.name} {found.version}" for found in distributions if found.direct]
    yield from ("", "environment:")
    yield f"  prefix         {shown_path(environment.prefix)}"
    yield f"  found by       {environment.found_by}"
    assumed = " (assumed)" if python.assumed else ""
    yield f"  python         {python.implementation} {python.version}{assumed}"
    yield f"  interpreter    {interpreter} ({asked})"
    for folder in dict.fromkeys(found.folder for found in distributions):
        held = sum(found.folder == folder for found in distributions)
        yield f"  folder         {shown_path(folder)} ({plural(held, 'distribution')})"
    others = sum(not found.own for found in distributions)
    yield f"  distributions  {len(distributions)}, {others} from other folders"
    if direct:
        yield f"  not from an index  {', '.join(sorted(direct))}"
    for trouble in environment.broken:
        yield f"  broken         {trouble.message}"
