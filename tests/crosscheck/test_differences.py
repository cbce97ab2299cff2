"""Two readings held against each other: what is a difference, and what need not agree."""

from __future__ import annotations

from pathlib import Path

import pytest

from reqdrift.commands.crosscheck import clean_variables, compare_installed, compare_lines
from reqdrift.environments import Candidate, read_environment
from reqdrift.requirements import read_requirements
from reqdrift.values import Broken, CanonicalName, Environment
from support import make_environment

SITE = "/site"


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    make_environment(tmp_path, "foo-1.0")
    return read_environment(Candidate("a test", str(tmp_path)))


def compared(
    environment: Environment, *seen: tuple[str, str, str], reader: str = "pip 26.3"
) -> list[str]:
    """What each difference says behind the last comma, and the note behind its semicolon."""
    note, problems = compare_installed(environment, reader, seen)
    found = [problem.message.rpartition(", ")[2] for problem in problems]
    assert all(problem.exit_code == 3 for problem in problems)
    return [*found, *note.message.split("; not compared: ")[1:]]


@pytest.mark.parametrize("version", ["1", "1.0", "1.00"])
def test_the_same_is_no_difference(environment: Environment, version: str) -> None:
    assert compared(environment, ("Foo", version, SITE)) == []
    note, _ = compare_installed(environment, "pip 26.3", [("Foo", version, SITE)])
    assert note.message == "pip 26.3 agrees on 1 of 1 distributions"


def test_another_version_is_a_difference(environment: Environment) -> None:
    assert compared(environment, ("foo", "1.1", SITE)) == ["pip 26.3 version 1.1"]
    assert compared(environment, ("foo", "1.0rc1", SITE)) == ["pip 26.3 version 1.0rc1"]
    assert compared(environment, ("foo", "", SITE)) == ["pip 26.3 version "]


def test_what_one_side_alone_has_is_a_difference(environment: Environment) -> None:
    assert compared(environment) == ["pip 26.3 does not"]
    both = (("foo", "1.0", SITE), ("bar", "2.0", SITE))
    assert compared(environment, *both) == ["reqdrift does not"]


def test_what_is_broken_is_reported_already(environment: Environment) -> None:
    environment = environment._replace(broken=(Broken(CanonicalName("foo"), "twice"),))
    assert compared(environment, ("foo", "2.0", SITE)) == ["foo"]
    assert compared(environment) == ["foo"]


def test_what_an_import_does_not_reach_does_not_count(environment: Environment) -> None:
    copies = (("foo", "1.0", SITE), ("foo", "2.0", "/elsewhere"))
    assert compared(environment, *copies) == []
    # The first one is what an import reaches.
    assert compared(environment, *reversed(copies)) == ["pip 26.3 version 2.0"]


def test_a_leftover_is_none(environment: Environment) -> None:
    seen = (("foo", "0.9", "/site/~oo-0.9.dist-info"), ("foo", "1.0", SITE))
    assert compared(environment, *seen) == []


@pytest.mark.parametrize(
    ("reader", "expected"),
    [("pip 26.3", "argparse"), ("importlib.metadata", "importlib.metadata does not")],
)
def test_pip_alone_hides_argparse(tmp_path: Path, reader: str, expected: str) -> None:
    make_environment(tmp_path, "argparse-1.4.0")
    environment = read_environment(Candidate("a test", str(tmp_path)))
    assert compared(environment, reader=reader) == [expected]


def lines_compared(folder: Path, text: str, *read: tuple[int, str, str]) -> list[str]:
    """What each difference says of pip-api, and the note behind its semicolon."""
    path = folder / "requirements.txt"
    path.write_text(text)
    note, problems = compare_lines(read_requirements([str(path)]), [read])
    found = [problem.message.rpartition("pip-api ")[2] for problem in problems]
    return [*found, *note.message.split("; ")[1:]]


@pytest.mark.parametrize(
    ("text", "read", "expected"),
    [
        ("Foo == 1", (1, "foo", "==1"), []),
        ("foo[b,A]>=1,<2", (1, "foo", "<2,>=1"), []),
        ("foo; os_name=='x'", (1, "foo", ""), []),
        ("foo==1", (1, "bar", "==1"), ["the project bar"]),
        ("foo==1", (1, "foo", "==2"), ["the versions ==2"]),
        ("foo==1", (1, "foo", ""), ["the versions of any kind"]),
        ("foo", (1, "", ""), ["no requirement"]),
        ("# foo", (1, "foo", "==1"), ["reads 'foo ==1', reqdrift reads no requirement"]),
        ("foo @ https://u:p@host/a", (1, "foo", ""), []),
        ("foo @ https://host/a", (1, "bar", ""), ["the project bar"]),
        ("git+https://host/a#egg=foo", (1, "foo", ""), []),
        ("./foo-1.0-py3-none-any.whl", (1, "foo", "==1.0"), []),
        # What it does not read says nothing against either.
        ("foo; os_name=='x'", (1, "", ""), ["not compared: requirements.txt:1"]),
        ("foo==1", (2, "", ""), ["not compared: requirements.txt:1"]),
        # It reads what pip refuses, and that is an error already.
        ("foo bar", (1, "foobar", ""), []),
    ],
)
def test_lines(text: str, read: tuple[int, str, str], expected: list[str], tmp_path: Path) -> None:
    assert lines_compared(tmp_path, text, read) == expected


def test_a_difference_of_lines_is_at_its_line(tmp_path: Path) -> None:
    path = tmp_path / "requirements.txt"
    path.write_text("foo==1.0\nbar==1 \\\n  --hash=sha256:00\n")
    requirements = read_requirements([str(path)])
    note, problems = compare_lines(requirements, [[(1, "foo", "==1.0"), (2, "bar", "==2")]])
    (problem,) = problems
    assert problem.at and (problem.at.file, problem.at.line) == (str(path), 2)
    assert problem.exit_code == 3
    assert note.message == "pip-api agrees on 1 of 2 lines"


def test_a_long_list_is_cut(tmp_path: Path) -> None:
    text = "".join(f"./{n}.zip\n" for n in range(9))
    places = "requirements.txt:1, requirements.txt:2, requirements.txt:3 and 6 more"
    assert lines_compared(tmp_path, text) == [f"not compared: {places}"]


def test_nothing_of_the_machines_settings_reaches_pip() -> None:
    variables = {"PIP_USER": "1", "PIPAPI_PYTHON_LOCATION": "/x", "PYTHONPATH": "/x"}
    variables |= {"HOME": "/home", "PYTHONUSERBASE": "/user"}
    clean_variables(variables)
    assert variables.keys() & {"PIP_USER", "PIPAPI_PYTHON_LOCATION", "PYTHONPATH"} == set()
    # These two say which folders count, for reqdrift too.
    assert (variables["HOME"], variables["PYTHONUSERBASE"]) == ("/home", "/user")
