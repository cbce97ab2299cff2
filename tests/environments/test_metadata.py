"""What metadata says is what pip reads in it."""

from __future__ import annotations

import email

import pytest

from reqdrift.environments.metadata import parse_headers


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
