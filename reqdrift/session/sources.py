"""Environments that are named in another way than by their Python on this machine."""

from __future__ import annotations

from ..environments.record import Record
from ..environments.root import Root
from ..environments.target import Target
from ..errors import UsageError
from ..values import TYPE_CHECKING

if TYPE_CHECKING:
    from ..environments.base import EnvironmentSource
    from ..environments.candidates import Situation
    from ..values import Request, Set


def check_number(sets: tuple[Set, ...], request: Request) -> None:
    """Raises UsageError for several sets and one folder: it is the environment of one of them."""
    if len(sets) > 1 and (request.root is not None or request.path is not None):
        option = "--root" if request.path is None else "--path"
        why = f"{option} checks one environment, but several sets are configured"
        raise UsageError(why, "name files, or pass --set NAME")


def named_source(one: Set, situation: Situation, request: Request) -> EnvironmentSource:
    """The source that reads a record, a root file system, or the folder of `--path`."""
    version = request.python_version
    if one.installed:
        project = situation.top or situation.folder
        return Record(one.installed, project, request.python, version, request.platform)
    if request.root is not None:
        return Root(request.root, request.python, version)
    return Target(request.path or "", version)
