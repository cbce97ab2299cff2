"""Questions about an environment beyond what is installed, and the answers."""

from __future__ import annotations

from . import TYPE_CHECKING, CanonicalName, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from . import Python
    from .sources import Checkout, Source


class Questions(NamedTuple):
    """What else must be known about the environment; slow to read.

    `checkouts` are arguments of `read_checkout`.
    `requires` asks what each distribution needs, `requires_of` what these need.
    """

    sources: frozenset[CanonicalName] = frozenset()
    checkouts: frozenset[tuple[str, str, str]] = frozenset()
    requires: bool = False
    exact_python: bool = False
    names: frozenset[CanonicalName] = frozenset()
    requires_of: frozenset[CanonicalName] = frozenset()


class Unreadable(NamedTuple):
    """The answer to a question whose files could not be read."""

    path: str
    why: str


class Facts(NamedTuple):
    """The answers; None if not asked. `names` are spelled as in the metadata."""

    sources: Mapping[CanonicalName, Source | Unreadable]
    requires: Mapping[CanonicalName, tuple[str, ...] | Unreadable] | None = None
    python: Python | None = None
    started: bool = False
    names: Mapping[CanonicalName, str] | None = None
    checkouts: Mapping[tuple[str, str, str], Checkout | None] | None = None
    requires_of: Mapping[CanonicalName, tuple[str, ...] | Unreadable] = {}

    @property
    def needs(self) -> Mapping[CanonicalName, tuple[str, ...] | Unreadable]:
        """The Requires-Dist of all distributions, or of those that were asked."""
        return self.requires_of if self.requires is None else self.requires


class Project(NamedTuple):
    """The project around the requirements file: its top folder, and its own name if it has one.

    `parts` are the names of projects in its folders, as far as they were looked for.
    """

    folder: str
    name: CanonicalName | None = None
    parts: frozenset[CanonicalName] = frozenset()
