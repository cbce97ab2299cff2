"""`reqdrift help`: an overview on one screen, the options of a command, and near misses."""

from __future__ import annotations

import pytest

from reqdrift.cli import COMMANDS, main

Captured = pytest.CaptureFixture[str]


@pytest.mark.parametrize("argv", [["help"], ["--help"], ["-h"], ["help", "help"]])
def test_the_overview_fits_on_a_screen(capsys: Captured, argv: list[str]) -> None:
    assert main(argv) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) <= 30
    assert max(map(len, lines)) <= 80
    assert {*COMMANDS} <= {line.split()[0] for line in lines if line.startswith("  ")}
