"""Which installed projects may always stay unlisted, and why."""

from __future__ import annotations

import os

from ..values import TYPE_CHECKING, CanonicalName, Note, Source

if TYPE_CHECKING:
    from ..values.environment import Distribution, Environment
    from ..values.facts import Unreadable

# Tools that are installed into environments to inspect them.
TOOLS = frozenset(map(CanonicalName, ("uv", "pip-tools", "reqdrift")))

# pip never lists these, on any Python (pip's `stdlib_pkgs`), so no freeze ever names them.
HIDDEN_BY_PIP = frozenset(map(CanonicalName, ("argparse", "python", "wsgiref")))

# pip freeze omits these below Python 3.12, where every new environment has them.
SEED_PACKAGES = frozenset(map(CanonicalName, ("setuptools", "wheel", "distribute")))


def is_inside(folder: str, source: Source | Unreadable | None) -> bool:
    """Whether a project was installed from a folder that is a part of the user's own project.

    A checkout that an installer cloned into an environment in the project's folder does not count.
    """
    if not isinstance(source, Source) or source.kind != "folder":
        return False
    top = os.path.realpath(folder) + os.sep
    if source.environment.startswith(top):
        return False
    return any(f"{place}{os.sep}".startswith(top) for place in source.folders)


def unlisted_projects(
    environment: Environment,
    listed: frozenset[CanonicalName],
    unsafe: frozenset[CanonicalName],
) -> tuple[tuple[Distribution, ...], tuple[Note, ...]]:
    """The installed projects that are not `listed`: those that are not exempt, notes on the others.

    `unsafe` are the projects that pip-compile's comment in the file names.
    """
    others = [found for name, found in environment.distributions.items() if name not in listed]
    counted, notes = [], []
    for found in others:
        note = _exemption(found, environment, unsafe)
        if note:
            notes.append(note)
        else:
            counted.append(found)
    return tuple(counted), tuple(notes)


def _exemption(
    found: Distribution, environment: Environment, unsafe: frozenset[CanonicalName]
) -> Note | None:
    name = found.name
    if not found.own:
        return Note("system", name, None, f"{name} is outside the environment's own folders")
    if name in HIDDEN_BY_PIP:
        return Note("stdlib", name, None, f"{name} is installed, but pip freeze never lists it")
    if name == "pip":
        return Note("tool", name, None, "pip is never counted as extra")
    if name in SEED_PACKAGES and environment.python.minor < (3, 12):
        return Note("tool", name, None, f"{name} is not counted as extra before Python 3.12")
    if name in unsafe:
        return Note("tool", name, None, f"{name} is omitted by pip-compile as unsafe")
    return None
