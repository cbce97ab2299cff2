"""The ways out of a drift: which are offered, in which order, and how their commands read."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest

from reqdrift.cli.options import parse
from reqdrift.report.advice import advise, command_line
from reqdrift.values import (
    CanonicalName,
    Capabilities,
    Environment,
    Location,
    Problem,
    Python,
    Report,
    Request,
)
from reqdrift.values.findings import Finding

if TYPE_CHECKING:
    from reqdrift.values import KindName

pytestmark = pytest.mark.usefixtures("project")

PLAIN = Request()
HERE = Environment("/env", Python("3.11.7", interpreter="/env/bin/python"), "a test", {})


def finding(kind: KindName, installed: str | None = "1.0") -> Finding:
    name, at = CanonicalName("foo"), Location("/r.txt", 1)
    return Finding(kind, "error", name, at, "foo==2.0", installed, "m")


def commands(
    *findings: Finding, environment: Environment = HERE, request: Request = PLAIN
) -> list[str]:
    """The commands after `reqdrift`, in their order."""
    report = Report(environment, findings=findings)
    return [shlex.split(hint.command)[1] for hint in advise(report, request)]


@pytest.mark.parametrize("kind", ["missing", "version", "source"])
def test_what_a_line_asks_for_is_installed_first(kind: KindName) -> None:
    assert commands(finding(kind)) == ["plan", "fix"]
    assert commands(finding("extra"), finding(kind))[0] == "plan"


@pytest.mark.parametrize("kind", ["extra", "unpinned"])
def test_what_is_about_the_file_is_fixed_there(kind: KindName) -> None:
    assert commands(finding(kind))[0] == "fix"


def test_without_an_interpreter_nothing_is_planned() -> None:
    recorded = HERE._replace(can=Capabilities(files=False, install=False, times=False))
    assert commands(finding("version"), environment=recorded) == ["fix"]


def test_a_record_from_standard_input_is_needed_once_more() -> None:
    report = Report(HERE, findings=(finding("unpinned"),))
    (hint,) = advise(report, Request(installed=("-",)))
    assert hint.purpose == "if the environment is right (pipe the record again)"
    assert hint.command.startswith("reqdrift fix --installed -")


@pytest.mark.parametrize("request_", [Request(staged=True), Request(rev="HEAD")])
def test_files_of_git_are_not_edited(request_: Request) -> None:
    assert commands(finding("version"), request=request_) == ["plan"]


def test_no_command_changes_a_version_that_is_only_a_warning() -> None:
    assert commands(finding("unmet")._replace(severity="warning")) == []
    assert commands(finding("unmet")) == ["plan"]
    assert commands(finding("unmet", installed=None)) == ["plan"]


def test_nothing_is_advised_while_something_cannot_be_read() -> None:
    report = Report(HERE, findings=(finding("version"),), errors=(Problem(None, "m"),))
    assert advise(report, Request()) == ()


def test_a_guess_is_named_to_fix() -> None:
    guess = HERE._replace(chosen="guess")
    report = Report(guess, findings=(finding("version"),))
    (fix,) = [h.command for h in advise(report, Request()) if " fix " in h.command]
    assert fix == "reqdrift fix --python /env"


@pytest.mark.parametrize("command", ["fix", "diff"])
def test_a_command_repeats_what_was_typed(command: str) -> None:
    """Read again, it is the same request."""
    request = Request(
        files=("a b.txt", "c.txt"),
        constraints=("limits.txt",),
        python="/my env",
        unlisted="all",
        ignore=("foo*", "bar"),
        severity=(("extra", "off"), ("version", "warning")),
        stdlib=("typing",),
        add_to="a b.txt",
        keep_missing=True,
        cautious=True,
        force=True,
    )
    words = shlex.split(command_line(command, request, request.files))
    assert words[:2] == ["reqdrift", command]
    assert parse(command, words[2:]).request == request


@pytest.mark.parametrize("request_", [Request(staged=True), Request(rev="HEAD~1")])
def test_only_fix_leaves_the_tree_out(request_: Request) -> None:
    words = shlex.split(command_line("check", request_, ()))
    assert parse("check", words[2:]).request == request_
    assert command_line("fix", request_, ()) == "reqdrift fix"
