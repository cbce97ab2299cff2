"""`reqdrift help`: an overview on one screen, the options of a command, and near misses."""

from __future__ import annotations

from pathlib import Path

import pytest

from reqdrift.cli import COMMANDS, main
from reqdrift.cli.options import unknown

Captured = pytest.CaptureFixture[str]


@pytest.mark.parametrize("argv", [["help"], ["--help"], ["-h"], ["help", "help"]])
def test_the_overview_fits_on_a_screen(capsys: Captured, argv: list[str]) -> None:
    assert main(argv) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) <= 30
    assert max(map(len, lines)) <= 80
    assert {*COMMANDS} <= {line.split()[0] for line in lines if line.startswith("  ")}


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_the_options_of_a_command(capsys: Captured, command: str) -> None:
    assert main(["help", command]) == 0
    shown = [capsys.readouterr().out]
    with pytest.raises(SystemExit) as end:
        main([command, "--help"])
    assert end.value.code == 0
    shown.append(capsys.readouterr().out)
    assert shown[0] == shown[1]
    assert shown[0].startswith("usage: reqdrift ")


@pytest.mark.parametrize(
    ("word", "hint"),
    [("pln", "did you mean 'plan'?"), ("zzz", "commands: check, plan, diff, fix, why, ")],
)
def test_a_command_that_there_is_not(capsys: Captured, word: str, hint: str) -> None:
    assert main(["help", word]) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"reqdrift: there is no command '{word}'; {hint}")


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("verfy", "did you mean 'verify'?"),
        ("requirement", "did you mean 'requirements.txt'?"),
        ("zzz", "commands: check, plan, "),
    ],
)
def test_a_word_that_is_neither_a_command_nor_a_file(site: Path, word: str, hint: str) -> None:
    error = unknown(word)
    assert error.message == f"'{word}' is neither a command nor a file"
    assert error.hint.startswith(hint)
