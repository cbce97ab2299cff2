"""The parts of a report that is not clean."""

from __future__ import annotations

from . import TYPE_CHECKING, CanonicalName, Location, NamedTuple

if TYPE_CHECKING:
    from . import KindName, Severity


class Hint(NamedTuple):
    """A command to type, and its purpose."""

    purpose: str
    command: str


class Finding(NamedTuple):
    """One difference, of one kind.

    `part` is the name of its set, and `environments` are those that it is about, if the set has
    several; `label` names one or the other, and precedes the message. For an `extra`, `brought_by`
    has the unlisted roots that brought it in. For an `unmet`, `required_by` is the distribution
    whose metadata `requires` something else (the text of its Requires-Dist), and `chain` leads from
    the listed project to it. `why` is the part of the message besides `wanted` and `installed`:
    what needs an `extra`, what a `stale` file lacks. For a `stale`, `compiled` is the path of that
    file. For a `missing` name that is probably misspelled, `meant` is what was meant.
    """

    kind: KindName
    severity: Severity
    project: CanonicalName
    at: Location
    wanted: str | None
    installed: str | None
    message: str
    needed_by: tuple[str, ...] = ()
    part: str = ""
    brought_by: tuple[str, ...] = ()
    required_by: str = ""
    requires: str = ""
    chain: tuple[str, ...] = ()
    why: str = ""
    meant: str = ""
    compiled: str = ""
    environments: tuple[str, ...] = ()
    label: str = ""
