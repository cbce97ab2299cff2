"""Which lines of one project no distribution can satisfy together."""

from __future__ import annotations

from ..standards import pep440
from ..values import Requirement
from .sources import same_place

_MOST_COMPARED = 40


def contradicting(lines: tuple[Requirement, ...]) -> tuple[tuple[Requirement, Requirement], ...]:
    """The pairs of lines that no distribution can satisfy together.

    `may_contradict` says whether there can be any.
    """
    # Pairs are clearest, but there can be too many of them.
    few = lines[:_MOST_COMPARED]
    pairs = [(one, two) for i, two in enumerate(few) for one in few[:i]]
    found = tuple(pair for pair in pairs if _contradict(*pair))
    if not found and pep440.is_unsatisfiable({line.specifier for line in lines}):
        return tuple((one, lines[-1]) for one in lines[:-1])
    return found


def _contradict(one: Requirement, two: Requirement) -> bool:
    if one.source and two.source:
        same = one.source == two.source or same_place(one.source, two.source)
        return not same or one.source.revision != two.source.revision
    if one.pin is not None and one.pin == two.pin:
        return False
    return pep440.is_unsatisfiable((one.specifier, two.specifier))
