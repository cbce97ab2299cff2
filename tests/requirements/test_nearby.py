"""Neighbouring files: read as far as a report can wait for it."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqdrift.report.advice import command_line
from reqdrift.requirements.nearby import declared_nearby
from reqdrift.values import CanonicalName, Request
from reqdrift.values.details import Declaration, DeclaredRequirement


@given(
    st.lists(
        st.one_of(st.text(), st.sampled_from(("a.txt", "", "a b", "~/x", "$x", "é", "-r.txt")))
    )
)
def test_commands_are_quoted_as_a_shell_needs_it(files: list[str]) -> None:
    # What begins with a dash would be an option.
    paths = [f"./{file}" if file.startswith("-") else file for file in files]
    assert command_line("fix", Request(), files) == shlex.join(["reqdrift", "fix", *paths])


def write(folder: Path, *paths: str) -> None:
    """Files with one line each, the number of the file."""
    for number, path in enumerate(paths):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(f"# first\np{number}[x]>=1 ; os_name == 'posix'\n")


def places(*files: Path) -> list[str]:
    return [one.place for one in declared_nearby([str(file) for file in files])]


def test_not_all_of_very_many_or_very_long_files_are_read(tmp_path: Path) -> None:
    names = [f"requirements-{number:02}.txt" for number in range(60)]
    write(tmp_path, "requirements.txt", *names)
    assert places(tmp_path / "requirements.txt") == names[:50]
    (tmp_path / names[1]).write_text("#\n" * 9_000_000 + "six\n")
    assert places(tmp_path / "requirements.txt") == names[:1]


@pytest.mark.parametrize("text", ["foo\nBig_Kite==1.0\n", "-r b.txt\n", "#\r-r b.txt\n"])
def test_what_is_named_in_any_way(tmp_path: Path, text: str) -> None:
    (tmp_path / "b.txt").write_text("big-kite\n")
    (tmp_path / "requirements-dev.txt").write_bytes(text.encode("utf-16"))
    (found,) = declared_nearby([str(tmp_path / "requirements.txt")])
    assert "big-kite" in [need.name for need in found.requirements]


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
    dev.write_text("-r requirements.txt\n-r base.txt\n-c limits.txt\n-e ./lib\n$\nsix\n")
    (tmp_path / "limits.txt").write_text("idna<4\n")
    lib = tmp_path / "lib" / "pyproject.toml"
    lib.parent.mkdir()
    lib.write_text("[project]\nname = 'Lib.A'\n")
    (found,) = declared_nearby([str(tmp_path / "requirements.txt")])
    names = [(need.name, need.line) for need in found.requirements]
    assert names == [("p1", 2), ("lib-a", 4), ("six", 6)]


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
