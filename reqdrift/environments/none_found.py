"""The error if no environment is found, with the commands that name one.

Folders are listed and small files are read; no program is started.
"""

from __future__ import annotations

import os

from ..errors import EnvironmentReadError
from ..files import entries_of, is_inside, read_regular
from ..options import quoted
from ..values import TYPE_CHECKING
from . import NAMES, Candidate, Situation, owning_tool
from .fallbacks import first_python, holding, running_virtual
from .site import is_environment, is_virtualenv

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SKIP_IN_CI = (
    "on pre-commit.ci there is no environment to check: skip the hook there with"
    " `ci: {skip: [reqdrift]}` at the top of .pre-commit-config.yaml"
)
# Variables that CI services set; most set the first.
_CI = ("CI", "JENKINS_URL", "TF_BUILD", "TEAMCITY_VERSION", "BUILDKITE")
_MOST = 8
_RUNNING = "reqdrift runs in it"
# A file, a text in it, the tool that it is of, and its command that prints the environment's path.
_TOOLS = (
    ("poetry.lock", b"", "Poetry", "poetry env info --path"),
    ("Pipfile", b"", "pipenv", "pipenv --venv"),
    ("hatch.toml", b"", "hatch", "hatch env find"),
    ("pyproject.toml", b"[tool.hatch.envs", "hatch", "hatch env find"),
)


def none_found(situation: Situation, passed_over: Sequence[Candidate]) -> EnvironmentReadError:
    """Step 9: what was tried, and commands that name an environment."""
    commands = list(_commands(situation))
    lines = [] if commands else list(_how_to_create_one(situation))
    name_it = "activate one, or pass it: reqdrift --python /path/to/environment"
    if situation.top is not None:
        once = "git config reqdrift.python /path/to/environment"
        name_it = f"activate one, or set it once for this clone: {once}"
    lines += [f"{'or ' if lines else ''}{name_it}", "considered:"]
    # Each candidate once, with all the ways in which it was found.
    ways: dict[tuple[str, str], list[str]] = {}
    for candidate in passed_over:
        ways.setdefault((candidate.prefix, candidate.refused), []).append(candidate.found_by)
    lines += [f"  {prefix} ({', '.join(by)}): {why}" for (prefix, why), by in ways.items()]
    if not any(candidate.found_by in NAMES for candidate in passed_over):
        *_, last = situation.folders_upwards()
        upwards = "" if last == situation.folder else f", nor above it up to {last}"
        lines.append(f"  no {', '.join(NAMES)} in {situation.folder}{upwards}")
    lines += ["to check one of these, run its command:", *commands] if commands else []
    if situation.environ.get("PRE_COMMIT") == "1":
        lines.append(_SKIP_IN_CI)
    # A folder's name may contain a line break.
    hint = "\n".join(line.replace("\n", "\\n") for line in lines)
    return EnvironmentReadError("no environment found for these requirements", hint)


def _how_to_create_one(situation: Situation) -> Iterator[str]:
    """The command that makes an environment, for a fresh clone that has none."""
    if not situation.files:
        return
    files = (quoted(_shown(file, situation.cwd)) for file in situation.files)
    folder = situation.folder
    if os.path.basename(folder) == "requirements":
        folder = os.path.dirname(folder)
    place = quoted(_shown(os.path.join(folder, ".venv"), situation.cwd))
    install = f"{place}/bin/python -m pip install {' '.join(f'-r {file}' for file in files)}"
    yield f"create one: python3 -m venv {place} && {install}"


def _commands(situation: Situation) -> Iterator[str]:
    """A command for each likely environment, sorted by how many required projects it has.

    They are only suggested: the project's, of any name, and the one that reqdrift runs in. Of those
    that other tools keep elsewhere, the tool prints the path.
    """
    in_hook = situation.environ.get("PRE_COMMIT") == "1"
    option = "git config reqdrift.python" if in_hook else "reqdrift --python"
    files = "" if in_hook else _files(situation)
    known = [(*_holding(path, situation), path, whose) for path, whose in _found(situation)]
    # It has nothing of this project: what is installed there would be next to reqdrift.
    known = [entry for entry in known if entry[0] or entry[3] != _RUNNING or not situation.lines]
    known.sort(key=lambda entry: -entry[0])
    for _, what, path, whose in known[:_MOST]:
        prefix = path if in_hook else _shown(path, situation.cwd)
        yield f"  {option} {quoted(prefix)}{files}  # {whose}{what}"
    if len(known) > _MOST:
        yield f"  # and {len(known) - _MOST} more"
    for tool, command in _of_tools(situation):
        yield f'  {option} "$({command})"{files}  # the environment that {tool} made, if any'
    program = os.path.basename(first_python(situation))
    if program and not in_hook and any(map(situation.environ.get, _CI)):
        path = f'"$(command -v {program})"'
        yield f"  {option} {path}{files}  # the Python that this job installs into"


def _found(situation: Situation) -> Iterator[tuple[str, str]]:
    """Each environment once, with where it was found."""
    paths = [
        (os.path.join(folder, name), "in the project's folder")
        for folder in situation.folders_upwards()
        for name in entries_of(folder)
        if os.path.isfile(os.path.join(folder, name, "pyvenv.cfg"))
    ]
    paths += [(candidate.prefix, _RUNNING) for candidate in running_virtual(situation)]
    seen = set()
    for path, whose in paths:
        real = os.path.realpath(path)
        if real not in seen and is_environment(real):
            seen.add(real)
            if not owning_tool(path, situation.environ):
                yield path, whose


def _of_tools(situation: Situation) -> Iterator[tuple[str, str]]:
    """The tools whose files the project has, with the command that prints its environment."""
    seen = set()
    for folder in situation.folders_upwards():
        there = "" if folder == situation.cwd else f"cd {quoted(folder)} && "
        for name, text, tool, command in _TOOLS:
            if tool not in seen and _has(os.path.join(folder, name), text):
                seen.add(tool)
                yield tool, there + command


def _has(path: str, text: bytes) -> bool:
    """Whether there is a file with this text."""
    try:
        return text in read_regular(path) if text else os.path.isfile(path)
    except OSError:
        return False


def _holding(prefix: str, situation: Situation) -> tuple[int, str]:
    """How many of the required projects a virtualenv has, as number and in words."""
    if not is_virtualenv(prefix):
        return 0, ""
    try:
        held, wanted = holding(Candidate("", prefix), situation)
    except EnvironmentReadError:
        return 0, ", and cannot be read"
    return held, f"; has {held} of {wanted} required projects"


def _files(situation: Situation) -> str:
    """The requirements files as arguments, '' if they are the default."""
    places = (situation.cwd, situation.top or "/")
    usual = {os.path.join(place, "requirements.txt") for place in places}
    if usual.issuperset(situation.files):
        return ""
    return "".join(f" {quoted(_shown(file, situation.cwd))}" for file in situation.files)


def _shown(path: str, cwd: str) -> str:
    return os.path.relpath(path, cwd) if is_inside(path, cwd) else path
