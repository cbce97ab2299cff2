"""The words of the help."""

from __future__ import annotations

import pytest

from reqdrift.cli import COMMANDS
from reqdrift.cli.options import parse
from reqdrift.cli.summaries import SUMMARIES, WITHOUT_EFFECT

Captured = pytest.CaptureFixture[str]


def test_every_command_is_in_the_overview() -> None:
    assert {*SUMMARIES} == {*COMMANDS, "help"}


@pytest.mark.parametrize("command", WITHOUT_EFFECT)
def test_what_a_command_does_not_use_is_not_shown(command: str, capsys: Captured) -> None:
    with pytest.raises(SystemExit):
        parse(command, ["--help"])
    lines = capsys.readouterr().out.splitlines()
    shown = {line.split()[0] for line in lines if line.startswith("  -")}
    assert "--python" in shown
    assert not shown & {f"--{field.removesuffix('s')}" for field in WITHOUT_EFFECT[command]}


@pytest.mark.parametrize("command", WITHOUT_EFFECT)
def test_but_it_is_accepted_for_aliases_of_check(command: str) -> None:
    values = {"unlisted": "all", "severity": "extra=off", "color": "never"}
    names = ["foo"] if command == "why" else []
    for field in {*WITHOUT_EFFECT[command]} - {"installed", "platform"}:
        assert parse(command, [*names, f"--{field.removesuffix('s')}", values.get(field, "x")])
