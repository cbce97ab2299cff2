"""Environments that are named in another way than by their Python on this machine."""

from __future__ import annotations

from ..environments.records import Record, Target
from ..values import TYPE_CHECKING

if TYPE_CHECKING:
    from ..environments import EnvironmentSource
    from ..environments.candidates import Situation
    from ..environments.documents import Pipes
    from ..values import Request, Set

# The last request, of which each run has its own, and what was read of pipes for it.
_last: list[tuple[Request, Pipes]] = []


def named_source(one: Set, situation: Situation, request: Request) -> EnvironmentSource:
    """The source that reads a record, or the folder of `--path`."""
    version = request.python_version
    if one.installed:
        project = situation.top or situation.folder
        return Record(one.installed, project, version, request.platform, _pipes_of(request))
    return Target(request.path or "", version)


def _pipes_of(request: Request) -> Pipes:
    """What was read of pipes for the other sets of this run; a later run reads them again."""
    found = next((pipes for one, pipes in _last if one is request), None)
    if found is None:
        found = {}
        _last[:] = [(request, found)]
    return found
