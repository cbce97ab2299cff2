"""`reqdrift fix` as a command: what it says it did; what it does is in repair/."""

from __future__ import annotations

from pathlib import Path

import pytest

from reqdrift.cli import main
from support import add_distribution

Captured = pytest.CaptureFixture[str]


def fix(capsys: Captured, *words: str, code: int = 0) -> list[str]:
    assert main(["fix", *words]) == code
    out, err = capsys.readouterr()
    assert err == ""
    return out.splitlines()


def test_nothing_to_change(site: Path, capsys: Captured) -> None:
    assert fix(capsys) == ["nothing to change"]
    assert fix(capsys, "-q") == []


def test_what_was_done(site: Path, capsys: Captured) -> None:
    Path("requirements.txt").write_text("foo==2.0\n")
    assert fix(capsys) == [
        "requirements.txt:1: foo==2.0 is now foo==1.0",
        "changed requirements.txt",
    ]
    assert Path("requirements.txt").read_text() == "foo==1.0\n"


def test_what_was_not_fails(site: Path, capsys: Captured) -> None:
    Path("requirements.txt").write_text("foo==2.0\nabsent==1\n")
    *_, left, last = fix(capsys, "--keep-missing", code=1)
    assert left.endswith(": kept because of --keep-missing")
    assert last == "changed requirements.txt; 1 not fixed"
    *_, last = fix(capsys, "--keep-missing", code=1)
    assert last == "nothing to change; 1 not fixed"


def test_what_stays_unlisted(site: Path, capsys: Captured) -> None:
    add_distribution(site, "root-1.0", requires=["part"])
    add_distribution(site, "part-1.0")
    assert fix(capsys, "--unlisted", "orphans")[1:] == [
        "requirements.txt: not added, because root needs it: part",
        "changed requirements.txt",
    ]


def test_quietly_the_files_are_named_all_the_same(site: Path, capsys: Captured) -> None:
    Path("requirements.txt").write_text("foo==2.0\n")
    assert fix(capsys, "-q")[-1] == "changed requirements.txt"
