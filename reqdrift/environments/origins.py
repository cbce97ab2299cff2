"""Where a distribution that is not from an index came from: direct_url.json, or an egg-link."""

from __future__ import annotations

import os

from .. import standards
from ..errors import InvalidLineError
from ..standards import plain_json
from ..values import TYPE_CHECKING, Distribution
from ..values.details import Source
from ..values.findings import Unreadable
from .metadata import egg_link_folders, read_inside

if TYPE_CHECKING:
    from typing import Any

# A package is being installed or uninstalled at the same time.
GONE = "it was removed while reqdrift was running"
# The last one is virtualenv before 20.
_MARKS = ("pyvenv.cfg", "conda-meta", "bin/activate_this.py")


def read_source(distribution: Distribution) -> Source | Unreadable:
    """Where the distribution came from: its direct_url.json (PEP 610), or its egg-link."""
    path = distribution.path
    try:
        if path.endswith(".egg-link"):
            folders = egg_link_folders(path)
            if not folders:
                return Unreadable(path, GONE)
            return _at(folders, Source("folder", folders[-1], editable=True, local=True))
        path = f"{path}/direct_url.json"
        data = read_inside(distribution.path, "direct_url.json")
        if data is None:
            return Unreadable(path, GONE)
        source = source_of(plain_json.loads(data.decode()))
        if not source.local:
            return source
        conda = (read_inside(distribution.path, "INSTALLER") or b"").strip() == b"conda"
        return placed(source)._replace(conda=conda)
    except OSError as error:
        return Unreadable(path, error.strerror or str(error))
    except (InvalidLineError, ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return Unreadable(path, "does not conform to PEP 610")


def source_of(record: dict[str, Any]) -> Source:
    """The source that a direct_url.json describes; the disk is not looked at.

    Raises:
        InvalidLineError, ValueError, TypeError, AttributeError, KeyError: it is none.
    """
    subdirectory = _word(record.get("subdirectory") or "")
    path = "" if {"vcs_info", "archive_info"} & record.keys() else _plain_path(record["url"])
    if path:
        editable = bool(record["dir_info"].get("editable"))
        return Source("folder", path, None, None, subdirectory, (), editable, local=True)
    if vcs := record.get("vcs_info"):
        requested = vcs.get("requested_revision")
        if vcs["vcs"] not in standards.urls.VCS_NAMES:
            raise ValueError(vcs["vcs"])
        url = standards.urls.without_credentials(_word(record["url"]))
        standards.urls.identity(url)  # raises if it is not a URL
        return Source(
            "vcs",
            url,
            _word(vcs["commit_id"]),
            None if requested is None else _word(requested),
            subdirectory,
            vcs=vcs["vcs"],
        )
    source = standards.urls.parse(record["url"])
    if (archive := record.get("archive_info")) is not None:
        named = (archive.get("hashes") or {}).items()
        hashes = {f"{_word(name)}:{_word(value)}" for name, value in named}
        if archive.get("hash"):
            hashes.add(_word(archive["hash"]).replace("=", ":", 1))
        source = source._replace(kind="archive", hashes=tuple(sorted(hashes)))
    else:
        editable = bool(record["dir_info"].get("editable"))
        source = source._replace(kind="folder", editable=editable)
    return source._replace(subdirectory=subdirectory)


def _plain_path(url: object) -> str:
    """The path of a `file:` URL that says it without escapes, '' for every other URL."""
    if not isinstance(url, str) or not url.startswith("file:///"):
        return ""
    path = url[7:]
    words = path.translate({ord(mark): "" for mark in "/-_.+"})
    return path if words.isascii() and words.isalnum() else ""


def placed(source: Source) -> Source:
    """A folder or archive of this machine, with its place."""
    return _at((os.path.realpath(source.url),), source)


def _at(folders: tuple[str, ...], source: Source) -> Source:
    return source._replace(folders=folders, environment=_environment_around(folders[-1]))


def _environment_around(folder: str) -> str:
    """The innermost Python environment that contains a folder, '' if there is none.

    pip clones into `src/` of a virtualenv.
    """
    while (parent := os.path.dirname(folder)) != folder:
        folder = parent
        if any(os.path.exists(f"{folder}/{mark}") for mark in _MARKS):
            return folder
    return ""


def _word(value: object) -> str:
    """A text that can be part of a line.

    Raises:
        ValueError: it is not text, or has a character that would end the line.
    """
    if not isinstance(value, str) or not value.isprintable():
        raise ValueError(value)
    return value
