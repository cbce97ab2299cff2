"""Secrets in a text: users and passwords of URLs, tokens in their queries and fragments."""

from __future__ import annotations

import re
from urllib.parse import unquote

MASK = "****"
# A name is secret if one of its words ends so, or is one of the words.
_SECRET_ENDS = (
    *("token", "tokens", "tokenid", "secret", "secrets", "password", "passwords", "passwd", "pwd"),
    *("passwort", "passphrase", "pswd", "key", "keys", "accesskeyid", "signature", "signatures"),
    *("sig", "hmac", "nonce", "session", "sessionid", "auth", "authorization", "authentication"),
    *("authcode", "bearer", "credential", "credentials", "cred", "creds", "cookie", "jwt", "tkn"),
    *("sessid", "userpass", "mypass", "passcode", "userpw", "username", "ticket"),
)
_SECRET_BEGINNINGS = ("token", "apikey")
_SECRET_WORDS = frozenset(("pass", "pw", "sess", "pat", "sas", "code", "sid", "otp", "pin", "tok"))
_CAMEL_CASE = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"[a-z]+")
# Tokens in any place: of GitHub, GitLab, PyPI, npm, Hugging Face, Docker, Stripe, DigitalOcean,
# Slack, AWS, JFrog, Google, Vault, Atlassian, Databricks, Grafana, OpenAI, Anthropic, SendGrid, and
# JSON Web Tokens. They are longer than the names that begin so: `ghp_import`, `hf_transfer`,
# `pypi-attestations`.
_TOKEN = re.compile(
    r"\b(?:(?:gh[oprsu]|npm|hf)_[^\W_]{16,}|pypi-A[\w-]{16,}|(?:xox[abpse]|xapp)-\d[\w-]{3,}"
    r"|(?:github_pat_|dckr_[op]at_|[rs]k_(?:live|test)_|do[op]_v1_)[\w-]{4,}"
    r"|gl(?:pat|dt|cbt|rt|ft|ptt|soat|imt|agent)-[\w-]{4,}|gloas-[\w-]{4,}"
    r"|A[KS]IA[A-Z\d]{12,}|(?:AKCp|cmVmdGtu)[^\W_]{16,}|AIza[\w-]{16,}|ya29\.[\w-]{8,}|hvs\.[\w-]{8,}"
    r"|ATATT3x[\w-]{16,}|dapi[a-f\d]{32}|glsa_\w{16,}"
    r"|sk-(?:proj|ant)-[\w-]{8,}|SG\.[\w-]{8,}\.[\w-]{8,}|eyJ[\w-]{8,}(?:\.[\w-]+){1,2})"
)
_DIGEST = re.compile(r"sha\d+[:-]")
_AUTHORITY_ENDS = re.compile(r"[/?#]")
_WHITE_SPACE = re.compile(r"(\s+)")
# Not a URL for pip, but someone may have written it with a password.
_ODD_URL = re.compile(
    r"(?i)(?<![\w+.-])(?:(?:git|hg|svn|bzr)\+)?"
    r"(?:(?:https?|ftp|sftp|ssh|file|git|hg|svn|bzr):(?!//)|https?(?=//))[/\\]*"
)
# What comes before `user:password@host` without the scheme of a URL, or before git's short form
# `user@host:path`.
_BEFORE_USER = re.compile(r"(?i).*(?:[\s'\"`=(,]|(?:git|hg|svn|bzr)\+|(?<![\w:])[./\\]+)")
# Not a version (`pypi:name@1.0`), but an IP address.
_HOST = r"(?:[^\W\d]|\[|\d\w*\.[a-z]{2}|\d+(?:\.\d+){3}(?![\w.]))"
_LAST_AT = re.compile(rf".*@(?={_HOST}|$)")
# With a revision.
_IS_GIT_URL = re.compile(r".*\bgit@[^/@]+(?:/[^@]*|\.git)@")
_IS_HOST_AND_PATH = re.compile(
    rf"(?!sha\d+:)(?={_HOST})(?:[\w.-]+:(?!\d+(?:\W|$))\S|[\w-]+(?:\.[\w-]+)*\.[a-z]{{2,}}/)"
)
# `user:pass word@host`, but not `file.txt:3: ... name@host`.
_SPACED_USER = re.compile(
    r"(?<![^\s'\"`=(,])[^\s'\"`=(,:/\\@]+:(?![\s:/\\]|\d+(?:\W|$))"
    rf"[^\s'\"`<@]{{1,100}}\s(?:(?!:\s)[^'\"`<@]){{0,100}}(?<!\s)@(?={_HOST})"
)
# A URL whose password, or escaped `@`, is taken for its host: `https://user:password/x`.
_ESCAPED_AT = re.compile(r"([^\s/?#@:'\"`=(,]:)[^\s/?#@'\"`]{1,200}(?=%40|\uff20)")
_NO_AT = re.compile(
    r"(?P<start>(?<!ssh)://(?:[^\s/?#@:'\"`]*:(?!\d*(?:\W|$)|\$\{))?)"
    r"(?P<value>(?:(?<=:)[^\s/?#@'\"`,;)]+|[^\s/?#@'\"`]*(?=%40|\uff20)))"
)
# `name=value`, or an option with its value in the next word.
_NAME = re.compile(
    r"(?<![\w.%$*[\]-])([\w.%$*[\]-]+)=(?!=)|(?<![^\s'\"=])(--[\w-]+(?= )|-u)[ ]*(?=[^\s-])"
)
# Not a URL, nor a user and a group.
_USER = re.compile(r"['\"]?(?!(?:\d+:\d+|root:root)(?:['\"\s]|$))[^\s:/'\"]+:[^\s:/]")
# In quotes, or a word; a quote ends it where it ends the word. In a URL, `&` and `#` end it, too.
_QUOTED = r"(['\"])[^'\"\n]{1,200}\1|"
_VALUE = re.compile(_QUOTED + r"\S+?(?=['\"]?[;:,.)\]]{0,3}(?:\s|$))")
_VALUE_IN_URL = re.compile(_QUOTED + r"[^&#\s]+?(?=['\"]?[;:,.)\]]{0,3}(?:[&#\s]|$))")
_ESCAPED = re.compile(r"[^&#\s;,'\"=]*%[^&#\s;,'\"=]*")
# Each part of `user:password` is an unexpanded `${VAR}`.
_VARIABLES = re.compile(r"\$\{[^}:]*\}(?::\$\{[^}:]*\})*")
# A version, or what a message calls a value.
_NO_SECRET = re.compile(r"VALUE|\d+(?:\.\w{1,12})+(?:=\w{1,20})?")


def redact(text: str) -> str:
    """The text with the credentials of every URL in it masked; `git@` and `${VAR}` stay.

    Credentials are the text before an `@`, even if slashes or the scheme are missing, and the
    values of `token`, `key`, `password` and similar names in a query, a fragment or an option. In
    doubt, more is masked: pip allows spaces in a URL's credentials.
    """
    text = _NO_AT.sub(rf"\g<start>{MASK}", without_users(text))
    text = _ESCAPED_AT.sub(rf"\1{MASK}", text)
    return _TOKEN.sub(MASK, _without_values(text))


def without_users(text: str) -> str:
    """The text with the users and passwords of its URLs masked."""
    text = _SPACED_USER.sub(f"{MASK}@", _without_spaced_user(_without_whole_users(text)))
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
        first = text[start:end].split(" ", 1)[0]
        if first and _ends_in_port(first.rstrip("'\",.:;)")):
            # A password may have spaces, a host has none.
            end = start + len(first)
        if last_at >= start and "@" not in text[start:end] and not _ends_in_port(text[start:end]):
            # A password with an unescaped `/`, `?` or `#`.
            end = last_at + 1
        user, at, host = text[start:end].rpartition("@")
        parts += [text[done:start], _masked(user), at, host]
        done = end
    return "".join([*parts, text[done:]])


def _masked(user: str) -> str:
    return user if user in ("", "git") or _VARIABLES.fullmatch(user) else MASK


def _without_values(text: str) -> str:
    """The values of names masked that say that they are secret, in a query and everywhere."""
    parts, done = [], 0
    for found in _NAME.finditer(text):
        start = found.end()
        # `--api-key x`, not `--key-file x`.
        name = found[1] or ("" if found[2].startswith("--no-") else found[2].rpartition("-")[2])
        is_hidden = is_secret(name) and not _is_argument(text, found.start())
        is_hidden |= name.lstrip("-") in ("u", "user") and bool(_USER.match(text, start))
        of_url = text[found.start() - 1 : found.start()] in ("?", "&", ";", "#")
        pattern = (_VALUE_IN_URL if of_url else _VALUE) if is_hidden else _ESCAPED
        value = pattern.match(text, start) if start > done else None
        if value is None:
            continue
        plain = unquote(value[0]).strip("'\"")
        if not is_hidden:
            # A URL in a query has its own secrets.
            is_hidden = without_users(plain) != plain or any(
                is_secret(one) for one, _ in _NAME.findall(plain)
            )
        elif _VARIABLES.fullmatch(plain) or _NO_SECRET.fullmatch(plain):
            continue
        if is_hidden:
            parts += [text[done:start], MASK]
            done = value.end()
    return "".join([*parts, text[done:]])


def _is_argument(text: str, start: int) -> bool:
    """Whether what starts there is one of a call: `sorted(names, key=len)`."""
    before = text[max(0, start - 100) : start]
    at = before.rfind("(")
    is_open = at > max(0, before.rfind(")")) and before[at - 1].isalnum()
    return is_open and before.endswith(("(", ", "))


def is_secret(name: str) -> bool:
    """Whether a name says that its value is secret."""
    words = _WORD.findall(_CAMEL_CASE.sub("_", unquote(name)).lower())
    return any(
        word.endswith(_SECRET_ENDS) or word.startswith(_SECRET_BEGINNINGS) or word in _SECRET_WORDS
        for word in words
    )


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
    # What follows the last `@` may be a revision.
    last = _LAST_AT.match(word)
    before, host = (word[: last.end() - 1], word[last.end() :]) if last else ("", word)
    if not before or "://" in before:
        return word
    found = _ODD_URL.search(before)
    if found is None:
        # What is after the colon may all be of a password.
        found = _BEFORE_USER.match(before.partition(":")[0])
        user = before[found.end() if found else 0 :]
        name, _, password = user.partition(":")
        # `host:/path` is no user with a password, and `/home/user@host:name` a path.
        is_user = bool(password) and not password.startswith(("/", "\\"))
        is_user = is_user and not _DIGEST.match(host) and not _IS_GIT_URL.match(word)
        if "/" in name or not (is_user or _IS_HOST_AND_PATH.match(host)):
            return word
    start = found.end() if found else 0
    return f"{before[:start]}{_masked(before[start:])}@{host}"


def _ends_in_port(host: str) -> bool:
    """Whether the host has no colon, or its last one begins a port or is IPv6's."""
    port = host.rpartition(":")[2]
    return ":" not in host or port.isdigit() or port.endswith("]")
