"""The case: which lines apply here."""

from __future__ import annotations

from collections.abc import Iterable

from checked import Checked, case_of
from reqdrift.drift.absent import lines_not_needed
from reqdrift.values import CanonicalName, Requirement

TEXT = """\
here==1
elsewhere==1; python_version < '3'
twice==1
twice==2
absent==1
wsgiref==0.1
"""
CASE = case_of(TEXT, "here-1", "twice-1", "unlisted-1")


def numbers(lines: Iterable[Requirement]) -> list[int | None]:
    return [line.at.line for line in lines]


def test_lines_that_do_not_apply_here() -> None:
    assert numbers(CASE.inactive) == [2]
    assert "elsewhere" not in CASE.applicable
    assert [note.reason for note in CASE.notes] == ["marker"]


def test_lines_that_contradict_each_other_are_not_compared() -> None:
    assert list(CASE.contradictions) == ["twice"]
    assert [numbers(pair) for pair in CASE.contradictions[CanonicalName("twice")]] == [[3, 4]]
    assert numbers(line for line, _ in CASE.comparable) == [1]


def test_what_no_line_lists() -> None:
    assert [found.name for found in CASE.unlisted] == ["unlisted"]


def test_lines_that_need_no_distribution() -> None:
    assert numbers(lines_not_needed(CASE)) == [6]
    # One for each project: the first that has no ignore.
    case = case_of("re==1  # reqdrift: ignore\nre==1\nre==1\npkg-resources==0.0.0\nabcd==1\n")
    assert numbers(lines_not_needed(case)) == [2, 4]


def test_a_line_that_needs_one_counts_for_its_project() -> None:
    case = case_of("uuid==1.30\nuuid @ https://example.org/uuid.zip\n")
    assert numbers(lines_not_needed(case)) == []


def test_a_false_marker(checked: Checked) -> None:
    line = "foo==1.0; sys_platform == 'nowhere'\n"
    assert checked.findings(line) == []
    assert checked.notes(line) == [("marker", "foo")]


def test_a_marker_without_meaning_is_an_error(checked: Checked) -> None:
    report = checked.report("foo==1.0; 'dev' in extras\n")
    assert [(e.at.line, "extras" in e.message) for e in report.errors if e.at] == [(1, True)]


def test_a_marker_that_compares_what_is_no_version_is_an_error(checked: Checked) -> None:
    report = checked.report("foo==1.0; python_full_version ~= '3.x'\n")
    assert [(e.at.line, "'3.x'" in e.message) for e in report.errors if e.at] == [(1, True)]
