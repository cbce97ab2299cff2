"""Does the environment have what the files ask for, before one of the two is changed?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from checked import case_of
from reqdrift.repair.doubt import (
    Asked,
    Loss,
    asked,
    doubt,
    foreign_refused,
    guess_refused,
    heavy_loss,
    loss_refused,
    why_not_added,
)
from reqdrift.values import CanonicalName, Environment, Python

if TYPE_CHECKING:
    from reqdrift.values import Chosen


def names(text: str) -> frozenset[CanonicalName]:
    return frozenset(map(CanonicalName, text.split()))


def environment_of(chosen: Chosen) -> Environment:
    return Environment("/my env", Python("3.11.7"), "a test", {}, chosen=chosen)


FOUND, GUESS = environment_of("found"), environment_of("guess")
NAMED = environment_of("named")


def wanted(text: str, held: str, *, is_own: bool = True) -> Asked:
    return Asked({"/r.txt": names(text)}, names(text), names(held), is_own)


class TestAsked:
    def test_the_projects_of_each_file_and_those_that_are_there(self) -> None:
        found = asked(case_of("foo==1\nbar==1\n", "foo-2", "other-1"))
        assert found == Asked({"/r.txt": names("foo bar")}, names("foo bar"), names("foo"))

    def test_not_what_need_not_be_installed(self) -> None:
        text = "wsgiref==0.1.2\npkg-resources==0.0.0\nfoo; os_name == 'x'\nbar\n"
        assert asked(case_of(text)).all == names("bar")

    @pytest.mark.parametrize(
        ("text", "held", "is_own", "foreign", "absent"),
        [
            ("a b", "", True, True, True),
            ("a b", "a", True, False, False),
            ("a b c", "a", True, False, True),
            ("a", "", True, False, False),  # it may have been replaced
            ("a", "", False, True, False),
            ("a", "a", False, False, False),
            ("", "", False, False, False),
        ],
    )
    def test_none_of_them_or_few(
        self, text: str, held: str, is_own: bool, foreign: bool, absent: bool
    ) -> None:
        found = wanted(text, held, is_own=is_own)
        assert found.is_foreign is foreign
        assert found.is_mostly_absent is absent


@pytest.mark.parametrize(
    ("environment", "what", "why"),
    [
        (NAMED, wanted("a b", ""), ""),
        (FOUND, wanted("a b", "a b"), ""),
        (FOUND, wanted("a b", "a"), ""),
        (GUESS, wanted("a b", "a b"), "the environment is a guess"),
        (FOUND, wanted("", ""), "/r.txt lists no requirements"),
        (FOUND, wanted("a b", ""), "the environment has none of the 2 required projects"),
        (FOUND, wanted("a", ""), ""),
        (
            FOUND,
            wanted("a", "", is_own=False),
            "a, the only required project, is not installed",
        ),
        (FOUND, wanted("a b c", "a"), "the environment lacks 2 of the 3 projects of /r.txt"),
    ],
)
def test_why_nothing_is_uninstalled(environment: Environment, what: Asked, why: str) -> None:
    assert doubt(environment, what, ["/r.txt"]) == why


class TestLoss:
    def test_half_may_go(self) -> None:
        assert heavy_loss({"/r.txt": names("a b")}, {"/r.txt": names("a")}) is None
        assert heavy_loss({"/r.txt": names("a")}, {}) is None

    def test_more_than_half_of_a_file(self) -> None:
        before = {"/a.txt": names("a b c d e f"), "/b.txt": names("x y z")}
        kept = {"/a.txt": names("a b c d e f"), "/b.txt": names("x")}
        assert heavy_loss(before, kept) == Loss(("/b.txt",), 2, 3)

    def test_more_than_half_of_all_files_together(self) -> None:
        before = {"/a.txt": names("a"), "/b.txt": names("b"), "/c.txt": names("c")}
        kept = {"/a.txt": names("a")}
        assert heavy_loss(before, kept) == Loss(("/a.txt", "/b.txt", "/c.txt"), 2, 3)


class TestErrors:
    """Each says how to insist."""

    def test_of_a_guess(self) -> None:
        error = guess_refused(GUESS, "reqdrift fix --python X")
        assert error.message == (
            "/my env is a guess (found by a test), and no file is changed to match a guess"
        )
        assert error.hint == "if it is the right one, name it: reqdrift fix --python X"

    def test_of_a_loss(self) -> None:
        error = loss_refused(FOUND, Loss(("/r.txt",), 2, 3))
        assert error.message.startswith("this would remove 2 of 3 requirements of /r.txt, ")
        assert error.hint == (
            "if it is the right environment, pass --python '/my env'; to keep the lines, pass"
            " --keep-missing"
        )

    @pytest.mark.parametrize(
        ("held", "how_many"),
        [
            ("", "none of the 3 projects asked for in /r.txt is installed"),
            ("a", "only 1 of the 3 projects asked for in /r.txt is installed"),
            ("a b", "only 2 of the 3 projects asked for in /r.txt are installed"),
        ],
    )
    def test_of_a_foreign_environment(self, held: str, how_many: str) -> None:
        error = foreign_refused(FOUND, wanted("a b c", held))
        assert error.message == f"{how_many} in /my env (found by a test)"
        assert error.hint == "if it is the right environment, pass --python '/my env'"


def test_why_no_line_is_added() -> None:
    few = wanted("a b c", "a")
    assert why_not_added(FOUND, few) == (
        "only 1 of the 3 listed projects is installed; if it is the right environment, pass"
        " --python '/my env'"
    )
    assert why_not_added(NAMED, few) == ""
    assert why_not_added(FOUND, wanted("a b", "a")) == ""
