"""`reqdrift baseline` as a command; what it covers is in session/test_baseline.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from reqdrift.cli import main
from support import add_distribution

Captured = pytest.CaptureFixture[str]
NAME = "reqdrift-baseline.json"


def record(capsys: Captured) -> list[str]:
    assert main(["baseline"]) == 0
    return capsys.readouterr().out.splitlines()


def test_what_is_recorded_and_what_follows(site: Path, capsys: Captured) -> None:
    for release in ("bar-1.0", "baz-1.0"):
        add_distribution(site, release)
    Path("requirements.txt").write_text("foo==2.0\n")
    assert record(capsys) == [
        f"{NAME}: 3 findings (2 extra, 1 version); 3 added, 0 removed",
        "commit the file; checks now fail on new findings only",
    ]
    assert main([]) == 0
    capsys.readouterr()
    assert record(capsys) == [f"{NAME}: 3 findings (2 extra, 1 version); unchanged"]
    Path("requirements.txt").write_text("foo==1.0\n")
    assert record(capsys)[0] == f"{NAME}: 2 findings (2 extra); 0 added, 1 removed"


def test_the_most_frequent_kind_comes_first(site: Path, capsys: Captured) -> None:
    for release in ("bar-1.0", "baz-1.0"):
        add_distribution(site, release)
    Path("requirements.txt").write_text("foo==2.0\nbar==2.0\n")
    assert "(2 version, 1 extra)" in record(capsys)[0]


def test_nothing_to_record(site: Path, capsys: Captured) -> None:
    assert record(capsys) == [f"{NAME}: no findings to record; not written"]
    assert not Path(NAME).exists()


def test_nothing_any_more(site: Path, capsys: Captured) -> None:
    Path("requirements.txt").write_text("foo==2.0\n")
    record(capsys)
    Path("requirements.txt").write_text("foo==1.0\n")
    (line,) = record(capsys)
    assert line == f"{NAME}: no findings to record; you can delete the file"
