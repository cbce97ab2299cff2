"""Includes that are `file:` URLs."""

from __future__ import annotations

import os

from ..standards import urls


def path_of_url(url: str) -> str:
    """The path of the file; raises InvalidLineError if pip refuses the URL."""
    urls.check(url)
    # pip takes `file:x` for `file:///x`.
    return os.path.join(os.sep, urls.file_path(url))
