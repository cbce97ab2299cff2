"""A `.venv` that is not an environment: a file that names one, or a dangling link."""

from __future__ import annotations

import os

from ..errors import EnvironmentReadError
from ..files import read_regular
from ..values import TYPE_CHECKING
from .candidates import places
from .site import is_environment, must_be_open

if TYPE_CHECKING:
    from collections.abc import Mapping

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
