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
def test_what_a_command_does_not_use_is_accepted_but_not_shown(
    command: str, capsys: Captured
) -> None:
    with pytest.raises(SystemExit):
        parse(command, ["--help"])
    shown = capsys.readouterr().out
    names = ["foo"] if command == "why" else []
    for field in WITHOUT_EFFECT[command]:
        option = f"--{field.removesuffix('s')}"
        value = {"--unlisted": "all", "--severity": "extra=off", "--color": "never"}.get(option)
        assert option not in shown
        assert parse(command, [*names, option, value or "x"])
