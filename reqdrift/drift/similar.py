"""A name in a file that is misspelled: something installed and unlisted is nearly the same."""

from __future__ import annotations

from difflib import SequenceMatcher

from ..values import TYPE_CHECKING, CanonicalName

if TYPE_CHECKING:
    from collections.abc import Collection

# Names that share this much differ by one or two letters.
_ALIKE = 0.87
_SHORTEST = 4
# A comparison takes some microseconds.
_MOST_COMPARED = 20_000


def similar_names(
    absent: Collection[CanonicalName], unlisted: Collection[CanonicalName]
) -> dict[CanonicalName, CanonicalName]:
    """For names that are not installed, the unlisted project that was probably meant."""
    if len(absent) * len(unlisted) > _MOST_COMPARED:
        return {}
    pairs = {name: max(unlisted, key=lambda other: _likeness(name, other)) for name in absent}
    return {name: other for name, other in pairs.items() if _likeness(name, other) >= _ALIKE}


def _likeness(one: str, other: str) -> float:
    """How much two names have in common; what differs by a number is another project."""
    if min(len(one), len(other)) < _SHORTEST or abs(len(one) - len(other)) > 2:
        return 0.0
    if _digits(one) != _digits(other):
        return 0.0
    return SequenceMatcher(None, one, other).ratio()


def _digits(name: str) -> str:
    return "".join(filter(str.isdigit, name))
