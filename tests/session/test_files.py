"""Files in `/dev/shm`, a folder unlike the rest of `/dev`, and a file that is passed alone."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import reqdrift
from checked import Checked
from reqdrift.commands.writing import write_file
from support import MEMORY, make_environment


@pytest.fixture
def folder() -> Iterator[Path]:
    if not os.access(MEMORY, os.W_OK):
        pytest.skip("this machine has no files in memory")
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        yield Path(folder)


def test_the_environment_is_in_the_files_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_environment(folder / "service/.venv", "foo-1.0")
    (folder / "service/requirements.txt").write_text("foo==1.0\n")
    monkeypatch.chdir(folder)
    assert reqdrift.check(["service/requirements.txt"]).verdict == "clean"


def test_a_file_is_replaced_as_a_whole(folder: Path) -> None:
    old, report = folder / "old", folder / "report"
    old.write_text("old")
    report.hardlink_to(old)
    write_file(str(report), b"new")
    assert (old.read_text(), report.read_text()) == ("old", "new")


@pytest.mark.parametrize("function", [reqdrift.check, reqdrift.env, reqdrift.fix, reqdrift.init])
def test_functions_take_one_path(checked: Checked, function: Callable[..., object]) -> None:
    """A text is a sequence, too: of files that are named like its characters."""
    file = checked.folder / "requirements.txt"
    file.write_text("six==1.0\n")
    checked.install("six-1.0")
    assert function(file) == function(str(file)) == function([str(file)])
