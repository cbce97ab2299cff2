"""What lines say of releases, and whether what is installed satisfies them all."""

from __future__ import annotations

from ..errors import InvalidLineError
from ..repository import is_commit_id
from ..standards import pep440
from ..values import (
    TYPE_CHECKING,
    CanonicalName,
    Location,
    Note,
    Problem,
    Python,
    Requirement,
    listed_names,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ..values import Distribution, Environment
    from ..values.details import Scope, Source


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


def may_contradict(lines: Sequence[Requirement]) -> bool:
    """Whether no version satisfies all these lines of one project, or their sources may differ."""
    if sum(line.source is not None for line in lines) > 1:
        return True
    pins = {line.pin for line in lines}
    if len(pins) == 1 and None not in pins:
        return False
    return pep440.is_unsatisfiable({line.specifier for line in lines})


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


def surely_listed(lines: Iterable[Requirement], python: Python) -> frozenset[CanonicalName]:
    """The projects that lines list for sure: a line that may not apply does not."""
    lines = tuple(lines)
    verdicts = sure_verdicts(lines, python)
    return listed_names(line for line in lines if verdicts[line.marker])


def satisfied(
    lines: Sequence[Requirement], environment: Environment, *, pinned: bool
) -> tuple[frozenset[CanonicalName], tuple[Note, ...], bool] | None:
    """The fast path for lines that are more than a literal pin: is all installed as they want it?

    Args:
        lines: all that was read.
        environment: what is installed.
        pinned: whether each project must be pinned, too.

    Returns:
        The projects that lines ask for, notes on the lines that do not apply here, and whether
        others have extras. None if it is not, or if that does not follow from what these lines say:
        the rules have to say what is wrong, so None is always a right answer.
    """
    if any(line.name is None or line.source for line in lines) or may_repeat(lines):
        return None
    inactive = []
    verdicts = sure_verdicts(lines, environment.python)
    if None in verdicts.values() or (environment.python.assumed and verdicts.keys() != {None}):
        return None
    by_project: dict[CanonicalName | None, list[Requirement]] = {}
    for line in lines:
        if verdicts[line.marker]:
            by_project.setdefault(line.name, []).append(line)
        elif not line.constraint:
            inactive.append(line)
    listed = listed_names(line for group in by_project.values() for line in group)
    if pinned and not _all_pinned(lines, listed, by_project):
        return None
    for name in listed:
        found = environment.distributions.get(name)
        if found is None or found.direct:
            return None
        if not all(is_allowed(line, found) for line in by_project[name]):
            return None
    has_extras = any(line.extras for name in listed for line in by_project[name])
    return listed, tuple(map(inactive_note, inactive)), has_extras


def inactive_note(line: Requirement) -> Note:
    """What is said of a line that does not apply here."""
    message = f"{line.text} does not apply here: its marker is false"
    return Note("marker", line.name, line.at, message)


def _all_pinned(
    lines: Iterable[Requirement],
    listed: Iterable[CanonicalName],
    by_project: Mapping[CanonicalName | None, Iterable[Requirement]],
) -> bool:
    pinned = {name for name in listed if any(map(is_pinned, by_project[name]))}
    others = (line for line in lines if line.name not in pinned and not line.constraint)
    return all(map(is_pinned, others))


def may_repeat(lines: Sequence[Requirement]) -> bool:
    """Whether two lines of a file might say the same."""
    different = {
        (line.origin.file, line.name, line.constraint, line.extras, line.marker) for line in lines
    }
    return len(different) < len(lines)


def outside_scopes(
    scopes: Iterable[Scope],
    applicable: Mapping[CanonicalName, tuple[Requirement, ...]],
    python: Python,
) -> Iterator[Problem]:
    """The lock files, and the entries of them that apply here, that exclude the checked Python.

    pip and uv refuse to install from them, so there is nothing that the environment could match.
    """
    for scope in scopes:
        if scope.project and not _applies(scope, applicable):
            continue
        try:
            is_met = any(pep440.marker_holds(marker, python) for marker in scope.markers)
        except InvalidLineError as error:
            yield Problem(Location(scope.file, scope.line), str(error))
            continue
        if not is_met:
            what = f"{scope.project} is" if scope.project else "the lock file is"
            message = f"{what} for {scope.text}, but this environment has Python {python.version}"
            if python.version.count(".") == 1 and any(
                pep440.marker_hangs_on_patch(marker, python) for marker in scope.markers
            ):
                message += "; pass --python-version X.Y.Z"
            yield Problem(Location(scope.file, scope.line), message)


def _applies(scope: Scope, applicable: Mapping[CanonicalName, tuple[Requirement, ...]]) -> bool:
    at = Location(scope.file, scope.line)
    return any(line.at == at for line in applicable.get(CanonicalName(scope.project), ()))
