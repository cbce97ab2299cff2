"""The lines that most files are made of, and those that are left to pip's own reader.

That both read a line in the same way is a property: properties/test_ordinary_lines.py.
"""

from __future__ import annotations

import pytest

from reqdrift.requirements.lines import FileText, LogicalLine
from reqdrift.requirements.parse import expand_variables, read_ordinary
from reqdrift.values import Lines, Requirement

HASH = "--hash=sha256:" + "0a" * 32


def read(text: str, *, constraint: bool = False) -> tuple[Requirement, ...] | None:
    line = LogicalLine(3, 4, text, f"{text}\n")
    return read_ordinary(line, FileText("/r.txt", text, constraint, ("/",)))


def one(text: str, *, constraint: bool = False) -> Requirement:
    found = read(text, constraint=constraint)
    assert found is not None
    return found[0]


class TestRequirements:
    def test_all_parts(self) -> None:
        line = one(f"Foo_Bar[b,a] >=1,<2 ; python_version > '3' {HASH}")
        assert (line.name, line.written, line.extras) == ("foo-bar", "Foo_Bar", ("a", "b"))
        assert (line.limits, line.marker) == ("<2,>=1", "python_version > '3'")
        assert line.hashes == ("sha256:" + "0a" * 32,)
        assert line.text == "Foo_Bar[b,a] >=1,<2 ; python_version > '3'"
        assert line.full_text.endswith(HASH)
        assert line.origin == Lines("/r.txt", 3, 4, f"{line.full_text}\n")

    def test_a_constraint_is_one(self) -> None:
        assert one("foo<2", constraint=True).constraint
        assert not one("foo<2").constraint

    @pytest.mark.parametrize(
        "text",
        [
            "foo @ https://h/foo.zip",
            "https://h/foo.zip",
            "./foo",
            "foo.zip",  # a file
            "foo.tar.gz",
            "foo==${VERSION}",
            "föö==1",
            "foo==1\x0c",
            "foo = 1",
            "-r base.txt",
            "foo; no marker",
            "foo; os_name == 'a?b'",
            "foo --config-settings=a=b",
            "foo --hash=md5:ab",
            f"foo {HASH} --pre",
        ],
    )
    def test_others_are_not_read(self, text: str) -> None:
        assert read(text) is None

    def test_a_name_like_a_file_with_a_version_is_one(self) -> None:
        assert one("foo.zip==1").name == "foo-zip"

    def test_extras_of_a_constraint_are_an_error_that_pips_reader_tells(self) -> None:
        assert read("foo[x]<2", constraint=True) is None


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("${HERE}/lib", "/here/lib"),
        ("${HERE}${HERE}", "/here/here"),
        ("${GONE}/${EMPTY}", "${GONE}/${EMPTY}"),  # as pip leaves them
        ("${here}", "${here}"),
        ("$HERE ${HERE", "$HERE ${HERE"),
        ("${NESTED}", "${HERE}"),
    ],
)
def test_variables(monkeypatch: pytest.MonkeyPatch, text: str, expanded: str) -> None:
    variables = {"HERE": "/here", "here": "/lower", "EMPTY": "", "NESTED": "${HERE}"}
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert expand_variables(text) == expanded
