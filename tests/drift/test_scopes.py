"""Lock files, and entries of them, that are for other Pythons."""

from __future__ import annotations

from checked import case_of
from reqdrift.drift.lines import outside_scopes
from reqdrift.values import Location, Python
from reqdrift.values.details import LockEntry, Scope

LOCK = "/pylock.toml"


def told(scope: Scope, text: str = "", version: str = "3.11.7") -> list[str]:
    """The problems of a lock file whose third line is the first entry of the text."""
    applicable = {
        name: tuple(line._replace(origin=LockEntry(LOCK, 3)) for line in lines)
        for name, lines in case_of(text).applicable.items()
    }
    problems = [*outside_scopes([scope], applicable, Python(version))]
    assert {problem.at for problem in problems} <= {Location(scope.file, scope.line)}
    return [problem.message for problem in problems]


def test_one_marker_that_holds_is_enough() -> None:
    assert told(Scope(LOCK, None, "", ("python_version < '3'", "python_version >= '3.11'"))) == []


def test_a_marker_without_meaning_is_told() -> None:
    (message,) = told(Scope(LOCK, None, "", ("python_version ~= 'x'",)))
    assert "python_version" in message or "'x'" in message
