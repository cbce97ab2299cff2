"""Facts about an environment, one on each line, for people."""

from __future__ import annotations

from ..values import TYPE_CHECKING, Environment
from . import plural, shown_path

if TYPE_CHECKING:
    from collections.abc import Iterator


def facts_of(environment: Environment) -> Iterator[str]:
    """Where it is, how it was found, its Python, and how many distributions it has."""
    python = environment.python
    interpreter = shown_path(python.interpreter) if python.interpreter else "none"
    asked = "asked" if environment.started else "not started"
    distributions = environment.distributions.values()
    direct = [f"{found.name} {found.version}" for found in distributions if found.direct]
    yield f"prefix         {shown_path(environment.prefix)}"
    yield f"found by       {environment.found_by}"
    assumed = " (assumed)" if python.assumed else ""
    yield f"python         {python.implementation} {python.version}{assumed}"
    yield f"interpreter    {interpreter} ({asked})"
    for folder in dict.fromkeys(found.folder for found in distributions):
        held = sum(found.folder == folder for found in distributions)
        yield f"folder         {shown_path(folder)} ({plural(held, 'distribution')})"
    others = sum(not found.own for found in distributions)
    yield f"distributions  {len(distributions)}, {others} from other folders"
    if direct:
        yield f"not from an index  {', '.join(sorted(direct))}"
    for trouble in environment.broken:
        yield f"broken         {trouble.message}"
