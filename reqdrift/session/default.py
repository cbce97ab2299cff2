"""What is checked in a project without a requirements.txt."""

from __future__ import annotations

import os
import shlex

from .. import repository
from ..errors import UsageError
from ..report import shown_path
from ..requirements.nearby import main_files, services
from ..values import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# More names do not say more.
_SHOWN = 3


def default_of_folder(cwd: str) -> str:
    """The one file of a `requirements/` folder that no other includes.

    Raises:
        UsageError: there is none, or several; the hint has the command that checks the first.
    """
    found = [files[0] for files in main_files(cwd, repository.top_folder(cwd)) if len(files) == 1]
    if len(found) == 1 and os.path.basename(os.path.dirname(found[0])) == "requirements":
        return found[0]
    message = "there is no requirements.txt or pylock.toml here or at the top of the repository"
    if not found:
        raise _no_file(message, services(cwd))
    names = ", ".join(map(shown_path, found))
    command = shlex.join(["reqdrift", shown_path(found[0])])
    raise UsageError(f"{message}, but {names}", f"pass what the environment is for: {command}")


def _no_file(message: str, below: Sequence[tuple[str, str]]) -> UsageError:
    """There is none; the folders below may have one each, as the services of a monorepo do."""
    if not below:
        return UsageError(message, "pass the file: reqdrift FILE")
    names = [shown_path(path) for _, path in below[:_SHOWN]]
    more = [f"{len(below) - _SHOWN} more"] if len(below) > _SHOWN else []
    hint = "to check each in its own environment, add sets: reqdrift init --write"
    return UsageError(f"{message}, but {', '.join([*names, *more])}", hint)
