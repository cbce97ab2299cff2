"""Environments that are named in another way than by their Python on this machine."""

from __future__ import annotations

from ..environments.record import Record
from ..environments.root import Root
from ..environments.target import Target
from ..errors import UsageError
from ..values import TYPE_CHECKING
from .records import with_records

if TYPE_CHECKING:
    from ..environments.base import EnvironmentSource
    from ..environments.candidates import Situation
    from ..values import Request, Set


def for_sources(sets: tuple[Set, ...], request: Request) -> tuple[Set, ...]:
    """The sets, each once for each record; `path` and `root` are for one set only.

    Raises:
        UsageError: there are several; a record is named twice.
        EnvironmentReadError: a folder of records has none, or cannot be read.
    """
    if request.installed:
        return with_records(sets, request.installed)
    if len(sets) > 1:
        option = "--root" if request.path is None else "--path"
        why = f"{option} checks one environment, but several sets are configured"
        raise UsageError(why, "name files, or pass --set NAME")
    return sets


def named_source(one: Set, situation: Situation, request: Request) -> EnvironmentSource:
    """The source that reads a record, a root file system, or the folder of `--path`."""
    version = request.python_version
    if one.installed:
        project = situation.top or situation.folder
        return Record(one.installed, project, request.python, version, request.platform)
    if request.root is not None:
        return Root(request.root, request.python, version)
    return Target(request.path or "", version)
