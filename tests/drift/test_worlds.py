"""Every Python that an environment may have, as far as a record leaves it open."""

from __future__ import annotations

import pytest

from reqdrift.drift.worlds import VERSIONS, Worlds, markers_of, signature, worlds_of
from reqdrift.requirements import read_requirements
from reqdrift.standards.markers import marker_values
from reqdrift.standards.pep440 import marker_holds
from reqdrift.values import Policy, Python, Requirements

PYTHON = Python("3.12")
EVERYTHING = frozenset(marker_values(PYTHON)) - {"extra"}


def open_to(marker: str, unknown: frozenset[str] = EVERYTHING) -> Worlds:
    return worlds_of(PYTHON, unknown, [marker])


def read(text: str) -> Requirements:
    return read_requirements(["/r.txt"], read=lambda *_, **__: text.encode())


def test_nothing_is_open_if_everything_is_known() -> None:
    found = open_to("sys_platform == 'x'", frozenset())
    assert found.dimensions == ()
    assert [world.python for world in found.worlds] == [PYTHON]


def test_the_version_is_open_whatever_markers_say() -> None:
    """What is in the standard library depends on it, too."""
    found = open_to("", frozenset({"python_version"}))
    assert found.dimensions == ("version",)
    assert tuple(world.python.version for world in found.worlds) == VERSIONS


@pytest.mark.parametrize(
    ("marker", "dimension"),
    [
        ("python_full_version > '3.12.4'", "patch"),
        ("sys_platform == 'linux'", "platform"),
        ("os_name == 'nt'", "platform"),
        ("platform_system == 'Windows'", "platform"),
        ("implementation_name == 'pypy'", "implementation"),
        ("platform_machine == 'arm64'", "platform_machine"),
    ],
)
def test_what_markers_mention_is_open(marker: str, dimension: str) -> None:
    unknown = EVERYTHING - {"python_version"}
    assert open_to(marker, unknown).dimensions == (dimension,)
    assert open_to("python_version > '3'", unknown).dimensions == ()


@pytest.mark.parametrize(
    "marker",
    [
        "python_version < '3.8'",
        "python_full_version < '3.12.4'",
        "python_full_version == '3.12.4'",
        "sys_platform == 'darwin'",
        "sys_platform == 'sunos5'",
        "os_name == 'nt'",
        "platform_system == 'Windows'",
        "platform_python_implementation == 'PyPy'",
        "platform_python_implementation == 'GraalVM'",
        "implementation_name == 'graalpy'",
        "sys_platform == 'freebsd14' and os_name == 'posix' and platform_system == 'FreeBSD'",
        "platform_machine == 'arm64'",
        "platform_release < '5'",
        "platform_version in 'abc'",
        "sys_platform in 'sunos5 aix'",
        'platform_machine not in "x y"',
        "'bsd' in sys_platform",
        '"Graal" not in platform_python_implementation',
    ],
)
def test_a_marker_is_true_in_some_and_false_in_others(marker: str) -> None:
    verdicts = {marker_holds(marker, world.python) for world in open_to(marker).worlds}
    assert verdicts == {True, False}


def test_the_markers_of_a_platform_belong_together() -> None:
    for world in open_to("sys_platform == 'x' or os_name == 'y'").worlds:
        values = marker_values(world.python)
        is_windows = values["sys_platform"] == "win32"
        assert (values["os_name"] == "nt") is is_windows
        assert (values["platform_system"] == "Windows") is is_windows


def test_the_system_of_a_stated_platform_is_open() -> None:
    python = PYTHON._replace(markers=(("sys_platform", "freebsd14"), ("os_name", "posix")))
    unknown = frozenset({"platform_system"})
    found = worlds_of(python, unknown, ["platform_system == 'FreeBSD'"])
    assert found.dimensions == ("platform_system",)
    systems = {marker_values(world.python)["platform_system"] for world in found.worlds}
    assert systems == {"FreeBSD", "another", "99999", "0"}


def test_a_patch_version_that_is_known_stays() -> None:
    known = worlds_of(PYTHON._replace(version="3.12.4"), EVERYTHING, ["python_full_version > '3'"])
    versions = {world.python.version for world in known.worlds if world.choices[0] == "3.12"}
    assert versions <= {f"3.12.{patch}" for patch in (0, 99)}


@pytest.mark.parametrize("quote", ["'", '"'])
@pytest.mark.parametrize("operator", ["in", "not in", "not  in"])
def test_the_texts_of_in_are_of_that_variable_only(operator: str, quote: str) -> None:
    others = "os_name == 'posix' or platform_system == 'Linux' or implementation_name == 'cpython'"
    sides = ("sys_platform", f"{quote}linux linux2{quote}")
    for one, other in (sides, sides[::-1]):
        worlds = open_to(f"{one} {operator} {other} or {others}").worlds
        found = {world.choices[1] for world in worlds}
        assert {"linux2 posix Another", "linux linux2 posix Another"} < found
        assert len(found) == 7
        implementations = {world.python.implementation for world in worlds}
        assert implementations == {"CPython", "PyPy", "Another", "cpython"}


def test_very_many_platforms_end_in_time() -> None:
    names = ("sys_platform", "os_name", "platform_system")
    texts = [f"{name} == 'x{number}'" for name in names for number in range(1000)]
    found = worlds_of(PYTHON, EVERYTHING, texts)
    assert found == (("version", "platform"), ())


def test_very_many_texts_end_in_time() -> None:
    texts = [f"platform_machine == 'm{number}'" for number in range(200)]
    texts += [f"platform_release == 'r{number}'" for number in range(200)]
    assert len(worlds_of(PYTHON, EVERYTHING, texts).worlds) <= 1000


def test_all_markers_of_the_files() -> None:
    text = "a; os_name == 'x'\nb\nc; os_name == 'y'\n"
    assert [*markers_of(read(text))] == ["os_name == 'x'", "os_name == 'y'"]


@pytest.mark.parametrize(
    ("text", "one", "other", "same"),
    [
        ("foo\n", "3.9", "3.10", True),
        ("foo\n", "3.11", "3.12", False),  # setuptools is no longer there from the beginning
        ("foo; python_version < '3.10'\n", "3.9", "3.10", False),
        ("tomllib\n", "3.10", "3.11", False),  # a module since then
    ],
)
def test_pythons_that_make_no_difference(text: str, one: str, other: str, same: bool) -> None:
    found = read(text)
    left, right = (signature(Python(version), found, Policy()) for version in (one, other))
    assert (left == right) is same
