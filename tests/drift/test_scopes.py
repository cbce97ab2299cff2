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


def test_a_lock_file_for_other_pythons() -> None:
    scope = Scope(LOCK, None, "Python >=3.12", ("python_version >= '3.12'",))
    assert told(scope) == [
        "the lock file is for Python >=3.12, but this environment has Python 3.11.7"
    ]


def test_an_entry_counts_only_if_it_applies_here() -> None:
    markers, text = ("python_version >= '3.12'",), "Python >=3.12"
    here = Scope(LOCK, 3, text, markers, "foo")
    assert told(here, "foo==1\n") == [
        "foo is for Python >=3.12, but this environment has Python 3.11.7"
    ]
    assert told(here, "foo==1; os_name == 'x'\n") == []
    assert told(here._replace(line=4), "foo==1\n") == []


def test_a_patch_version_that_is_not_known_can_be_passed() -> None:
    scope = Scope(LOCK, None, "Python >=3.11.3", ("python_full_version >= '3.11.3'",))
    assert told(scope, version="3.11") == [
        "the lock file is for Python >=3.11.3, but this environment has Python 3.11;"
        " pass --python-version X.Y.Z"
    ]
    (message,) = told(scope, version="3.11.2")
    assert "--python-version" not in message
    (message,) = told(scope, version="3.10")
    assert "--python-version" not in message


def test_a_marker_without_meaning_is_told() -> None:
    (message,) = told(Scope(LOCK, None, "", ("python_version ~= 'x'",)))
    assert "python_version" in message or "'x'" in message
