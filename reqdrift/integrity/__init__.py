"""Lists of files -> how the files on disk deviate from them (`reqdrift verify`).

Files are read in parallel and in chunks of limited size. Hashing and reading release the GIL. No
file is completely in memory. Pipes and devices in place of a file are never opened.
"""

from __future__ import annotations

import hashlib
import ntpath
import os
import stat
from base64 import urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor

from ..files import is_inside
from ..values import TYPE_CHECKING, Location, NamedTuple, Note
from ..values.findings import Finding
from .record import release_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Literal

    from ..values import Environment
    from .record import Entry, Listing

    Kind = Literal["missing", "link", "changed", "unreadable"]
    # A file to compare, with the entry of each of its owners.
    Wanted = tuple[str, tuple[tuple[int, Entry], ...]]


# More threads than processors: a disk serves several requests at a time. Measured on 68,000 files
# that were not in memory: 13 s with one thread, 8 with four, 5 with eight; no loss where they were.
_THREADS = 8
_CHUNK = 256 * 1024
# A share of the work for a thread: small enough to end soon after an interrupt.
_FILES_IN_SHARE = 64
_BYTES_IN_SHARE = 16 * 1024 * 1024

_STRONG = frozenset(
    ("sha256", "sha384", "sha512", "sha3_256", "sha3_384", "sha3_512", "blake2b", "blake2s")
)
# The specification forbids these. A difference is reported; a match gets a note.
WEAK = frozenset(("md5", "sha1", "sha224", "sha3_224"))
KNOWN = _STRONG | WEAK

_OTHER_THINGS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


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
) -> Iterator[tuple[int, list[Deviation]]]:
    """Compare the files of the chosen listings with the disk.

    Args:
        listings: all of them: a file may have owners that are not chosen.
        chosen: indices of those whose files are looked at.

    Yields:
        After each share of the work, the number of bytes read and the deviations.
    """
    shares = [*_shares(_wanted(listings, chosen))]
    pool = ThreadPoolExecutor(_THREADS)
    try:
        try:
            results = pool.map(_look_at_all, shares)
        except RuntimeError:  # the limit of processes counts threads, too
            results = map(_look_at_all, shares)
        yield from results
    finally:
        # An interrupt must not wait until the largest file is read.
        pool.shutdown(wait=False, cancel_futures=True)


def sizes(listings: Sequence[Listing], chosen: Iterable[int]) -> int:
    """The number of bytes according to the lists."""
    return sum(entry.size or 0 for index in chosen for entry in listings[index].entries)


def _wanted(listings: Sequence[Listing], chosen: Iterable[int]) -> Iterator[Wanted]:
    """Every file of the chosen once, with all of its owners."""
    first: dict[str, tuple[int, Entry]] = {}
    more: dict[str, list[tuple[int, Entry]]] = {}
    for index, listing in enumerate(listings):
        for entry in listing.entries:
            pair = (index, entry)
            if first.setdefault(entry.path, pair) is not pair:
                more.setdefault(entry.path, []).append(pair)
    wanted = dict.fromkeys(entry.path for index in chosen for entry in listings[index].entries)
    for path in wanted:
        yield path, (first[path], *more.get(path, ()))


def _shares(wanted: Iterable[Wanted]) -> Iterator[list[Wanted]]:
    share: list[Wanted] = []
    size = 0
    for one in wanted:
        share.append(one)
        size += one[1][0][1].size or 0
        if len(share) == _FILES_IN_SHARE or size >= _BYTES_IN_SHARE:
            yield share
            share, size = [], 0
    if share:
        yield share


def _look_at_all(share: list[Wanted]) -> tuple[int, list[Deviation]]:
    read, deviations = 0, []
    for path, entries in share:
        try:
            size, deviation = _look_at(path, entries)
        except OSError as error:
            size, why = 0, error.strerror or str(error)
            deviation = Deviation(path, "unreadable", why, _cause(path), _owners(entries))
            if isinstance(error, FileNotFoundError | NotADirectoryError):
                kind: Kind = "link" if os.path.islink(path) else "missing"
                deviation = deviation._replace(kind=kind, why="")
        read += size
        if deviation is not None:
            deviations.append(deviation)
    return read, deviations


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
            return 0, None  # an egg's list may name folders
        thing = _OTHER_THINGS.get(stat.S_IFMT(found.st_mode), "no file")
        why = f"is {thing} in place of the installed file"
        return 0, Deviation(path, "changed", why, path, _owners(entries))
    size = found.st_size
    # If the size differs, the file need not be read.
    algorithms = {entry.algorithm for entry in hashed if entry.size in (None, size)}
    digests = _digests(path, size, algorithms) if algorithms else {}
    why = ""
    owners, agreeing = [], []
    for index, entry in entries:
        if entry.algorithm in KNOWN and (
            digests.get(entry.algorithm) == entry.digest or _is_script_of_pip(entry, size)
        ):
            agreeing.append(index)
        elif entry.size not in (None, size):
            why = why or f"does not match RECORD ({size} bytes, RECORD says {entry.size})"
            owners.append(index)
        elif entry.algorithm in KNOWN:
            why = why or f"does not match RECORD ({entry.algorithm} differs)"
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
    return entry.digest in (_digest(entry.algorithm, first + rest) for first in firsts)


def _digest(algorithm: str, data: bytes) -> str:
    return _encoded(hashlib.new(algorithm, data, usedforsecurity=False).digest())


def _encoded(digest: bytes) -> str:
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def _open(path: str) -> int:
    """A file descriptor. The file may have become a pipe, which must not block."""
    return os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))


def _digests(path: str, size: int, algorithms: Iterable[str]) -> Mapping[str, str]:
    """The digests of a file of so many bytes, as RECORD writes them."""
    handle = _open(path)
    try:
        hashes = {name: hashlib.new(name, usedforsecurity=False) for name in algorithms}
        # One byte more than the size, so that a small file needs no second call.
        length = min(_CHUNK, size + 1)
        while True:
            data = os.read(handle, length)
            for one in hashes.values():
                one.update(data)
            if len(data) < length:
                break
    finally:
        os.close(handle)
    return {name: _encoded(one.digest()) for name, one in hashes.items()}


def modified(
    environment: Environment, listings: Sequence[Listing], deviations: Iterable[Deviation]
) -> Iterator[Finding]:
    """A finding for each changed file, and for each cause of missing or unreadable files."""
    groups: dict[tuple[object, ...], list[Deviation]] = {}
    for one in deviations:
        key: tuple[object, ...] = (one.kind, one.cause, one.owners)
        if one.kind == "link":  # the cache that an installer linked to was emptied
            key = (one.kind, one.owners)
        elif one.agreeing:
            key = (one.kind, one.owners, one.agreeing)
        groups.setdefault(key, []).append(one)
    for group in groups.values():
        first = min(group)
        owner = listings[first.owners[0]].owner
        yield Finding(
            "broken" if first.kind == "unreadable" else "modified",
            "error",
            owner.name,
            Location(first.cause),
            None,
            owner.version,
            _message(environment, listings, first, len(group)),
        )


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


def unclear(listings: Iterable[Listing]) -> Iterator[Finding | Note]:
    """Lists that cannot be read completely, and hashes that are weak or unknown."""
    for listing in listings:
        owner = listing.owner
        record, release = Location(f"{owner.path}/RECORD"), release_of(owner)
        troubles = [*listing.troubles]
        weak = [entry.algorithm for entry in listing.entries if entry.algorithm in WEAK]
        unknown = [e.algorithm for e in listing.entries if e.algorithm and e.algorithm not in KNOWN]
        if unknown:
            names = ", ".join(sorted(set(unknown)))
            message = f"the RECORD of {release} uses unknown hash algorithms ({names})"
            troubles.append((record, f"{message}: {len(unknown)} files are not verified"))
        for at, message in troubles:
            yield Finding("broken", "error", owner.name, at, None, owner.version, message)
        if weak:
            names = ", ".join(sorted(set(weak)))
            message = f"{len(weak)} files of {release} have only a weak hash ({names})"
            yield Note("unsure", owner.name, record, f"{message}: a match proves little")


def unlisted_files(listings: Iterable[Listing]) -> Iterator[Note]:
    """A note for each reason why distributions, or parts of them, cannot be verified."""
    reasons: dict[str, list[str]] = {}
    for listing in listings:
        if listing.unlisted:
            reasons.setdefault(listing.unlisted, []).append(release_of(listing.owner))
    for why, names in reasons.items():
        yield Note("unsure", None, None, f"not verified ({why}): {', '.join(sorted(names))}")
