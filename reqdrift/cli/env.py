"""`reqdrift env`: which environment is checked, and why."""

from __future__ import annotations

from ..report import shown_path
from ..report.environment import facts_of
from ..session.env import Considered, consider, read_taken
from ..session.job import configured, situation_of, source_of
from ..values import Environment
from .options import Options
from .output import print_choice, print_lines


def run(options: Options) -> int:
    """Print every candidate and the facts of the chosen one; 3 if there is none."""
    job = configured(options.request)
    situation = situation_of(job.one)
    request = options.request
    if request.path is not None or request.installed:
        print_lines(_facts(source_of(job, situation).read()))
        return 0
    seen, taken = consider(situation)
    print_lines(["candidates, best first:", *(map(_candidate, seen) if seen else ["  none"])])
    environment = read_taken(situation, taken)
    print_choice(situation, environment)
    print_lines(_facts(environment))
    return 0


def _candidate(seen: Considered) -> str:
    if not seen.path:
        return f"  {seen.outcome}"
    mark = "*" if seen.taken else " "
    return f"{mark} {seen.found_by}: {shown_path(seen.path)}: {seen.outcome}"


def _facts(environment: Environment) -> list[str]:
    return ["", "environment:", *(f"  {fact}" for fact in facts_of(environment))]
