"""Neighbouring files: read as far as a report can wait for it."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqdrift.report.advice import command_line
from reqdrift.requirements.nearby import declared_nearby
from reqdrift.values import CanonicalName, Request
from reqdrift.values.details import Declaration, DeclaredRequirement
from support import make_environment


@given(st.lists(st.one_of(st.text(), st.sampled_from(("a.txt", "", "a b", "~/x", "$x", "é")))))
def test_commands_are_quoted_as_a_shell_needs_it(files: list[str]) -> None:
    assert command_line("fix", Request(), files) == shlex.join(["reqdrift", "fix", *files])


@pytest.fixture
def drifted(project: Path) -> Path:
    make_environment(project / ".venv", "foo-1.0", "big.kite-1.0")
    (project / "requirements.txt").write_text("foo==1.0\n")
    return project


def neighbours() -> list[str]:
    """The files beside requirements.txt that name big-kite."""
    found = declared_nearby([os.path.abspath("requirements.txt")])
    return [
        os.path.basename(one.file)
        for one in found
        if any(line.name == "big-kite" for line in one.requirements)
    ]


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
    assert neighbours() == ["requirements-dev.txt"]


def test_one_that_does_not(drifted: Path) -> None:
    (drifted / "requirements-dev.txt").write_text("foo==1.0  # as big-kite\n")
    assert neighbours() == []


def test_not_all_of_very_many_or_very_long_files_are_read(drifted: Path) -> None:
    for number in range(20):
        (drifted / f"requirements-{number:02}.txt").write_text("big-kite\n")
    assert neighbours() == [f"requirements-{number:02}.txt" for number in range(8)]
    (drifted / "requirements-01.txt").write_text("#\n" * 100_000 + "big-kite\n")
    assert neighbours() == ["requirements-00.txt"]


def write(folder: Path, *paths: str) -> None:
    """Files with one line each, the number of the file."""
    for number, path in enumerate(paths):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(f"# first\np{number}[x]>=1 ; os_name == 'posix'\n")


def places(*files: Path) -> list[str]:
    return [one.place for one in declared_nearby([str(file) for file in files])]


def test_what_a_file_nearby_declares(tmp_path: Path) -> None:
    write(tmp_path, "requirements.txt", "requirements-dev.txt")
    checked = str(tmp_path / "requirements.txt")
    (found,) = declared_nearby([checked])
    path = str(tmp_path / "requirements-dev.txt")
    need = DeclaredRequirement(CanonicalName("p1"), ("x",), ">=1", "os_name == 'posix'", 2)
    assert found == Declaration("requirements-dev.txt", path, (need,))


def test_a_file_that_includes_the_checked_one(tmp_path: Path) -> None:
    write(tmp_path, "requirements.txt", "base.txt", "requirements-dev.txt")
    dev = tmp_path / "requirements-dev.txt"
    dev.write_text("-r requirements.txt\n-r base.txt\n-c limits.txt\n-e .\n$\nsix\n")
    (tmp_path / "limits.txt").write_text("idna<4\n")
    (found,) = declared_nearby([str(tmp_path / "requirements.txt")])
    assert [(need.name, need.line) for need in found.requirements] == [("p1", 2), ("six", 6)]


def test_only_files_of_the_project(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    write(
        tmp_path,
        *("requirements.txt", "requirements.in", "dev-requirements.txt", "constraints.txt"),
        *("requirements/test.txt", "requirements/constraints.txt", "notes.txt"),
        *("tests/requirements.txt", "tests/expected.txt", "api/requirements.txt"),
        *("api/tests/requirements.in", "api/requirements/pyproject.toml", "api/requirements/x.txt"),
    )
    dev, test, tests = "dev-requirements.txt", "requirements/test.txt", "tests/requirements.txt"
    # What a checked file is compiled from declares nothing more.
    assert places(tmp_path / "requirements.txt") == [dev, test, tests]
    assert places(tmp_path / "requirements.txt", tmp_path / dev) == [test, tests]
    top = [f"../{name}" for name in (dev, "requirements.in", "requirements.txt")]
    assert places(tmp_path / test) == [*top, f"../{tests}"]
    api = tmp_path / "api/requirements.txt"
    above = [f"../{name}" for name in (test, tests)]
    assert places(api) == [*top, "tests/requirements.in", *above]
    # From now on, it is a project of its own.
    (tmp_path / "api/setup.cfg").touch()
    assert places(api) == ["tests/requirements.in"]
    (tmp_path / "api/tests/.git").touch()
    assert places(api) == []
