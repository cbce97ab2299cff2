"""Two readings held against each other: what is a difference, and what need not agree."""

from __future__ import annotations

from pathlib import Path

import pytest

from reqdrift.crosscheck.compare import (
    BROKEN,
    GLUED,
    HIDDEN,
    LEFTOVER,
    MARKER,
    MUTE,
    SHADOWED,
    UNREAD,
    VARIABLE,
    compare_environments,
    compare_requirements,
    cross_check,
)
from reqdrift.crosscheck.testimony import clean_variables
from reqdrift.crosscheck.worker import ReadLine, Seen, Witness
from reqdrift.environments import read_environment
from reqdrift.environments.candidates import Candidate
from reqdrift.requirements import read_requirements
from reqdrift.values import Broken, CanonicalName, Environment
from reqdrift.values.sources import Source
from support import make_environment


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    make_environment(tmp_path, "foo-1.0")
    return read_environment(Candidate("a test", str(tmp_path)))


def site_of(environment: Environment) -> str:
    return environment.distributions[CanonicalName("foo")].folder


def compared(
    environment: Environment, *seen: Seen, witness: str = "pip 26.3", source: Source | None = None
) -> list[tuple[str, str]]:
    """The accepted reason of each difference, or what it says behind the last comma."""
    told = Witness(witness, seen, tells_editables=True)
    sources = {CanonicalName("foo"): source} if source else {}
    found = compare_environments(environment, sources, told)
    return [(one.what, one.accepted or one.message.rpartition(", ")[2]) for one in found]


def test_the_same_is_no_difference(environment: Environment) -> None:
    site = site_of(environment)
    assert compared(environment, Seen("Foo", "1", site)) == []
    assert compared(environment, Seen("foo", "1.0", path=f"{site}/foo-1.0.dist-info")) == []


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (Seen("foo", "1.1", "SITE"), "pip 26.3 version 1.1"),
        (Seen("foo", "1.0", "/nowhere"), "pip 26.3 one in /nowhere"),
        (Seen("foo", "1.0", "SITE", "/source"), "pip 26.3 an editable in /source"),
        (Seen("foo", "1.0", why="UnicodeDecodeError"), "pip 26.3 cannot (UnicodeDecodeError)"),
    ],
)
def test_what_differs_is_said(environment: Environment, seen: Seen, expected: str) -> None:
    seen = seen._replace(location=seen.location.replace("SITE", site_of(environment)))
    assert compared(environment, seen) == [("foo", expected)]


def test_what_one_side_alone_has_is_a_difference(environment: Environment) -> None:
    assert compared(environment) == [("foo", "pip 26.3 does not")]
    both = (Seen("foo", "1.0"), Seen("bar", "2.0"))
    assert compared(environment, *both) == [("bar", "reqdrift does not")]


def test_an_editable_that_is_none_for_pip(environment: Environment) -> None:
    source = Source("folder", "/source", folders=("/source",), editable=True, local=True)
    assert compared(environment, Seen("foo", "1.0", "", "/source"), source=source) == []
    assert compared(environment, Seen("foo", "1.0"), source=source) == [
        ("foo", "pip 26.3 no editable in /source")
    ]


def test_what_is_broken_is_told_already(environment: Environment) -> None:
    environment = environment._replace(broken=(Broken(CanonicalName("foo"), "twice"),))
    assert compared(environment, Seen("foo", "2.0")) == [("foo", BROKEN)]
    assert compared(environment) == [("foo", BROKEN)]


def test_what_an_import_does_not_reach_does_not_count(environment: Environment) -> None:
    copies = (Seen("foo", "1.0", site_of(environment)), Seen("foo", "2.0", "/elsewhere"))
    assert compared(environment, *copies) == [("foo", SHADOWED)]
    # The first one is what an import reaches.
    assert compared(environment, *reversed(copies))[0] == ("foo", "pip 26.3 version 2.0")


def test_what_metadata_does_not_say(environment: Environment) -> None:
    seen = Seen(path=f"{site_of(environment)}/foo-1.0.dist-info")
    assert compared(environment, seen, witness="importlib.metadata") == [("foo", MUTE)]


def test_a_leftover_is_none(environment: Environment) -> None:
    seen = (Seen("foo", "1.0"), Seen("foo", "0.9", path="/site/~oo-0.9.dist-info"))
    assert compared(environment, *seen) == [("~oo-0.9.dist-info", LEFTOVER)]


@pytest.mark.parametrize(("witness", "expected"), [("pip 26.3", HIDDEN), ("x", "x does not")])
def test_pip_alone_hides_argparse(tmp_path: Path, witness: str, expected: str) -> None:
    make_environment(tmp_path, "argparse-1.4.0")
    environment = read_environment(Candidate("a test", str(tmp_path)))
    assert compared(environment, witness=witness) == [("argparse", expected)]


def lines_compared(folder: Path, text: str, *read: ReadLine) -> list[str]:
    path = folder / "requirements.txt"
    path.write_text(text)
    found = compare_requirements(read_requirements([str(path)]), [read])
    return [one.accepted or one.message.rpartition("pip-api ")[2] for one in found]


@pytest.mark.parametrize(
    ("text", "read", "expected"),
    [
        ("Foo == 1", ReadLine(1, "foo", "==1"), []),
        ("foo[b,A]>=1,<2", ReadLine(1, "foo", "<2,>=1", ("a", "b")), []),
        ("foo; os_name=='x'", ReadLine(1, "foo", marker='os_name == "x"'), []),
        ("foo==1", ReadLine(1, "bar", "==1"), ["the project bar"]),
        ("foo==1", ReadLine(1, "foo", "==2"), ["the versions ==2"]),
        ("foo==1", ReadLine(1, "foo"), ["the versions of any kind"]),
        ("foo[a]", ReadLine(1, "foo", extras=("b",)), ["the extras b"]),
        ("foo; os_name=='x'", ReadLine(1, "foo"), ["the marker none"]),
        ("foo", ReadLine(1), ["no requirement"]),
        ("# foo", ReadLine(1, "foo"), ["reads 'foo', reqdrift reads no requirement"]),
        ("foo @ https://u:p@host/a", ReadLine(1, "foo", url="https://host/a"), []),
        (
            "foo @ https://host/a",
            ReadLine(1, "foo", url="https://u:p@host/b"),
            ["the URL https://****@host/b"],
        ),
        (
            "foo @ git+https://host/a@1",
            ReadLine(1, "foo", url="git+https://host/a@2"),
            ["the URL git+https://host/a@2"],
        ),
        ("git+https://host/a#egg=foo", ReadLine(1, "foo", url="https://host/a#egg=foo"), []),
        # What it does not read says nothing against either.
        ("foo; os_name=='x'", ReadLine(1), [MARKER]),
        ("foo==${X}", ReadLine(1, "foo", "==${X}"), [VARIABLE]),
        ("foo @ https://host/a ; os_name=='x'", ReadLine(1, "foo", url="https://h/"), [GLUED]),
        ("./foo.zip", ReadLine(1, why="Missing egg fragment"), [UNREAD]),
        # It reads what pip refuses, and that is an error already.
        ("foo bar", ReadLine(1, "foobar"), []),
    ],
)
def test_lines(
    text: str, read: ReadLine, expected: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("X", "1")
    assert lines_compared(tmp_path, text, read) == expected


def test_a_difference_of_lines_is_at_its_line(tmp_path: Path, environment: Environment) -> None:
    path = tmp_path / "requirements.txt"
    path.write_text("foo==1.0\nbar==1 \\\n  --hash=sha256:00\n")
    requirements = read_requirements([str(path)])
    seen = (Seen("foo", "1.0"),)
    lines = (ReadLine(1, "foo", "==1.0"), ReadLine(2, "bar", "==2"))
    outcome = cross_check(environment, {}, requirements, Witness("pip 26.3", seen, True, (lines,)))
    (problem,) = outcome.problems
    assert problem.at and (problem.at.file, problem.at.line) == (str(path), 2)
    assert problem.exit_code == 3
    assert [note.message for note in outcome.notes] == [
        "pip 26.3 agrees on 1 of 1 distributions",
        "pip-api agrees on 1 of 2 lines",
    ]


def test_a_long_list_is_cut(tmp_path: Path, environment: Environment) -> None:
    path = tmp_path / "requirements.txt"
    path.write_text("".join(f"./{n}.zip\n" for n in range(9)))
    lines = tuple(ReadLine(n + 1, why="a path") for n in range(9))
    told = Witness("pip 26.3", (Seen("foo", "1.0"),), True, (lines,))
    outcome = cross_check(environment, {}, read_requirements([str(path)]), told)
    places = "requirements.txt:1, requirements.txt:2, requirements.txt:3 and 6 more"
    expected = f"pip-api agrees on 0 of 9 lines; {places}: {UNREAD}"
    assert (outcome.notes[1].message, outcome.problems) == (expected, ())


def test_nothing_of_the_machines_settings_reaches_pip() -> None:
    theirs = {"PIP_USER": "1", "PIPAPI_PYTHON_LOCATION": "/x", "PYTHONPATH": "/x", "HOME": "/home"}
    clean = clean_variables({**theirs, "PYTHONUSERBASE": "/user"}, "/python")
    assert clean["PIPAPI_PYTHON_LOCATION"] == "/python"
    assert clean.keys() & {"PIP_USER", "PYTHONPATH"} == set()
    # These two say which folders count, for reqdrift too.
    assert (clean["HOME"], clean["PYTHONUSERBASE"]) == ("/home", "/user")
