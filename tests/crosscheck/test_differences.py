"""Two readings held against each other: what is a difference, and what need not agree."""

from __future__ import annotations

from pathlib import Path

import pytest

from reqdrift.commands.crosscheck import compare_installed, compare_lines
from reqdrift.environments import Candidate, read_environment
from reqdrift.requirements import read_requirements
from reqdrift.values import CanonicalName, Note, Problem
from reqdrift.values.details import Broken
from support import make_environment

FOO = ("foo", "1.0", "/site")
LEFTOVER = ("foo", "0.9", "/site/~oo-0.9.dist-info")


def ends(note: Note, problems: list[Problem], mark: str) -> list[str]:
    """What each difference says behind a mark, and the note behind its semicolon."""
    assert {problem.exit_code for problem in problems} <= {3}
    found = [problem.message.rpartition(mark)[2] for problem in problems]
    return [*found, *note.message.split("; ")[1:]]


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ([("Foo", "1.00", "/site")], []),
        ([("foo", "1.0rc1", "/site")], ["pip 26.3 version 1.0rc1"]),
        ([], ["pip 26.3 does not"]),
        ([FOO, ("bar", "2.0", "/site")], ["reqdrift does not"]),
        # The first one is what an import reaches.
        ([FOO, ("foo", "2.0", "/elsewhere")], []),
        ([("foo", "2.0", "/elsewhere"), FOO], ["pip 26.3 version 2.0"]),
        ([LEFTOVER, FOO], []),
        # What is broken is reported already.
        ([FOO, ("mute", "2.0", "/site")], ["not compared: mute"]),
    ],
)
def test_distributions(
    seen: list[tuple[str, str, str]], expected: list[str], tmp_path: Path
) -> None:
    make_environment(tmp_path, "foo-1.0")
    environment = read_environment(Candidate("a test", str(tmp_path)))
    environment = environment._replace(broken=(Broken(CanonicalName("mute"), "twice"),))
    assert ends(*compare_installed(environment, "pip 26.3", seen), ", ") == expected


@pytest.mark.parametrize(
    ("reader", "expected"),
    [("pip 26.3", "not compared: argparse"), ("importlib.metadata", "importlib.metadata does not")],
)
def test_pip_alone_hides_argparse(tmp_path: Path, reader: str, expected: str) -> None:
    make_environment(tmp_path, "argparse-1.4.0")
    environment = read_environment(Candidate("a test", str(tmp_path)))
    assert ends(*compare_installed(environment, reader, []), ", ")[0] == expected


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
        # It reads what pip refuses, and that is an error already.
        ("foo bar", (1, "foobar", ""), []),
        (
            "./a.zip\n" * 5,
            (9, "", ""),
            [
                "not compared: "
                + ", ".join(f"requirements.txt:{n}" for n in (1, 2, 3))
                + " and 2 more"
            ],
        ),
    ],
)
def test_lines(text: str, read: tuple[int, str, str], expected: list[str], tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text(text)
    requirements = read_requirements([str(tmp_path / "requirements.txt")])
    note, problems = compare_lines(requirements, [[read]])
    assert ends(note, problems, "pip-api ") == expected
    assert all(problem.at and problem.at.line == 1 for problem in problems)
