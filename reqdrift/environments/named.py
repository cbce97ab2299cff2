"""The environment that the user, or the project's configuration, named."""

from __future__ import annotations

import os

from .. import repository
from ..errors import EnvironmentReadError
from ..files import read_regular
from ..standards.shell import program_on_path, quoted
from ..values import TYPE_CHECKING
from .candidates import NAMES, Candidate, places
from .site import find_interpreter, is_environment, is_virtualenv, minor_of, must_be_open

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .candidates import Situation


# How the environment is named in each case.
_COMMANDS = {
    "--python": "reqdrift --python {}",
    "REQDRIFT_PYTHON": "REQDRIFT_PYTHON={}",
    "git config reqdrift.python": "git config reqdrift.python {}",
}


def named(situation: Situation) -> Iterator[Candidate]:
    """Step 0: at most one candidate. A wrong value is an error; the search does not continue."""
    if situation.python and situation.named_by != "--python":
        yield _committed(situation.python, situation.named_by, situation)
    elif situation.python:
        yield _by_user(situation.python, situation.named_by, situation)
    elif value := situation.environ.get("REQDRIFT_PYTHON"):
        yield _by_user(value, "REQDRIFT_PYTHON", situation)
    elif path := _of_clone(situation.top):
        yield _by_user(path, "git config reqdrift.python", situation)
    elif situation.configured:
        yield _committed(situation.configured, "[tool.reqdrift] python", situation)


def _of_clone(top: str | None) -> str | None:
    """The environment in the clone's git configuration."""
    if top is None or not repository.may_configure(top, "reqdrift"):
        return None
    return repository.git.config_path(top, "reqdrift.python")


def _by_user(value: str, found_by: str, situation: Situation) -> Candidate:
    return named_environment(value, found_by, situation.cwd)._replace(chosen="named")


def _committed(value: str, found_by: str, situation: Situation) -> Candidate:
    """The environment in the project's configuration: the author chose it, not the user.

    Raises:
        EnvironmentReadError: there is none, or it must be started and is inside the project.
    """
    found = named_environment(value, found_by, situation.cwd)
    if not is_virtualenv(found.prefix):
        must_not_come_with_the_project(found, situation)
    return found


def named_environment(value: str, found_by: str, cwd: str) -> Candidate:
    """The environment or interpreter at a path that the user gave, or a command on PATH.

    Raises:
        EnvironmentReadError: there is neither.
    """
    path = os.path.join(cwd, os.path.expanduser(value))
    if not os.path.exists(path) and os.path.basename(value) == value:
        path = program_on_path(value) or path
    if os.path.basename(path) == ".venv" and os.path.isfile(path):
        path = target(path, os.environ) or path
    if os.path.isdir(path):
        if is_environment(path):
            return Candidate(found_by, os.path.normpath(path))
        if interpreter := find_interpreter(path):
            return Candidate(found_by, os.path.normpath(path), interpreter=interpreter)
        must_be_open(path)
        raise _no_environment(value, path, found_by)
    path = os.path.abspath(path)
    prefix = os.path.dirname(os.path.dirname(path))
    # The interpreter may be a dangling link: a finding, if the environment can be read.
    if os.path.lexists(path) and is_environment(prefix):
        interpreter = path if minor_of(os.path.basename(path)) else None
        return Candidate(found_by, prefix, interpreter=interpreter)
    if not os.path.exists(path):
        raise EnvironmentReadError(
            f"{found_by}: {value} does not exist", "give an interpreter or an environment folder"
        )
    return Candidate(found_by, prefix, interpreter=path)


def _no_environment(value: str, path: str, found_by: str) -> EnvironmentReadError:
    """The error for a folder that is not an environment; it may contain one.

    Args:
        value: the value.
        path: its absolute path.
        found_by: the option, variable or key with the value.
    """
    message = f"{found_by}: {value} is not an environment (no pyvenv.cfg in it)"
    for name in NAMES:
        if is_environment(os.path.join(path, name)):
            command = _COMMANDS.get(found_by, "use {}")
            inside = command.format(quoted(os.path.join(value, name)))
            return EnvironmentReadError(message, f"it contains one: {inside}")
    return EnvironmentReadError(message, "give an interpreter or an environment folder")


# Where pipenv, virtualenvwrapper and shell plugins keep environments by name.
_SHELVES = ("~/.local/share/virtualenvs", "~/.virtualenvs")
_RECREATE = "recreate the environment"


def target(file: str, environ: Mapping[str, str]) -> str:
    """The environment that a `.venv` file names; '' if it names none or cannot be read.

    A name is searched in the folders for named environments, then next to the file.
    """
    try:
        line = _first_line(file)
    except OSError:
        return ""
    if not line or "\0" in line:
        return ""
    if os.path.basename(line) == line:
        for shelf in places("WORKON_HOME", _SHELVES, environ):
            if is_environment(path := os.path.join(shelf, line)):
                return path
    return os.path.normpath(os.path.join(os.path.dirname(file), os.path.expanduser(line)))


def must_lead_somewhere(path: str, found: str) -> None:
    """Raises EnvironmentReadError for a `.venv` that leads to no environment.

    An empty file is ignored, as by pipenv.

    Args:
        path: the `.venv`.
        found: where it leads, which is not an environment.
    """
    if os.path.isdir(path):
        must_be_open(path)
        raise EnvironmentReadError(f"{path}: not an environment (no pyvenv.cfg in it)", _RECREATE)
    if os.path.islink(path) and not os.path.exists(path):
        raise EnvironmentReadError(
            f"{path}: a link to {os.readlink(path)}, which does not exist",
            f"{_RECREATE}, or remove the link",
        )
    if not os.path.isfile(path):
        return
    try:
        line = _first_line(path)
    except OSError as error:
        raise EnvironmentReadError(f"{path} cannot be read: {error.strerror}") from None
    if not line:
        return
    must_be_open(found)
    # A link may lead to a file outside of the project, whose content must not be shown.
    name = "an environment" if os.path.islink(path) else line
    what = (
        "is not an environment (no pyvenv.cfg in it)" if os.path.isdir(found) else "does not exist"
    )
    raise EnvironmentReadError(
        f"{path}: it names {name}, which {what}", f"{_RECREATE}, or remove the file"
    )


def _first_line(file: str) -> str:
    return read_regular(file).partition(b"\n")[0].decode("utf-8", "replace").strip()


def may_start_unasked(interpreter: str, prefix: str) -> bool:
    """Whether a Python that the user did not name may be started.

    It, and where it leads, lie outside of the repository (or folder) that holds the environment:
    files inside may have come with a clone. So may the pyvenv.cfg next to a link to a trusted
    interpreter; it sets the location of the standard library.
    """
    around = os.path.dirname(os.path.abspath(prefix))
    project = os.path.realpath(repository.top_folder(around) or around).rstrip(os.sep) + os.sep
    real = os.path.realpath(interpreter)
    given = os.path.join(os.path.realpath(os.path.dirname(interpreter)), "")
    is_python = os.path.basename(real).lower().startswith(("python", "pypy"))
    return is_python and not real.startswith(project) and not given.startswith(project)


def must_not_come_with_the_project(found: Candidate, situation: Situation) -> None:
    """Raises EnvironmentReadError for a Python to be started that may have come with a clone."""
    interpreter = found.interpreter or find_interpreter(found.prefix)
    # Any path inside the project will do.
    inside = os.path.join(situation.top or situation.folder, "x")
    if interpreter and not may_start_unasked(interpreter, inside):
        raise EnvironmentReadError(
            f"{found.found_by}: {found.prefix} is not a virtualenv; reading it means starting"
            f" {interpreter}, which may have come with the project",
            f"if you trust it: reqdrift --python {interpreter}",
        )
