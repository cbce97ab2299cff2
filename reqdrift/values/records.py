"""What the record of an environment does not say about it."""

from __future__ import annotations

from .._record import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from .words import CanonicalName


class Gaps(NamedTuple):
    """What a record does not say; `record` names its format in messages ("a freeze").

    What has gaps has no dependencies. `variables` are the environment markers whose values are
    unknown. `sources` is whether those of the distributions are unknown, `editables` whether it is
    unknown which of them are editable. `hidden` are projects that may be installed although the
    record does not have them, `unversioned` those whose version it does not have.
    """

    record: str
    variables: frozenset[str] = frozenset()
    sources: bool = False
    editables: bool = False
    hidden: frozenset[CanonicalName] = frozenset()
    unversioned: frozenset[CanonicalName] = frozenset()
