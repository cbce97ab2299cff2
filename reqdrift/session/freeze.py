"""`reqdrift.freeze`: the environment as a requirements file, without pip in it."""

from __future__ import annotations

from ..repair.frozen import frozen, listed_by_freeze
from ..values import TYPE_CHECKING, NamedTuple
from ..values.facts import Facts, Questions, Unreadable
from .job import situation_of, source_of, unconfigured

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..environments.base import EnvironmentSource


class Freeze(NamedTuple):
    """The lines of a requirements file, sorted by name as in pip freeze.

    `errors` has what could not be read, or cannot be written as a requirement.
    """

    lines: tuple[str, ...]
    errors: tuple[str, ...] = ()


def freeze(
    files: Sequence[str] = (),
    *,
    python: str | None = None,
    path: str | None = None,
    python_version: str | None = None,
    root: str | None = None,
) -> Freeze:
    """An environment as the lines of a requirements file.

    Args:
        files: requirements files, used only to find the environment.
        python: an interpreter or environment folder; by default the project's environment is found.
        path: a folder made by `pip install --target`, instead of an environment.
        python_version: the Python version of that folder, as X.Y; by default the running one.
        root: another root file system, in which `python` is a path then.

    Raises:
        EnvironmentReadError: no environment was found, or it cannot be read.
    """
    named = {"python": python, "path": path, "python_version": python_version, "root": root}
    job = unconfigured(files, (), None, **named)
    return freeze_of(source_of(job, situation_of(job.one)))


def freeze_of(source: EnvironmentSource) -> Freeze:
    """One line for each distribution that pip freeze lists."""
    environment = source.read()
    shown = listed_by_freeze(environment)
    names = frozenset(found.name for found in shown)
    direct = frozenset(found.name for found in shown if found.direct)
    facts = source.answer(Questions(sources=direct, names=names), Facts({}))
    spelled = facts.names or {}
    lines = []
    errors = [trouble.message for trouble in environment.broken]
    for found in shown:
        origin = facts.sources.get(found.name)
        if isinstance(origin, Unreadable):
            errors.append(f"{origin.path} {origin.why}")
            origin = None
        line = frozen(spelled[found.name], found, origin)
        if line.isprintable():
            lines.append((spelled[found.name].lower(), line))
        else:
            errors.append(
                f"{found.path} has a value that cannot be written as a requirement: {line}"
            )
    return Freeze(tuple(line for _, line in sorted(lines)), tuple(errors))
