"""Determine the encoding of a requirements file that is not plain UTF-8."""

from __future__ import annotations

import locale
import re


def encoding_of(data: bytes) -> str:
    """What a comment in the first two lines declares (PEP 263), else UTF-8, else the locale's."""
    for line in data.split(b"\n", 2)[:2]:
        if line.startswith(b"#") and (found := re.search(rb"coding[:=]\s*([-\w.]+)", line)):
            return found[1].decode("ascii")
    try:
        data.decode()
    except UnicodeDecodeError:
        return locale.getencoding()
    return "utf-8"
