"""The parts of reports that few runs have: of several sets, and of `verify`."""

from __future__ import annotations

from . import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from . import Environment, ReadFile, Verdict


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


# How many names a message has, unless all are asked for.
_MOST_NAMED = 4


def some_names(names: Sequence[str], total: int, *, verbose: bool) -> str:
    """The names of environments, the first of them if there are many.

    Args:
        names: which environments.
        total: how many there are.
        verbose: show all names.
    """
    if verbose or len(names) <= _MOST_NAMED:
        return ", ".join(names)
    if len(names) == total:
        return f"all {total}"
    return f"{', '.join(names[:_MOST_NAMED])} and {len(names) - _MOST_NAMED} more"


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
