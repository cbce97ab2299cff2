"""Distribution -> the files that it says it installed: RECORD, or an egg's installed-files.txt.

The format is that of the PyPA's "recording installed projects" (PEP 376, PEP 627). Lists are
untrusted: a path that leads out of the environment is reported, and never read.
"""

from __future__ import annotations

import csv
import io
import os
import re
from base64 import urlsafe_b64encode

from ..environments.metadata import read_inside, read_source
from ..files import is_inside
from ..repository import is_hexadecimal
from ..values import Distribution, Location, NamedTuple
from ..values.findings import Unreadable

# The layout below a prefix: lib/python3.11/site-packages, Debian's lib/python3/dist-packages.
_LAYOUT = re.compile(r"(.*)/lib(?:64)?/(?:python|pypy)[^/]*/(?:site|dist)-packages")

# These always write a RECORD. PEP 627 lets others omit it, to keep pip from changing their files.
_RECORDING = frozenset({"", "pip", "uv"})
# These write the environment's prefix into scripts after recording them.
_REWRITING = frozenset({"conda", "pex"})
# Debian omits INSTALLER too, and has its own folder for such packages.
_DEBIAN = "Debian"

# What signs a RECORD cannot be hashed in it.
_UNHASHED = ("/RECORD.jws", "/RECORD.p7s")
# Of digests, in bytes. In base64 no digest has the length of its hexadecimal form.
_SIZES = {"md5": 16, "sha1": 20, "sha256": 32, "sha384": 48, "sha512": 64}
_BYTECODE = (".pyc", ".pyo")


class Entry(NamedTuple):
    """A file that a distribution lists; without a hash `algorithm` is ''.

    `path` is absolute and normal, `digest` urlsafe base64 without padding, `size` in bytes.
    """

    path: str
    algorithm: str = ""
    digest: str = ""
    size: int | None = None


class Listing(NamedTuple):
    """Everything that a distribution lists; `troubles` are what is wrong with the list, and where.

    `unlisted` says why some or all of its files are not in a list; '' if all are. `listed` is
    whether there is a list at all, `bytecode` how many of its entries are compiled by Python.
    """

    owner: Distribution
    entries: tuple[Entry, ...] = ()
    troubles: tuple[tuple[Location, str], ...] = ()
    bytecode: int = 0
    listed: bool = True
    unlisted: str = ""


class _LineError(ValueError):
    """A line that does not conform to the format."""


def is_bytecode(path: str) -> bool:
    """Whether Python can rewrite the file at any time; `path` is below a site folder."""
    return path.endswith(_BYTECODE) or "__pycache__" in path.split("/")


def read_listing(owner: Distribution, prefix: str) -> Listing:
    """What a distribution lists; problems with the list are in `troubles`.

    Args:
        owner: the distribution.
        prefix: the environment's folder.
    """
    installer = ""
    name, problem = "RECORD", ""
    try:
        if owner.path.endswith(".dist-info"):
            installer = (read_inside(owner.path, "INSTALLER") or b"").decode("ascii", "replace")
        elif owner.path.endswith(".egg-info") and os.path.isdir(owner.path):
            name = "installed-files.txt"
        else:
            why = "setup.py develop" if owner.path.endswith(".egg-link") else "an egg"
            return Listing(owner, listed=False, unlisted=why)
        data = read_inside(owner.path, name)
        text = data and data.decode()
    except OSError as error:
        text, problem = None, f"cannot be read: {error.strerror or error}"
    except UnicodeDecodeError:
        text, problem = None, "is not UTF-8"
    if text:
        if name == "RECORD":
            place = _Place(owner.folder, prefix)
            return _read_record(owner, text, place, rewritten=installer.strip() in _REWRITING)
        return _read_installed_files(owner, text, _Place(owner.path, prefix))
    installer = installer.strip() or (_DEBIAN if owner.folder.endswith("/dist-packages") else "")
    if not problem and text is None and (name != "RECORD" or installer not in _RECORDING):
        why = f"installed by {installer}" if installer else "an egg"
        return Listing(owner, listed=False, unlisted=why)
    problem = problem or ("is missing" if text is None else "is empty")
    message = f"the {name} of {release_of(owner)} {problem}: its files are not verified"
    return Listing(owner, troubles=((Location(f"{owner.path}/{name}"), message),))


def release_of(owner: Distribution) -> str:
    """`requests 2.31.0`."""
    return f"{owner.project} {owner.version}"


def _read_record(owner: Distribution, text: str, place: _Place, *, rewritten: bool) -> Listing:
    """The listing of a RECORD: `path,algorithm=digest,size` a line, as csv.

    `rewritten` is whether the installer rewrites scripts after it has recorded them.
    """
    at, start = f"{owner.path}/RECORD", f"the RECORD of {release_of(owner)}"
    entries, troubles, bytecode = [], [], 0
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        try:
            row = next(rows, None)
            if row is None:
                break
            entry = _entry(row, place) if row else None
        except csv.Error as error:
            message = f"{start} cannot be parsed: {error}; the rest is not verified"
            troubles.append((Location(at, rows.line_num), message))
            break
        except _LineError as error:
            troubles.append((Location(at, rows.line_num), f"{start} {error}"))
            continue
        if entry is None or entry.path == at:
            continue  # its own line: it has just been read
        if is_bytecode(below := entry.path.removeprefix(owner.folder)) and not (
            entry.algorithm and _is_sourceless(below, entry.path)
        ):
            bytecode += 1
        elif rewritten and not is_inside(entry.path, owner.folder):
            entries.append(Entry(entry.path))
        else:
            entries.append(entry)
    source = read_source(owner) if owner.direct else None
    editable = source and not isinstance(source, Unreadable) and source.editable
    unlisted = "editable: its source is not in RECORD" if editable else ""
    return Listing(owner, tuple(entries), tuple(troubles), bytecode, unlisted=unlisted)


def _entry(row: list[str], place: _Place) -> Entry:
    """The entry of a row.

    Raises:
        _LineError: it is not a valid entry.
    """
    if len(row) > 3:
        raise _LineError(f"has a line of {len(row)} fields, not path,hash,size")
    path, hash_, size = [*row, "", ""][:3]
    absolute = place.find(path)
    if size and not (size.isascii() and size.isdigit()):
        raise _LineError(f"has an invalid size for '{path}': '{size}'")
    algorithm, equals, digest = hash_.partition("=")
    if hash_ and not (equals and algorithm and digest):
        raise _LineError(f"has an invalid hash for '{path}': '{hash_}' is not algorithm=digest")
    if absolute.endswith(_UNHASHED):
        return Entry(absolute)
    algorithm = algorithm.lower()
    return Entry(absolute, algorithm, _base64(algorithm, digest), int(size) if size else None)


def _base64(algorithm: str, digest: str) -> str:
    """The digest as the specification has it, without padding; flit writes hexadecimal digits."""
    if len(digest) == 2 * _SIZES.get(algorithm, 0) and is_hexadecimal(digest):
        digest = urlsafe_b64encode(bytes.fromhex(digest)).decode()
    return digest.rstrip("=")


def _is_sourceless(below: str, path: str) -> bool:
    """Whether a project ships the bytecode instead of source; Python does not rewrite that."""
    return "__pycache__" not in below.split("/") and not os.path.exists(path[:-1])


def _read_installed_files(owner: Distribution, text: str, place: _Place) -> Listing:
    """The listing of an egg-info folder, whose paths are relative to itself; without hashes."""
    at = f"{owner.path}/installed-files.txt"
    entries, troubles, bytecode = [], [], 0
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            entry = Entry(place.find(line.rstrip("\r")))
        except _LineError as error:
            message = f"the installed-files.txt of {release_of(owner)} {error}"
            troubles.append((Location(at, number), message))
            continue
        if is_bytecode(entry.path.removeprefix(owner.folder)):
            bytecode += 1
        else:
            entries.append(entry)
    return Listing(owner, tuple(entries), tuple(troubles), bytecode)


class _Place:
    """Resolves the paths of a list: relative to a folder, and limited to a root."""

    def __init__(self, folder: str, prefix: str) -> None:
        self._folder = folder
        self._root = _root(folder, prefix)

    def find(self, path: str) -> str:
        """The absolute path of a listed one.

        Raises:
            _LineError: it is outside of the environment, or is not a path.
        """
        if not path or "\0" in path:
            raise _LineError("has a line without a path")
        found = os.path.normpath(os.path.join(self._folder, path))
        if "\\" in path and not os.path.exists(found):
            # Written on Windows, where both slashes are separators.
            found = os.path.normpath(os.path.join(self._folder, path.replace("\\", "/")))
        if is_inside(found, self._root):
            return found
        if self._root == self._folder and path.startswith("../../"):
            # pip --target installs into lib/python of a folder, then moves its content.
            found = os.path.normpath(os.path.join(self._folder, path[6:]))
            if is_inside(found, self._root):
                return found
        raise _LineError(f"lists '{path}', which is outside of the environment and is not read")


def _root(folder: str, prefix: str) -> str:
    """The folder that contains everything that was installed with a site folder.

    It is the prefix, or, for example for the user's site folder, the folder with the same layout.
    """
    if is_inside(folder, prefix):
        return prefix
    layout = _LAYOUT.match(folder)
    return layout[1] if layout else folder
