"""URLs as pip reads them: direct references, VCS locations, `file:` paths, credentials."""

from __future__ import annotations

import os
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit
from urllib.parse import quote as quote

from .. import standards, texts
from ..errors import InvalidLineError
from ..values.details import Source
from .versions import is_archive as is_archive

VCS_NAMES = ("git", "hg", "bzr", "svn")
# pip's `vcs.all_schemes`: the schemes of VCS references.
_VCS_SCHEMES = """
git+http git+https git+ssh git+git git+file hg+file hg+http hg+https hg+ssh hg+static-http
svn+ssh svn+http svn+https svn+svn svn+file
bzr+http bzr+https bzr+ssh bzr+sftp bzr+ftp bzr+lp bzr+file
"""
VCS_SCHEMES = frozenset(_VCS_SCHEMES.split())
# pip's `LinkHash`: hashes in a URL's fragment.
_HASHES = ("sha512", "sha384", "sha256", "sha224", "sha1", "md5")

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
        raise InvalidLineError(f"'{url}' is not a valid URL") from None


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
    _checked(without_user(url))
    if parts.scheme == "file":
        if not url.startswith("file:"):
            raise InvalidLineError("pip accepts 'file:' in lower case only")
        if parts.netloc not in ("", "localhost") and os.sep == "/":
            raise InvalidLineError(
                "a 'file:' URL cannot name another host", "write 'file:///' and an absolute path"
            )
    egg_name(url)


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
    """The source of a direct reference, without user and password.

    Relative paths are resolved in each of `bases`; those that exist are in `folders`.

    Raises:
        ValueError: it is not a URL; `check` reports that for a line.
    """
    urlsplit(without_user(url))
    hashes = tuple(f"{name}:{value}" for name in _HASHES if (value := fragment(url, name)))
    subdirectory = fragment(url, "subdirectory") or ""
    vcs, plus, location = url.partition("+")
    if plus and vcs.lower() in VCS_NAMES:
        # Before it is cut: a password may contain `#`.
        location = without_user(location).partition("#")[0]
        location, revision = _split_revision(location)
        return Source("vcs", location, revision, None, subdirectory, vcs=vcs.lower())
    if scheme(url) in {"http", "https", "ftp"}:
        location = without_user(url).partition("#")[0]
        return Source("archive", location, None, None, subdirectory, hashes=hashes)
    path, recorded = url, ""
    if scheme(url) == "file":
        path = file_path(url)
        recorded = "" if os.path.isabs(path) else os.path.normpath(f"/{path}")
    found = parse_path(path, bases)
    return found._replace(subdirectory=subdirectory, hashes=hashes, recorded=recorded)


def parse_path(path: str, bases: tuple[str, ...]) -> Source:
    """A folder or archive on this machine; a relative path is resolved in each of `bases`."""
    places = [os.path.normpath(os.path.join(base, path)) for base in bases] or [path]
    found = dict.fromkeys(os.path.realpath(place) for place in places if os.path.exists(place))
    is_file = is_archive(path) and not any(map(os.path.isdir, found))
    return Source("archive" if is_file else "folder", path, folders=(*found,), local=True)


def _split_revision(location: str) -> tuple[str, str | None]:
    """`https://host/repo@v1` -> (`https://host/repo`, `v1`); not at an `@` before the host."""
    parts = urlsplit(location)
    path, at, revision = parts.path.rpartition("@")
    return (urlunsplit(parts._replace(path=path)), revision) if at else (location, None)


def without_user(url: str) -> str:
    """The URL without user and password, except the `git@` of SSH remotes, as pip records it."""
    if "@" not in url:
        return url
    scheme, _, rest = url.partition(":")
    if scheme.rpartition("+")[2] == "file" and rest[:1] == "/" and "//" not in rest:
        return url  # only a path, as pip-compile writes it
    scheme, _, rest = url.partition("://")
    host = rest.partition("/")[0]
    if host and "//" not in rest and {"@", ":"}.isdisjoint(scheme + host) and url.split() == [url]:
        return url  # any `@` is in the path
    return texts.secrets.without_users(url).replace(f"://{texts.secrets.MASK}@", "://")


def identity(url: str) -> tuple[str, str]:
    """Host and path for comparison; user, scheme, port, `.git` and a final slash do not count."""
    parts = urlsplit(url)
    path = unquote(parts.path).rstrip("/").removesuffix(".git")
    return (parts.hostname or "").lower(), f"{path}?{parts.query}" if parts.query else path
