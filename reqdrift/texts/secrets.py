"""Secrets in a text: users and passwords of URLs, tokens in their queries and fragments."""

from __future__ import annotations

import re
from urllib.parse import unquote

MASK = "****"
_SECRET_NAMES = (
    *("token", "secret", "password", "passwd", "pwd", "signature", "sig", "credential", "auth"),
    *("credentials", "authorization", "api_key", "apikey", "access_key", "accesskeyid", "jwt"),
    *("key", "passphrase", "session", "sessionid", "session_id", "bearer", "hmac", "nonce"),
    *("tokens", "cred", "creds", "cookie", "pswd", "pass_word", "secret_id"),
)
# Of these only as a word: not `encode`.
_SECRET_WORDS = frozenset(("pass", "pw", "pat", "sas", "code", "sid", "otp", "pin", "auth_key"))
_CAMEL_CASE = re.compile(r"(?<=[a-z])(?=[A-Z])")
# Tokens of GitHub, GitLab, PyPI and Slack, wherever they are.
_TOKEN = re.compile(r"\b(?:gh[oprsu]_|github_pat_|glpat-|pypi-A|xox[abp]-)[\w-]{4,}")
_DIGEST = re.compile(r"sha\d+[:-]")
_AUTHORITY_ENDS = re.compile(r"[/?#]")
_WHITE_SPACE = re.compile(r"(\s+)")
# Not a URL for pip, but someone may have written it with a password.
_ODD_URL = re.compile(
    r"(?i)(?<![\w+.-])(?:(?:git|hg|svn|bzr)\+)?"
    r"(?:https?|ftp|sftp|ssh|file|git|hg|svn|bzr):(?!//)[/\\]*"
)
# What comes before `user:password@host` without the scheme of a URL, or before git's short form
# `user@host:path`.
_BEFORE_USER = re.compile(r"(?i).*(?:[\s'\"`=(,]|(?:git|hg|svn|bzr)\+|(?<![\w:])[./\\]+)")
_IS_HOST_AND_PATH = re.compile(r"(?!sha\d+:)[\w.-]+:(?!\d+(?:\W|$))\S")
# A quote ends the value where it ends the word.
_NAME_AND_VALUE = re.compile(
    r"(?P<start>(?:^|[?&;#'\"])(?P<name>[\w.%-]+)=)(?!=)"
    r"(?P<value>[^&#\s]+?)(?=['\"]?[;:,.)\]]{0,3}(?:[&#\s]|$))"
)


def redact(text: str) -> str:
    """The text with the credentials of every URL in it masked; `git@` and `${VAR}` stay.

    Credentials are the text before an `@`, even if slashes or the scheme are missing, and the
    values of `token`, `key`, `password` and similar names in a query or fragment. In doubt, more is
    masked: pip allows spaces in a URL's credentials.
    """
    return _TOKEN.sub(MASK, _NAME_AND_VALUE.sub(_masked_value, without_users(text)))


def without_users(text: str) -> str:
    """The text with the users and passwords of its URLs masked."""
    text = _without_spaced_user(_without_whole_users(text))
    return "".join(map(_without_odd_user, _WHITE_SPACE.split(text)))


def _without_whole_users(text: str) -> str:
    """What comes before the `@` of each URL masked that has its scheme and slashes."""
    parts = []
    done, last_at = 0, text.rfind("@")
    # The end of an authority may be inside the next URL's `://`.
    while (start := text.find("://", max(done - 1, 0)) + 3) > 2:
        while not text.endswith("file", 0, start - 3) and text.startswith("/", start):
            start += 1
        found = _AUTHORITY_ENDS.search(text, start)
        end = found.start() if found else len(text)
        if last_at >= start and "@" not in text[start:end] and not _ends_in_port(text[start:end]):
            # A password with an unescaped `/`, `?` or `#`.
            end = last_at + 1
        user, at, host = text[start:end].rpartition("@")
        parts += [text[done:start], _masked(user), at, host]
        done = end
    return "".join([*parts, text[done:]])


def _masked(user: str) -> str:
    return user if user in ("", "git") or _is_variables(user) else MASK


def _masked_value(found: re.Match[str]) -> str:
    """The value of a name in a query, masked if the name says that it is secret."""
    name = _CAMEL_CASE.sub("_", unquote(found["name"])).lower().rstrip("0123456789")
    name = name.replace("-", "_").replace(".", "_")
    is_secret = name.endswith(_SECRET_NAMES) or name.rpartition("_")[2] in _SECRET_WORDS
    is_shown = not is_secret or _is_variables(found["value"])
    return found["start"] + (found["value"] if is_shown else MASK)


def _without_spaced_user(text: str) -> str:
    """A user and password with spaces masked in a URL that lacks its slashes."""
    found = _ODD_URL.search(text) if "@" in text else None
    if found is None:
        return text
    user, at, host = text[found.end() :].rpartition("@")
    is_password = ":" in user and "://" not in user and MASK not in user
    return text[: found.end()] + (_masked(user) if is_password else user) + at + host


def _without_odd_user(word: str) -> str:
    """The user masked in a URL that lacks its slashes or its scheme: `https:/user:password@host`.

    Without a scheme it is a user if there is a password, or a path as in `user@host:path`.
    """
    before, at, host = word.rpartition("@")
    if not before or "://" in before:
        return word
    found = _ODD_URL.search(before)
    if found is None:
        found = _BEFORE_USER.match(before)
        user = before[found.end() if found else 0 :]
        # `host:/path` is no user with a password.
        is_user = ":" in user and not user.partition(":")[2].startswith(("/", "\\"))
        is_user = is_user and not _DIGEST.match(host) and not user.startswith("git@")
        if not (host and (is_user or _IS_HOST_AND_PATH.match(host))):
            return word
    start = found.end() if found else 0
    return before[:start] + _masked(before[start:]) + at + host


def _ends_in_port(host: str) -> bool:
    """Whether the host has no colon, or its last one begins a port or is IPv6's."""
    port = host.rpartition(":")[2]
    return ":" not in host or port.isdigit() or port.endswith("]")


def _is_variables(user: str) -> bool:
    """Whether every part of `user:password` is an unexpanded `${VAR}`."""
    return all(
        part.startswith("${") and part.endswith("}") and "}" not in part[:-1]
        for part in user.split(":")
    )
