"""A name in a file that is misspelled: something installed and unlisted is nearly the same."""

from __future__ import annotations

from ..values import TYPE_CHECKING, CanonicalName

if TYPE_CHECKING:
    from collections.abc import Collection

# In shorter names, one other letter makes another project.
_SHORTEST = 5
# A comparison takes a microsecond.
_MOST_COMPARED = 100_000


def similar_names(
    absent: Collection[CanonicalName], unlisted: Collection[CanonicalName]
) -> dict[CanonicalName, CanonicalName]:
    """For names that are not installed, the unlisted project that was probably meant."""
    if len(absent) * len(unlisted) > _MOST_COMPARED:
        return {}
    found = {}
    for name in absent:
        near = [other for other in unlisted if _is_one_slip(name, other)]
        if len(near) == 1:
            found[name] = near[0]
    return found


def _is_one_slip(one: str, other: str) -> bool:
    """Whether a letter is left out, doubled, replaced, or changed places with the next.

    What differs in a number is another project.
    """
    if min(len(one), len(other)) < _SHORTEST or abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while one[start : start + 1] == other[start : start + 1] != "":
        start += 1
    left, right = one[start:], other[start:]
    while left and right and left[-1] == right[-1]:
        left, right = left[:-1], right[:-1]
    if any(map(str.isdigit, left + right)):
        return False
    return max(len(left), len(right)) <= 1 or (len(left) == 2 and left == right[::-1])
