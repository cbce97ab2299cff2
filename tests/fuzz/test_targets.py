"""The fuzzer's targets, over inputs that no coverage chose, and over those that failed once."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from record_target import record_seeds, records
from targets import SEPARATOR, TARGETS, lines, metadata, requirements

from strategies import examples

_LINES = st.text(alphabet="abx01=<>~!;.*[]@:/#-\\ \t\"'\n(),_+rc${}A") | st.sampled_from(
    ["-r b.txt\n", "-c sub/c.txt\n", "a==1.0\n", "x\n", "six==1.16.0\n", "# coding: utf-7\n"]
)
_FILES = st.lists(st.binary(max_size=60) | _LINES.map(str.encode), max_size=3)
# What the files of an environment are made of.
_PARTS = st.sampled_from(
    [
        *(b"Name: six\n", b"Version: 1\n", b"Requires-Dist: x[a]; extra == 'b'\n", b"[a:b]\n"),
        *(b'{"url": "https://h/x"', b', "vcs_info": {"vcs": "git", "commit_id": "1"}', b"}"),
        *(b', "dir_info": {}', b', "archive_info": {"hashes": {"sha256": "0a"}}', b"version = 3."),
        *(b"six/__init__.py,sha256=ab,1\n", b"../../../x,,\n", b'"a', b"import os\n", b"src\n.\n"),
        *(b"home = /usr/bin\n", b"\xef\xbb\xbf", b"\r", b"\0", b"\xff", b" ", b"/", b"=", b"\x0c"),
    ]
)
_CONTENTS = st.lists(_PARTS | st.binary(max_size=4), max_size=6).map(b"".join)


@given(_FILES)
@settings(examples(100))
def test_requirements(files: list[bytes]) -> None:
    requirements(SEPARATOR.join(files))


@given(st.binary() | _LINES.map(str.encode))
@settings(examples(100))
def test_lines(data: bytes) -> None:
    lines(data)


@given(st.integers(0, 7), _CONTENTS)
@settings(examples(200))
def test_metadata(kind: int, data: bytes) -> None:
    metadata(bytes([kind]) + data)


_SEEDS = list(record_seeds())


@pytest.mark.parametrize("number", range(len(_SEEDS)))
def test_each_record_to_begin_with(number: int) -> None:
    seed = _SEEDS[number]
    assert records(seed) is (b"unreachable" not in seed)


@given(st.sampled_from(_SEEDS), st.data())
@settings(examples(100))
def test_records(seed: bytes, data: st.DataObject) -> None:
    """With a part of it replaced by a part of another, or by bytes."""
    start = data.draw(st.integers(0, len(seed)))
    end = data.draw(st.integers(start, min(start + 40, len(seed))))
    other = data.draw(st.sampled_from(_SEEDS))
    at = data.draw(st.integers(0, len(other)))
    new = data.draw(st.just(other[at : at + 40]) | st.binary(max_size=8))
    records(seed[:start] + new + seed[end:])


@pytest.mark.parametrize(
    ("target", "data"),
    [
        ("requirements", b"a; python_full_version ~= '3.x'\n"),
        ("metadata", b"\x00Name: a\nDescription: x\n \n y\nRequires-Dist: b\n"),
        ("metadata", b"\x00Summary: x\x1cy\nRequires-Dist: b\n"),
        ("metadata", b"\x00Name: a\n: x\n folded\n"),
        ("metadata", b'\x01{"url": "file://a[b://@/c+d", "dir_info": {}}'),
        ("metadata", b'\x01{"url": "file:///\x7f", "dir_info": {"editable": true}}'),
        ("metadata", b"\x03Name: odd one\n"),
        ("metadata", b"\x06prompt = a\x1dversion = 3.9\n"),
    ],
)
def test_what_failed_once(target: str, data: bytes) -> None:
    TARGETS[target](data)
