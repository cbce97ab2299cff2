"""Misspelled names, and names of other projects that are similar."""

from __future__ import annotations

from reqdrift.drift.absent import similar_names
from reqdrift.values import CanonicalName


def test_very_many_names_are_not_compared() -> None:
    many = [CanonicalName(f"package-of-words-{chr(97 + n % 26)}" * 2) for n in range(400)]
    assert similar_names(many, many) == {}
