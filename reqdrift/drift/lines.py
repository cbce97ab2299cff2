"""What a line says of a release, whatever else is in the files."""

from __future__ import annotations

from ..errors import InvalidLineError
from ..repository import is_commit_id
from ..standards import pep440
from ..values import Distribution, Python, Requirement, Source

# Their commits have numbers instead of ids.
NUMBERING = ("svn", "bzr")


def is_allowed(line: Requirement, found: Distribution) -> bool:
    """Whether the line allows the installed version."""
    return line.pin == found.version or pep440.satisfies(found.version, line.specifier)


def is_pinned(line: Requirement) -> bool:
    """Whether the line fixes one release."""
    if line.pin is not None:
        return True
    if line.source is None:
        return pep440.is_pinned(line.specifier)
    if line.source.kind == "archive":
        # A wheel's or sdist's file name says its version.
        return bool(line.hashes or line.source.hashes) or pep440.is_pinned(line.specifier)
    return line.source.kind == "vcs" and names_commit(line.source)


def names_commit(source: Source) -> bool:
    """Whether the revision is one commit for all time, not a branch, a tag or a short id."""
    if source.vcs in NUMBERING:
        return (source.revision or "").isdigit()
    return is_commit_id(source.revision)


def surely_applies(line: Requirement, python: Python) -> bool | None:
    """Whether the line applies; None where that hangs on a patch version, or cannot be read."""
    if line.marker is None:
        return True
    try:
        applies = pep440.marker_holds(line.marker, python)
    except InvalidLineError:
        return None
    return None if pep440.marker_hangs_on_patch(line.marker, python) else applies
