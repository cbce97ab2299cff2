"""`reqdrift diff` as a command: the patch, and what is said beside it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from reqdrift.cli import main
from support import add_distribution

Captured = pytest.CaptureFixture[str]


def test_nothing_if_there_is_nothing_to_change(site: Path, capsys: Captured) -> None:
    assert main(["diff"]) == 0
    assert capsys.readouterr() == ("", "")


def test_the_patch_and_nothing_else_on_standard_output(site: Path, capsys: Captured) -> None:
    Path("requirements.txt").write_text("foo==2.0\nbar[x]==1.0\n")
    add_distribution(site, "bar-1.0", requires=["absent; extra == 'x'"])
    assert main(["diff"]) == 1
    out, err = capsys.readouterr()
    assert out == (
        "diff --git a/requirements.txt b/requirements.txt\n"
        "--- a/requirements.txt\n+++ b/requirements.txt\n"
        "@@ -1,2 +1,2 @@\n-foo==2.0\n+foo==1.0\n bar[x]==1.0\n"
    )
    assert err == (
        "requirements.txt:2: missing not fixed: bar[x] needs absent, which is not installed:"
        " install what the extra needs, or remove the extra\n"
    )
    assert main(["diff", "-q"]) == 1
    assert capsys.readouterr() == (out, "")
    assert Path("requirements.txt").read_text().startswith("foo==2.0\n")


def test_what_stays_unlisted_is_told(site: Path, capsys: Captured) -> None:
    add_distribution(site, "root-1.0", requires=["part"])
    add_distribution(site, "part-1.0")
    assert main(["diff", "--unlisted", "orphans"]) == 1
    out, err = capsys.readouterr()
    assert "+root==1.0\n" in out
    assert "+part" not in out
    assert err == "requirements.txt: not added, because root needs it: part\n"


class Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("color", "start"), [("auto", "\x1b[1mdiff"), ("never", "diff")])
def test_on_a_terminal_it_is_for_people(
    site: Path, monkeypatch: pytest.MonkeyPatch, color: str, start: str
) -> None:
    terminal = Terminal(io.BytesIO(), "utf-8")
    monkeypatch.setattr("sys.stdout", terminal)
    monkeypatch.setenv("TERM", "xterm")
    Path("requirements.txt").write_text("foo==2.0  # \x1b[2J\n")
    assert main(["diff", "--color", color]) == 1
    terminal.seek(0)
    shown = terminal.read()
    assert shown.startswith(start)
    assert "\x1b[2J" not in shown
    assert "\\x1b[2J" in shown
