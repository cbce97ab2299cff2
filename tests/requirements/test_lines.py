from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from reqdrift.errors import InvalidLineError, ReqdriftError
from reqdrift.requirements import options
from reqdrift.requirements.lines import (
    FileText,
    LogicalLine,
    decode,
    is_literal_version,
    literal_requirement,
    logical_lines,
)
from reqdrift.requirements.options import encoding_of
from reqdrift.requirements.parse import parse_line
from reqdrift.values import Requirement


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("six==1\n", [(1, 1, "six==1", "six==1\n")]),
        ("\n# x\n six==1 # y", [(3, 3, "six==1", " six==1 # y")]),
        ("six==1 \\\r\n  --pre\r\nidna\r\n", [
            (1, 2, "six==1   --pre", "six==1 \\\r\n  --pre\r\n"),
            (3, 3, "idna", "idna\r\n"),
        ]),
        ("six \\\n# why\nidna\n", [(1, 1, "six", "six \\\n"), (3, 3, "idna", "idna\n")]),
        ("six \\\n", [(1, 1, "six", "six \\\n")]),
        ("six \\\n\\\n", [(1, 2, "six", "six \\\n\\\n")]),
        ("\\\nsix\nidna", [(1, 2, "six", "\\\nsix\n"), (3, 3, "idna", "idna")]),
        ("six\fidna", [(1, 1, "six", "six\f"), (2, 2, "idna", "idna")]),
        ("# x \\\nsix", [(2, 2, "six", "six")]),
        ("six\\\n==1\n", [(1, 2, "six==1", "six\\\n==1\n")]),
        ("six\0x\nidna\n", [(1, 1, "six\0x", "six\0x\n"), (2, 2, "idna", "idna\n")]),
    ],
)  # fmt: skip
def test_spans(text: str, lines: list[tuple[int, int, str, str]]) -> None:
    assert [tuple(line) for line in logical_lines(text)] == lines


@given(st.text(alphabet="six=1 #\\\n\r\f\t", max_size=40))
def test_every_line_keeps_its_own_physical_lines(text: str) -> None:
    physical = text.splitlines(keepends=True)
    after = 0
    for line in logical_lines(text):
        assert after < line.line <= line.end_line <= len(physical)
        assert "".join(physical[line.line - 1 : line.end_line]) == line.raw
        after = line.end_line


@given(st.lists(st.sampled_from(["six", "==1", " ", "#", "\\", "\\\n", "\n", "\r\n", "\f"])))
def test_continued_lines_are_joined_at_once_as_one_by_one(parts: list[str]) -> None:
    """A NUL anywhere in the file has each physical line looked at."""
    text = "".join(parts) + "\n"
    assert list(logical_lines(text)) == list(logical_lines(f"{text}#\0\n"))


def test_decoding_says_what_to_do() -> None:
    with pytest.raises(ReqdriftError, match="unknown encoding 'nonsense'; save it as UTF-8"):
        decode(b"# coding: nonsense\n")


@given(
    st.from_regex(r"[v0-9]{1,3}[.0-9]{0,3}(a|b|c|rc|\.?post|\.dev)?[-_+!* ٣0-9]?", fullmatch=True)
)
def test_a_literal_version_is_a_version(text: str) -> None:
    if is_literal_version(text):
        assert Version(text)


_NUMBERS = st.integers(min_value=0, max_value=99999)


@given(
    release=st.lists(_NUMBERS, min_size=1, max_size=5),
    pre=st.none() | st.tuples(st.sampled_from(["a", "b", "rc"]), _NUMBERS),
    post=st.none() | _NUMBERS,
    dev=st.none() | _NUMBERS,
)
def test_every_canonical_version_is_literal(
    release: list[int], pre: tuple[str, int] | None, post: int | None, dev: int | None
) -> None:
    text = ".".join(map(str, release))
    text += f"{pre[0]}{pre[1]}" if pre else ""
    text += "" if post is None else f".post{post}"
    text += "" if dev is None else f".dev{dev}"
    assert str(Version(text)) == text
    assert is_literal_version(text)


@given(st.text(max_size=40) | st.text(alphabet="six=>1.0[]@:/#;-er \"'${}gitp+hl", max_size=40))
def test_a_bad_line_is_always_an_invalid_line(text: str) -> None:
    for line in logical_lines(text):
        try:
            parse_line(line, FileText("/nowhere/requirements.txt", text, False, ("/nowhere",)))
        except InvalidLineError as error:
            assert "\n" not in str(error)


@given(st.from_regex(r"[a-z]{1,3}([-_.][a-z0-9])?==[0-9.abrcpostdev]{1,8}", fullmatch=True))
def test_the_literal_way_agrees_with_the_slow_way(text: str) -> None:
    literal = _literal(text)
    if literal:
        # The blanks send the same requirement through `packaging`.
        spaced = text.replace("==", " == ")
        (slow,) = parse_line(
            LogicalLine(1, 1, spaced, spaced), FileText("r.txt", spaced, False, ())
        )
        assert isinstance(slow, Requirement)
        assert slow.specifier == literal.specifier
        slow = slow._replace(text=text, full_text=text, origin=literal.origin)
        assert slow._replace(pin=literal.pin, limits="") == literal


def _literal(text: str) -> Requirement | None:
    return literal_requirement(LogicalLine(1, 1, text, text), FileText("r.txt", text, False, ()))


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("foo @ https://h/x#egg=foo # why # not", "foo @ https://h/x#egg=foo"),
        ("foo==1.0#x\t# y", "foo==1.0#x"),
        ("# foo==1.0", None),
        ("#foo==1.0 # bar", None),
        ("foo==1.0 #", "foo==1.0"),
    ],
)
def test_where_a_comment_begins(line: str, text: str | None) -> None:
    assert next((found.text for found in logical_lines(line)), None) == text


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"# -*- coding: latin-1 -*-\nfoo==1.0\n", "latin-1"),
        (b"\n# vim: set fileencoding=cp1252 :\nfoo==1.0\n", "cp1252"),
        (b"\n\n# coding: latin-1\nfoo==1.0\n", "utf-8"),
        (b"foo==1.0  # coding: latin-1\n", "utf-8"),
        (b"# about encoding\nfoo==1.0\n", "utf-8"),
    ],
)
def test_a_declared_encoding(data: bytes, encoding: str) -> None:
    assert encoding_of(data) == encoding
    assert decode(data).encoding == encoding


def test_the_encoding_of_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(options, "getencoding", lambda: "latin-1")
    for data in (b"# b\xe4r\nfoo==1.0\n", b"# coding b\xe4r\nfoo==1.0\n"):
        assert decode(data).text == data.decode("latin-1")


def test_utf_8_comes_before_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(options, "getencoding", lambda: "latin-1")
    assert decode("# bär, about coding\n".encode()).text == "# bär, about coding\n"
