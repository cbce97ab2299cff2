"""The commands that install from a lock file, by whichever of pip and uv can."""

from __future__ import annotations

import os
import shlex

from ..errors import UsageError
from ..requirements import is_pylock
from ..standards.pep440 import satisfies
from ..values import TYPE_CHECKING, CanonicalName, Environment, NamedTuple, Requirement
from .installer import installer_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence, Set

# The first pip with `--requirement pylock.toml`.
_FIRST_PIP = "26.1"


class Lock(NamedTuple):
    """A lock file, the entries of it that apply here, and what was chosen of it."""

    path: str
    entries: tuple[Requirement, ...]
    extras: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    @property
    def projects(self) -> frozenset[CanonicalName]:
        """The projects of its entries."""
        return frozenset(entry.name for entry in self.entries if entry.name)


class FromLocks(NamedTuple):
    """The commands that install from lock files, and the projects that they install.

    `is_uv` is whether one calls uv.
    """

    commands: tuple[str, ...] = ()
    projects: frozenset[CanonicalName] = frozenset()
    is_uv: bool = False


NO_LOCKS = FromLocks()


def joined(parts: Iterable[FromLocks]) -> FromLocks:
    """The same of several lock files."""
    found = list(parts)
    return FromLocks(
        tuple(command for part in found for command in part.commands),
        frozenset[CanonicalName]().union(*(part.projects for part in found)),
        any(part.is_uv for part in found),
    )


def locks_of(
    applicable: Mapping[CanonicalName, Sequence[Requirement]],
    extras: tuple[str, ...],
    groups: tuple[str, ...],
) -> list[Lock]:
    """The lock files that the requirements come from."""
    by_file: dict[str, list[Requirement]] = {}
    for lines in applicable.values():
        for line in lines:
            if is_pylock(line.origin.file):
                by_file.setdefault(line.origin.file, []).append(line)
    return [Lock(path, tuple(entries), extras, groups) for path, entries in by_file.items()]


def lock_commands(
    lock: Lock, misplaced: Set[CanonicalName], environment: Environment, choice: str
) -> FromLocks:
    """The commands that install all of a lock file.

    Args:
        lock: the lock file.
        misplaced: the projects that are to be installed again, whatever version is there.
        environment: where to.
        choice: `pip`, `uv`, or `auto`.

    Raises:
        UsageError: the one that was chosen cannot install from it, or neither can.
    """
    reasons = {"pip": _why_not_pip(lock, environment), "uv": _why_not_uv(lock)}
    candidates = ("pip", "uv") if choice == "auto" else (choice,)
    able = next((name for name in candidates if not reasons[name]), None)
    if able is None:
        why = "; ".join(f"{name} cannot: {reasons[name]}" for name in candidates)
        message = f"no command can install from {os.path.basename(lock.path)}: {why}"
        other = next((name for name in reasons if not reasons[name]), None)
        raise UsageError(message, f"use --with {other}" if other else "")
    installer = installer_for(environment, able)
    again = sorted(misplaced & lock.projects)
    if installer.is_uv:
        words = [installer.install, "--requirement", shlex.quote(lock.path)]
        words += [f"--extra {shlex.quote(extra)}" for extra in lock.extras]
        words += [f"--group {shlex.quote(group)}" for group in lock.groups]
        words += [f"--reinstall-package {name}" for name in again]
        return FromLocks((" ".join(words),), lock.projects, True)
    # pip does not reinstall an equal version.
    commands = [f"{installer.uninstall} {shlex.join(again)}"] if again else []
    if lock.groups:
        words = [f"--group {shlex.quote(f'{lock.path}:{group}')}" for group in lock.groups]
    else:
        extras = f"[{','.join(lock.extras)}]" if lock.extras else ""
        words = [f"--requirement {shlex.quote(lock.path + extras)}"]
    return FromLocks((*commands, " ".join([installer.install, *words])), lock.projects)


def _why_not_pip(lock: Lock, environment: Environment) -> str:
    pip = environment.distributions.get(CanonicalName("pip"))
    if pip is None:
        return "there is no pip in the environment"
    if not satisfies(pip.version, f">={_FIRST_PIP}"):
        return (
            f"pip {pip.version} does not read lock files, and {_FIRST_PIP} is the first that does"
        )
    if lock.extras and lock.groups:
        return "it selects either extras or groups of a lock file"
    hashed = any(entry.hashes for entry in lock.entries)
    for entry in lock.entries:
        if hashed and entry.source and entry.source.kind != "archive":
            return f"it requires hashes, and {entry.written} is a {entry.source.kind}"
    return ""


def _why_not_uv(lock: Lock) -> str:
    for entry in lock.entries:
        if entry.source and entry.source.kind == "archive" and " @ file:" in entry.text:
            return f"it does not read the URL of {entry.text}"
    return ""
