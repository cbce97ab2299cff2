"""UV_PROJECT_ENVIRONMENT: where uv creates a project's environment."""

from __future__ import annotations

import os

from ..repository.pyproject import is_project_of_uv
from ..values import TYPE_CHECKING
from .candidates import Candidate, why_not
from .site import find_interpreter, is_environment, is_virtualenv
from .trust import must_not_come_with_the_project

if TYPE_CHECKING:
    from .candidates import Situation


def environment_of_project(folder: str, value: str, situation: Situation) -> Candidate | None:
    """The environment of the uv project in `folder`, as the variable says; None if there is none.

    In a workspace only the root has one, so for a member the search continues upwards. It may be a
    Python that is not a virtualenv (`/usr/local` in an image).

    Raises:
        EnvironmentReadError: it must be started and is inside the project.
    """
    path = os.path.normpath(os.path.join(folder, value))
    interpreter = None if is_environment(path) else find_interpreter(path)
    if not (interpreter or is_environment(path)) or not is_project_of_uv(folder):
        return None
    refused = "" if interpreter else why_not(path, situation)
    found = Candidate("UV_PROJECT_ENVIRONMENT", path, refused, interpreter)
    if not (refused or is_virtualenv(path)):
        # The variable may name a folder in the project, which may have come with a clone.
        must_not_come_with_the_project(found, situation)
    return found
