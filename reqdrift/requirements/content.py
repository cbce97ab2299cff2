"""Which format a file has that is not in pip's, by its content."""

from __future__ import annotations

import json
import tomllib

# Nothing that is longer is parsed only to say it better.
_LONGEST = 4 * 1024 * 1024


def format_of(text: str) -> str:
    """`JSON` or `TOML` for a text that plainly is that, '' for every other."""
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
