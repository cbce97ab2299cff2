"""What a line says of a release, whatever else is in the files."""

from __future__ import annotations

from ..errors import InvalidLineError
from ..repository import is_commit_id
from ..standards import pep440
from ..values import TYPE_CHECKING, Distribution, Python, Requirement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..values.sources import Source

# VCSs with numbers instead of commit ids.
NUMBERING = ("svn", "bzr")


def is_allowed(line: Requirement, found: Distribution) -> bool:
    """Whether the line allows the installed version."""
    version = found.version
    if line.pin == version or (line.limits == f"=={version}" and version[-1] != "*"):
        return True
    return pep440.satisfies(version, line.specifier)


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
    """Whether the revision is a fixed commit, not a branch, a tag or a short id."""
    if source.vcs in NUMBERING:
        return (source.revision or "").isdigit()
    return is_commit_id(source.revision)


def sure_verdicts(lines: Iterable[Requirement], python: Python) -> Mapping[str | None, bool | None]:
    """For each marker of the lines, whether it holds; a line without one applies.

    None where that hangs on a patch version, or cannot be read.
    """
    markers = {line.marker for line in lines}
    return {marker: True if marker is None else _surely_holds(marker, python) for marker in markers}


def _surely_holds(marker: str, python: Python) -> bool | None:
    try:
        holds = pep440.marker_holds(marker, python)
    except InvalidLineError:
        return None
    return None if pep440.marker_hangs_on_patch(marker, python) else holds
