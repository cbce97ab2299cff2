"""Lines that are more than literal pins: does what is installed satisfy all of them for sure?"""

from __future__ import annotations

import pytest

from checked import COMMIT, case_of
from reqdrift.drift.lines import satisfied
from reqdrift.values import CanonicalName

FOO = CanonicalName("foo")


def decided(
    text: str,
    *installed: str,
    pinned: bool = True,
    version: str = "3.11.7",
    assumed: bool = False,
) -> list[str] | None:
    """The projects that are listed, if all is satisfied."""
    case = case_of(text, *(installed or ("foo-1.0", "bar-2.0")))
    python = case.environment.python._replace(version=version, assumed=assumed)
    found = satisfied(case.lines, case.environment._replace(python=python), pinned=pinned)
    return None if found is None else sorted(found[0])


@pytest.mark.parametrize(
    "text",
    [
        "foo==1.0\nbar==2.0\n",
        "foo===1.0\nbar>=1,==2.0\n",
        "foo==1.0; os_name != 'x'\nbar==2.0\n",
        "foo==1.0\nbar==2.0\nfoo>0; os_name != 'x'\n",
    ],
)
def test_what_every_line_allows(text: str) -> None:
    assert decided(text) == ["bar", "foo"]


@pytest.mark.parametrize(
    "text",
    [
        "foo==1.1\nbar==2.0\n",
        "foo==1.0\nbar==2.0\nfoo<1; os_name != 'x'\n",  # one of two lines
        "foo==1.0\nabsent==1\n",
        "foo==1.0\nfoo==1.0\n",  # a repetition
        f"foo @ git+https://h/foo@{COMMIT}\n",
        f"git+https://h/foo@{COMMIT}\n",
        "foo==1.0; python_full_version < '3.11'\nbar>=2\n",
    ],
)
def test_what_the_rules_have_to_judge(text: str) -> None:
    assert decided(text) is None


def test_an_unpinned_line_only_if_pins_do_not_matter() -> None:
    assert decided("foo>=1\n") is None
    assert decided("foo>=1\n", pinned=False) == ["foo"]
    # A line that does not apply must be pinned, too.
    assert decided("foo==1.0\nbaz; os_name == 'x'\n") is None
    assert decided("foo==1.0\nfoo>0; os_name == 'x'\n") == ["foo"]  # as foo is


def test_a_line_that_does_not_apply_is_a_note() -> None:
    case = case_of("foo==1.0\nbar==9; os_name == 'x'\n", "foo-1.0", "bar-2.0")
    found = satisfied(case.lines, case.environment, pinned=True)
    assert found is not None
    listed, (note,), _ = found
    assert listed == {FOO}
    assert (note.reason, note.project, note.at and note.at.line) == ("marker", "bar", 2)


def test_a_marker_about_the_patch_version() -> None:
    text = "foo==1.0; python_full_version >= '3.11.3'\n"
    assert decided(text, version="3.11") is None
    assert decided("foo==1.0; python_full_version < '4'\n", version="3.11") == ["foo"]


def test_a_marker_where_the_python_is_assumed() -> None:
    assert decided("foo==1.0\n", assumed=True) == ["foo"]
    assert decided("foo==1.0; python_version > '3'\n", assumed=True) is None


def test_a_distribution_that_did_not_come_from_an_index() -> None:
    case = case_of("foo==1.0\n", "foo-1.0")
    direct = case.environment.distributions[FOO]._replace(direct=True)
    environment = case.environment._replace(distributions={FOO: direct})
    assert satisfied(case.lines, environment, pinned=True) is None
