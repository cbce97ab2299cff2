"""Environments that are named in another way than by their Python on this machine."""

from __future__ import annotations

from ..environments.record import Record
from ..environments.root import Root
from ..environments.target import Target
from ..values import TYPE_CHECKING

if TYPE_CHECKING:
    from ..environments.base import EnvironmentSource
    from ..environments.candidates import Situation
    from ..values import Request, Set


def named_source(one: Set, situation: Situation, request: Request) -> EnvironmentSource:
    """The source that reads a record, a root file system, or the folder of `--path`."""
    version = request.python_version
    if one.installed:
        project = situation.top or situation.folder
        return Record(one.installed, project, request.python, version, request.platform)
    if request.root is not None:
        return Root(request.root, request.python, version)
    return Target(request.path or "", version)
