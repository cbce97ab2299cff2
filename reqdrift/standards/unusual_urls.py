"""Unusual URLs: what `urllib` must split, and credentials that only patterns find.

`urls` loads this module for a text that it cannot read itself.
"""

from __future__ import annotations

import os
import re
from urllib.parse import quote as quote
from urllib.parse import unquote as unquote
from urllib.parse import urlsplit as urlsplit
from urllib.parse import urlunsplit as urlunsplit

from ..values import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

if os.name == "nt":
    # It imports an HTTP client; on other systems a path is only unquoted.
    from urllib.request import url2pathname as url2pathname

_WHITE_SPACE = re.compile(r"(\s+)")
# Not a URL for pip, but someone may have written it with a password.
_ODD_URL = re.compile(
    r"(?i)(?<![\w+.-])(?:(?:git|hg|svn|bzr)\+)?"
    r"(?:https?|ftp|sftp|ssh|file|git|hg|svn|bzr):(?!//)[/\\]*"
)
_NAME_AND_VALUE = re.compile(r"(?P<start>[?&;#](?P<name>[\w.%-]+)=)(?P<value>[^&#\s'\"]+)")


def replace_values(text: str, replaced: Callable[[str, str], str]) -> str:
    """The text with each value of `?name=value` replaced by that of a function of both."""
    return _NAME_AND_VALUE.sub(
        lambda found: found["start"] + replaced(found["name"], found["value"]), text
    )


def replace_odd_users(text: str, replaced: Callable[[str], str]) -> str:
    """The text with each user of a URL that lacks its slashes replaced by a function of it."""
    return "".join(_with_user(word, replaced) for word in _WHITE_SPACE.split(text))


def _with_user(word: str, replaced: Callable[[str], str]) -> str:
    """The same for one word, such as `https:/user:password@host`."""
    found = _ODD_URL.search(word) if "@" in word else None
    before, at, host = word.rpartition("@")
    if found is None or found.end() > len(before):
        return word
    return before[: found.end()] + replaced(before[found.end() :]) + at + host
