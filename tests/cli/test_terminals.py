"""What commands do differently on a terminal."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from reqdrift.cli import main
from support import SCRIPTS, clean_environ, run

Captured = pytest.CaptureFixture[str]


class Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


def on_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    terminal = Terminal(io.BytesIO(), "utf-8")
    monkeypatch.setattr("sys.stdout", terminal)
    monkeypatch.setenv("TERM", "xterm")
    return terminal


def test_what_a_script_says_is_not_repeated(
    site: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    terminal = on_terminal(monkeypatch)
    Path("requirements.txt").write_text("foo==1.0\nfoo==2.0\n")
    assert main(["plan"]) == 0
    terminal.seek(0)
    assert terminal.read().startswith("# not fixed: requirements.txt:2: the lines for foo ")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("environ", "colored"),
    [
        ({}, True),
        ({"NO_COLOR": ""}, True),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, True),
    ],
)
def test_color(site: Path, project: Path, environ: dict[str, str], colored: bool) -> None:
    command = f"'{SCRIPTS}/reqdrift'"
    env = clean_environ(**{"TERM": "xterm-256color", **environ})
    done = run("script", "-qec", command, "/dev/null", cwd=project, env=env)
    assert "clean" in done.stdout
    assert ("\x1b[1;32m" in done.stdout) is colored
    assert ("\x1b" in done.stdout) is colored


def test_nobody_types_a_requirements_file(site: Path, project: Path) -> None:
    command = f"'{SCRIPTS}/reqdrift' -"
    done = run("script", "-qec", command, "/dev/null", cwd=project, check=False)
    assert done.returncode == 2
    assert "nothing is piped into standard input; for example: pip freeze |" in done.stdout
