"""What counts: severities, and what the user ignores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checked import case_of
from reqdrift.drift.policy import judged, weighed
from reqdrift.values import CanonicalName, Location, Note, Policy
from reqdrift.values.details import IgnoredProject
from reqdrift.values.findings import Finding

if TYPE_CHECKING:
    from reqdrift.values.words import KindName

# The kinds and projects of findings; the texts of notes, and whether they are quiet.
Split = tuple[list[tuple[str, str]], list[tuple[str, bool]]]
TEXT = "foo==1\nbar==1\nbaz==1\n"


def finding(kind: KindName, project: str, line: int | None = 1) -> Finding:
    at = Location("/r.txt", line, line)
    return Finding(kind, "error", CanonicalName(project), at, None, None, f"{project} is wrong")


MISSING, VERSION = finding("missing", "foo"), finding("version", "bar", 2)


def split(found: list[Finding | Note]) -> Split:
    """The kind and project of the findings that are left; the text of the notes, and if quiet."""
    left = [(str(item.kind), str(item.project)) for item in found if isinstance(item, Finding)]
    notes = [(item.message, item.quiet) for item in found if isinstance(item, Note)]
    return left, notes


def all_of(found: tuple[tuple[Finding, ...], list[Note]]) -> list[Finding | Note]:
    return [*found[0], *found[1]]


def judge(policy: Policy, text: str = TEXT) -> Split:
    return split(all_of(judged([MISSING, VERSION], case_of(text)._replace(policy=policy))))


BOTH = [("missing", "foo"), ("version", "bar")]


class TestSeverity:
    def test_a_kind_can_be_a_warning_or_off(self) -> None:
        policy = Policy(severity=(("missing", "warning"), ("version", "off")))
        (left,) = weighed([MISSING, VERSION], policy)
        assert left == MISSING._replace(severity="warning")

    def test_otherwise_it_stays(self) -> None:
        warning = MISSING._replace(severity="warning")
        assert [*weighed([warning, VERSION], Policy())] == [warning, VERSION]


class TestIgnoredProjects:
    def test_by_any_spelling(self) -> None:
        assert judge(Policy(ignore=("FOO",))) == (
            [("version", "bar")],
            [("missing: foo is wrong", False)],
        )

    def test_by_a_pattern(self) -> None:
        left, notes = judge(Policy(ignore=("b?r", "no-such-*")))
        assert left == [("missing", "foo")]
        # A pattern may match nothing today.
        unused = ("warning: ignore 'no-such-*' matches nothing; remove it", True)
        assert notes == [("version: bar is wrong", False), unused]

    def test_of_one_kind(self) -> None:
        only = IgnoredProject("*", frozenset(("missing",)))
        assert judge(Policy(ignore=(only,)))[0] == [("version", "bar")]

    def test_with_a_reason_it_is_no_news(self) -> None:
        known = IgnoredProject("foo", reason="built by hand")
        assert judge(Policy(ignore=(known,)))[1] == [
            ("missing: foo is wrong; ignored: built by hand", True)
        ]

    def test_one_that_matches_nothing_can_be_removed(self) -> None:
        unused = ("warning: ignore 'nobody' matches nothing; remove it", False)
        assert judge(Policy(ignore=("nobody",))) == (BOTH, [unused])

    def test_what_is_not_about_files_warns_of_none(self) -> None:
        policy = Policy(ignore=("nobody", "bar"))
        assert split([*weighed([MISSING, VERSION], policy)]) == (
            [("missing", "foo")],
            [("version: bar is wrong", False)],
        )

    def test_it_matters_even_for_a_kind_that_is_off(self) -> None:
        policy = Policy(ignore=("foo",), severity=(("missing", "off"),))
        assert judge(policy)[1] == [("missing: foo is wrong", False)]


class TestIgnoredLines:
    def test_its_own_line_alone(self) -> None:
        text = "foo==1  # reqdrift: ignore\nbar==1\n"
        assert judge(Policy(), text) == ([("version", "bar")], [("missing: foo is wrong", False)])

    def test_of_one_kind(self) -> None:
        text = "foo==1  # reqdrift: ignore[version]\nbar==1  # reqdrift: ignore[version]\n"
        left, notes = judge(Policy(), text)
        assert left == [("missing", "foo")]
        unused = "warning: '# reqdrift: ignore[version]' matches nothing; remove it"
        assert notes == [("version: bar is wrong", False), (unused, False)]

    def test_a_kind_that_there_is_not(self) -> None:
        text = "foo==1  # reqdrift: ignore[mising]\nbar==1\n"
        left, ((message, quiet),) = judge(Policy(), text)
        assert left == BOTH
        assert message.endswith("there is no kind mising; did you mean 'missing'?")
        assert not quiet
