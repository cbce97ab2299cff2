"""What the hints cost: neighbouring files are read as far as a report can wait for it."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import reqdrift
from reqdrift.report.advice import command_line
from reqdrift.values import Request
from support import make_environment


@given(st.lists(st.one_of(st.text(), st.sampled_from(("a.txt", "", "a b", "~/x", "$x", "é")))))
def test_commands_are_quoted_as_a_shell_needs_it(files: list[str]) -> None:
    assert command_line("fix", Request(), files) == shlex.join(["reqdrift", "fix", *files])


@pytest.fixture
def drifted(project: Path) -> Path:
    make_environment(project / ".venv", "foo-1.0", "big.kite-1.0")
    (project / "requirements.txt").write_text("foo==1.0\n")
    return project


def hints() -> list[str]:
    purposes = [hint.purpose for hint in reqdrift.check(explain=True).hints]
    return [text.partition(" lists ")[0] for text in purposes if " lists " in text]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "foo==1.0\nBig_Kite==1.0\n"),
        ("utf-16", "big-kite\n"),
        ("utf-8", "-r more.txt\n"),
        ("utf-8", "#\r--requirement more.txt\n"),
    ],
)
def test_a_neighbour_that_names_an_extra(drifted: Path, encoding: str, text: str) -> None:
    (drifted / "more.txt").write_text("big-kite\n")
    (drifted / "requirements-dev.txt").write_bytes(text.encode(encoding))
    assert hints() == ["requirements-dev.txt"]


def test_one_that_does_not(drifted: Path) -> None:
    (drifted / "requirements-dev.txt").write_text("foo==1.0  # as big-kite\n")
    assert hints() == []


def test_not_all_of_very_many_or_very_long_files_are_read(drifted: Path) -> None:
    for number in range(20):
        (drifted / f"requirements-{number:02}.txt").write_text("big-kite\n")
    assert hints() == [f"requirements-{number:02}.txt" for number in range(8)]
    (drifted / "requirements-01.txt").write_text("#\n" * 100_000 + "big-kite\n")
    assert hints() == ["requirements-00.txt"]
