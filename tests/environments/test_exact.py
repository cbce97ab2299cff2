"""The patch version of an environment's Python: as the files of its base state it now."""

from __future__ import annotations

from pathlib import Path

import pytest

from reqdrift.environments.answers import exact_version, release_of_base
from reqdrift.values import Python

STATED = '#define PY_VERSION              "3.11.9"\n'


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """The prefix of a Python with its header file, and nothing to start."""
    header = tmp_path / "base" / "include" / "python3.11" / "patchlevel.h"
    header.parent.mkdir(parents=True)
    header.write_text(STATED)
    return tmp_path / "base"


@pytest.mark.parametrize(
    ("name", "version", "release"),
    [
        ("python3.11", "3.11.2", "3.11.9"),
        ("python3", "3.11", "3.11.9"),
        ("python3.12", "3.12.1", ""),
        ("pypy3.11", "3.11.2", ""),
        ("python3.11t", "3.11.2", ""),
    ],
)
def test_what_the_files_beside_an_interpreter_say(
    base: Path, name: str, version: str, release: str
) -> None:
    assert release_of_base(str(base / "bin" / name), Python(version)) == release


def test_it_is_not_started_for_what_its_files_say(base: Path, tmp_path: Path) -> None:
    python = Python("3.11.2", interpreter=str(base / "bin" / "python3.11"))
    assert exact_version(python, str(tmp_path / "project" / ".venv")) == ("3.11.9", False)


def test_files_that_may_have_come_with_the_project_say_nothing(base: Path) -> None:
    python = Python("3.11.2", interpreter=str(base / "bin" / "python3.11"))
    assert exact_version(python, str(base / ".venv")) == ("", False)


def test_nothing_is_known_without_an_interpreter(tmp_path: Path) -> None:
    assert exact_version(Python("3.11.2"), str(tmp_path)) == ("", False)
