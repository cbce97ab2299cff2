"""The parts of a report that is not clean."""

from __future__ import annotations

from . import TYPE_CHECKING, CanonicalName, Location, NamedTuple
from . import Facts as Facts
from . import Project as Project
from . import Questions as Questions
from . import Unreadable as Unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from . import Environment, KindName, ReadFile, Severity, Verdict


class Hint(NamedTuple):
    """A command to type, and its purpose; or '' and what to do instead."""

    purpose: str
    command: str

    @property
    def is_for_files(self) -> bool:
        """Whether the files follow the environment."""
        return self.purpose.startswith("if the environment is right")


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


class Part(NamedTuple):
    """The result for one of several named sets, or for one of several environments of a set.

    `base` is the name of the set if it has several environments; `same_as` is the first of these in
    which the same is installed, with the same findings.
    """

    name: str
    environment: Environment | None
    files: tuple[ReadFile, ...]
    checked: int
    skipped: int
    base: str | None = None
    verdict: Verdict = "clean"
    same_as: str = ""


def some_names(
    names: Sequence[str], most: int = 4, *, total: int = 0, verbose: bool = False
) -> str:
    """The names in a message, the first of them if there are many.

    Args:
        names: which of them.
        most: how many are shown.
        total: how many there are, if it is worth saying that these are all.
        verbose: show all names.
    """
    if verbose or len(names) <= most:
        return ", ".join(names)
    if len(names) == total:
        return f"all {total}"
    return f"{', '.join(names[:most])} and {len(names) - most} more"


class Verified(NamedTuple):
    """How much `verify` looked at.

    Of so many `distributions`, `files` were compared by hash (`size` bytes were read), `unhashed`
    only checked for existence, `bytecode` skipped. `skipped` distributions list no files, or are
    outside of the environment.
    """

    distributions: int
    files: int
    size: int
    unhashed: int
    bytecode: int
    skipped: int
