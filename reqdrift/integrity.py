"""What distributions say they installed, and how the files on disk deviate (`reqdrift verify`).

The lists are RECORD (the PyPA's "recording installed projects", PEP 376, PEP 627). They are
untrusted: a path that leads out of the environment is reported, and never read.

Files are read in chunks of limited size: no file is completely in memory. Pipes and devices in
place of a file are never opened.

- `verify` names a release to install again only if no requirements file has an option, a hash
  or a constraint; otherwise it prints no command, and the hint names the place.
"""

from __future__ import annotations

import csv
import hashlib
import io
import ntpath
import os
import re
import stat
from base64 import urlsafe_b64encode

from .environments.metadata import read_inside, read_source
from .files import is_inside
from .repository import is_hexadecimal, read_text
from .values import TYPE_CHECKING, Distribution, Location, NamedTuple, Note
from .values.details import Finding, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
    from typing import Literal

    from .values import CanonicalName, Environment, KindName

    Kind = Literal["missing", "link", "changed", "unreadable"]


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


def read_listing(owner: Distribution, prefix: str) -> Listing:
    """What a distribution lists; problems with the list are in `troubles`.

    Args:
        owner: the distribution.
        prefix: the environment's folder.
    """
    if not owner.path.endswith(".dist-info"):
        why = "setup.py develop" if owner.path.endswith(".egg-link") else "an egg"
        return Listing(owner, listed=False, unlisted=why)
    try:
        installer = (read_inside(owner.path, "INSTALLER") or b"").decode("ascii", "replace").strip()
        data = read_inside(owner.path, "RECORD")
        if data:
            return _read_record(owner, data.decode(), prefix, rewritten=installer in _REWRITING)
        installer = installer or (_DEBIAN if owner.folder.endswith("/dist-packages") else "")
        if data is None and installer not in _RECORDING:
            return Listing(owner, listed=False, unlisted=f"installed by {installer}")
        problem = "is missing" if data is None else "is empty"
    except OSError as error:
        problem = f"cannot be read: {error.strerror or error}"
    except UnicodeDecodeError:
        problem = "is not UTF-8"
    message = f"the RECORD of {release_of(owner)} {problem}: its files are not verified"
    return Listing(owner, troubles=((Location(f"{owner.path}/RECORD"), message),))


def sharing(
    environment: Environment, projects: Set[CanonicalName]
) -> dict[CanonicalName, set[CanonicalName]]:
    """For those of the projects that list a file of another one, all that list the same files."""
    if not projects:
        return {}
    own = {name: found for name, found in environment.distributions.items() if found.own}
    listed = {name: _files_of(found, environment.prefix) for name, found in own.items()}
    shared = {
        name: {other for other in listed if not listed[name].isdisjoint(listed[other])} - {name}
        for name in projects & listed.keys()
    }
    return {name: others for name, others in shared.items() if others}


def _files_of(owner: Distribution, prefix: str) -> set[str]:
    """The files that a distribution lists, also in the format of `setup.py install --record`."""
    if not owner.path.endswith(".egg-info"):
        return {entry.path for entry in read_listing(owner, prefix).entries}
    names = read_text(f"{owner.path}/installed-files.txt").split("\n")
    return {os.path.normpath(os.path.join(owner.path, name)) for name in filter(None, names)}


def release_of(owner: Distribution) -> str:
    """`requests 2.31.0`."""
    return f"{owner.project} {owner.version}"


def _read_record(owner: Distribution, text: str, prefix: str, *, rewritten: bool) -> Listing:
    """The listing of a RECORD: `path,algorithm=digest,size` a line, as csv.

    `rewritten` is whether the installer rewrites scripts after it has recorded them.
    """
    at, start = f"{owner.path}/RECORD", f"the RECORD of {release_of(owner)}"
    folder, root = owner.folder, prefix
    if not is_inside(folder, prefix):
        # For example the user's site folder: what is above it is laid out like the environment.
        layout = _LAYOUT.match(folder)
        root = layout[1] if layout else folder
    entries, troubles, bytecode = [], [], 0
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in filter(None, rows):
            try:
                entry = _entry(row, folder, root)
            except ValueError as error:
                troubles.append((Location(at, rows.line_num), f"{start} {error}"))
                continue
            if entry.path == at:
                continue  # it has just been read
            below = entry.path.removeprefix(folder)
            # Python can rewrite it at any time, unless a project ships it instead of source.
            if "__pycache__" in below.split("/") or (
                below.endswith(_BYTECODE)
                and not (entry.algorithm and not os.path.exists(entry.path[:-1]))
            ):
                bytecode += 1
            else:
                is_rewritten = rewritten and not is_inside(entry.path, folder)
                entries.append(Entry(entry.path) if is_rewritten else entry)
    except csv.Error as error:
        message = f"{start} cannot be parsed: {error}; the rest is not verified"
        troubles.append((Location(at, rows.line_num), message))
    source = read_source(owner) if owner.direct else None
    is_editable = isinstance(source, Source) and source.editable
    unlisted = "editable: its source is not in RECORD" if is_editable else ""
    return Listing(owner, tuple(entries), tuple(troubles), bytecode, unlisted=unlisted)


def _entry(row: list[str], folder: str, root: str) -> Entry:
    """The entry of a row.

    Raises:
        ValueError: it is not a valid entry.
    """
    if len(row) > 3:
        raise ValueError(f"has a line of {len(row)} fields, not path,hash,size")
    path, hash_, size = [*row, "", ""][:3]
    absolute = _located(path, folder, root)
    if size and not (size.isascii() and size.isdigit()):
        raise ValueError(f"has an invalid size for '{path}': '{size}'")
    algorithm, equals, digest = hash_.partition("=")
    if hash_ and not (equals and algorithm and digest):
        raise ValueError(f"has an invalid hash for '{path}': '{hash_}' is not algorithm=digest")
    if absolute.endswith(_UNHASHED):
        return Entry(absolute)
    algorithm = algorithm.lower()
    return Entry(absolute, algorithm, _base64(algorithm, digest), int(size) if size else None)


def _base64(algorithm: str, digest: str) -> str:
    """The digest as the specification has it, without padding; flit writes hexadecimal digits."""
    if len(digest) == 2 * _SIZES.get(algorithm, 0) and is_hexadecimal(digest):
        digest = urlsafe_b64encode(bytes.fromhex(digest)).decode()
    return digest.rstrip("=")


def _located(path: str, folder: str, root: str) -> str:
    """The absolute path of one that a list has relative to a site folder.

    Raises:
        ValueError: it is outside of the root, or is not a path.
    """
    if not path or "\0" in path:
        raise ValueError("has a line without a path")
    found = os.path.normpath(os.path.join(folder, path))
    if "\\" in path and not os.path.exists(found):
        # Written on Windows, where both slashes are separators.
        found = os.path.normpath(os.path.join(folder, path.replace("\\", "/")))
    if root == folder and path.startswith("../../") and not is_inside(found, root):
        # pip --target installs into lib/python of a folder, then moves its content.
        found = os.path.normpath(os.path.join(folder, path[6:]))
    if is_inside(found, root):
        return found
    raise ValueError(f"lists '{path}', which is outside of the environment and is not read")


_CHUNK = 256 * 1024

# Also MD5 and SHA-1, which the specification forbids. Those without a length are left out.
KNOWN = hashlib.algorithms_guaranteed - {"shake_128", "shake_256"}


class Deviation(NamedTuple):
    """A listed file that does not match its list.

    `kind` is `missing`, `link` (dangling), `changed` or `unreadable`; `why` describes it. `cause`
    is the topmost folder that is missing or unreadable, if that is the reason; otherwise the file.
    `owners` are those whose list it does not match, `agreeing` those whose list it matches.
    """

    path: str
    kind: Kind
    why: str
    cause: str
    owners: tuple[int, ...]
    agreeing: tuple[int, ...] = ()


def look(
    listings: Sequence[Listing], chosen: Iterable[int]
) -> Iterator[tuple[int, Deviation | None]]:
    """Compare the files of the chosen listings with the disk.

    Args:
        listings: all of them: a file may have owners that are not chosen.
        chosen: indices of those whose files are looked at.

    Yields:
        For each file, the number of bytes read, and how it deviates.
    """
    for path, entries in _wanted(listings, chosen).items():
        try:
            yield _look_at(path, entries)
        except OSError as error:
            kind: Kind = "unreadable"
            if isinstance(error, FileNotFoundError | NotADirectoryError):
                kind = "link" if os.path.islink(path) else "missing"
            why = error.strerror or str(error)
            yield 0, Deviation(path, kind, why, _cause(path), _owners(entries))


def _wanted(
    listings: Sequence[Listing], chosen: Iterable[int]
) -> dict[str, list[tuple[int, Entry]]]:
    """Every file of the chosen, with the entry of each of its owners."""
    wanted: dict[str, list[tuple[int, Entry]]]
    wanted = {entry.path: [] for index in chosen for entry in listings[index].entries}
    for index, listing in enumerate(listings):
        for entry in listing.entries:
            if entry.path in wanted:
                wanted[entry.path].append((index, entry))
    return wanted


def _owners(entries: Iterable[tuple[int, Entry]]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(index for index, _ in entries))


def _cause(path: str) -> str:
    """The topmost folder above a path that is gone, no folder, or shut; without one, the path."""
    parent = os.path.dirname(path)
    while parent != path and not (os.path.isdir(parent) and os.access(parent, os.X_OK)):
        path, parent = parent, os.path.dirname(parent)
    return path


def _look_at(path: str, entries: Sequence[tuple[int, Entry]]) -> tuple[int, Deviation | None]:
    """The bytes read, and how the file deviates.

    Raises:
        OSError: it is not there, or cannot be read.
    """
    found = os.stat(path)
    hashed = [entry for _, entry in entries if entry.algorithm in KNOWN]
    if not stat.S_ISREG(found.st_mode):
        if stat.S_ISDIR(found.st_mode) and not hashed:
            return 0, None  # some lists name folders
        thing = "a folder" if stat.S_ISDIR(found.st_mode) else "a pipe, socket or device"
        why = f"is {thing} in place of the installed file"
        return 0, Deviation(path, "changed", why, path, _owners(entries))
    size = found.st_size
    # If the size differs, the file need not be read.
    algorithms = {entry.algorithm for entry in hashed if entry.size in (None, size)}
    digests = _digests(path, size, algorithms) if algorithms else {}
    why = ""
    owners, agreeing = [], []
    for index, entry in entries:
        is_hashed, is_of_size = entry.algorithm in KNOWN, entry.size in (None, size)
        if is_hashed and (
            digests.get(entry.algorithm) == entry.digest or _is_script_of_pip(entry, size)
        ):
            agreeing.append(index)
        elif is_hashed or not is_of_size:
            differs = f"{size} bytes, RECORD says {entry.size}"
            differs = f"{entry.algorithm} differs" if is_of_size else differs
            why = why or f"does not match RECORD ({differs})"
            owners.append(index)
    changed = Deviation(path, "changed", why, path, tuple(owners), tuple(agreeing))
    return size if algorithms else 0, changed if owners else None


def _is_script_of_pip(entry: Entry, size: int) -> bool:
    """Whether only the first line differs, for which pip before 23 recorded the wheel's own.

    It is `#!python` in a wheel, and installers put the environment's interpreter there, which may
    have been moved since.
    """
    folder = os.path.dirname(entry.path)
    if os.path.basename(folder) not in ("bin", "Scripts") or size > _CHUNK:
        return False
    with open(_open(entry.path), "rb") as file:
        line, rest = file.readline(), file.read(_CHUNK)
    interpreter = ntpath.basename(os.fsdecode(line.strip()))
    if not (line.startswith(b"#!") and interpreter.lower().startswith(("python", "pypy"))):
        return False
    firsts = (b"#!python\n", b"#!python\r\n", b"#!pythonw\n", b"#!python3\n")
    hashes = (hashlib.new(entry.algorithm, f + rest, usedforsecurity=False) for f in firsts)
    return entry.digest in (_encoded(one.digest()) for one in hashes)


def _encoded(digest: bytes) -> str:
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def _open(path: str) -> int:
    """A file descriptor. The file may have become a pipe, which must not block."""
    return os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))


def _digests(path: str, size: int, algorithms: Iterable[str]) -> Mapping[str, str]:
    """The digests of a file of so many bytes, as RECORD writes them."""
    hashes = {name: hashlib.new(name, usedforsecurity=False) for name in algorithms}
    # One byte more than the size, so that a small file needs no second call.
    length = min(_CHUNK, size + 1)
    with open(_open(path), "rb", buffering=0) as file:
        while data := file.read(length):
            for one in hashes.values():
                one.update(data)
            if len(data) < length:
                break
    return {name: _encoded(one.digest()) for name, one in hashes.items()}


def modified(
    environment: Environment, listings: Sequence[Listing], deviations: Iterable[Deviation]
) -> Iterator[Finding]:
    """A finding for each changed file, and for each cause of missing or unreadable files."""
    groups: dict[tuple[object, ...], list[Deviation]] = {}
    for one in deviations:
        # Links dangle if the cache that an installer linked to was emptied.
        cause = "" if one.kind == "link" or one.agreeing else one.cause
        groups.setdefault((one.kind, cause, one.owners, one.agreeing), []).append(one)
    for group in groups.values():
        first = min(group)
        owner = listings[first.owners[0]].owner
        kind: KindName = "broken" if first.kind == "unreadable" else "modified"
        at, message = Location(first.cause), _message(environment, listings, first, len(group))
        yield Finding(kind, "error", owner.name, at, None, owner.version, message)


def _message(
    environment: Environment, listings: Sequence[Listing], first: Deviation, number: int
) -> str:
    owner = listings[first.owners[0]].owner
    owners = " and ".join(release_of(listings[index].owner) for index in first.owners)
    folder = first.cause != first.path
    what = below(first.cause, owner.folder, environment.prefix) + ("/" if folder else "")
    files = f" ({number} file{'s' if number > 1 else ''})" if folder else ""
    more = f" and {number - 1} more" if number > 1 and not folder else ""
    if first.kind == "missing":
        return f"{what} of {owners} is missing{files}"
    if first.kind == "unreadable":
        return f"{what} of {owners} cannot be read: {first.why}{files}"
    if first.kind == "link":
        are = "are dangling links" if more else "is a dangling link"
        return f"{what}{more} of {owners} {are}"
    if first.agreeing:
        others = " and ".join(release_of(listings[index].owner) for index in first.agreeing)
        match = "match" if more else "matches"
        return f"{what}{more} {match} the RECORD of {others}, but not that of {owners}"
    return f"{what} of {owners} {first.why}"


def below(path: str, folder: str, prefix: str) -> str:
    """The path relative to the site folder, or to the environment's folder."""
    for start in (folder, prefix):
        if is_inside(path, start):
            return path.removeprefix(f"{start}/")
    return path


def unclear(listings: Iterable[Listing]) -> Iterator[Finding]:
    """Lists that cannot be read completely, and unknown hash algorithms."""
    for listing in listings:
        owner = listing.owner
        troubles = [*listing.troubles]
        unknown = [e.algorithm for e in listing.entries if e.algorithm and e.algorithm not in KNOWN]
        if unknown:
            names = ", ".join(sorted(set(unknown)))
            message = f"the RECORD of {release_of(owner)} uses unknown hash algorithms ({names})"
            message += f": {len(unknown)} files are not verified"
            troubles.append((Location(f"{owner.path}/RECORD"), message))
        for at, message in troubles:
            yield Finding("broken", "error", owner.name, at, None, owner.version, message)


def unlisted_files(listings: Iterable[Listing]) -> Iterator[Note]:
    """A note for each reason why distributions, or parts of them, cannot be verified."""
    reasons: dict[str, list[str]] = {}
    for listing in listings:
        if listing.unlisted:
            reasons.setdefault(listing.unlisted, []).append(release_of(listing.owner))
    for why, names in reasons.items():
        yield Note("unsure", None, None, f"not verified ({why}): {', '.join(sorted(names))}")
