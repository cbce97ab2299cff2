"""Which environment is meant, and why.

The first candidate that is acceptable wins; docs/architecture.md has the order and its reasons.
Each step is a generator of candidates, so that a check stops at the first good one while
`reqdrift env` can show them all.
"""

from __future__ import annotations

import os
import sys

from .. import git
from ..errors import EnvironmentReadError
from ..model import TYPE_CHECKING, CanonicalName, NamedTuple
from .installed import Installed
from .interpreter import (
    find_interpreter,
    find_site_folders,
    is_conda_base,
    is_environment,
    read_pyvenv_cfg,
)
from .tools import owning_tool

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NAMES = (".venv", "venv", "env")

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


class Candidate(NamedTuple):
    """A place where the environment might be; `refused` says why it is not, '' if it may be.

    `interpreter` is set where the prefix is no virtual environment and must be asked.
    """

    found_by: str
    prefix: str
    refused: str = ""
    interpreter: str | None = None


class Situation(NamedTuple):
    """All that the choice depends on.

    `files` are absolute paths of the requirements files, `top` the repository's top folder,
    `python` what the user named.
    """

    files: tuple[str, ...]
    required: frozenset[CanonicalName]
    environ: Mapping[str, str]
    cwd: str
    top: str | None
    python: str | None = None
    prefix: str = sys.prefix
    base_prefix: str = sys.base_prefix
    executable: str = sys.executable

    @property
    def folder(self) -> str:
        """The folder of the (first) requirements file."""
        return os.path.dirname(self.files[0]) if self.files else self.cwd


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
    tried = "".join(f"\n  {c.found_by}: {c.prefix}: {c.refused}" for c in passed_over)
    raise EnvironmentReadError(
        "no environment found for these requirements",
        "name it once for this clone: git config reqdrift.python PATH"
        " (or for one run: reqdrift --python PATH)"
        f"\ntried:{tried or ' nothing is there'}",
    )


def candidates(situation: Situation) -> Iterator[Candidate]:
    """Every candidate, best first."""
    for step in (
        _named,
        _virtual_env,
        _running,
        _extended,
        _activated_before_hook,
        _project_folders,
        _conda,
        _guesses,
        _not_virtual,
    ):
        yield from step(situation)


def own_virtualenv(situation: Situation) -> str | None:
    """The project's own `.venv`, nearest to the requirements file."""
    for folder in _folders_upwards(situation):
        path = os.path.join(folder, ".venv")
        if is_environment(path):
            return path
    return None


def _named(situation: Situation) -> Iterator[Candidate]:
    """Step 0: what the user named. A bad value is an error, never a reason to look elsewhere."""
    if situation.python:
        yield named_environment(situation.python, "--python", situation.cwd)
    elif value := situation.environ.get("REQDRIFT_PYTHON"):
        yield named_environment(value, "REQDRIFT_PYTHON", situation.cwd)
    elif situation.top and (path := git.config_path(situation.top, "reqdrift.python")):
        yield named_environment(path, "git config reqdrift.python", situation.cwd)


def named_environment(value: str, found_by: str, cwd: str) -> Candidate:
    """The environment or interpreter at a path that the user gave, or a command on PATH.

    Raises:
        EnvironmentReadError: there is neither.
    """
    path = os.path.join(cwd, os.path.expanduser(value))
    if not os.path.exists(path) and os.path.basename(value) == value:
        import shutil

        path = shutil.which(value) or path
    if os.path.isdir(path):
        if is_environment(path):
            return Candidate(found_by, os.path.normpath(path))
        if interpreter := find_interpreter(path):
            return Candidate(found_by, os.path.normpath(path), interpreter=interpreter)
        raise EnvironmentReadError(
            f"{found_by}: {value} is not an environment (no pyvenv.cfg in it)",
            "name an interpreter or an environment's folder",
        )
    if not os.path.exists(path):
        raise EnvironmentReadError(
            f"{found_by}: {value} does not exist", "name an interpreter or an environment's folder"
        )
    path = os.path.abspath(path)
    prefix = os.path.dirname(os.path.dirname(path))
    if is_environment(prefix):
        return Candidate(found_by, prefix)
    return Candidate(found_by, prefix, interpreter=path)


def _virtual_env(situation: Situation) -> Iterator[Candidate]:
    """Step 1: the activated environment; in a monorepo, the nearer `.venv` beats another's."""
    path = situation.environ.get("VIRTUAL_ENV")
    if not path:
        return
    refused = _why_not(path, situation)
    top = situation.top
    nearer = os.path.join(situation.folder, ".venv")
    elsewhere = os.path.dirname(os.path.realpath(path))
    if (
        not refused
        and top
        and is_environment(nearer)
        and elsewhere != os.path.realpath(situation.folder)
        and f"{elsewhere}{os.sep}".startswith(f"{os.path.realpath(top)}{os.sep}")
    ):
        refused = "the .venv beside the requirements file is nearer"
    yield Candidate("VIRTUAL_ENV", path, refused)


def _running(situation: Situation) -> Iterator[Candidate]:
    """Step 2: the environment that reqdrift itself is installed in."""
    prefix = situation.prefix
    if prefix == situation.base_prefix and not is_environment(prefix):
        return
    refused = _why_not(prefix, situation)
    own = own_virtualenv(situation)
    if not refused and own and os.path.realpath(own) != os.path.realpath(prefix):
        refused = "the project has a .venv of its own"
    if not refused and is_conda_base(prefix):
        refused = "conda's base environment"
    yield Candidate("the environment that reqdrift runs in", prefix, refused)


def _extended(situation: Situation) -> Iterator[Candidate]:
    """Step 3: the parent of the environment that `uv run --with` makes for the moment."""
    settings = read_pyvenv_cfg(situation.prefix) or {}
    if path := settings.get("extends-environment"):
        yield Candidate("extends-environment", path, _why_not(path, situation))


def _activated_before_hook(situation: Situation) -> Iterator[Candidate]:
    """Step 4: a hook runner overwrote VIRTUAL_ENV, but the prompt's variable is still there."""
    overwritten = situation.environ.get("VIRTUAL_ENV")
    if (
        overwritten
        and situation.environ.get("VIRTUAL_ENV_PROMPT")
        and owning_tool(overwritten, situation.environ)
    ):
        yield from list(_on_path(situation, "activated before the hook"))[:1]


def _on_path(situation: Situation, found_by: str) -> Iterator[Candidate]:
    """Project virtualenvs whose folder of programs is on PATH."""
    for entry in dict.fromkeys(situation.environ.get("PATH", "").split(os.pathsep)):
        prefix = os.path.dirname(entry.rstrip(os.sep))
        if entry and is_environment(prefix) and not owning_tool(prefix, situation.environ):
            yield Candidate(found_by, prefix)


def _folders_upwards(situation: Situation) -> Iterator[str]:
    """From the requirements file's folder up to the git top, or to the working directory."""
    folder = situation.folder
    last = situation.top
    if last is None and f"{folder}{os.sep}".startswith(f"{situation.cwd}{os.sep}"):
        last = situation.cwd
    yield folder
    while last and folder != last and os.path.dirname(folder) != folder:
        folder = os.path.dirname(folder)
        yield folder


def _project_folders(situation: Situation) -> Iterator[Candidate]:
    """Step 5: an environment in the project's folders, or where uv and pyenv are told to put it."""
    for folder in _folders_upwards(situation):
        for name in _NAMES:
            path = os.path.join(folder, name)
            if name == ".venv" and os.path.isfile(path):
                path = os.path.join(folder, _redirect(path))
                yield Candidate(".venv", path, _why_not(path, situation))
            elif os.path.isdir(path):
                refused = _why_not(path, situation)
                if refused and name == ".venv":
                    raise EnvironmentReadError(f"{path}: {refused}", "make the environment anew")
                yield Candidate(name, path, refused)
    for variable in ("UV_PROJECT_ENVIRONMENT", "PYENV_VIRTUAL_ENV"):
        if value := situation.environ.get(variable):
            path = os.path.join(situation.top or situation.cwd, value)
            yield Candidate(variable, path, _why_not(path, situation))


def _redirect(path: str) -> str:
    """The path inside a `.venv` file."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return os.path.expanduser(file.readline().strip())
    except OSError:
        return ""


def _conda(situation: Situation) -> Iterator[Candidate]:
    """Step 6: an activated conda environment, but for conda's own."""
    if path := situation.environ.get("CONDA_PREFIX"):
        refused = _why_not(path, situation)
        if not refused and is_conda_base(path):
            refused = "conda's base environment"
        yield Candidate("CONDA_PREFIX", path, refused)


def _guesses(situation: Situation) -> Iterator[Candidate]:
    """Step 7: guesses, taken only if they hold at least half of what is required."""
    yield from (_if_it_holds(c, situation) for c in _on_path(situation, "PATH"))
    if situation.top and (path := _hook_python(git.hook_text(situation.top, "pre-commit"))):
        prefix = os.path.dirname(os.path.dirname(path))
        found_by = "INSTALL_PYTHON in the git hook"
        refused = _why_not(prefix, situation)
        candidate = Candidate(found_by, prefix, refused)
        yield candidate if refused else _if_it_holds(candidate, situation)


def _hook_python(text: str) -> str:
    """The interpreter that `pre-commit install` wrote into the hook."""
    for line in text.splitlines():
        if line.startswith("INSTALL_PYTHON="):
            return line.partition("=")[2].strip("'\"")
    return ""


def _if_it_holds(candidate: Candidate, situation: Situation) -> Candidate:
    wanted = situation.required - _PRE_COMMIT_AND_ITS_DEPENDENCIES
    found = Installed()
    try:
        for folder in find_site_folders(candidate.prefix).own:
            found.add_site_folder(folder, own=True)
    except EnvironmentReadError as error:
        return candidate._replace(refused=error.message)
    held = len(wanted & found.distributions.keys())
    if wanted and 2 * held >= len(wanted):
        return candidate
    return candidate._replace(refused=f"holds only {held} of {len(wanted)} required projects")


def _not_virtual(situation: Situation) -> Iterator[Candidate]:
    """Step 8: the Python of a container or CI machine, if reqdrift is installed right into it."""
    if situation.prefix == situation.base_prefix:
        refused = owning_tool(situation.prefix, situation.environ)
        yield Candidate(
            "the Python that reqdrift runs on",
            situation.prefix,
            refused and f"{refused}'s own environment",
            situation.executable,
        )


def _why_not(prefix: str, situation: Situation) -> str:
    """Why the folder cannot be the project's environment, '' if it can."""
    if not os.path.isdir(prefix):
        return "does not exist"
    if not is_environment(prefix):
        return "not an environment (no pyvenv.cfg in it)"
    tool = owning_tool(prefix, situation.environ)
    return f"{tool}'s own environment" if tool else ""
