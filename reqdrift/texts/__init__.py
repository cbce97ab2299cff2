"""What leaves reqdrift: secrets masked, and long texts for people cut."""

from __future__ import annotations

import os
from itertools import groupby, pairwise

from .. import texts
from .._record import TYPE_CHECKING, lazy

if TYPE_CHECKING:
    from . import secrets as secrets

__getattr__ = lazy(__name__)

# Of a URL, a user, or a token (`secrets` knows more of each).
_MARKS = (
    " -u",
    "--user",
    *("://", "@", "%40", "gho_", "ghp_", "ghr_", "ghs_", "ghu_", "npm_", "hf_", "_pat_"),
    *("glpat-", "gldt-", "glcbt-", "glrt-", "glft-", "glptt-", "glsoat-", "glimt-", "glagent-"),
    *("gloas-", "pypi-A", "xox", "xapp-", "k_live_", "k_test_", "_oat_", "_v1_", "AKIA", "ASIA"),
    *("cmVmdGtu", "ATATT3x", "dapi", "glsa_"),
    *("AKCp", "AIza", "ya29.", "hvs.", "sk-proj-", "sk-ant-", "SG.", "eyJ"),
)
# What a name in lower case contains that says that its value is secret, and perhaps other names.
_PARTS = (
    *("tok", "tkn", "sec", "pass", "pw", "psw", "key", "sig", "hmac", "nonce", "sess", "auth"),
    *("bear", "cred", "cook", "jwt", "user", "tick", "pat", "sas", "code", "sid", "otp", "pin"),
)
# What variables in lines stand for, which may be in a URL that pip recorded.
_HIDDEN: set[str] = set()
# Shorter values, and paths, are no secrets, and part of much else.
_SHORTEST = 8
# A token may be in a variable of any name. It is long, or digits are all over it.
_TOKEN_LENGTH = 16
_CODE_LENGTH, _CODE_PARTS = 12, 6
_LONGEST_LINE = 2000
_MOST_LINES = 10_000
# The verdict, and what to do.
_LAST_LINES = 100


def hide(name: str, value: str) -> None:
    """Mask the value of a variable in URLs from now on, if one of both looks like a secret."""
    plain = value.replace("-", "").replace("_", "")
    is_word = not plain.isalnum() or plain.isalpha() or plain.isdigit()
    is_mixed = not (plain.islower() or plain.isupper()) or not plain.strip("0123456789abcdefABCDEF")
    is_token = len(plain) >= _TOKEN_LENGTH and (is_mixed or plain == value)
    is_code = plain == value and len([*groupby(plain, str.isdigit)]) >= _CODE_PARTS
    is_token = not is_word and (is_token or (is_code and len(plain) >= _CODE_LENGTH))
    is_part = len(value) < _SHORTEST or "/" in value or os.sep in value
    if is_token or (texts.secrets.is_secret(name) and not is_part):
        _HIDDEN.add(value)


def mask(text: str) -> str:
    """The text with secrets masked line by line, see `secrets.redact`; most texts have none."""
    if _HIDDEN and "://" in text:
        text = " ".join(_without_hidden(word) for word in text.split(" "))
    if not any(mark in text for mark in _MARKS):
        # `name=value`; markers and specifiers have blanks or another sign around.
        parts = text.split("=")
        named = [x for x, y in pairwise(parts) if x[-1:] not in " <>!~" and y[:1].strip()]
        # `--name value`
        named += [text] if "--" in text else []
        if not named or not ("%" in text or any(map("".join(named).lower().count, _PARTS))):
            return text
    return "\n".join(map(texts.secrets.redact, text.split("\n")))


def _without_hidden(word: str) -> str:
    """The word, what follows `://` without what is to be hidden; a value may begin like another."""
    scheme, slashes, rest = word.partition("://")
    for value in sorted(_HIDDEN, key=len, reverse=True) if slashes else ():
        rest = rest.replace(value, texts.secrets.MASK)
    return f"{scheme}{slashes}{rest}"


def has_secret(text: str) -> bool:
    """Whether a part of the text is masked."""
    return mask(text) != text


def shortened(text: str) -> str:
    """A text for people without the rest of very long lines, nor the middle of very many lines."""
    if len(text) <= _LONGEST_LINE:
        return text
    lines = text.split("\n")
    if len(lines) > _MOST_LINES:
        first, last = _MOST_LINES - _LAST_LINES - 1, len(lines) - _LAST_LINES
        left = f"… {last - first} more lines; --format json has all"
        lines = [*lines[:first], left, *lines[last:]]
    return "\n".join(map(_shortened, lines))


def _shortened(line: str) -> str:
    if len(line) <= _LONGEST_LINE:
        return line
    if "\x1b" not in line:
        return f"{line[: _LONGEST_LINE - 1]}…"
    # A color ends with its line, and no escape sequence is cut.
    kept = line[: _LONGEST_LINE - 20]
    before, _, after = kept.rpartition("\x1b")
    return f"{kept if 'm' in after else before}…\x1b[0m"
