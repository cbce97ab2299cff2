"""What an unreadable file may be: one of another format, or not the file that was meant."""

from __future__ import annotations

import json
import os
import tomllib
from difflib import get_close_matches

# Longer texts are not parsed only for a better message.
_LONGEST = 4 * 1024 * 1024


def other_format(text: str) -> str:
    """The format of an unreadable file, '' if it may be a requirements file with errors."""
    if "\0" in text:
        return "this is a binary file, not a requirements file"
    found = _format_of(text)
    return found and f"this is {found}, not a requirements file; export it to a requirements.txt"


def _format_of(text: str) -> str:
    """`JSON` or `TOML` for a text that is clearly that, otherwise ''."""
    if len(text) > _LONGEST:
        return ""
    start = text.lstrip()[:1]
    try:
        if start in ("{", "["):
            json.loads(text)
            return "JSON"
    except (ValueError, RecursionError):
        pass
    # `six = 1` is TOML too, and more likely a mistake in a requirements file.
    if "\n[" not in f"\n{text}":
        return ""
    try:
        tomllib.loads(text)
    except (ValueError, RecursionError):
        return ""
    return "TOML"


def similar_file(path: str) -> str:
    """The name of a file in the same folder that was probably meant, '' if there is none."""
    folder, name = os.path.split(path)
    try:
        there = sorted(entry.name for entry in os.scandir(folder) if entry.is_file())
    except OSError:
        return ""
    return next(iter(get_close_matches(name, there, n=1, cutoff=0.8)), "")
