"""What is asked of `packaging`, and what is answered without it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqdrift.errors import InvalidLineError
from reqdrift.standards.pep440 import (
    is_unsatisfiable,
    marker_hangs_on_patch,
    marker_holds,
    satisfies,
    sdist_name,
    wheel_name,
)
from reqdrift.values import Python

PYPY = Python("3.9.18", "PyPy")


@pytest.mark.parametrize(
    "marker",
    [
        "python_version == '3.9'",
        "python_full_version == '3.9.18'",
        "implementation_version == '3.9.18'",
        "implementation_name == 'pypy'",
        "platform_python_implementation == 'PyPy'",
        "extra == ''",
    ],
)
def test_a_marker_is_about_the_checked_python(marker: str) -> None:
    assert marker_holds(marker, PYPY)
    assert not marker_holds(marker.replace("==", "!="), PYPY)


def test_a_marker_about_an_extra() -> None:
    assert marker_holds("extra == 'socks'", PYPY, "socks")
    assert not marker_holds("extra == 'socks'", PYPY)


@pytest.mark.parametrize(
    ("marker", "why"),
    [
        ("'x' in extras", "the marker's variable extras is not supported here"),
        ("python_version", "'python_version' is not a marker"),
        ("nonsense == '1'", "'nonsense == '1'' is not a marker"),
    ],
)
def test_a_marker_without_meaning_says_why(marker: str, why: str) -> None:
    with pytest.raises(InvalidLineError) as raised:
        marker_holds(marker, PYPY)
    assert raised.value.message.startswith(why)
    assert "\n" not in raised.value.message


@pytest.mark.parametrize(
    ("marker", "hangs"),
    [
        ("python_full_version < '3.9.5'", True),
        ("implementation_version < '3.9.5'", True),
        ("python_full_version < '3.9.100'", False),
        ("python_full_version < '3.10'", False),
        ("python_full_version < '3.9.5' and python_version > '3.9'", False),
        ("python_version < '3.9'", False),
        ("os_name == 'full_version'", False),
        ("python_full_version not in '3.9.3'", True),
    ],
)
def test_a_verdict_that_hangs_on_the_patch_version(marker: str, hangs: bool) -> None:
    assert marker_hangs_on_patch(marker, PYPY) is hangs


@pytest.mark.parametrize(
    ("version", "specifier", "inside"),
    [
        ("1.0", "==1", True),
        ("01.0.0", "==1.0", True),
        ("1.10", "==1.1", False),
        ("0", "==0.0", True),
        ("1.0rc1", ">=0.9", True),
        ("1.0rc1", "==1.0", False),
        ("1.0+cpu", "==1.0", True),
        ("1.0", "==1.0+cpu", False),
        ("1.0.post1", ">1.0", False),
        ("1.0.post1", "==1.0.post1", True),
        ("1!1.0", ">=2", True),
        ("2004d", "===2004d", True),
        ("2004d", "==2004", False),
        ("2004d", "", True),
        ("1.5", "==1.*", True),
        ("1.5", "", True),
    ],
)
def test_whether_a_version_lies_inside(version: str, specifier: str, inside: bool) -> None:
    assert satisfies(version, specifier) is inside


@pytest.mark.parametrize("ending", [".tar.gz", ".zip", ".tar.bz2", ".tgz", ".tar.xz"])
def test_an_archive_names_its_project_and_version(ending: str) -> None:
    assert sdist_name(f"Foo_Bar-1.0{ending}") == ("foo-bar", "1.0")


@pytest.mark.parametrize("name", ["main.zip", "foo-x.tar.gz", "foo-1.0.exe", "foo-1.0", ""])
def test_an_archive_that_does_not_say(name: str) -> None:
    assert sdist_name(name) == ()


def test_a_wheel() -> None:
    assert wheel_name("Foo_Bar-1.0.0-1-py3-none-any.whl") == ("foo-bar", "1.0.0")
    assert wheel_name("foo-1.0.tar.gz") == ()
    with pytest.raises(InvalidLineError, match=r"^invalid wheel filename"):
        wheel_name("foo-1.0.whl")


_PYTHON = Python("3.11")
_NUMBERS = st.integers(0, 99).map(str)
_OPERATORS = st.sampled_from(["==", "!=", ">=", "<=", ">", "<", "===", "in", "not in"])
_VARIABLES = st.sampled_from(["python_full_version", "implementation_version", "python_version"])
_TEXTS = st.builds("{}{}{}".format, st.sampled_from(["3.11.", "3.", ""]), _NUMBERS, _NUMBERS) | (
    st.builds("3.11.{}{}".format, _NUMBERS, st.sampled_from(["", "rc1", ".post1", ".*", "x", ".1"]))
)
_MARKERS = st.builds("{} {} '{}'".format, _VARIABLES, _OPERATORS, _TEXTS)


@given(_MARKERS, st.sampled_from(["", " and ", " or "]), _MARKERS)
def test_what_hangs_on_the_patch_differs_between_two_patches(
    one: str, connective: str, other: str
) -> None:
    marker = f"{one}{connective}{other}" if connective else one
    try:
        verdicts = {marker_holds(marker, _PYTHON._replace(version=f"3.11.{n}")) for n in range(100)}
    except InvalidLineError:
        return
    assert marker_hangs_on_patch(marker, _PYTHON) is (len(verdicts) > 1)


@pytest.mark.parametrize("marker", ["python_full_version ~= '3.x'", "python_full_version ~= '3'"])
def test_a_marker_that_compares_nothing_hangs_on_nothing(marker: str) -> None:
    assert not marker_hangs_on_patch(marker, _PYTHON)


def test_exclusions_contradict_what_they_exclude_unless_there_are_very_many() -> None:
    assert is_unsatisfiable(["==1", "!=1"])
    assert not is_unsatisfiable(["==1", "!=2"])
    many = [f"!={number}" for number in range(10_000)]
    assert not is_unsatisfiable([*many, "==1"])
    assert is_unsatisfiable([*many, "==1", ">1"])
