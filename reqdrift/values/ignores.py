"""What is ignored, where that is more than a name."""

from __future__ import annotations

from .._record import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from .words import KindName


class IgnoredProject(NamedTuple):
    """Projects whose findings do not count; `*` and `?` in the name are wildcards.

    `kinds` are the kinds of finding that it covers, all if there are none. `reason` says why, to
    those who read the configuration and the report. With `installed`, it covers only findings about
    that installed version.
    """

    name: str
    kinds: frozenset[KindName] = frozenset()
    reason: str = ""
    installed: str = ""


class Ignore(NamedTuple):
    """A comment that ignores findings about its requirement: of these kinds, or of all.

    `text` is the comment, for messages.
    """

    text: str
    kinds: frozenset[str] = frozenset()
