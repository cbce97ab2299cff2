"""The values that reqdrift's functions take and return; docs/architecture.md explains the terms.

Every value is immutable data: nothing here reads a file, and nothing is lazy. This module has what
the others share: literal types, and locations in files. What is needed only if there is drift is in
modules that a clean run does not import: every class adds to the start-up time.
"""

from __future__ import annotations

from .._record import TYPE_CHECKING as TYPE_CHECKING  # re-exported for all other modules
from .._record import NamedTuple as NamedTuple

if TYPE_CHECKING:
    from typing import Literal, NewType

    CanonicalName = NewType("CanonicalName", str)
    Verdict = Literal["clean", "drift", "failed"]

    # The values of some fields: for type checkers only, so that they take no time.
    KindName = Literal[
        "broken",
        "missing",
        "version",
        "source",
        "unmet",
        "extra",
        "unpinned",
        "conflict",
        "stale",
        "modified",
    ]
    Severity = Literal["error", "warning"]
    Level = Literal["error", "warning", "off"]
    Reason = Literal[
        "stdlib",
        "marker",
        "artefact",
        "conda",
        "local",
        "archive",
        "tool",
        "system",
        "leftover",
        "dropped",
        "outdated",
        "unlisted",
        "unsure",
        "ignored",
        "witness",
        "unneeded",
        "baseline",
    ]
    FormatName = Literal[
        "auto", "text", "rich", "json", "github", "gitlab", "sarif", "junit", "markdown"
    ]
    SourceKind = Literal["archive", "vcs", "folder"]
    Chosen = Literal["named", "found", "guess"]
    Side = Literal["", "environment", "file"]
else:
    CanonicalName = str


class Location(NamedTuple):
    """A location in a file; `line` is None for the whole file. Lines are counted from 1."""

    file: str
    line: int | None = None
    end_line: int | None = None


class Source(NamedTuple):
    """Where a distribution comes from if not from an index: a line's URL or path, or PEP 610.

    `kind` is `archive`, `vcs` or `folder`. `url` has no credentials, fragment or revision.
    `folders` are absolute real paths: of an installed distribution, or all possible meanings of
    a line's relative path. `hashes` are `algorithm:hexdigest`; `vcs` is `git` or another.
    `environment` is the innermost Python environment around an installed one's folder, '' if none.
    `foreign` is whether the folders are in another file system, where those of this machine may
    have other names.
    """

    kind: SourceKind
    url: str
    revision: str | None = None
    requested: str | None = None
    subdirectory: str = ""
    folders: tuple[str, ...] = ()
    editable: bool = False
    hashes: tuple[str, ...] = ()
    local: bool = False
    conda: bool = False
    vcs: str = ""
    environment: str = ""
    foreign: bool = False


class Note(NamedTuple):
    """Information that does not count as drift, with a reason; if `quiet`, shown only with -v."""

    reason: Reason
    project: str | None
    at: Location | None
    message: str
    quiet: bool = False


class Problem(NamedTuple):
    """A line or file that could not be read; the run fails with that exit code."""

    at: Location | None
    message: str
    exit_code: int = 2
