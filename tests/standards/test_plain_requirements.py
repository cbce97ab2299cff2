"""Requirement lines and markers: the cases worth knowing; test_agreement.py has the rest."""

from __future__ import annotations

import pytest

from reqdrift.errors import InvalidLineError
from reqdrift.standards.markers import (
    PlainRequirement,
    is_for_extra,
    marker_hangs_on_patch,
    marker_holds,
    parse_requirement,
)
from reqdrift.standards.versions import MOST_REMEMBERED, remembered

VALUES = {
    "python_version": "3.11",
    "python_full_version": "3.11.7",
    "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
    "sys_platform": "linux",
    "platform_system": "Linux",
    "platform_machine": "x86_64",
    "os_name": "posix",
    "implementation_version": "3.11.7",
    "platform_release": "6.1.0-13-amd64",
    "extra": "Dev_Test",
}


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("foo", PlainRequirement("foo")),
        (" Foo_B.r >= 1.0 ", PlainRequirement("Foo_B.r", specifier=">=1.0")),
        ("foo[b, A,b]==1", PlainRequirement("foo", ("A", "b"), "==1")),
        ("foo [x] (>=1.0,<2)", PlainRequirement("foo", ("x",), "<2,>=1.0")),
        ("foo ()", PlainRequirement("foo")),
        ("foo(==1)", PlainRequirement("foo", (), "==1")),
        ("foo[x];extra=='y'", PlainRequirement("foo", ("x",), "", "extra=='y'")),
        ("foo ~=1.0 ; os_name=='nt' ", PlainRequirement("foo", (), "~=1.0", "os_name=='nt'")),
        ("foo @ ./a", PlainRequirement("foo", url="./a")),
        ("foo @ ./a;b ", PlainRequirement("foo", url="./a;b")),
        ("foo===<1", PlainRequirement("foo", (), "===<1")),
        ("foo>1 , === 2 ,<3", PlainRequirement("foo", (), "<3,===2,>1")),
        ("foo===1,<3", PlainRequirement("foo", (), "<3,===1")),
        (
            "foo[x]@https://h/a.zip#b=c ; extra == 'y'",
            PlainRequirement("foo", ("x",), "", "extra == 'y'", "https://h/a.zip#b=c"),
        ),
    ],
)
def test_a_requirement(text: str, parsed: PlainRequirement) -> None:
    assert parse_requirement(text) == parsed


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            ";",
            "-foo",
            "foo-",
            "foo_",
            ".",
            "[x]",
            "==1",
            "f\u00f6\u00f6",
            "foo bar",
            "./foo",
        ),
        *("foo[]", "foo[x", "foo[x]]", "foo[,x]", "foo[x y]", "foo[-x]", "foo]"),
        *("foo( )", "foo(>=1", "foo>=1)", "foo((>=1))", "foo(>=1)<2", "foo,>=1", "foo>=1,,<2"),
        *("foo>=1,", "foo=1", "foo 1", "foo>=", "foo>=1.0+cpu", "foo>=1 <2", "foo===1, <2"),
        *("foo===1, ===2", "foo===1,===2, <3", "foo(=== 1, <2)"),
        *(
            "foo;",
            "foo;x",
            "foo; extra",
            "foo; extra == 'x' #",
            "foo\t>=1",
            "foo>=1\n",
            "foo\u00a0",
        ),
        *(
            "foo @",
            "foo @ a b",
            "foo @ a ;b",
            "foo @ a; extra == 'x'",
            "foo>=1 @ a",
        ),
        *("git+https://h/a", "https://h/a.zip", "-e .", "foo==" + "1" * 1000),
    ],
)
def test_a_requirement_that_is_not_ordinary(text: str) -> None:
    assert parse_requirement(text) is None


@pytest.mark.parametrize(
    ("marker", "holds"),
    [
        ("python_version >= '3.8'", True),
        ("python_version<'3.9'", False),
        ("'3.8' <= python_version", True),
        ("python_version == '3.*'", True),
        ("python_version ~= '3.8'", True),
        ("python_version in '3.10, 3.11'", True),
        ("python_version not  in'3.10'", True),
        ("python_full_version < '3.11.8'", True),
        ("sys_platform == 'linux'", True),
        ("'linux' != sys_platform", False),
        ("'inu' in sys_platform", True),
        ("platform_system not in 'Windows Darwin'", True),
        ("extra == 'dev.test'", True),
        ("(extra == 'dev--test')", True),
        ("'DEV_TEST' == extra", True),
        ("extra != 'dev-test'", False),
        ("os_name == \"nt\" or os_name == 'posix'", True),
        ("os_name == 'nt' and os_name == 'posix' or os_name == 'posix'", True),
        ("os_name == 'posix' or os_name == 'nt' and os_name == 'java'", True),
        ("(os_name == 'posix' or os_name == 'nt') and os_name == 'java'", False),
        ("((((os_name=='posix'))))and(extra=='x'or(os_name!='nt'))", True),
        ('os_name == "it\'s"', False),
        ("os.name == 'posix'", True),
        ("python_implementation == 'CPython'", True),
        ("os_name >= 'posix'", True),
        ("os_name < 'zzz'", False),
        ("extra in 'a dev test'", False),
        ("python_version >= 'x'", False),
        ("python_version != '3.x'", True),
        ("'x' <= python_version", False),
        ("platform_release >= '5'", False),
        ("platform_release != '5'", False),
        ("'amd64' in platform_release", True),
        ("platform_release == '6.1.0-13-amd64'", True),
        ("python_version <'= 3.11'", True),
    ],
)
def test_a_marker(marker: str, holds: bool) -> None:
    assert marker_holds(marker, VALUES) is holds


@pytest.mark.parametrize(
    "marker",
    [
        *(
            "",
            "extra",
            "extra ==",
            "== 'x'",
            "extra 'x'",
            "extra == x",
            "'x' == 'x'",
            "extra == extra",
        ),
        *("extra = 'x'", "python_version << '3'", "'3' << python_version"),
        "python_version == '3.11' '3'",
        *("extra == 'x", "extra == 'x\"", "extra == '\\x41'", "extra == '\u00e9'", "extra\n== 'x'"),
        *("extra == 'x' and", "and extra == 'x'", "extra == 'x' extra == 'x'", "extra == 'x' xor"),
        *(
            "(extra == 'x'",
            "extra == 'x')",
            "()",
            "(extra) == 'x'",
            "extra == ('x')",
            "not extra == 'x'",
        ),
        *("'x' in extras", "os_name not_in 'x'", "os_name notin 'x'", "os_name == sys_platform"),
        *("os_name not 'x'", "os_name not not in 'x'", "not in 'x' == os_name"),
        *("(" * 11 + "extra == 'x'" + ")" * 11, "(" * 400 + "extra == 'x'" + ")" * 400),
        " or ".join(["extra == 'x'"] * 100),
    ],
)
def test_a_marker_that_is_not_ordinary(marker: str) -> None:
    assert marker_holds(marker, VALUES) is None


@pytest.mark.parametrize("text", ["os_name == 'x' or {}", "{} or os_name == 'posix'"])
def test_what_cannot_be_compared_is_not_hidden_by_another_term(text: str) -> None:
    values = {**VALUES, "python_full_version": "3.14.0+"}
    assert marker_holds(text.format("python_full_version > '3'"), values) is True
    del values["python_full_version"]
    assert marker_holds(text.format("python_full_version > '3'"), values) is None


@pytest.mark.parametrize("marker", ["os_name ~= 'posix'", "python_version ~= '3'"])
def test_an_operator_for_versions_only(marker: str) -> None:
    with pytest.raises(InvalidLineError, match="compares versions"):
        marker_holds(marker, VALUES)


@pytest.mark.parametrize(
    ("marker", "hangs"),
    [
        ("python_full_version < '3.11.5'", True),
        ("'3.11.5' > python_full_version", True),
        ("python_full_version < '3.11.100'", False),
        ("python_full_version < '3.12' and os_name == 'posix'", False),
        ("python_full_version < '3.11.5' and os_name == 'nt'", False),
        ("python_version < '3.11'", False),
        ("os_name == 'full_version'", False),
        ("implementation_version < '3.11.5'", True),
        ("python_full_version < 'x'", False),
    ],
)
def test_a_verdict_that_hangs_on_the_patch_version(marker: str, hangs: bool | None) -> None:
    assert marker_hangs_on_patch(marker, VALUES) is hangs


@pytest.mark.parametrize(
    "marker",
    [
        *(f"python_full_version {operator} '3.11.50'" for operator in ("==", "!=", "<=", ">")),
        # Texts are compared: those of the patches 5 and 50 are in this one.
        *(f"python_full_version {operator} '3.11.500'" for operator in ("in", "not in")),
        "python_full_version > '3.11.49' and python_full_version < '3.11.51'",
        "os_name == 'nt' or (python_full_version == '3.11.50' and os_name == 'posix')",
    ],
)
def test_a_verdict_hangs_on_the_patch_version_if_any_changes_it(marker: str) -> None:
    patches = [{**VALUES, "python_full_version": f"3.11.{patch}"} for patch in range(100)]
    assert len({marker_holds(marker, values) for values in patches}) == 2
    assert marker_hangs_on_patch(marker, VALUES)


def test_very_many_different_texts_are_not_all_kept() -> None:
    asked = []

    @remembered
    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    assert [length("a"), length("a")] == [1, 1]
    assert asked == ["a"]
    for number in range(MOST_REMEMBERED):
        assert length(f"{number:5}") == 5
    length("a")
    assert asked.count("a") == 2


@pytest.mark.parametrize(
    ("marker", "holds"),
    [
        ('extra == "dev-test"', True),
        ("extra == 'Dev--Test'", True),
        ("extra == 'dev'", False),
        ('extra == "dev_test"', None),
        ("extra=='dev'", None),
        ("extra == 'dev\"", None),
        ("extra == xdevx", None),
        ("extra == 'dev' or extra == 'test'", None),
        ("extra == ''", None),
        ("extra == 'd\u00e9v'", None),
        ("python_version < '3' and extra == 'dev'", False),
        ("(os_name == 'a' and sys_platform == 'b') and extra == 'dev'", False),
        ("python_version < '3' and extra == 'dev-test'", None),
        ("os_name == 'a' or python_version < '3' and extra == 'dev'", None),
        ("os_name == 'a'or(python_version < '3') and extra == 'dev'", None),
        ("os_name~='a' and extra == 'dev'", None),
        ("(os_name == 'a' and extra == 'dev')", None),
    ],
)
def test_most_markers_of_metadata_compare_only_the_extra(marker: str, holds: bool | None) -> None:
    assert is_for_extra(marker, VALUES["extra"]) is holds
