"""`modified`: installed files that do not match RECORD. One cause is one finding."""

from __future__ import annotations

from ..values import TYPE_CHECKING, Location, Note
from ..values.findings import Finding
from .deviations import KNOWN, WEAK
from .record import release_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ..values import Environment
    from .deviations import Deviation
    from .record import Listing


def deviating(
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
        if path.startswith(f"{start}/"):
            return path.removeprefix(f"{start}/")
    return path


def unclear(listings: Iterable[Listing]) -> Iterator[Finding | Note]:
    """Lists that cannot be read completely, and hashes that are weak or unknown."""
    for listing in listings:
        owner = listing.owner
        for at, message in listing.troubles:
            yield _broken(listing, at, message)
        weak = [entry.algorithm for entry in listing.entries if entry.algorithm in WEAK]
        if weak:
            names = ", ".join(sorted(set(weak)))
            message = f"{len(weak)} files of {release_of(owner)} have only a weak hash ({names})"
            message += ": a match proves little"
            yield Note("unsure", owner.name, Location(f"{owner.path}/RECORD"), message)
        unknown = [e.algorithm for e in listing.entries if e.algorithm and e.algorithm not in KNOWN]
        if unknown:
            names = ", ".join(sorted(set(unknown)))
            message = f"the RECORD of {release_of(owner)} uses unknown hash algorithms ({names})"
            message += f": {len(unknown)} files are not verified"
            yield _broken(listing, Location(f"{owner.path}/RECORD"), message)


def _broken(listing: Listing, at: Location, message: str) -> Finding:
    owner = listing.owner
    return Finding("broken", "error", owner.name, at, None, owner.version, message)


def unlisted_files(listings: Iterable[Listing]) -> Iterator[Note]:
    """A note for each reason why distributions, or parts of them, cannot be verified."""
    reasons: dict[str, list[str]] = {}
    for listing in listings:
        if listing.unlisted:
            reasons.setdefault(listing.unlisted, []).append(release_of(listing.owner))
    for why, names in reasons.items():
        yield Note("unsure", None, None, f"not verified ({why}): {', '.join(sorted(names))}")
