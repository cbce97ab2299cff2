"""Includes that are `file:` URLs."""

from __future__ import annotations

import os

from .. import standards


def path_of_url(url: str) -> str:
    """The path of the file; raises InvalidLineError if pip refuses the URL."""
    standards.urls.check(url)
    # pip takes `file:x` for `file:///x`.
    return os.path.join(os.sep, standards.urls.file_path(url))
