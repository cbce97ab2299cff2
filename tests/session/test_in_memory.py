"""A project in `/dev/shm`, which is a folder of files, unlike the rest of `/dev`."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import reqdrift
from reqdrift.files import write_file
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
