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


def test_exclusions_contradict_what_they_exclude() -> None:
    assert is_unsatisfiable(["==1", "!=1"])
    assert not is_unsatisfiable(["==1", "!=2"])
    many = [f"!={number}" for number in range(10_000)]
    assert is_unsatisfiable([*many, "==1"])
    assert not is_unsatisfiable([*many, "==1.5"])
    assert is_unsatisfiable([*many, "==1", ">1"])
