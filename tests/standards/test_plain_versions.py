"""Versions and specifiers: the cases worth knowing; test_agreement.py has the rest."""

from __future__ import annotations

import pytest

from reqdrift.standards.versions import (
    is_pinned,
    is_specifier,
    is_unsatisfiable,
    normal_form,
    normal_version,
    satisfies,
    sort_key,
    spell_specifier,
)

ORDERED = (
    *("1.dev0", "1.0.dev1", "1.0a1.dev1", "1.0a1", "1.0a1.post1", "1.0b1", "1.0rc1", "1.0rc2"),
    *("1.0", "1.0.post1.dev1", "1.0.post1", "1.0.0.1", "1.1", "1.10"),
)


def test_the_order_of_versions() -> None:
    keys = [sort_key(version) for version in ORDERED]
    assert None not in keys
    assert keys == sorted(keys)  # type: ignore[type-var]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("version", "normal"),
    [
        ("1.0", "1.0"),
        ("01.02.0", "1.2.0"),
        ("1.0-RC.1", "1.0rc1"),
        ("1.0_beta", "1.0b0"),
        ("2011b", "2011b0"),
        ("1.0.post", "1.0.post0"),
        ("1.0-r-2dev3", "1.0.post2.dev3"),
        ("1.0c1", "1.0rc1"),
    ],
)
def test_a_version_has_one_spelling(version: str, normal: str) -> None:
    assert normal_version(version) == normal
    assert sort_key(version) == sort_key(normal)


@pytest.mark.parametrize(
    "version",
    [
        *(
            "",
            ".",
            "1.",
            ".1",
            "1..2",
            "!1.0",
            "a!1.0",
            "1!!1.0",
            "vv1.0",
            "1.0--1",
            "2004d",
            "1.0a1b1",
            "1.0.dev1.post1",
        ),
        *("1.0a1.", "1.0.-rc1", " 1.0", "1.0\n", "1_0", "+1", "\u0661.0", "1.0\u0130", "9" * 5000),
        *("1.0rc" + "9" * 5000, "1.0+", "1.0+a..b", "1.0+a+b", "latest"),
    ],
)
def test_a_version_that_is_not_ordinary(version: str) -> None:
    assert sort_key(version) is None
    assert normal_version(version) == ""


@pytest.mark.parametrize(
    ("specifier", "version", "inside"),
    [
        ("", "1.0", True),
        ("==1.0", "1.0.0", True),
        ("==1.0", "1.0+cpu", True),
        ("!=1.0", "1.0+cpu", False),
        ("<=1.0", "1.0+cpu", True),
        (">1.0", "1.0+cpu", False),
        ("==1.0", "1.0.post1", False),
        ("==1.0", "1.0.post0.dev0", False),
        ("<=1.0.post1", "1.0.post2.dev0", False),
        ("<=1.0.dev1", "1.0.dev2", False),
        ("===1.0", "1.0.0", False),
        ("===1.0RC1", "1.0rc1", True),
        ("===1.0", "1.0+cpu", False),
        ("==1.*", "1.0rc1", True),
        ("==1.0.*", "1", True),
        ("!=1.*", "1.9", False),
        (">1.0", "1.0.post1", False),
        (">1.0", "1.0.0.1", True),
        (">1.0.post1", "1.0.post2", True),
        (">1.0rc1", "1.0rc1.post1", False),
        (">1.0rc1", "1.0.post2", True),
        (">1.0rc1", "1.0rc2.dev0", True),
        ("<1.0", "1.0rc1", False),
        ("<1.0rc2", "1.0rc1", True),
        ("<1.0.post1", "1.0rc1", True),
        ("<1.0.post1", "1.0.post1.dev1", False),
        ("~=1.4.2", "1.4.9", True),
        ("~=1.4.2", "1.5.dev0", False),
        ("~=1.4", "1.9", True),
        ("~=1.4rc1", "1.4", True),
        (" >= 1.0 , < 2 ", "1.5", True),
        (">=1.0,,<2,", "2.0", False),
        (">=1.0", "1!0.1", True),
        ("==1!1.*", "1!1.9", True),
        ("<1!1", "2.0", True),
        ("==v1.0", "1.0", True),
        ("==1.0-1", "1.0.post1", True),
        ("==1.0+cpu", "1.0+CPU", True),
        ("==1.0+cu.018", "1.0+cu_18", True),
        ("==1.0+cpu", "1.0", False),
        ("!=1.0+cpu", "1.0", True),
        ("!=1.0+cpu", "1.0+cpu", False),
        ("===1.0+CPU", "1.0+cpu", True),
        ("===2004D", "2004d", True),
        ("===2004d", "2004", False),
        ("!=2004", "2004d", False),
        (">=1.0", "1.0+a..b", False),
    ],
)
def test_membership(specifier: str, version: str, inside: bool) -> None:
    assert satisfies(version, specifier) is inside


@pytest.mark.parametrize(
    ("specifier", "version"),
    [
        *((">=1.0+cpu", "1.0+cpu"), ("==1.0+cpu.*", "1.0"), ("~=1", "1"), ("=1", "1"), ("1", "1")),
        *((">=1.*", "1"), ("==1.0rc1.*", "1"), ("==*", "1"), ("<>1", "1"), (">=1\n", "1")),
    ],
)
def test_nothing_is_in_what_is_no_specifier(specifier: str, version: str) -> None:
    assert not is_specifier(specifier)
    assert not satisfies(version, specifier)


@pytest.mark.parametrize(
    ("specifier", "pinned"),
    [
        *(("==1.0", True), ("===1.0", True), (">=1,==1.0rc1", True)),
        *(("", False), ("==1.*", False), (">=1", False), ("~=1.0", False), ("==1+cpu", True)),
    ],
)
def test_a_pin(specifier: str, pinned: bool | None) -> None:
    assert is_pinned(specifier) is pinned


@pytest.mark.parametrize(
    ("specifier", "spelled", "same"),
    [
        ("", "", " "),
        (" >= 1.0 ", ">=1.0", ">=1"),
        (">=1.0,<2", "<2,>=1.0", "<2.0,>=1"),
        ("==1.0,==1", "==1", "==1"),
        ("==0.0", "==0.0", "==0"),
        ("~=1.0.0", "~=1.0.0", "~=1.0.00"),
        ("===1.0,==1.0.*", "==1.0.*,===1.0", "===1.0,==01.0.*"),
        ("!=1.0RC-1,!=2", "!=1.0RC-1,!=2", "!=2,!=1rc1"),
    ],
)
def test_how_a_specifier_is_spelled(specifier: str, spelled: str, same: str) -> None:
    assert spell_specifier(specifier) == spelled
    assert normal_form(specifier) == normal_form(same)


@pytest.mark.parametrize(
    ("one", "other"), [("~=1.0.0", "~=1.0"), ("===1.0", "===1"), ("==1", "==1.*"), (">=1", ">1")]
)
def test_specifiers_that_differ(one: str, other: str) -> None:
    assert normal_form(one) != normal_form(other)


@pytest.mark.parametrize(
    ("specifiers", "unsatisfiable"),
    [
        ((), False),
        (("", ">=1"), False),
        ((">=2", "<2"), True),
        ((">=1", "<=1"), False),
        (("==1", "!=1.0"), True),
        (("==1.*", "!=1.0.*", "!=1.1.*"), False),
        (("~=1.0", ">=2"), True),
        (("~=1.0,>=1.9,!=1.9.*", "<1.10"), True),
        ((">1.0", "<1.0.1"), False),
        ((">1.0", "<1.0.post5"), True),
        ((">1.0.post1", "<1.0.post2"), True),
        ((">1.0rc1", "<1.0rc2.dev0"), True),
        (("<0",), True),
        (("<0.dev1", "!=0.dev0"), True),
        (("!=0.*", "<1"), True),
        (("===1.0", ">=1"), False),
        (("===1.0", "===1.0.0"), True),
        (("===1.0", "!=1"), True),
        (tuple(f"!={number}" for number in range(10_000)), False),
        ((*(f"!={number}.*" for number in range(10_000)), "<10000"), True),
        ((">=1", "==1+cpu"), False),
        (("==1", "==1+cpu", "!=1+cpu"), True),
        (("==1+cpu", "==1+gpu"), True),
        (("==1", "!=1+cpu"), False),
        (("<1!0", ">=1!0"), True),
        (("<1!0.dev1", ">=100"), False),
        ((">=1", "===latest"), True),
        ((">=1", "==latest"), None),
    ],
)
def test_specifiers_that_contradict_each_other(
    specifiers: tuple[str, ...], unsatisfiable: bool | None
) -> None:
    assert is_unsatisfiable(specifiers) is unsatisfiable
