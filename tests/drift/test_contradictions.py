"""Which lines of one project nothing can satisfy together."""

from __future__ import annotations

from checked import case_of
from reqdrift.drift.sources import contradicting


def pairs(*texts: str) -> list[tuple[int, int]]:
    """The contradicting pairs among some lines for one project, as their numbers from 1."""
    lines = case_of("\n".join(texts)).lines
    return [(one.at.line or 0, two.at.line or 0) for one, two in contradicting(lines)]


def test_lines_that_contradict_each_other_only_together() -> None:
    """No two of them do; then the last one is compared with all others."""
    assert pairs("foo>=1,<=2", "foo!=1,!=2", "foo==1.*,!=1.5") == []
    assert pairs("foo>=1", "foo<=1", "foo!=1") == [(1, 3), (2, 3)]


def test_very_many_lines_end_in_time() -> None:
    texts = [f"foo>={number}" for number in range(400)]
    assert pairs(*texts, "foo<0.5") == [(number, 401) for number in range(1, 401)]
