"""`reqdrift env`: which environment would be checked, and why not another."""

from __future__ import annotations

from .. import session
from ..environments.disk import Disk
from ..environments.locate import candidates
from ..environments.none_found import none_found
from ..environments.target import Target
from ..errors import EnvironmentReadError
from ..report import plural, printable, shown_path
from ..values import TYPE_CHECKING, Environment, Options
from .choice import tell_of_choice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..environments.candidates import Candidate, Situation


def run(options: Options) -> int:
    """Print every candidate and the facts of the chosen one; 3 if there is none."""
    if options.path is not None:
        print("".join(_facts(Target(options.path, options.python_version).read())), end="")
        return 0
    situation = session.situation_of(session.only_set(options)[0])
    taken, lines = _consider(situation)
    print("candidates, best first:")
    print("".join(lines) or "  none\n", end="")
    if taken is None:
        raise none_found(situation, ())
    environment = Disk(taken).read()
    tell_of_choice(situation, environment)
    print("".join(_facts(environment)), end="")
    return 0


def _consider(situation: Situation) -> tuple[Candidate | None, list[str]]:
    """The candidate that a check would take, and a line about each one there is."""
    taken: Candidate | None = None
    lines = []
    try:
        for candidate in candidates(situation):
            outcome = candidate.refused or ("passed over: one above is taken" if taken else "taken")
            if not candidate.refused and taken is None:
                taken = candidate
            mark = "*" if candidate is taken else " "
            where = f"{candidate.found_by}: {shown_path(candidate.interpreter or candidate.prefix)}"
            lines.append(f"{mark} {printable(f'{where}: {outcome}')}\n")
    except EnvironmentReadError as error:
        if taken is None:
            raise
        lines.append(f"  {printable(error.message)}\n")
    return taken, lines


def _facts(environment: Environment) -> Iterator[str]:
    python = environment.python
    interpreter = shown_path(python.interpreter) if python.interpreter else "none"
    asked = "asked" if environment.started else "not started"
    direct = [f"{d.name} {d.version}" for d in environment.distributions.values() if d.direct]
    others = sum(not found.own for found in environment.distributions.values())
    yield "\nenvironment:\n"
    yield f"  prefix         {shown_path(environment.prefix)}\n"
    yield f"  found by       {printable(environment.found_by)}\n"
    yield f"  python         {printable(f'{python.implementation} {python.version}')}\n"
    yield f"  interpreter    {interpreter} ({asked})\n"
    for folder in dict.fromkeys(d.folder for d in environment.distributions.values()):
        held = sum(d.folder == folder for d in environment.distributions.values())
        yield f"  folder         {shown_path(folder)} ({plural(held, 'distribution')})\n"
    yield f"  distributions  {len(environment.distributions)}, {others} from other folders\n"
    if direct:
        yield f"  not from an index  {printable(', '.join(sorted(direct)))}\n"
    for trouble in environment.broken:
        yield f"  broken         {printable(trouble.message)}\n"
