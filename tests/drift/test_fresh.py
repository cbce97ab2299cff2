"""Does a compiled file have what its sources ask for? By the texts alone."""

from __future__ import annotations

import pytest

from checked import COMMIT
from reqdrift.drift.fresh import extras_to_look_up, is_fresh, listed_by, pinned_version, shortfall
from reqdrift.requirements import read_requirements
from reqdrift.values import CanonicalName, Compiled, Requirement

FILE, SOURCE = "/requirements.txt", "/requirements.in"


def lines_of(text: str, path: str = FILE, *, constraints: bool = False) -> tuple[Requirement, ...]:
    files, limits = ([], [path]) if constraints else ([path], [])
    found = read_requirements(files, limits, read=lambda *_, **__: text.encode())
    assert not found.errors
    return found.requirements


def compiled_of(*asked: Requirement) -> Compiled:
    return Compiled(FILE, "pip-compile", frozenset({FILE}), asked, (SOURCE,))


def lacks(text: str, asked: str, *, constraint: bool = False) -> str:
    """What a compiled file lacks of the one line of its source."""
    (line,) = lines_of(asked, SOURCE, constraints=constraint)
    return shortfall(line, listed_by(compiled_of(line), lines_of(text)))


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("foo==1.0", "foo"),
        ("foo==1.0", "Foo>=0.9"),
        ("foo==1.0rc1", "foo>=0.9"),
        ("foo==1.0; python_version < '3'\nfoo==2.0", "foo>=2"),  # one for each Python
        ("foo", "foo>=2"),  # no pin says otherwise
        (f"foo @ git+https://h/foo@{COMMIT}", "foo>=2"),
        ("foo==1.0", "foo @ https://h/foo-2.zip"),
        ("file:///nowhere/lib", "foo"),  # it may be foo
        ("bar==1.0", "file:///nowhere/lib"),
    ],
)
def test_what_it_has_or_may_have(text: str, asked: str) -> None:
    assert lacks(text, asked) == ""


@pytest.mark.parametrize(
    ("text", "asked", "why"),
    [
        ("bar==1.0", "foo", "does not list foo, which this file asks for"),
        ("foo==1.0", "foo>=2", "says foo==1.0, but this file asks for foo>=2"),
        ("foo==1.0", "foo==2", "says foo==1.0, but this file asks for foo==2"),
        ("foo===1.0; os_name == 'x'\nfoo==1.0", "foo>=2", ""),  # `===` may be any text
    ],
)
def test_what_it_lacks(text: str, asked: str, why: str) -> None:
    assert lacks(text, asked) == why


def test_a_constraint_asks_for_nothing_and_limits_what_is_listed() -> None:
    assert lacks("bar==1.0", "foo<2", constraint=True) == ""
    assert lacks("foo==1.0", "foo<2", constraint=True) == ""
    why = "says foo==3.0, but this file allows foo<2"
    assert lacks("foo==3.0", "foo<2", constraint=True) == why


def test_only_requirements_of_the_compiled_file_itself_are_listed() -> None:
    compiled = compiled_of()
    here = lines_of("foo==1.0")
    elsewhere = lines_of("bar==1.0", "/other.txt")
    limits = lines_of("baz==1.0", constraints=True)
    listed = listed_by(compiled, (*here, *elsewhere, *limits))
    assert listed == {CanonicalName("foo"): [*here]}


def test_fresh_if_each_source_of_each_file_is() -> None:
    lines = lines_of("foo==1.0\nbar==2.0")
    fine, stale = (compiled_of(*lines_of(text, SOURCE)) for text in ("foo\nbar>=2", "foo\nbar>=3"))
    assert is_fresh([], lines)
    assert is_fresh([fine, fine], lines)
    assert not is_fresh([fine, stale], lines)


@pytest.mark.parametrize(
    ("text", "asked", "is_open"),
    [
        ("foo[x]==1.0", "foo[x]", False),
        ("foo==1.0", "foo[x]", True),  # `--strip-extras`
        ("foo[x]==1.0", "foo[x,y]", True),
        ("bar==1.0", "foo[x]", False),  # it lacks the project itself
    ],
)
def test_extras_that_only_metadata_can_tell_of(text: str, asked: str, is_open: bool) -> None:
    lines, compiled = lines_of(text), compiled_of(*lines_of(asked, SOURCE))
    assert extras_to_look_up([compiled], lines) is is_open
    assert is_fresh([compiled], lines) is (not is_open and "foo" in text)


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("foo==1.0", "1.0"),
        ("foo==1.0 ; os_name == 'x'", "1.0"),
        ("foo==1.*", ""),
        ("foo===1.0", ""),
        ("foo==1.0,>=0.5", ""),
        ("foo>=1", ""),
        ("foo @ https://h/foo-1.0.zip", ""),
    ],
)
def test_the_version_that_a_line_pins(text: str, version: str) -> None:
    (line,) = lines_of(text)
    assert pinned_version(line) == version
