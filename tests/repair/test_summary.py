"""The outcome of a repair in lines for people."""

from __future__ import annotations

from reqdrift.repair.rewrite import Repair, what_is_left, what_stays_unlisted, what_was_done
from reqdrift.values import CanonicalName, Location
from reqdrift.values.findings import Finding


def extra(project: str, *roots: str) -> Finding:
    at = Location("/r.txt")
    message = f"{project} is installed but not listed"
    return Finding(
        "extra", "error", CanonicalName(project), at, None, "1", message, brought_by=roots
    )


def wrong(project: str, line: int) -> Finding:
    at = Location("/r.txt", line, line)
    return Finding("version", "error", CanonicalName(project), at, None, "1", f"{project} is 1")


def test_an_edit_that_repairs_two_findings_is_one_line() -> None:
    repairs = [
        Repair(wrong("foo", 3), done="foo>=2 is now foo==1"),
        Repair(wrong("foo", 3)._replace(kind="unpinned"), done="foo>=2 is now foo==1"),
        Repair(wrong("bar", 4), refused="no"),
    ]
    assert [*what_was_done(repairs)] == ["/r.txt:3: foo>=2 is now foo==1"]


def test_a_password_is_not_shown() -> None:
    (line,) = what_was_done([Repair(wrong("foo", 1), done="foo @ https://u:hunter2@h/x removed")])
    assert line == "/r.txt:1: foo @ https://****@h/x removed"


def test_what_is_left_has_its_reason() -> None:
    repairs = [
        Repair(wrong("foo", 3), refused="a lock file is not edited"),
        Repair(wrong("bar", 4), done="bar==2 is now bar==1"),
    ]
    assert [*what_is_left(repairs)] == [
        "/r.txt:3: version not fixed: foo is 1: a lock file is not edited"
    ]


def test_what_was_brought_in_is_told_with_its_root_if_the_reason_is_one() -> None:
    repairs = [
        Repair(extra("root"), refused="no file"),
        Repair(extra("part", "root"), refused="no file"),
        Repair(extra("other", "root"), refused="a constraint"),
    ]
    assert [*what_is_left(repairs)] == [
        "/r.txt: extra not fixed: root is installed but not listed; it brought in 1 more: part:"
        " no file",
        "/r.txt: extra not fixed: other is installed but not listed: a constraint",
    ]


def test_what_stays_unlisted_is_told_by_its_root() -> None:
    repairs = [
        Repair(extra("root"), done="added root==1"),
        Repair(extra("a", "root"), root="root"),
        Repair(extra("b", "root"), root="root"),
        Repair(extra("c", "lone"), root="lone"),
    ]
    assert [*what_stays_unlisted(repairs)] == [
        "/r.txt: not added, because lone needs it: c",
        "/r.txt: not added, because root needs them: a, b",
    ]
