"""The last steps of the search, where the project itself has no environment; and its vain end."""

from __future__ import annotations

import os

from .. import repository
from ..errors import EnvironmentReadError
from ..excuses import listed_names
from ..model import TYPE_CHECKING, CanonicalName
from .installed import Installed
from .interpreter import find_interpreter, find_site_folders, is_conda_base
from .locate import (
    CONDA_BASE,
    NAMES,
    Candidate,
    Situation,
    folders_upwards,
    virtualenvs_on_path,
    why_not,
)
from .tools import owning_tool

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# What `pip install pre-commit` brings: an environment with no more than these is not a project's.
_PRE_COMMIT_AND_ITS_DEPENDENCIES = frozenset(
    map(
        CanonicalName,
        (
            *("pre-commit", "cfgv", "identify", "nodeenv", "pyyaml", "virtualenv", "setuptools"),
            *("distlib", "filelock", "platformdirs", "python-discovery", "pip"),
        ),
    )
)
_SKIP_IN_CI = (
    "on pre-commit.ci there is no environment to check: skip the hook there with"
    " `ci: {skip: [reqdrift]}` at the top of .pre-commit-config.yaml"
)


def conda(situation: Situation) -> Iterator[Candidate]:
    """Step 6: an activated conda environment, but for conda's own."""
    if path := situation.environ.get("CONDA_PREFIX"):
        refused = why_not(path, situation)
        if not refused and is_conda_base(path):
            refused = CONDA_BASE
        if not refused and find_interpreter(path) is None:
            refused = "holds no Python (conda create makes an empty one)"
        yield Candidate("CONDA_PREFIX", path, refused)


def guesses(situation: Situation) -> Iterator[Candidate]:
    """Step 7: guesses, taken only if they hold at least half of what is required."""
    places = [("PATH", prefix) for prefix in virtualenvs_on_path(situation)]
    if situation.top:
        places += _of_hook(repository.hook_text(situation.top, "pre-commit"))
    for found_by, prefix in places:
        refused = why_not(prefix, situation)
        if not refused and is_conda_base(prefix):
            refused = CONDA_BASE
        candidate = Candidate(found_by, prefix, refused)
        yield candidate if refused else _if_it_holds(candidate, situation)


def _of_hook(text: str) -> Iterator[tuple[str, str]]:
    """The environment of the pre-commit or prek that wrote the installed git hook."""
    for line in text.splitlines():
        name, _, value = line.partition("=")
        if name in ("INSTALL_PYTHON", "PREK"):
            program = _unquoted(value)
            if os.path.isabs(program):
                yield f"{name} in the git hook", os.path.dirname(os.path.dirname(program))


def _unquoted(value: str) -> str:
    import shlex

    try:
        return "".join(shlex.split(value)[:1])
    except ValueError:
        return ""


def _if_it_holds(candidate: Candidate, situation: Situation) -> Candidate:
    wanted = listed_names(situation.lines) - _PRE_COMMIT_AND_ITS_DEPENDENCIES
    if not wanted:
        return candidate._replace(refused="a guess, and nothing is required that could confirm it")
    try:
        site = find_site_folders(candidate.prefix)
        found = Installed(site.python)
        for folder in site.own:
            found.add_site_folder(folder, own=True)
    except EnvironmentReadError as error:
        return candidate._replace(refused=error.message)
    held = len(wanted & found.distributions.keys())
    what = f"{held} of {len(wanted)} required projects"
    if 2 * held >= len(wanted):
        found_by = f"{candidate.found_by}, a guess: it holds {what}"
        return candidate._replace(found_by=found_by, chosen="guess")
    return candidate._replace(refused=f"holds only {what}")


def not_virtual(situation: Situation) -> Iterator[Candidate]:
    """Step 8: the Python of a container or CI machine, if reqdrift is installed right into it."""
    if situation.prefix == situation.base_prefix:
        refused = owning_tool(situation.prefix, situation.environ)
        yield Candidate(
            "the Python that reqdrift runs on",
            situation.prefix,
            refused and f"{refused}'s own environment",
            situation.executable,
        )


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
