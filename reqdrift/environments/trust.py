"""Which interpreter may be started: none that may have come with the project."""

from __future__ import annotations

import os

from .. import repository
from ..errors import EnvironmentReadError
from ..values import TYPE_CHECKING
from .site import find_interpreter

if TYPE_CHECKING:
    from .candidates import Candidate, Situation


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
