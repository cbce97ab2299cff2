"""What metadata says is what pip reads in it."""

from __future__ import annotations

import email
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reqdrift.environments.answers import plain_requires
from reqdrift.environments.metadata import parse_headers, read_metadata
from reqdrift.files import LARGEST_FILE


@pytest.mark.parametrize(
    "text",
    [
        "Name: a\nRequires-Dist: b\n\nRequires-Dist: not this\n",
        "Name: a\r\nRequires-Dist: b\r\n\r\nThe description.\r\n",
        # Old setuptools put a description of several paragraphs among the headers.
        "Name: a\nDescription: One.\n        \n        Two.\nRequires-Dist: b\n",
        "Name: a\nDescription: One.\n\tTwo.\n\t\nRequires-Dist: b\n",
        # What only Unicode takes for the end of a line.
        "Name: a\nSummary: x\u2028y\nRequires-Dist: b\n",
        "Name: a\nSummary: x\x0cy\nRequires-Dist: b\n",
        "Name: a\nSummary: x\x85y\nRequires-Dist: b\n",
        # No headers: what follows is none either.
        "Name: a\nno header\nRequires-Dist: b\n",
        "Name: a\nno header: x\nRequires-Dist: b\n",
        "Name: a\n: x\n folded\nRequires-Dist: b\n",
        "Name: a\nHome-page: https://host\nRequires-Dist: b\n",
        "Name: a\nH\u00f6me: x\nRequires-Dist: b\n",
        "Name: a\nHo\x7fme: x\nRequires-Dist: b\n",
        "\ufeffName: a\n",
        " folded: too early\nName: a\n",
    ],
)
def test_headers_are_what_the_standard_library_reads(text: str) -> None:
    found = [(key, " ".join(value.split())) for key, value in parse_headers(text.encode())]
    message = email.message_from_string(text.replace("\r\n", "\n"))
    assert found == [(key.lower(), " ".join(value.split())) for key, value in message.items()]


def write_metadata(folder: Path, data: bytes) -> str:
    (folder / "METADATA").write_bytes(data)
    return str(folder)


def plain_of(path: str) -> tuple[str, ...] | None:
    return plain_requires(f"{path}/METADATA")


def all_requires(path: str) -> tuple[str, ...]:
    return tuple(text for key, text in read_metadata(path) or () if key == "requires-dist")


_LINES = (
    *("Name: a", "Version: 1", "Requires-Dist: b", 'Requires-Dist:c>=1 ; extra == "x"', "License:"),
    *("Requires-Dist: ", "requires-dist: d", "REQUIRES-DIST:e", "Summary: x: y", " folded", "\tf"),
    *(
        "no header",
        "no header: x",
        ": x",
        "Home-Page: x",
        "H\u00f6me: x",
        "Requires-Dist: \u00e9\x0c",
    ),
    *("Requires-Dist : f", "X-Requires-Dist: g", "", "\ufeffName: a", "Name : a", "version: 1"),
)
_METADATA = st.builds(
    lambda lines, end, rest: end.join([*lines, "", rest]).encode(),
    st.lists(st.sampled_from(_LINES), max_size=9).map(
        lambda some: ["Metadata-Version: 2.1", "Name: a", "Version: 1", *some]
    ),
    st.sampled_from(("\n", "\r\n", "\r")),
    st.sampled_from(("", "Requires-Dist: not this\n", "x" * (1 << 15))),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.one_of(_METADATA, st.binary(max_size=200)))
def test_plain_headers_are_read_as_all_headers_are_or_left_to_it(
    tmp_path: Path, data: bytes
) -> None:
    path = write_metadata(tmp_path, data)
    plain = plain_of(path)
    assert plain is None or plain == all_requires(path)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_ordinary_metadata_is_plain(tmp_path: Path, end: str) -> None:
    lines = ["Metadata-Version: 2.1", "Name: a", "Version: 1", "License:", "Home-Page: x"]
    lines += ["Requires-Dist: b>=1", 'Requires-Dist: c ; extra == "x"', "", "Text.", ""]
    path = write_metadata(tmp_path, end.join(lines).encode() * 1000)
    assert plain_of(path) == ("b>=1", 'c ; extra == "x"') == all_requires(path)


@pytest.mark.parametrize("size", [1, 1 << 14, 1 << 20])
def test_the_text_of_a_license_is_passed_over(tmp_path: Path, size: int) -> None:
    first = "Metadata-Version: 2.1\nName: a\nVersion: 1\n"
    text = "License: MIT\n" + "        Requires-Dist: not this\n\t\n" * (size // 30 + 1)
    path = write_metadata(tmp_path, f"{first}{text}Requires-Dist: b\n\nText.\n".encode())
    assert plain_of(path) == ("b",) == all_requires(path)


def test_nothing_is_taken_from_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "METADATA")
    pipe = os.open(tmp_path / "METADATA", os.O_RDWR)
    data = b"Metadata-Version: 2.1\nName: a\nVersion: 1\n\n"
    os.write(pipe, data)
    assert plain_of(str(tmp_path)) is None
    assert os.read(pipe, 100) == data
    os.close(pipe)


def test_what_is_too_large_is_not_plain(tmp_path: Path) -> None:
    path = write_metadata(tmp_path, b"Metadata-Version: 2.1\nName: a\nVersion: 1\n\n")
    assert plain_of(path) == ()
    os.truncate(f"{path}/METADATA", LARGEST_FILE + 1)
    assert plain_of(path) is None
