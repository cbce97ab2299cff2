"""Recognize files of other formats by their content."""

from __future__ import annotations

import json
import tomllib

# Longer texts are not parsed only for a better message.
_LONGEST = 4 * 1024 * 1024


def format_of(text: str) -> str:
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
