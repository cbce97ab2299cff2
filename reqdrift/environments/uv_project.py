"""UV_PROJECT_ENVIRONMENT: where uv is told to put a project's environment."""

from __future__ import annotations

import os

from ..repository.pyproject import is_project_of_uv
from ..values import TYPE_CHECKING
from .asking import must_not_come_with_the_project
from .candidates import Candidate, why_not
from .site import find_interpreter, is_environment, is_virtualenv

if TYPE_CHECKING:
    from .candidates import Situation


def environment_of_project(folder: str, value: str, situation: Situation) -> Candidate | None:
    """The environment that the variable gives the uv project in `folder`; None if there is none.

    In a workspace only the root has one, so that a member without one leads on upwards. It may be
    a Python that is no virtualenv (`/usr/local` in an image).

    Raises:
        EnvironmentReadError: it would have to be started and lies in the project.
    """
    path = os.path.normpath(os.path.join(folder, value))
    interpreter = None if is_environment(path) else find_interpreter(path)
    if not (interpreter or is_environment(path)) or not is_project_of_uv(folder):
        return None
    refused = "" if interpreter else why_not(path, situation)
    found = Candidate("UV_PROJECT_ENVIRONMENT", path, refused, interpreter)
    if not (refused or is_virtualenv(path)):
        # The variable may lead into the project, and a clone may bring what is there.
        must_not_come_with_the_project(found, situation)
    return found
