"""Which environment is meant, and why: the first acceptable candidate wins.

The steps are generators, so that a check stops at the first good candidate while `reqdrift env`
can show them all.
"""

from __future__ import annotations

from ..errors import EnvironmentReadError
from ..model import TYPE_CHECKING
from .steps import NAMES, STEPS, Candidate, Situation, folders_upwards

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SKIP_IN_CI = (
    "on pre-commit.ci there is no environment to check: skip the hook there with"
    " `ci: {skip: [reqdrift]}` at the top of .pre-commit-config.yaml"
)


def locate(situation: Situation) -> Candidate:
    """The environment to check.

    Raises:
        EnvironmentReadError: none was found, or one that was named is none.
    """
    passed_over = []
    for candidate in candidates(situation):
        if not candidate.refused:
            return candidate
        passed_over.append(candidate)
    raise none_found(situation, passed_over)


def none_found(situation: Situation, passed_over: Sequence[Candidate]) -> EnvironmentReadError:
    """Step 9: what was tried, and the command that settles it."""
    lines = [_how_to_name_it(situation), "tried:", *(f"  {t}" for t in _tried(passed_over))]
    if not any(candidate.found_by in NAMES for candidate in passed_over):
        *_, last = folders_upwards(situation)
        upwards = "" if last == situation.folder else f", nor above it up to {last}"
        lines.append(f"  no {', '.join(NAMES)} in {situation.folder}{upwards}")
    if situation.environ.get("PRE_COMMIT") == "1":
        lines.append(_SKIP_IN_CI)
    # A folder's name may hold what ends a line.
    hint = "\n".join(line.replace("\n", "\\n") for line in lines)
    return EnvironmentReadError("no environment found for these requirements", hint)


def _how_to_name_it(situation: Situation) -> str:
    if situation.top is None:
        return "activate it, or name it: reqdrift --python /path/to/environment"
    once = "git config reqdrift.python /path/to/environment"
    return f"activate it, or name it once for this clone: {once}"


def _tried(passed_over: Sequence[Candidate]) -> Iterator[str]:
    """Each place once, however often it was come upon."""
    places: dict[tuple[str, str], list[str]] = {}
    for candidate in passed_over:
        places.setdefault((candidate.prefix, candidate.refused), []).append(candidate.found_by)
    for (prefix, why), found_by in places.items():
        yield f"{prefix} ({', '.join(found_by)}): {why}"


def candidates(situation: Situation) -> Iterator[Candidate]:
    """Every candidate, best first."""
    for step in STEPS:
        yield from step(situation)
