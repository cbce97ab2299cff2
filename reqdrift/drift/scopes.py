"""Is the checked Python one of those that a lock file is for?"""

from __future__ import annotations

from ..errors import InvalidLineError
from ..standards import pep440
from ..values import TYPE_CHECKING, CanonicalName, Location, Problem, Python, Requirement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ..values.details import Scope


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
