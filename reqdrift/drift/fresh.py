"""Does a compiled file list what its sources ask for? Without metadata, and without the rules."""

from __future__ import annotations

from ..standards import pep440
from ..values import TYPE_CHECKING, CanonicalName, Compiled, Requirement

if TYPE_CHECKING:
    from collections.abc import Iterable

    Listed = dict[CanonicalName | None, list[Requirement]]


def is_fresh(compiled: Iterable[Compiled], lines: Iterable[Requirement]) -> bool:
    """Whether the lines surely have all that the sources of compiled files ask for."""
    lines = tuple(lines)
    for one in compiled:
        listed = listed_by(one, lines)
        for asked in one.asked:
            if shortfall(asked, listed) or unlisted_extras(asked, listed):
                return False
    return True


def extras_to_look_up(compiled: Iterable[Compiled], lines: tuple[Requirement, ...]) -> bool:
    """Whether only metadata can tell if what an extra needs is listed."""
    listings = ((one, listed_by(one, lines)) for one in compiled)
    return any(unlisted_extras(asked, listed) for one, listed in listings for asked in one.asked)


def listed_by(compiled: Compiled, lines: Iterable[Requirement]) -> Listed:
    """The requirements of a compiled file, by project."""
    found: dict[CanonicalName | None, list[Requirement]] = {}
    for line in lines:
        if line.origin.file in compiled.files and not line.constraint:
            found.setdefault(line.name, []).append(line)
    return found


def shortfall(asked: Requirement, listed: Listed) -> str:
    """What a compiled file lacks of a requirement, in words; '' if it has it, or may have it."""
    lines = listed.get(asked.name, [])
    if asked.name is None or None in listed:
        return ""  # a path may hold any project
    if not lines:
        return "" if asked.constraint else f"does not list {asked.name}, which this file asks for"
    pins = [line.pin or pinned_version(line) for line in lines]
    if asked.source is not None or not all(pins):
        return ""
    if any(pin == asked.pin or pep440.satisfies(pin, asked.specifier) for pin in pins):
        return ""
    verb = "allows" if asked.constraint else "asks for"
    return f"says {lines[0].text}, but this file {verb} {asked.text}"


def pinned_version(line: Requirement) -> str:
    """The version that a line pins by `==`, '' if it does not."""
    version = line.specifier.removeprefix("==")
    is_pin = line.source is None and line.specifier.startswith("==") and "," not in version
    return "" if not is_pin or version.endswith(".*") or version.startswith("=") else version


def unlisted_extras(asked: Requirement, listed: Listed) -> list[str]:
    """The extras that are asked for, and that the lines of a compiled file do not name."""
    lines = listed.get(asked.name, [])
    there = {extra for line in lines for extra in line.extras}
    return [extra for extra in asked.extras if extra not in there] if lines else []
