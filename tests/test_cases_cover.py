"""The golden cases show each kind, each format, and each option of each command."""

from __future__ import annotations

import re
import shlex

from reqdrift.kinds import KINDS
from reqdrift.options import COMMANDS, table
from reqdrift.report import FORMATS
from test_cases import CASES, NAMES


def commands() -> list[tuple[str, list[str]]]:
    """The commands of all cases, and their words."""
    found = []
    for name in NAMES:
        for line in (CASES / name / "command").read_text().splitlines():
            words = shlex.split(line)
            words = words[words.index("reqdrift") + 1 :] if "reqdrift" in words else ["-"]
            is_named = bool(words) and words[0] in COMMANDS
            found.append((words[0] if is_named else "check", words))
    return found


def test_names_are_words_joined_by_hyphens() -> None:
    assert all(re.fullmatch("[a-z0-9]+(-[a-z0-9]+)+", name) for name in NAMES)


def test_each_kind() -> None:
    shown = "".join((CASES / name / "expected").read_text() for name in NAMES)
    assert {*KINDS} <= {*re.findall(r": (\w+)(?: \(warning\))?: ", shown)}


def test_each_format() -> None:
    assert {*FORMATS} <= {word for _, words in commands() for word in words}


def test_each_option_of_each_command() -> None:
    typed = {(command, word.partition("=")[0]) for command, words in commands() for word in words}
    assert not [
        (command, option.names[-1])
        for option in table()
        for command in option.shown
        if not any((command, name) in typed for name in option.names)
    ]
