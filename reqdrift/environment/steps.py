"""The steps of the search: each is a generator of candidates, in the order of their names below.

docs/architecture.md has the reasons. A step only says what it finds; `locate` chooses.
"""

from __future__ import annotations

import os
import sys

from .. import repository
from ..errors import EnvironmentReadError
from ..model import TYPE_CHECKING, CanonicalName, NamedTuple
from ..reading import read_regular
from .installed import Installed
from .interpreter import (
    SHUT,
    find_interpreter,
    find_site_folders,
    is_conda_base,
    is_environment,
    is_shut,
    is_virtualenv,
    may_start_unasked,
    must_be_open,
    read_pyvenv_cfg,
)
from .tools import owning_tool

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NAMES = (".venv", "venv", "env")
_CONDA_BASE = "conda's base environment"

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
    `python` what the user named for this run, `configured` what the project's configuration names.
    """

    files: tuple[str, ...]
    required: frozenset[CanonicalName]
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
        return os.path.normpath(os.path.dirname(self.files[0]) if self.files else self.cwd)


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
        yield named_environment(situation.python, situation.named_by, situation.cwd)
    elif value := situation.environ.get("REQDRIFT_PYTHON"):
        yield named_environment(value, "REQDRIFT_PYTHON", situation.cwd)
    elif situation.top and (path := repository.config_path(situation.top, "reqdrift.python")):
        yield named_environment(path, "git config reqdrift.python", situation.cwd)
    elif situation.configured:
        yield _committed(situation.configured, "[tool.reqdrift] python", situation)


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
        return Candidate(found_by, prefix)
    if not os.path.exists(path):
        raise EnvironmentReadError(
            f"{found_by}: {value} does not exist", "name an interpreter or an environment's folder"
        )
    return Candidate(found_by, prefix, interpreter=path)


def virtual_env(situation: Situation) -> Iterator[Candidate]:
    """Step 1: the activated environment."""
    if value := situation.environ.get("VIRTUAL_ENV"):
        path = os.path.normpath(os.path.join(situation.cwd, value))
        refused = _why_not(path, situation) or _why_not_here(path, situation)
        yield Candidate("VIRTUAL_ENV", path, refused)


def _why_not_here(prefix: str, situation: Situation) -> str:
    """Why an activated environment is another project's, '' if it is not.

    In a monorepo, and among worktrees, the `.venv` of the requirements file beats the one of
    another folder of the repository. An environment as `.tox/py312` is no folder's own.
    """
    home = _folder_of_own(situation)
    if home is None or situation.top is None or _same(_virtualenv_of(home), prefix):
        return ""
    other = os.path.dirname(prefix)
    is_own = os.path.basename(prefix) in NAMES or _same(_virtualenv_of(other), prefix)
    top = repository.top_folder(os.path.realpath(other))
    if not is_own or top is None or _same(home, other):
        return ""
    if repository.shared_folder(top) != repository.shared_folder(situation.top):
        return ""
    return f"another folder's; these requirements have {_virtualenv_of(home)}"


def _same(one: str, other: str) -> bool:
    return one == other or os.path.realpath(one) == os.path.realpath(other)


def running(situation: Situation) -> Iterator[Candidate]:
    """Step 2: the environment that reqdrift itself is installed in."""
    prefix = situation.prefix
    if prefix == situation.base_prefix and not is_environment(prefix):
        return
    refused = _why_not(prefix, situation)
    if not refused and _has_another(prefix, situation):
        refused = "the project has a .venv of its own"
    if not refused and is_conda_base(prefix):
        refused = _CONDA_BASE
    yield Candidate("the environment that reqdrift runs in", prefix, refused)


def _has_another(prefix: str, situation: Situation) -> bool:
    """Whether the project's `.venv` is another; a folder that is none counts, to be reported."""
    for folder in folders_upwards(situation):
        path = _virtualenv_of(folder)
        if is_environment(path) or os.path.isdir(os.path.join(folder, ".venv")):
            return not _same(path, prefix)
    return False


def extended(situation: Situation) -> Iterator[Candidate]:
    """Step 3: the parent of the environment that `uv run --with` makes for the moment."""
    settings = read_pyvenv_cfg(situation.prefix) or {}
    if path := settings.get("extends-environment"):
        refused = _why_not(path, situation) or _why_not_here(path, situation)
        yield Candidate("extends-environment", path, refused)


def activated_before_hook(situation: Situation) -> Iterator[Candidate]:
    """Step 4: a hook runner overwrote VIRTUAL_ENV, but the prompt's variable is still there."""
    overwritten = situation.environ.get("VIRTUAL_ENV")
    if (
        overwritten
        and situation.environ.get("VIRTUAL_ENV_PROMPT")
        and owning_tool(overwritten, situation.environ)
    ):
        for prefix in _on_path(situation):
            if is_virtualenv(prefix):
                refused = _why_not_here(prefix, situation)
                yield Candidate("activated before the hook", prefix, refused)
                return


def _on_path(situation: Situation) -> Iterator[str]:
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
            yield Candidate(variable, path, _why_not(path, situation))


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
    found = Candidate(name, path, _why_not(path, situation))
    activated = situation.environ.get("CONDA_PREFIX")
    if not (found.refused or is_virtualenv(path) or (activated and _same(path, activated))):
        _must_not_come_with_the_project(found, situation)
    yield found


def conda(situation: Situation) -> Iterator[Candidate]:
    """Step 6: an activated conda environment, but for conda's own."""
    if path := situation.environ.get("CONDA_PREFIX"):
        refused = _why_not(path, situation)
        if not refused and is_conda_base(path):
            refused = _CONDA_BASE
        if not refused and find_interpreter(path) is None:
            refused = "holds no Python (conda create makes an empty one)"
        yield Candidate("CONDA_PREFIX", path, refused)


def guesses(situation: Situation) -> Iterator[Candidate]:
    """Step 7: guesses, taken only if they hold at least half of what is required."""
    places = [("PATH", prefix) for prefix in _on_path(situation)]
    if situation.top:
        places += _of_hook(repository.hook_text(situation.top, "pre-commit"))
    for found_by, prefix in places:
        refused = _why_not(prefix, situation)
        if not refused and is_conda_base(prefix):
            refused = _CONDA_BASE
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
    wanted = situation.required - _PRE_COMMIT_AND_ITS_DEPENDENCIES
    if not wanted:
        return candidate._replace(refused="a guess, and nothing is required that could confirm it")
    found = Installed()
    try:
        for folder in find_site_folders(candidate.prefix).own:
            found.add_site_folder(folder, own=True)
    except EnvironmentReadError as error:
        return candidate._replace(refused=error.message)
    held = len(wanted & found.distributions.keys())
    what = f"{held} of {len(wanted)} required projects"
    if 2 * held >= len(wanted):
        return candidate._replace(found_by=f"{candidate.found_by}, a guess: it holds {what}")
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


def _why_not(prefix: str, situation: Situation) -> str:
    """Why the folder cannot be the project's environment, '' if it can."""
    if not os.path.isdir(prefix):
        return "does not exist"
    if not is_environment(prefix):
        none = "not an environment (no pyvenv.cfg in it)"
        return f"cannot be read: {SHUT}" if is_shut(prefix) else none
    tool = owning_tool(prefix, situation.environ)
    return f"{tool}'s own environment" if tool else ""


STEPS = (
    named,
    virtual_env,
    running,
    extended,
    activated_before_hook,
    project_folders,
    conda,
    guesses,
    not_virtual,
)
