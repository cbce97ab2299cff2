"""Where output goes, and how."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

import reqdrift
from reqdrift.commands import is_colored, print_lines, publish
from reqdrift.values import Report, Style

Captured = pytest.CaptureFixture[str]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("color", "environ", "piped", "terminal"),
    [
        ("auto", {}, False, True),
        ("auto", {"TERM": "dumb"}, False, False),
        ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False, False),
        ("auto", {"NO_COLOR": ""}, False, True),
        ("auto", {"FORCE_COLOR": "1", "TERM": "dumb"}, True, True),
        ("always", {"NO_COLOR": "1"}, True, True),
        ("never", {"FORCE_COLOR": "1"}, False, False),
    ],
)
def test_color(
    monkeypatch: pytest.MonkeyPatch,
    color: str,
    environ: dict[str, str],
    piped: bool,
    terminal: bool,
) -> None:
    for name, value in {"TERM": "xterm", **environ}.items():
        monkeypatch.setenv(name, value)
    assert is_colored(color, io.StringIO()) is piped
    assert is_colored(color, Terminal()) is terminal


def test_control_characters_are_escaped(capsys: Captured) -> None:
    print_lines(["a\x1b[2J", "b"])
    print_lines(["c\rd"], on_stderr=True)
    assert capsys.readouterr() == ("a\\x1b[2J\nb\n", "c\\rd\n")


class TestPublish:
    @pytest.fixture
    def report(self, site: Path) -> Report:
        return reqdrift.check(["requirements.txt"])

    def test_a_terminal_gets_more_than_plain_text(
        self, report: Report, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        terminal = Terminal()
        monkeypatch.setattr("sys.stdout", terminal)
        monkeypatch.setenv("TERM", "xterm")
        publish(report, Style(), ())
        assert "\x1b[" in terminal.getvalue()

    def test_a_file_gets_plain_text_unless_color_is_asked_for(
        self, report: Report, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("FORCE_COLOR", "1")
        publish(report, Style(), (("auto", "plain.txt"),))
        assert "\x1b[" not in Path("plain.txt").read_text()
        publish(report, Style(color="always"), (("auto", "colored.txt"),))
        assert "\x1b[" in Path("colored.txt").read_text()
