"""The ways out of a drift: which are offered, in which order, and how their commands read."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest

from reqdrift.cli.options import parse
from reqdrift.report.advice import advise, command_line
from reqdrift.values import (
    CanonicalName,
    Environment,
    Location,
    Python,
    Report,
    Request,
)
from reqdrift.values.details import Finding

if TYPE_CHECKING:
    from reqdrift.values import KindName

pytestmark = pytest.mark.usefixtures("project")

PLAIN = Request()
HERE = Environment("/env", Python("3.11.7", interpreter="/env/bin/python"), "a test", {})


def finding(kind: KindName, installed: str | None = "1.0") -> Finding:
    name, at = CanonicalName("foo"), Location("/r.txt", 1)
    return Finding(kind, "error", name, at, "foo==2.0", installed, "m")


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
