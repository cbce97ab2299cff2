"""What a plain clean check does without: other files and environments, and the whole comparison."""

from __future__ import annotations

import os

from .. import environments, options, repository, requirements
from ..environments import Situation
from ..errors import UsageError
from ..report import shown_path
from ..values import (
    TYPE_CHECKING,
    CanonicalName,
    Python,
    Request,
    Set,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..environments import EnvironmentSource
    from ..values import Requirements

    # What a set asks for, and where it stands.
    Sides = tuple[Requirements, Situation]

    StrPath = str | os.PathLike[str]
    # One, or several.
    Files = StrPath | Sequence[StrPath]
    Names = str | Sequence[str]

    from ..environments.records import Pipes


# The last request, of which each run has its own, and what was read of pipes for it.
_last: list[tuple[Request, Pipes]] = []


def named_source(one: Set, situation: Situation, request: Request) -> EnvironmentSource:
    """The source that reads a record, or the folder of `--path`."""
    version = request.python_version
    if one.installed:
        project = situation.top or situation.folder
        return environments.records.Record(
            one.installed, project, version, request.platform, _pipes_of(request)
        )
    return environments.records.Target(request.path or "", version)


def _pipes_of(request: Request) -> Pipes:
    """What was read of pipes for the other sets of this run; a later run reads them again."""
    found = next((pipes for one, pipes in _last if one is request), None)
    if found is None:
        found = {}
        _last[:] = [(request, found)]
    return found


# More names do not say more.
_SHOWN = 3


def default_of_folder(cwd: str) -> str:
    """The one file of a `requirements/` folder that no other includes.

    Raises:
        UsageError: there is none, or several; the hint has the command that checks the first.
    """
    found = [
        files[0]
        for files in requirements.nearby.main_files(cwd, repository.top_folder(cwd))
        if len(files) == 1
    ]
    if len(found) == 1 and os.path.basename(os.path.dirname(found[0])) == "requirements":
        return found[0]
    message = "there is no requirements.txt or pylock.toml here or at the top of the repository"
    if not found:
        raise _no_file(message, requirements.nearby.services(cwd))
    names = ", ".join(map(shown_path, found))
    command = " ".join(map(options.quoted, ["reqdrift", shown_path(found[0])]))
    raise UsageError(f"{message}, but {names}", f"pass what the environment is for: {command}")


def _no_file(message: str, below: Sequence[tuple[str, str]]) -> UsageError:
    """There is none; the folders below may have one each, as the services of a monorepo do."""
    if not below:
        return UsageError(message, "pass the file: reqdrift FILE")
    names = [shown_path(path) for _, path in below[:_SHOWN]]
    more = [f"{len(below) - _SHOWN} more"] if len(below) > _SHOWN else []
    hint = "to check each in its own environment, add sets: reqdrift init --write"
    return UsageError(f"{message}, but {', '.join([*names, *more])}", hint)


_MOST_NAMED = 3


def assumed(python: Python, hanging: Sequence[CanonicalName]) -> str:
    """What is said of verdicts that another Python would change."""
    names = ", ".join(hanging[:_MOST_NAMED])
    if len(hanging) > _MOST_NAMED:
        names += f" and {len(hanging) - _MOST_NAMED} more"
    minor = ".".join(map(str, python.minor))
    return (
        f"the folder does not record its Python version: {minor} is assumed, but the"
        f" findings about {names} depend on it; pass --python-version X.Y"
    )
