"""What a plain clean check does without: other files and environments, and the whole comparison."""

from __future__ import annotations

import os

from .. import environments, options, repository, requirements
from ..environments import Situation
from ..errors import UsageError
from ..report import shown_path
from ..standards import pep440
from ..values import TYPE_CHECKING, CanonicalName, Python, Request, Set
from ..values.findings import some_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..environments import EnvironmentSource
    from ..environments.records import Pipes
    from ..values import Environment, Unreadable
    from ..values.details import Declared

    Needs = tuple[str, ...] | Unreadable


# The last request, of which each run has its own, and what was read of pipes for it.
_last: list[tuple[Request, Pipes]] = []


def named_source(one: Set, situation: Situation, request: Request) -> EnvironmentSource:
    """The source that reads a record, or the folder of `--path`."""
    version = request.python_version
    if not one.installed:
        return environments.records.Target(request.path or "", version)
    # What was read of pipes for the other sets of this run; a later run reads them again.
    if not (_last and _last[0][0] is request):
        _last[:] = [(request, {})]
    project = situation.top or situation.folder
    pipes = _last[0][1]
    return environments.records.Record(one.installed, project, version, request.platform, pipes)


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
    if found:
        command = " ".join(map(options.quoted, ["reqdrift", shown_path(found[0])]))
        names, hint = map(shown_path, found), f"pass what the environment is for: {command}"
        raise UsageError(f"{message}, but {', '.join(names)}", hint)
    # The folders below may have one each, as the services of a monorepo do.
    below = [shown_path(path) for _, path in requirements.nearby.services(cwd)]
    if not below:
        raise UsageError(message, "pass the file: reqdrift FILE")
    more = [f"{len(below) - 3} more"] if len(below) > 3 else []
    hint = "to check each in its own environment, add sets: reqdrift init --write"
    raise UsageError(f"{message}, but {', '.join([*below[:3], *more])}", hint)


def replaced(
    requires: Mapping[CanonicalName, Needs], declared: Declared, environment: Environment
) -> dict[CanonicalName, Needs]:
    """What each distribution needs, by its metadata or by what uv takes in the place of that."""
    found = {**requires}
    # That of one version comes last, because it takes precedence.
    for name, version, needs in sorted(declared.metadata, key=lambda one: one[1] != ""):
        there = environment.distributions.get(name)
        if there and (not version or pep440.satisfies(there.version, f"=={version}")):
            found[name] = needs
    return found


def assumed(python: Python, hanging: Sequence[CanonicalName]) -> str:
    """What is said of verdicts that another Python would change."""
    minor = ".".join(map(str, python.minor))
    return (
        f"the folder does not record its Python version: {minor} is assumed, but the findings"
        f" about {some_names(hanging, 3)} depend on it; pass --python-version X.Y"
    )
