"""`stale`: a compiled file does not list what its sources ask for; by the texts alone."""

from __future__ import annotations

import pytest

from checked import COMMIT
from reqdrift.requirements import read_requirements
from reqdrift.requirements.compiled import shortfalls
from reqdrift.values import Compiled, Requirement

FILE, SOURCE = "/r.txt", "/in/requirements.in"


def lines_of(text: str, path: str = FILE, *, constraints: bool = False) -> tuple[Requirement, ...]:
    files, limits = ([], [path]) if constraints else ([path], [])
    found = read_requirements(files, limits, read=lambda *_, **__: text.encode())
    assert not found.errors
    return found.requirements


def compiled_of(*asked: Requirement, command: str = "pip-compile") -> Compiled:
    return Compiled(FILE, command, frozenset({FILE}), asked, (SOURCE,))


def lacks(text: str, asked: str, *, constraint: bool = False) -> str:
    """What a compiled file lacks of the one line of its source."""
    (line,) = lines_of(asked, SOURCE, constraints=constraint)
    found = [lack for *_, lack in shortfalls([compiled_of(line)], lines_of(text))]
    return "".join(found)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("foo==1.0", "foo"),
        ("foo==1.0", "Foo>=0.9"),
        ("foo==1.0", "foo[x]"),
        ("foo==1.0rc1", "foo>=0.9"),
        ("foo==1.0; python_version < '3'\nfoo==2.0", "foo>=2"),  # one for each Python
        ("foo", "foo>=2"),  # no pin says otherwise
        ("foo==1.*", "foo>=2"),
        ("foo==1.0,>=0.5", "foo>=2"),
        (f"foo @ git+https://h/foo@{COMMIT}", "foo>=2"),
        ("foo==1.0", "foo @ https://h/foo-2.zip"),
        ("file:///nowhere/lib", "foo"),  # it may be foo
        ("bar==1.0", "file:///nowhere/lib"),
        ("foo===1.0; os_name == 'x'\nfoo==1.0", "foo>=2"),  # `===` may be any text
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
        (
            "foo==1.0 ; os_name == 'x'",
            "foo==2",
            "says foo==1.0 ; os_name == 'x', but this file asks for foo==2",
        ),
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
    here = lines_of("foo==1.0")
    elsewhere = lines_of("bar==1.0", "/other.txt")
    limits = lines_of("baz==1.0", constraints=True)
    compiled = compiled_of(*lines_of("foo\nbar\nbaz", SOURCE))
    found = shortfalls([compiled], (*here, *elsewhere, *limits))
    assert [(one, asked.name) for one, asked, _ in found] == [(compiled, "bar"), (compiled, "baz")]


def test_each_source_of_each_file_counts() -> None:
    lines = lines_of("foo==1.0\nbar==2.0")
    fine, old = (compiled_of(*lines_of(text, SOURCE)) for text in ("foo\nbar>=2", "foo\nbar>=3"))
    assert not any(shortfalls([], lines))
    assert not any(shortfalls([fine, fine], lines))
    assert any(shortfalls([fine, old], iter(lines)))
