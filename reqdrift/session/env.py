"""`reqdrift.env`: which environment is checked, and why."""

from __future__ import annotations

from ..environments import Disk
from ..environments.locate import candidates
from ..environments.none_found import none_found
from ..errors import EnvironmentReadError
from ..values import TYPE_CHECKING, Environment, NamedTuple
from .job import situation_of, source_of, unconfigured

if TYPE_CHECKING:
    from ..environments.candidates import Candidate, Situation
    from .job import Files, StrPath


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


def env(
    files: Files = (),
    *,
    python: StrPath | None = None,
    path: StrPath | None = None,
    python_version: str | None = None,
    installed: StrPath | None = None,
    platform: str | None = None,
) -> Choice:
    """Which environment `check` uses with the same parameters, and all candidates.

    Raises:
        EnvironmentReadError: none was found, or it cannot be read.
    """
    job = unconfigured(
        files,
        (),
        None,
        python=python,
        path=path,
        python_version=python_version,
        installed=installed,
        platform=platform,
    )
    situation = situation_of(job.one)
    if path is not None or installed:
        return Choice((), source_of(job, situation).read())
    seen, taken = consider(situation)
    return Choice(seen, read_taken(situation, taken))


def consider(situation: Situation) -> tuple[tuple[Considered, ...], Candidate | None]:
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


def read_taken(situation: Situation, taken: Candidate | None) -> Environment:
    """Read the environment that a check uses.

    Raises:
        EnvironmentReadError: there is none, or it cannot be read.
    """
    if taken is None:
        raise none_found(situation, ())
    return Disk(taken).read()
