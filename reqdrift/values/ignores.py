"""An ignore of the configuration that says more than a name."""

from __future__ import annotations

from . import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from . import KindName


class IgnoredProject(NamedTuple):
    """Projects whose findings do not count; `*` and `?` in the name are wildcards.

    `kinds` are the kinds of finding that it covers, all if there are none. `reason` says why, to
    those who read the configuration and the report.
    """

    name: str
    kinds: frozenset[KindName] = frozenset()
    reason: str = ""
