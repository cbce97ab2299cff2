"""The encoding of a file that is not plainly UTF-8."""

from __future__ import annotations

import pytest

from reqdrift.requirements import options
from reqdrift.requirements.lines import decode
from reqdrift.requirements.options import encoding_of


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
