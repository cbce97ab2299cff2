"""Which file was probably meant."""

from __future__ import annotations

import os
from difflib import get_close_matches


def similar_file(path: str) -> str:
    """The name of a file in the same folder that was probably meant, '' if there is none."""
    folder, name = os.path.split(path)
    try:
        there = sorted(entry.name for entry in os.scandir(folder) if entry.is_file())
    except OSError:
        return ""
    return next(iter(get_close_matches(name, there, n=1, cutoff=0.8)), "")
