"""What the readers of all formats of records return and use."""

from __future__ import annotations

from ..errors import EnvironmentReadError
from ..standards import checked_name
from ..values import TYPE_CHECKING, CanonicalName, Distribution, NamedTuple
from ..values.records import Gaps

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..values import Python
    from ..values.facts import Unreadable

_LONGEST = 80
# No file system has longer names.
_LONGEST_NAME = 255
_LONGEST_VERSION = 1_000


class Recorded(NamedTuple):
    """The content of a record, as the reader of its format understood it.

    `python` is None if the record does not describe it. `direct` has, for each distribution that
    did not come from an index, its source as PEP 610 writes it, or as a `Source`; `requires` what
    each needs. `names` are spelled as in the metadata. `prefix` is the folder of the environment on
    its machine, '' if unknown.
    """

    gaps: Gaps
    distributions: tuple[Distribution, ...]
    python: Python | None = None
    direct: Mapping[CanonicalName, object] = {}
    requires: Mapping[CanonicalName, tuple[str, ...] | Unreadable] = {}
    names: Mapping[CanonicalName, str] = {}
    installers: Mapping[CanonicalName, str] = {}
    broken: tuple[tuple[CanonicalName, str], ...] = ()
    hidden: tuple[Distribution, ...] = ()
    folders: tuple[str, ...] = ()
    prefix: str = ""


def distribution_of(name: object, version: object, *, direct: bool = False) -> Distribution:
    """A distribution of which a record has only the name and the version.

    Raises:
        EnvironmentReadError: one of them is none.
    """
    canonical = checked_project(name)
    project = str(name)
    return Distribution(canonical, project, checked_version(version, project), project, "", direct)


def checked_project(name: object) -> CanonicalName:
    """The canonical form of a name.

    Raises:
        EnvironmentReadError: it is not the name of a project.
    """
    is_text = isinstance(name, str) and 0 < len(name) <= _LONGEST_NAME
    canonical = checked_name(str(name)) if is_text else None
    if canonical is None:
        raise EnvironmentReadError(f"{quoted(name)} is not the name of a project")
    return canonical


def checked_version(version: object, project: str) -> str:
    """The version of a project; before PEP 440 it could be any text.

    Raises:
        EnvironmentReadError: it is none.
    """
    if not isinstance(version, str) or not 0 < len(version) <= _LONGEST_VERSION:
        raise EnvironmentReadError(f"{project} has no readable version")
    return version


def all_different(found: Iterable[Distribution]) -> tuple[Distribution, ...]:
    """The distributions, in their order.

    Raises:
        EnvironmentReadError: one project is there twice, as in two records in one file.
    """
    seen: dict[CanonicalName, Distribution] = {}
    for one in found:
        if one.name in seen:
            raise EnvironmentReadError(
                f"{one.name} is in it twice; it may be two records in one",
                "write each record to its own file",
            )
        seen[one.name] = one
    return tuple(seen.values())


def quoted(value: object) -> str:
    """The beginning of a value, for a message."""
    is_plain = value is None or isinstance(value, (str, int, float))
    text = repr(value) if is_plain else type(value).__name__
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
