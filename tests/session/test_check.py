"""One report of several sets."""

from __future__ import annotations

from reqdrift.commands.run import joined
from reqdrift.values import (
    CanonicalName,
    Environment,
    Location,
    Note,
    Problem,
    Python,
    ReadFile,
    Set,
)
from reqdrift.values.findings import Finding, Hint, Part
from reqdrift.values.report import Report

NAME, AT = CanonicalName("foo"), Location("r.txt", 1)
FOUND = Finding("version", "error", NAME, AT, "foo==2", "1", "the message")
HINT = Hint("if the file is right", "reqdrift plan | sh")


def report(path: str, *findings: Finding, checked: int = 1) -> Report:
    environment = Environment(f"/{path}", Python("3.11.7"), "a test", {})
    files = (ReadFile(path, checked, 0),)
    return Report(environment, files, findings, checked=checked, skipped=2, hints=(HINT,))


def test_each_finding_has_the_name_of_its_set() -> None:
    both = joined(
        [(Set("web", ()), report("web.txt", FOUND)), (Set("jobs", ()), report("jobs.txt", FOUND))]
    )
    assert [(f.part, f.message) for f in both.findings] == [
        ("web", "[web] the message"),
        ("jobs", "[jobs] the message"),
    ]
    assert both.verdict == "drift"


def test_notes_and_errors_have_it_too() -> None:
    notes, errors = (Note("marker", NAME, AT, "a note"),), (Problem(AT, "an error", 2),)
    both = joined([(Set("web", ()), report("web.txt")._replace(notes=notes, errors=errors))])
    assert [note.message for note in both.notes] == ["[web] a note"]
    assert [error.message for error in both.errors] == ["[web] an error"]
    assert both.exit_code == 2


def test_what_was_read_is_counted_and_kept_apart() -> None:
    web, jobs = report("web.txt", checked=3), report("jobs.txt", checked=4)
    both = joined([(Set("web", ()), web), (Set("jobs", ()), jobs)])
    assert (both.checked, both.skipped) == (7, 4)
    assert both.files == (*web.files, *jobs.files)
    assert both.parts == (
        Part("web", web.environment, web.files, 3, 2),
        Part("jobs", jobs.environment, jobs.files, 4, 2, None, "clean"),
    )


def test_a_hint_is_given_once() -> None:
    assert joined(
        [(Set("web", ()), report("web.txt")), (Set("jobs", ()), report("jobs.txt"))]
    ).hints == (HINT,)


def test_a_set_without_an_environment_fails_all() -> None:
    both = joined([(Set("web", ()), report("web.txt")), (Set("jobs", ()), Report(None))])
    assert (both.verdict, both.exit_code) == ("failed", 3)
