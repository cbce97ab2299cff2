"""`reqdrift plan` as a command: a script for a shell, and what the shell would not show."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from reqdrift.cli import main
from support import add_distribution

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def pip(site: Path) -> None:
    add_distribution(site, "pip-24.0")


def test_nothing_to_do(capsys: Captured) -> None:
    assert main(["plan"]) == 0
    assert capsys.readouterr() == ("", "")


def test_a_script(project: Path, capsys: Captured) -> None:
    Path("requirements.txt").write_text("foo==2.0\n")
    assert main(["plan"]) == 0
    python = project / ".venv" / "bin" / "python"
    assert capsys.readouterr() == (
        f"{python} -m pip install -r {project}/requirements.txt\n",
        "",
    )


LEFT = "not fixed: requirements.txt:2: the lines for foo contradict each other; fix them first"


def test_what_is_left_is_also_on_standard_error(capsys: Captured) -> None:
    Path("requirements.txt").write_text("foo==1.0\nfoo==2.0\n")
    assert main(["plan"]) == 0
    assert capsys.readouterr() == (f"# {LEFT}\n", f"reqdrift: {LEFT}\n")


def test_but_not_on_a_terminal_which_shows_the_script(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    Path("requirements.txt").write_text("foo==1.0\nfoo==2.0\n")
    assert main(["plan"]) == 0
    assert terminal.getvalue() == f"# {LEFT}\n"
    assert capsys.readouterr().err == ""


def test_a_script_that_calls_uv_where_there_is_none(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("requirements.txt").write_text("foo==2.0\n")
    monkeypatch.setenv("PATH", "/nowhere")
    assert main(["plan", "--with", "uv"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("uv pip install ")
    assert err.startswith("reqdrift: uv is not on PATH: install uv, or install pip: ")
    assert err.endswith("/.venv/bin/python -m ensurepip\n")


def test_a_script_that_calls_nothing_needs_no_uv(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("requirements.txt").write_text("foo==1.0\nfoo==2.0\n")
    monkeypatch.setenv("PATH", "/nowhere")
    assert main(["plan", "--with", "uv"]) == 0
    out, err = capsys.readouterr()
    assert out == f"# {LEFT}\n"
    assert err == f"reqdrift: {LEFT}\n"
