"""URLs as pip means them: direct references, VCS locations, `file:` paths, credentials."""

from __future__ import annotations

import os
import urllib.parse

from .errors import InvalidLineError
from .model import Source, is_project_name

VCS_NAMES = ("git", "hg", "bzr", "svn")
# pip's `vcs.all_schemes`: what may stand before `://` in a VCS reference.
VCS_SCHEMES = frozenset(
    f"{vcs}+{transport}"
    for vcs, transports in {
        "git": ("http", "https", "ssh", "git", "file"),
        "hg": ("file", "http", "https", "ssh", "static-http"),
        "svn": ("ssh", "http", "https", "svn", "file"),
        "bzr": ("http", "https", "ssh", "sftp", "ftp", "lp", "file"),
    }.items()
    for transport in transports
)
# pip's `LinkHash`: what may pin an archive in a URL's fragment.
_HASHES = ("sha512", "sha384", "sha256", "sha224", "sha1", "md5")
ARCHIVE_ENDINGS = frozenset(
    (
        *(".zip", ".whl", ".tar.bz2", ".tbz", ".tar.gz", ".tgz", ".tar"),
        *(".tar.xz", ".txz", ".tlz", ".tar.lz", ".tar.lzma"),
    )
)


def scheme(text: str) -> str:
    """The URL scheme, in lower case, or ''.

    Raises:
        InvalidLineError: pip does not get as far as asking whether this is a URL.
    """
    return _split(text).scheme


def _split(url: str) -> urllib.parse.SplitResult:
    try:
        return urllib.parse.urlsplit(url)
    except ValueError:
        # The reason may quote the credentials.
        raise InvalidLineError(f"'{redact(url)}' is not a valid URL") from None


def is_url(text: str) -> bool:
    """Whether pip takes the text for a URL rather than for a name or a path."""
    return scheme(text) in {"http", "https", "file", "ftp", *VCS_SCHEMES}


def check(url: str) -> None:
    """Raises InvalidLineError for a URL that pip refuses wherever it stands."""
    parts = _split(url)
    if parts.scheme == "file":
        if not url.startswith("file:"):
            raise InvalidLineError("pip knows 'file:' in lower case only")
        if parts.netloc not in ("", "localhost") and os.sep == "/":
            raise InvalidLineError(
                "a 'file:' URL cannot name another host", "write 'file:///' and an absolute path"
            )
    egg_name(url)


def extension(path: str) -> str:
    """The ending of a file's name, `.tar.gz` and its like whole."""
    base, ending = os.path.splitext(path.rstrip("/"))
    return base[-4:] + ending if base.lower().endswith(".tar") else ending


def is_archive(path: str) -> bool:
    """Whether the name ends as a wheel or source archive does."""
    return extension(path).lower() in ARCHIVE_ENDINGS


def redact(text: str) -> str:
    """The text with the credentials of every URL in it masked; `git@` and `${VAR}` stay.

    Rather too much than too little: pip allows blanks in a URL's credentials.
    """
    before, found, after = text.partition("://")
    if not found:
        return text
    end = min((after.index(mark) for mark in "/?#" if mark in after), default=len(after))
    if "@" not in after[:end] and not _ends_in_port(after[:end]):
        # A password with an unescaped `/`, `?` or `#`.
        end = after.rfind("@") + 1 or end
    user, at, host = after[:end].rpartition("@")
    if at and user != "git" and not _is_variables(user):
        user = "****"
    return f"{before}://{user}{at}{host}{redact(after[end:])}"


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
    """The path that a `file:` URL means; it may be relative, as pip allows."""
    parts = urllib.parse.urlsplit(url)
    host = "" if parts.netloc in ("", "localhost") else f"//{parts.netloc}"
    if os.name == "nt":
        # It loads an HTTP client, and elsewhere is no more than the line below.
        from urllib.request import url2pathname

        return url2pathname(host + parts.path)
    return urllib.parse.unquote(host + parts.path)


def fragment(url: str, key: str) -> str | None:
    """The value of `key` in the URL's fragment (`#egg=name&subdirectory=pkg`), None if absent.

    As pip, which takes `&key=` in the query too.
    """
    found = (url.find(f"{mark}{key}=") for mark in "#&")
    start = min((at for at in found if at >= 0), default=-1)
    return None if start < 0 else url[start + len(key) + 2 :].partition("&")[0]


def egg_name(url: str) -> str:
    """The project that `#egg=` names, '' if it names none.

    Raises:
        InvalidLineError: pip >= 25 refuses anything but a bare project name there.
    """
    name = fragment(url, "egg")
    if name is not None and not is_project_name(name):
        raise InvalidLineError(
            f"'#egg={name}' is not a project name",
            "write 'name[extra] @ URL' instead",
        )
    return name or ""


def parse(url: str, bases: tuple[str, ...] = ()) -> Source:
    """What a direct reference points at, without credentials.

    Relative paths are looked up in each of `bases`; those that exist are kept in `folders`.

    Raises:
        ValueError: it is not a URL; `check` says so of a line's.
    """
    urllib.parse.urlsplit(url)
    hashes = tuple(f"{name}:{value}" for name in _HASHES if (value := fragment(url, name)))
    subdirectory = fragment(url, "subdirectory") or ""
    vcs, plus, location = url.partition("+")
    if plus and vcs.lower() in VCS_NAMES:
        location, revision = _split_revision(location.partition("#")[0])
        location = without_credentials(location)
        return Source("vcs", location, revision, None, subdirectory, vcs=vcs.lower())
    if scheme(url) in {"http", "https", "ftp"}:
        location = url.partition("#")[0]
        return Source(
            "archive", without_credentials(location), None, None, subdirectory, hashes=hashes
        )
    path = file_path(url) if scheme(url) == "file" else url
    return parse_path(path, bases)._replace(subdirectory=subdirectory, hashes=hashes)


def parse_path(path: str, bases: tuple[str, ...]) -> Source:
    """A folder or archive on this machine, looked up in each of `bases` if it is relative."""
    places = [os.path.normpath(os.path.join(base, path)) for base in bases] or [path]
    found = tuple(
        dict.fromkeys(os.path.realpath(place) for place in places if os.path.exists(place))
    )
    kind = "archive" if is_archive(path) and not any(map(os.path.isdir, found)) else "folder"
    return Source(kind, path, folders=found, local=True)


def _split_revision(location: str) -> tuple[str, str | None]:
    """`https://host/repo@v1` -> (`https://host/repo`, `v1`); an `@` before the host is a user's."""
    parts = urllib.parse.urlsplit(location)
    path, at, revision = parts.path.rpartition("@")
    if not at:
        return location, None
    return urllib.parse.urlunsplit(parts._replace(path=path)), revision


def without_credentials(url: str) -> str:
    """The URL without user and password, but for the `git@` that every SSH remote has."""
    return redact(url).replace("://****@", "://")


def identity(url: str) -> tuple[str, str]:
    """Host and path as they are compared: user, scheme, port, `.git`, a last slash do not count."""
    parts = urllib.parse.urlsplit(url)
    path = urllib.parse.unquote(parts.path).rstrip("/").removesuffix(".git")
    return (parts.hostname or "").lower(), f"{path}?{parts.query}" if parts.query else path
