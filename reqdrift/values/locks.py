"""What only lock files have."""

from __future__ import annotations

from .._record import NamedTuple


class LockEntry(NamedTuple):
    """An entry of a lock file: `key` identifies it, `line` is where it begins."""

    file: str
    line: int
    key: str


class Scope(NamedTuple):
    """The environments that a lock file is for, `text` in words: one of `markers` must hold there.

    It is about the whole file, or about the entry of `project` that begins at `line`.
    """

    file: str
    line: int | None
    text: str
    markers: tuple[str, ...]
    project: str = ""
