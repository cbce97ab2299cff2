"""Which environment is meant, and why: the first acceptable candidate wins.

The steps are generators of candidates, in the order of docs/architecture.md, so that a check stops
at the first good one while `reqdrift env` can show them all. Those that a project with an
environment of its own never reaches are in `elsewhere`.
"""

from __future__ import annotations

import os
import sys

from .. import repository
from ..errors import EnvironmentReadError
from ..model import TYPE_CHECKING, NamedTuple
from ..reading import folder_of, read_regular
from .interpreter import (
    SHUT,
    find_interpreter,
    is_conda_base,
    is_environment,
    is_shut,
    is_virtualenv,
    minor_of,
    must_be_open,
    read_pyvenv_cfg,
)
from .tools import owning_tool

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..model import Requirement

NAMES = (".venv", "venv", "env")
CONDA_BASE = "conda's base environment"


class Candidate(NamedTuple):
    """A place where the environment might be; `refused` says why it is not, '' if it may be.

    `interpreter` is set where the prefix is no virtual environment and must be asked. `chosen` is
    `named` for what the user named, `guess` for what was taken because of what it holds, else
    `found`.
    """

    found_by: str
    prefix: str
    refused: str = ""
    interpreter: str | None = None
    chosen: str = "found"


class Situation(NamedTuple):
    """All that the choice depends on.

    `files` are absolute paths of the requirements files, `lines` what they ask for, `top` the
    repository's top folder, `python` what the user named for this run, `configured` what the
    project's configuration names.
    """

    files: tuple[str, ...]
    lines: tuple[Requirement, ...]
    environ: Mapping[str, str]
    cwd: str
    top: str | None
    python: str | None = None
    configured: str | None = None
    named_by: str = "--python"
    prefix: str = sys.prefix
    base_prefix: str = sys.base_prefix
    executable: str = sys.executable

    @property
    def folder(self) -> str:
        """The folder of the (first) requirements file."""
        return os.path.normpath(folder_of(self.files[0], self.cwd) if self.files else self.cwd)


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
    from .elsewhere import none_found

    raise none_found(situation, passed_over)


def candidates(situation: Situation) -> Iterator[Candidate]:
    """Every candidate, best first."""
    yield from named(situation)
    yield from virtual_env(situation)
    yield from running(situation)
    yield from extended(situation)
    yield from activated_before_hook(situation)
    yield from project_folders(situation)
    from . import elsewhere

    yield from elsewhere.conda(situation)
    yield from elsewhere.guesses(situation)
    yield from elsewhere.not_virtual(situation)


def own_virtualenv(situation: Situation) -> str | None:
    """The project's own `.venv`, nearest to the requirements file."""
    folder = _folder_of_own(situation)
    return None if folder is None else _virtualenv_of(folder)


def _folder_of_own(situation: Situation) -> str | None:
    for folder in folders_upwards(situation):
        if is_environment(_virtualenv_of(folder)):
            return folder
    return None


def _virtualenv_of(folder: str) -> str:
    """The folder's `.venv`, or where the file of that name leads."""
    path = os.path.join(folder, ".venv")
    if not os.path.isfile(path):
        return path
    try:
        line = read_regular(path).partition(b"\n")[0].decode("utf-8", "replace").strip()
    except OSError:
        return path
    return (
        os.path.normpath(os.path.join(folder, os.path.expanduser(line)))
        if line and "\0" not in line
        else path
    )


def named(situation: Situation) -> Iterator[Candidate]:
    """Step 0: what the user named. A bad value is an error, never a reason to look elsewhere."""
    if situation.python and situation.named_by != "--python":
        yield _committed(situation.python, situation.named_by, situation)
    elif situation.python:
        yield _by_user(situation.python, situation.named_by, situation)
    elif value := situation.environ.get("REQDRIFT_PYTHON"):
        yield _by_user(value, "REQDRIFT_PYTHON", situation)
    elif situation.top and (path := repository.config_path(situation.top, "reqdrift.python")):
        yield _by_user(path, "git config reqdrift.python", situation)
    elif situation.configured:
        yield _committed(situation.configured, "[tool.reqdrift] python", situation)


def _by_user(value: str, found_by: str, situation: Situation) -> Candidate:
    """What the user named for this run, this shell or this clone."""
    return named_environment(value, found_by, situation.cwd)._replace(chosen="named")


def _committed(value: str, found_by: str, situation: Situation) -> Candidate:
    """What the project's configuration names, which whoever wrote the project has chosen.

    Raises:
        EnvironmentReadError: there is none, or it would have to be started and lies in the project.
    """
    found = named_environment(value, found_by, situation.cwd)
    if found.interpreter or not is_virtualenv(found.prefix):
        _must_not_come_with_the_project(found, situation)
    return found


def _must_not_come_with_the_project(found: Candidate, situation: Situation) -> None:
    """Raises EnvironmentReadError for a Python to be started that may have come with a clone."""
    interpreter = found.interpreter or find_interpreter(found.prefix)
    # Any path in the project does for where the project begins.
    inside = os.path.join(situation.top or situation.folder, "x")
    from .asking import may_start_unasked

    if interpreter and not may_start_unasked(interpreter, inside):
        raise EnvironmentReadError(
            f"{found.found_by}: {found.prefix} is no virtualenv, and is only read by starting"
            f" {interpreter}, which may have come with the project",
            f"if it is yours: reqdrift --python {interpreter}",
        )


def named_environment(value: str, found_by: str, cwd: str) -> Candidate:
    """The environment or interpreter at a path that the user gave, or a command on PATH.

    Raises:
        EnvironmentReadError: there is neither.
    """
    path = os.path.join(cwd, os.path.expanduser(value))
    if not os.path.exists(path) and os.path.basename(value) == value:
        import shutil

        path = shutil.which(value) or path
    if os.path.basename(path) == ".venv":
        path = _virtualenv_of(os.path.dirname(path))
    if os.path.isdir(path):
        if is_environment(path):
            return Candidate(found_by, os.path.normpath(path))
        if interpreter := find_interpreter(path):
            return Candidate(found_by, os.path.normpath(path), interpreter=interpreter)
        must_be_open(path)
        raise EnvironmentReadError(
            f"{found_by}: {value} is not an environment (no pyvenv.cfg in it)",
            "name an interpreter or an environment's folder",
        )
    path = os.path.abspath(path)
    prefix = os.path.dirname(os.path.dirname(path))
    # The interpreter may be a link whose end is gone: a finding, if the environment can be read.
    if os.path.lexists(path) and is_environment(prefix):
        interpreter = path if minor_of(os.path.basename(path)) else None
        return Candidate(found_by, prefix, interpreter=interpreter)
    if not os.path.exists(path):
        raise EnvironmentReadError(
            f"{found_by}: {value} does not exist", "name an interpreter or an environment's folder"
        )
    return Candidate(found_by, prefix, interpreter=path)


def virtual_env(situation: Situation) -> Iterator[Candidate]:
    """Step 1: the activated environment."""
    if value := situation.environ.get("VIRTUAL_ENV"):
        path = os.path.normpath(os.path.join(situation.cwd, value))
        refused = why_not(path, situation) or _why_not_here(path, situation)
        yield Candidate("VIRTUAL_ENV", path, refused)


def _why_not_here(prefix: str, situation: Situation) -> str:
    """Why an activated environment is another project's, '' if it is not.

    In a monorepo, and among worktrees, the `.venv` of the requirements file beats the one of
    another folder of the repository. An environment as `.tox/py312` is no folder's own.
    """
    home = _folder_of_own(situation)
    if home is None or situation.top is None or _is_same(_virtualenv_of(home), prefix):
        return ""
    other = os.path.dirname(prefix)
    is_own = os.path.basename(prefix) in NAMES or _is_same(_virtualenv_of(other), prefix)
    top = repository.top_folder(os.path.realpath(other))
    if not is_own or top is None or _is_same(home, other):
        return ""
    if repository.shared_folder(top) != repository.shared_folder(situation.top):
        return ""
    return f"another folder's; these requirements have {_virtualenv_of(home)}"


def _is_same(one: str, other: str) -> bool:
    return one == other or os.path.realpath(one) == os.path.realpath(other)


def running(situation: Situation) -> Iterator[Candidate]:
    """Step 2: the environment that reqdrift itself is installed in."""
    prefix = situation.prefix
    if prefix == situation.base_prefix and not is_environment(prefix):
        return
    refused = why_not(prefix, situation)
    if not refused and _has_another(prefix, situation):
        refused = "the project has a .venv of its own"
    if not refused and is_conda_base(prefix):
        refused = CONDA_BASE
    yield Candidate("the environment that reqdrift runs in", prefix, refused)


def _has_another(prefix: str, situation: Situation) -> bool:
    """Whether the project's `.venv` is another; a folder that is none counts, to be reported."""
    for folder in folders_upwards(situation):
        path = _virtualenv_of(folder)
        if is_environment(path) or os.path.isdir(os.path.join(folder, ".venv")):
            return not _is_same(path, prefix)
    return False


def extended(situation: Situation) -> Iterator[Candidate]:
    """Step 3: the parent of the environment that `uv run --with` makes for the moment."""
    settings = read_pyvenv_cfg(situation.prefix) or {}
    if path := settings.get("extends-environment"):
        refused = why_not(path, situation) or _why_not_here(path, situation)
        yield Candidate("extends-environment", path, refused)


def activated_before_hook(situation: Situation) -> Iterator[Candidate]:
    """Step 4: a hook runner overwrote VIRTUAL_ENV, but the prompt's variable is still there."""
    overwritten = situation.environ.get("VIRTUAL_ENV")
    if (
        overwritten
        and situation.environ.get("VIRTUAL_ENV_PROMPT")
        and owning_tool(overwritten, situation.environ)
    ):
        for prefix in virtualenvs_on_path(situation):
            if is_virtualenv(prefix):
                refused = _why_not_here(prefix, situation)
                yield Candidate("activated before the hook", prefix, refused)
                return


def virtualenvs_on_path(situation: Situation) -> Iterator[str]:
    """Environments, but for tools' own, whose folder of programs is on PATH."""
    for entry in dict.fromkeys(situation.environ.get("PATH", "").split(os.pathsep)):
        prefix = os.path.dirname(os.path.normpath(entry))
        if (
            os.path.isabs(entry)
            and is_environment(prefix)
            and not owning_tool(prefix, situation.environ)
        ):
            yield prefix


def folders_upwards(situation: Situation) -> Iterator[str]:
    """From the requirements file's folder up to the git top, or to the working directory."""
    folder = situation.folder
    last = situation.top
    if last is None and f"{folder}{os.sep}".startswith(f"{situation.cwd}{os.sep}"):
        last = situation.cwd
    yield folder
    while last and folder != last and os.path.dirname(folder) != folder:
        folder = os.path.dirname(folder)
        yield folder


def project_folders(situation: Situation) -> Iterator[Candidate]:
    """Step 5: an environment in the project's folders, or where uv and pyenv are told to put it."""
    for folder in folders_upwards(situation):
        for name in NAMES:
            yield from _in_folder(folder, name, situation)
    for variable in ("UV_PROJECT_ENVIRONMENT", "PYENV_VIRTUAL_ENV"):
        if value := situation.environ.get(variable):
            path = os.path.normpath(os.path.join(situation.top or situation.cwd, value))
            yield Candidate(variable, path, why_not(path, situation))


def _in_folder(folder: str, name: str, situation: Situation) -> Iterator[Candidate]:
    path = os.path.join(folder, name)
    if name == ".venv" and os.path.lexists(path):
        if os.path.isdir(path) and not is_environment(path):
            must_be_open(path)
            raise EnvironmentReadError(
                f"{path}: not an environment (no pyvenv.cfg in it)", "make the environment anew"
            )
        path = _virtualenv_of(folder)
    elif not os.path.isdir(path):
        return
    found = Candidate(name, path, why_not(path, situation))
    activated = situation.environ.get("CONDA_PREFIX")
    if not (found.refused or is_virtualenv(path) or (activated and _is_same(path, activated))):
        _must_not_come_with_the_project(found, situation)
    yield found


def why_not(prefix: str, situation: Situation) -> str:
    """Why the folder cannot be the project's environment, '' if it can."""
    if not os.path.isdir(prefix):
        return "does not exist"
    if not is_environment(prefix):
        none = "not an environment (no pyvenv.cfg in it)"
        return f"cannot be read: {SHUT}" if is_shut(prefix) else none
    tool = owning_tool(prefix, situation.environ)
    return f"{tool}'s own environment" if tool else ""
