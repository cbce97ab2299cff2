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


class TestTopLevel:
    """`--top-level`: what no other package needs, as a start of a requirements.in."""

    def roots(self, capsys: Captured, *words: str) -> list[str]:
        assert main(["freeze", "--top-level", *words]) == 0
        out, err = capsys.readouterr()
        assert err == ""
        return out.splitlines()

    def test_what_others_need_is_left_out(self, site: Path, capsys: Captured) -> None:
        add_distribution(site, "Bar-2.0", requires=["baz>=1"])
        add_distribution(site, "baz-1.0", requires=["qux; python_version < '3'"])
        add_distribution(site, "qux-1.0")
        assert self.roots(capsys) == ["Bar==2.0", "foo==1.0", "qux==1.0"]

    def test_one_of_a_cycle_stays(self, site: Path, capsys: Captured) -> None:
        add_distribution(site, "b-1.0", requires=["c"])
        add_distribution(site, "c-1.0", requires=["b"])
        assert self.roots(capsys) == ["b==1.0", "foo==1.0"]
        add_distribution(site, "z-1.0", requires=["b"])
        assert self.roots(capsys) == ["foo==1.0", "z==1.0"]

    def test_an_extra_counts_where_a_package_asks_for_it(
        self, site: Path, capsys: Captured
    ) -> None:
        requires = ["color; extra == 'tty'", "web[all]; extra == 'all'"]
        add_distribution(site, "web-1.0", requires=requires)
        add_distribution(site, "color-1.0")
        assert self.roots(capsys) == ["color==1.0", "foo==1.0", "web==1.0"]
        add_distribution(site, "app-1.0", requires=["web[tty]"])
        assert self.roots(capsys) == ["app==1.0", "foo==1.0"]

    def test_what_pip_freeze_omits_is_no_root(self, site: Path, capsys: Captured) -> None:
        add_distribution(site, "pip-24.0", requires=["foo"])
        assert self.roots(capsys) == ["foo==1.0"]

    def test_ranges_leave_what_has_a_url(self, site: Path, capsys: Captured) -> None:
        add_distribution(site, "local-2.0+cpu", requires=["foo"])
        add_distribution(site, "odd-1.0.unknown")
        folder = {"url": "file:///src/edit", "dir_info": {"editable": True}}
        add_distribution(site, "edit-1.0", direct_url=folder, requires=["qux"])
        add_distribution(site, "qux-1.0", direct_url={"url": "https://h/q.zip", "archive_info": {}})
        add_distribution(site, "zip-1.0", direct_url={"url": "https://h/z.zip", "archive_info": {}})
        lines = self.roots(capsys, "--ranges")
        assert lines == [
            "-e file:///src/edit#egg=edit",
            "local>=2.0",
            "odd===1.0.unknown",
            "zip @ https://h/z.zip",
        ]
        assert main(["freeze", "--ranges"]) == 0
        assert "foo>=1.0\n" in capsys.readouterr().out

    def test_what_is_unknown_is_said(self, site: Path, capsys: Captured, tmp_path: Path) -> None:
        (tmp_path / "frozen.txt").write_text("foo==1.0\n")
        assert main(["freeze", "--top-level", "--installed", str(tmp_path / "frozen.txt")]) == 3
        out, err = capsys.readouterr()
        assert out == "foo==1.0\n"
        assert "a freeze does not say what its packages need" in err
        add_distribution(site, "q-1.0", requires=["foo; python_version > '3'"])
        assert main(["freeze", "--top-level", "--path", str(site)]) == 3
        assert "what needs what depends on the Python" in capsys.readouterr().err
