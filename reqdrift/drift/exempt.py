"""Which installed projects are never extra, besides what no freeze lists."""

from __future__ import annotations

import os

from ..values import TYPE_CHECKING, CanonicalName
from ..values.facts import Unreadable

if TYPE_CHECKING:
    from ..values.sources import Source

# Tools that are installed into environments to inspect them.
TOOLS = frozenset(map(CanonicalName, ("uv", "pip-tools", "reqdrift")))


def is_inside(folder: str, source: Source | Unreadable | None) -> bool:
    """Whether a project was installed from a folder that is a part of the user's own project.

    A checkout that an installer cloned into an environment in the project's folder does not count.
    """
    if source is None or isinstance(source, Unreadable) or source.kind != "folder":
        return False
    top = os.path.realpath(folder) + os.sep
    if source.environment.startswith(top):
        return False
    return any(f"{place}{os.sep}".startswith(top) for place in source.folders)
