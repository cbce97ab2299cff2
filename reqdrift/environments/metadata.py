"""Read the metadata of a distribution: METADATA, PKG-INFO, of eggs and egg-links too.

A clean check of installed wheels does not need this module.
"""

from __future__ import annotations

import os

from .. import standards
from ..errors import InvalidLineError
from ..files import lines_of, read_regular, upwards
from ..values import TYPE_CHECKING, Distribution, Unreadable
from ..values.details import Source

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


def egg_link_folders(link: str) -> tuple[str, ...]:
    """The folders of an egg-link: of the egg-info, and of the project.

    Empty if there is no such file, or if it is empty.

    Raises:
        OSError: the file is there but cannot be read.
    """
    try:
        text = lines_of(read_regular(link))
    except FileNotFoundError:
        return ()
    lines = [line.strip() for line in text if line.strip()]
    if not lines or any("\0" in line for line in lines):
        return ()
    target = os.path.join(os.path.dirname(link), lines[0])
    return tuple(os.path.realpath(os.path.join(target, line)) for line in (".", *lines[1:2]))


def identity(path: str) -> tuple[str, str]:
    """Name and version from the metadata, or from the folder name if they are missing."""
    try:
        found = dict(reversed(read_metadata(path) or ()))  # the first of each counts
    except OSError:
        found = {}
    name, _, rest = os.path.basename(path).rpartition(".")[0].partition("-")
    return found.get("name") or name, found.get("version") or rest.partition("-py")[0]


def leftovers(copies: Sequence[Distribution]) -> list[Distribution]:
    """Those of a project's distributions that an interrupted installer left behind.

    pip ignores metadata without a name, and no installer removes what alone has no RECORD.
    """
    nameless, unlisted = [], []
    for one in copies:
        try:
            if "name" not in dict(read_metadata(one.path) or ()):
                nameless.append(one)
        except OSError:  # it may be complete
            continue
        if one.entry.endswith(".dist-info") and not os.path.lexists(f"{one.path}/RECORD"):
            unlisted.append(one)
    return nameless or (unlisted if len(unlisted) < len(copies) else [])


def describe_leftover(path: str, *, is_only: bool = False) -> str:
    """What an interrupted installer left behind, and how to get rid of it.

    If it `is_only`, there is no other distribution of the project.
    """
    name, quoted = os.path.basename(path), path.replace("'", "'\\''")
    record = f"{path}/RECORD"
    if is_only and os.path.isfile(record) and os.path.getsize(record):
        # To delete it would leave the files of the package.
        release = "==".join(name.removesuffix(".dist-info").split("-", 1))
        return f"'{name}' is incomplete; if no installer is at work, reinstall {release}"
    return f"'{name}' is incomplete; if no installer is at work, delete it: rm -r '{quoted}'"


def read_metadata(path: str) -> list[tuple[str, str]] | None:
    """The headers of a distribution's METADATA or PKG-INFO, names in lower case.

    Args:
        path: a dist-info or egg-info folder, an egg-info file, an egg (folder or zip).

    Returns:
        None if there is no such file.

    Raises:
        OSError: the file is there but cannot be read.
    """
    for name in ("METADATA", "PKG-INFO", "EGG-INFO/PKG-INFO"):
        data = read_inside(path, name)
        if data is not None:
            return parse_headers(data)
    if path.endswith(".egg-info") and os.path.isfile(path):
        return parse_headers(read_regular(path))
    return None


def read_inside(path: str, name: str) -> bytes | None:
    """A file inside a metadata folder or egg, None if it is not there; OSError if unreadable."""
    try:
        return read_regular(os.path.join(path, name))
    except NotADirectoryError:
        return _read_zipped(path, name) if path.endswith(".egg") else None
    except (FileNotFoundError, IsADirectoryError):
        return None


def _read_zipped(egg: str, name: str) -> bytes | None:
    # Importing it takes as long as reading a small environment, and zipped eggs are rare.
    import zipfile

    try:
        with zipfile.ZipFile(egg) as archive:
            return archive.read(name)
    except (KeyError, zipfile.BadZipFile):
        return None


def parse_headers(data: bytes) -> list[tuple[str, str]]:
    """The headers of core metadata, as `email` (and pip) reads them: up to the first empty line.

    A line that is not a header ends them too.
    """
    headers: list[tuple[str, list[str]]] = []
    for line in lines_of(data):
        # Old descriptions have lines with only spaces.
        if line.startswith((" ", "\t")):
            if headers:
                headers[-1][1].append(line.strip())
            continue
        key, colon, value = line.partition(":")
        if not colon or not key.isascii() or not key.isprintable() or " " in key:
            break
        headers.append((key.lower(), [value.strip()]))
    return [(key, " ".join(parts)) for key, parts in headers if key]


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
            return placed(Source("folder", folders[-1], editable=True, local=True), folders)
        path = f"{path}/direct_url.json"
        data = read_inside(distribution.path, "direct_url.json")
        if data is None:
            return Unreadable(path, GONE)
        try:
            record = load_json(data.decode())
        except (ValueError, RecursionError):
            return Unreadable(
                path, "it is incomplete; if no installer is at work, reinstall the package"
            )
        source = source_of(record)
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
        if vcs["vcs"] not in standards.urls.VCS_NAMES:
            raise ValueError(vcs["vcs"])
        requested, commit = vcs.get("requested_revision"), _word(vcs["commit_id"])
        requested = None if requested is None else _word(requested)
        url = standards.urls.without_user(_word(record["url"]))
        standards.urls.identity(url)  # raises if it is not a URL
        return Source("vcs", url, commit, requested, subdirectory, vcs=vcs["vcs"])
    source = standards.urls.parse(record["url"])
    if (archive := record.get("archive_info")) is not None:
        named = (archive.get("hashes") or {}).items()
        hashes = {f"{_word(name)}:{_word(value)}" for name, value in named}
        if archive.get("hash"):
            hashes.add(_word(archive["hash"]).replace("=", ":", 1))
        source = source._replace(kind="archive", hashes=tuple(sorted(hashes)))
    else:
        editable = bool(record["dir_info"].get("editable"))
        if not record["url"].startswith("file:"):
            raise ValueError(record["url"])
        source = source._replace(kind="folder", editable=editable)
    return source._replace(subdirectory=subdirectory)


def _plain_path(url: object) -> str:
    """The path of a `file:` URL that says it without escapes, '' for every other URL."""
    if not isinstance(url, str) or not url.startswith("file:///"):
        return ""
    path = url[7:]
    words = path.translate({ord(mark): "" for mark in "/-_.+"})
    return path if words.isascii() and words.isalnum() else ""


def placed(source: Source, folders: tuple[str, ...] = ()) -> Source:
    """A folder or archive of this machine, with its place, and the environment around that.

    pip clones into `src/` of a virtualenv.
    """
    folders = folders or (os.path.realpath(source.url),)
    for around in upwards(os.path.dirname(folders[-1])):
        if any(os.path.exists(f"{around}/{mark}") for mark in _MARKS):
            return source._replace(folders=folders, environment=around)
    return source._replace(folders=folders)


def _word(value: object) -> str:
    """A text that can be part of a line.

    Raises:
        ValueError: it is not text, or has a character that would end the line.
    """
    if not isinstance(value, str) or not value.isprintable():
        raise ValueError(value)
    return value


_JSON_SPACE = " \t\n\r"


class _JsonSettings:
    """What the scanner asks of a `json.JSONDecoder`: its defaults."""

    strict = True
    object_hook = object_pairs_hook = array_hook = None
    parse_float, parse_int = float, int
    # `NaN` and its like are left to the package.
    parse_constant = None


def load_json(text: str) -> Any:
    """The value of a JSON text, as `json.loads` returns it.

    The package loads `re` and `enum`, which would be half of a clean run.

    Raises:
        ValueError, RecursionError: it is not valid.
    """
    try:
        # The part of the package that is written in C. It asks for nothing but these attributes.
        from _json import make_scanner

        scan = make_scanner(_JsonSettings)  # type: ignore[arg-type]
        value, end = scan(text, len(text) - len(text.lstrip(_JSON_SPACE)))
    except (ImportError, AttributeError, StopIteration, TypeError, ValueError, SystemError):
        # Not CPython, or one that asks for more; or the text is not valid. SystemError: the scanner
        # finds no class for its error before the package is loaded.
        end = 0
    if end and not text[end:].strip(_JSON_SPACE):
        return value
    # It raises what is wrong, or knows more.
    import json

    return json.loads(text)
