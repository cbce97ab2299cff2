"""URLs as pip reads them: direct references, VCS locations, `file:` paths, credentials."""

from __future__ import annotations

import os
import re
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit
from urllib.parse import quote as quote

from .. import standards
from ..errors import InvalidLineError
from ..values import TYPE_CHECKING
from ..values.details import Source

if TYPE_CHECKING:
    from ..values import SourceKind


VCS_NAMES = ("git", "hg", "bzr", "svn")
# pip's `vcs.all_schemes`: the schemes of VCS references.
VCS_SCHEMES = frozenset(
    (
        *("git+http", "git+https", "git+ssh", "git+git", "git+file"),
        *("hg+file", "hg+http", "hg+https", "hg+ssh", "hg+static-http"),
        *("svn+ssh", "svn+http", "svn+https", "svn+svn", "svn+file", "bzr+http", "bzr+https"),
        *("bzr+ssh", "bzr+sftp", "bzr+ftp", "bzr+lp", "bzr+file"),
    )
)
MASK = "****"
_SECRET_NAMES = (
    *("token", "secret", "password", "passwd", "pwd", "signature", "sig", "credential", "auth"),
    *("credentials", "authorization", "api_key", "apikey", "access_key", "accesskeyid", "jwt"),
)
# More that may be secret. As `?key=` and `?code=` may also say what is downloaded, they are masked
# where a URL is shown, and count where URLs are compared.
_MAYBE_SECRET_NAMES = (
    *("key", "passphrase", "session", "sessionid", "session_id", "bearer", "hmac", "nonce"),
)
# Of these only as a word: not `encode`.
_SECRET_WORDS = frozenset(("pass", "pw", "pat", "sas", "code", "sid", "otp", "pin", "auth_key"))
# pip's `LinkHash`: hashes in a URL's fragment.
_HASHES = ("sha512", "sha384", "sha256", "sha224", "sha1", "md5")
ARCHIVE_ENDINGS = frozenset(
    (
        *(".zip", ".whl", ".tar.bz2", ".tbz", ".tar.gz", ".tgz", ".tar"),
        *(".tar.xz", ".txz", ".tlz", ".tar.lz", ".tar.lzma"),
    )
)
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
_NAME_AND_VALUE = re.compile(r"(?P<start>(?:^|[?&;#'\"])(?P<name>[\w.%-]+)=)(?P<value>[^&#\s'\"]+)")

if os.name == "nt":
    # It imports an HTTP client; on other systems a path is only unquoted.
    from urllib.request import url2pathname


def scheme(text: str) -> str:
    """The URL scheme, in lower case, or ''.

    Raises:
        InvalidLineError: pip cannot parse the text as a URL.
    """
    return _checked(text).scheme


def _checked(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        # The reason may quote the credentials.
        raise InvalidLineError(f"'{redact(url)}' is not a valid URL") from None


def path_of(url: str) -> str:
    """The path of a URL, unquoted; ValueError if it is none."""
    return unquote(urlsplit(url).path)


def is_url(text: str) -> bool:
    """Whether pip reads the text as a URL, not as a name or a path."""
    return scheme(text) in {"http", "https", "file", "ftp", *VCS_SCHEMES}


def hint_for_scp(text: str) -> str:
    """The URL that `git+git@host:path` means, as a hint; '' if the text is not of this form.

    It is git's short form for ssh; pip needs a URL.
    """
    host, colon, rest = text.partition("git+git@")[2].partition(":")
    path = rest.lstrip("/").partition(" ")[0].partition("#")[0]
    if not colon or not path or rest.startswith("//") or "/" in host or " " in host:
        return ""
    return f"write 'git+ssh://git@{host}/{path}'"


def check(url: str) -> None:
    """Raises InvalidLineError for a URL that pip always refuses."""
    parts = _checked(url)
    _checked(without_credentials(url))
    if parts.scheme == "file":
        if not url.startswith("file:"):
            raise InvalidLineError("pip accepts 'file:' in lower case only")
        if parts.netloc not in ("", "localhost") and os.sep == "/":
            raise InvalidLineError(
                "a 'file:' URL cannot name another host", "write 'file:///' and an absolute path"
            )
    egg_name(url)


def extension(path: str) -> str:
    """The extension of a file name, including `.tar.gz` and similar ones."""
    base, ending = os.path.splitext(path.rstrip("/"))
    return base[-4:] + ending if base.lower().endswith(".tar") else ending


def is_archive(path: str) -> bool:
    """Whether the name has the extension of a wheel or source archive."""
    return extension(path).lower() in ARCHIVE_ENDINGS


def redact(text: str, names: tuple[str, ...] = _SECRET_NAMES + _MAYBE_SECRET_NAMES) -> str:
    """The text with the credentials of every URL in it masked; `git@` and `${VAR}` stay.

    Credentials are the text before an `@`, even if slashes or the scheme are missing, and the
    values of `token`, `key`, `password` and similar names in a query or fragment. In doubt, more is
    masked: pip allows spaces in a URL's credentials.
    """
    text = _NAME_AND_VALUE.sub(lambda found: _masked_value(found, names), _without_users(text))
    return "".join(map(_without_odd_user, _WHITE_SPACE.split(_without_spaced_user(text))))


def _without_users(text: str) -> str:
    parts = []
    done, last_at = 0, text.rfind("@")
    # The end of an authority may be inside the next URL's `://`.
    while (start := text.find("://", max(done - 1, 0)) + 3) > 2:
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


def _masked_value(found: re.Match[str], names: tuple[str, ...]) -> str:
    """The value of a name in a query, masked if the name says that it is secret."""
    name = unquote(found["name"]).lower().replace("-", "_").replace(".", "_")
    is_word = names != _SECRET_NAMES and name.rpartition("_")[2] in _SECRET_WORDS
    is_shown = not (is_word or name.endswith(names)) or _is_variables(found["value"])
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
        is_user = ":" in user and not host.startswith("sha") and not user.startswith("git@")
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


def file_path(url: str) -> str:
    """The path of a `file:` URL; it may be relative, as in pip."""
    parts = urlsplit(url)
    host = "" if parts.netloc in ("", "localhost") else f"//{parts.netloc}"
    path = host + parts.path
    return url2pathname(path) if os.name == "nt" else unquote(path)


def fragment(url: str, key: str) -> str | None:
    """The value of `key` in the URL's fragment (`#egg=name&subdirectory=pkg`), None if absent.

    As in pip, which also accepts `&key=` in the query.
    """
    found = (url.find(f"{mark}{key}=") for mark in "#&")
    start = min((at for at in found if at >= 0), default=-1)
    return None if start < 0 else url[start + len(key) + 2 :].partition("&")[0]


def egg_name(url: str) -> str:
    """The project in `#egg=`, '' if there is none.

    Raises:
        InvalidLineError: it is not a project name; pip >= 25 refuses it.
    """
    name = fragment(url, "egg")
    if name is not None and not standards.is_project_name(name):
        raise InvalidLineError(
            f"'#egg={name}' is not a project name", "write 'name[extra] @ URL' instead"
        )
    return name or ""


def parse(url: str, bases: tuple[str, ...] = ()) -> Source:
    """The source of a direct reference, without credentials.

    Relative paths are resolved in each of `bases`; those that exist are in `folders`.

    Raises:
        ValueError: it is not a URL; `check` reports that for a line.
    """
    urlsplit(without_credentials(url))
    hashes = tuple(f"{name}:{value}" for name in _HASHES if (value := fragment(url, name)))
    subdirectory = fragment(url, "subdirectory") or ""
    vcs, plus, location = url.partition("+")
    if plus and vcs.lower() in VCS_NAMES:
        # Before it is cut: a password may contain `#`.
        location = without_credentials(location).partition("#")[0]
        location, revision = _split_revision(location)
        return Source("vcs", location, revision, None, subdirectory, vcs=vcs.lower())
    if scheme(url) in {"http", "https", "ftp"}:
        location = without_credentials(url).partition("#")[0]
        return Source("archive", location, None, None, subdirectory, hashes=hashes)
    path = file_path(url) if scheme(url) == "file" else url
    return parse_path(path, bases)._replace(subdirectory=subdirectory, hashes=hashes)


def parse_path(path: str, bases: tuple[str, ...]) -> Source:
    """A folder or archive on this machine; a relative path is resolved in each of `bases`."""
    places = [os.path.normpath(os.path.join(base, path)) for base in bases] or [path]
    found = tuple(
        dict.fromkeys(os.path.realpath(place) for place in places if os.path.exists(place))
    )
    kind: SourceKind = (
        "archive" if is_archive(path) and not any(map(os.path.isdir, found)) else "folder"
    )
    return Source(kind, path, folders=found, local=True)


def _split_revision(location: str) -> tuple[str, str | None]:
    """`https://host/repo@v1` -> (`https://host/repo`, `v1`); not at an `@` before the host."""
    parts = urlsplit(location)
    path, at, revision = parts.path.rpartition("@")
    if not at:
        return location, None
    query = f"?{parts.query}" if parts.query else ""
    if parts.scheme and parts.netloc:
        return f"{parts.scheme}://{parts.netloc}{path}{query}", revision
    return urlunsplit(parts._replace(path=path)), revision


def without_credentials(url: str, *, compared: bool = True) -> str:
    """The URL without user, password and tokens, except the `git@` of SSH remotes.

    A URL that is `compared` keeps what only may be secret.
    """
    text = redact(url, _SECRET_NAMES) if compared else redact(url)
    rest, hash_mark, fragment = text.replace(f"://{MASK}@", "://").partition("#")
    base, _, query = rest.partition("?")
    # A record has some masked.
    parts = query.split("&")
    kept = "&".join(part for part in parts if not part.endswith(f"={MASK}") or part in url)
    return f"{base}?{kept}{hash_mark}{fragment}" if kept else f"{base}{hash_mark}{fragment}"


def identity(url: str) -> tuple[str, str]:
    """Host and path for comparison; user, scheme, port, `.git` and a final slash do not count."""
    parts = urlsplit(url)
    path = unquote(parts.path).rstrip("/").removesuffix(".git")
    return (parts.hostname or "").lower(), f"{path}?{parts.query}" if parts.query else path
