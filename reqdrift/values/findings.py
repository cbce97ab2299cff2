"""What a report consists of where there is more to say than that all is clean."""

from __future__ import annotations

from . import TYPE_CHECKING, CanonicalName, Location, NamedTuple

if TYPE_CHECKING:
    from . import KindName, Severity, Side
    from .environment import Environment
    from .requirements import ReadFile


class Hint(NamedTuple):
    """One way to go on: what for, and the command to type."""

    purpose: str
    command: str


class Finding(NamedTuple):
    """One drift, of one kind.

    `moved` is the side that changed last, `environment` or `file`, '' where the times do not tell;
    `history` says it in words; `part` is the set that it was found in, where sets have names.
    Of an `extra`, `brought_by` are the unlisted projects, needed by nothing, that brought it. Of an
    `unmet`, `required_by` is the distribution whose metadata `requires` something else (the text of
    its Requires-Dist), and `chain` leads from the listed project down to it. `why` is what the
    message says besides what is `wanted` and `installed`: who needs an `extra`.
    """

    kind: KindName
    severity: Severity
    project: CanonicalName
    at: Location
    wanted: str | None
    installed: str | None
    message: str
    needed_by: tuple[str, ...] = ()
    moved: Side = ""
    history: str = ""
    part: str = ""
    brought_by: tuple[str, ...] = ()
    required_by: str = ""
    requires: str = ""
    chain: tuple[str, ...] = ()
    why: str = ""


class Part(NamedTuple):
    """What a run over several named sets says of one of them."""

    name: str
    environment: Environment | None
    files: tuple[ReadFile, ...]
    checked: int
    skipped: int


class Verified(NamedTuple):
    """How much `verify` looked at.

    Of so many `distributions`, `files` were compared by hash (`size` bytes were read), `unhashed`
    only looked for, and `bytecode` was passed over; `skipped` distributions list no files, or lie
    outside of the environment.
    """

    distributions: int
    files: int
    size: int
    unhashed: int
    bytecode: int
    skipped: int
