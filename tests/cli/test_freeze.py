"""`reqdrift freeze` as a command."""

from __future__ import annotations

from pathlib import Path

import pytest

from reqdrift.cli import main
from support import add_distribution

Captured = pytest.CaptureFixture[str]


def test_a_line_for_each_distribution(site: Path, capsys: Captured) -> None:
    add_distribution(site, "Bar_Baz-2.0")
    add_distribution(site, "pip-24.0")
    url = {"url": "https://h/qux.zip", "archive_info": {"hashes": {"sha256": "0a"}}}
    add_distribution(site, "qux-1.0", direct_url=url)
    assert main(["freeze"]) == 0
    assert capsys.readouterr() == (
        "Bar_Baz==2.0\nfoo==1.0\nqux @ https://h/qux.zip#sha256=0a\n",
        "",
    )


def test_no_file_is_needed(site: Path, capsys: Captured) -> None:
    Path("requirements.txt").unlink()
    assert main(["freeze"]) == 0
    assert capsys.readouterr().out == "foo==1.0\n"


def test_what_cannot_be_read_is_told_and_fails(site: Path, capsys: Captured) -> None:
    add_distribution(site, "bar-1.0", direct_url={"url": 1})
    assert main(["freeze"]) == 3
    out, err = capsys.readouterr()
    assert "foo==1.0\n" in out
    assert err.startswith("reqdrift: ")
    assert "bar-1.0.dist-info" in err
