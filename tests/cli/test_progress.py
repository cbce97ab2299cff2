"""The progress of what takes long, on a terminal."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from reqdrift.commands.verify import watched
from reqdrift.values import Style

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reqdrift.commands.verify import Share

SHARES: list[Share] = [(10, []), (20, []), (30, [])]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def run(monkeypatch: pytest.MonkeyPatch, style: Style, patience: float) -> str:
    """What a terminal shows."""
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    assert [*watched(SHARES, 60, style, patience)] == SHARES
    return terminal.getvalue()


def test_what_takes_long_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "verifying" in run(monkeypatch, Style(), 0)


def test_nothing_is_shown_of_what_is_soon_done(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, Style(), 60) == ""


def test_nothing_is_shown_quietly(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, Style(quiet=True), 0) == ""


def test_nothing_is_shown_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert [*watched(SHARES, 60, Style(), patience=0)] == SHARES
    assert capsys.readouterr() == ("", "")


def test_the_terminal_is_left_as_it_was_if_it_is_interrupted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")

    def interrupted() -> Iterator[Share]:
        yield SHARES[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(watched(interrupted(), 60, Style(), 0))
    shown = terminal.getvalue()
    assert "\x1b[?25l" in shown  # the cursor is hidden
    assert shown.rfind("\x1b[?25h") > shown.rfind("\x1b[?25l")  # and there again
