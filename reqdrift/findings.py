"""The values that a clean run never makes, so never loads: what a report says beyond "clean"."""

from __future__ import annotations

from .model import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .model import CanonicalName, Environment, Location, ReadFile


class Finding(NamedTuple):
    """One drift, of one kind.

    `moved` is the side that changed last, `environment` or `file`, '' where the times do not tell;
    `history` says it in words; `part` is the set that it was found in, where sets have names.
    Of an `extra`, `brought_by` are the unlisted projects, needed by nothing, that brought it. Of an
    `unmet`, `required_by` is the distribution whose metadata `requires` something else (the text of
    its Requires-Dist), and `chain` leads from the listed project down to it.
    """

    kind: str
    severity: str
    project: CanonicalName
    at: Location
    wanted: str | None
    installed: str | None
    message: str
    needed_by: tuple[str, ...] = ()
    moved: str = ""
    history: str = ""
    part: str = ""
    brought_by: tuple[str, ...] = ()
    required_by: str = ""
    requires: str = ""
    chain: tuple[str, ...] = ()


class Hint(NamedTuple):
    """One way to go on: what for, and the command to type."""

    purpose: str
    command: str


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


class Checkout(NamedTuple):
    """A git repository as its files describe it.

    `top` is its folder, `shared` the git folder that all its working trees have in common, `commit`
    the one of HEAD, '' if unknown. `remotes` are URLs, all that there are if `complete`. `refs` are
    those that a revision may mean, with their commits, '' where the files do not say.
    """

    top: str
    shared: str
    commit: str
    remotes: tuple[str, ...]
    complete: bool
    refs: Mapping[str, str]
