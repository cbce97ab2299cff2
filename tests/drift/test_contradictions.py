"""Which lines of one project nothing can satisfy together."""

from __future__ import annotations

import pytest

from checked import COMMIT, OTHER_COMMIT, case_of
from reqdrift.drift.sources import contradicting


def pairs(*texts: str) -> list[tuple[int, int]]:
    """The contradicting pairs among some lines for one project, as their numbers from 1."""
    lines = case_of("\n".join(texts)).lines
    return [(one.at.line or 0, two.at.line or 0) for one, two in contradicting(lines)]


@pytest.mark.parametrize(
    "texts",
    [
        ("foo==1.0", "foo==1.0"),
        ("foo==1.0", "foo==1.0.0"),
        ("foo>=1", "foo<2"),
        ("foo", "foo==2"),
        (f"foo @ git+https://h/foo@{COMMIT}", f"foo @ git+https://h/foo.git@{COMMIT}"),
        ("foo @ https://h/foo-1.0.zip", "foo==1.0"),
    ],
)
def test_lines_that_agree(texts: tuple[str, str]) -> None:
    assert pairs(*texts) == []


@pytest.mark.parametrize(
    "texts",
    [
        ("foo==1.0", "foo==2.0"),
        ("foo>=2", "foo<2"),
        ("foo==1.0", "foo!=1.0"),
        (f"foo @ git+https://h/foo@{COMMIT}", f"foo @ git+https://h/foo@{OTHER_COMMIT}"),
        (f"foo @ git+https://h/foo@{COMMIT}", f"foo @ git+https://h/fork@{COMMIT}"),
        ("foo @ https://h/foo-1.0.zip", "foo==2.0"),
    ],
)
def test_lines_that_do_not(texts: tuple[str, str]) -> None:
    assert pairs(*texts) == [(1, 2)]


def test_of_three_lines_only_those_that_contradict_each_other() -> None:
    assert pairs("foo==1", "foo>=1", "foo==2") == [(1, 3)]


def test_lines_that_contradict_each_other_only_together() -> None:
    """No two of them do; then the last one is compared with all others."""
    assert pairs("foo>=1,<=2", "foo!=1,!=2", "foo==1.*,!=1.5") == []
    assert pairs("foo>=1", "foo<=1", "foo!=1") == [(1, 3), (2, 3)]


def test_very_many_lines_end_in_time() -> None:
    texts = [f"foo>={number}" for number in range(400)]
    assert pairs(*texts, "foo<0.5") == [(number, 401) for number in range(1, 401)]
