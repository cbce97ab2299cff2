"""The values that flow through reqdrift; docs/architecture.md explains the words.

Every value is immutable plain data: nothing here reads a file, and nothing lazy hides inside. This
module has what the others share: the words that fields may hold, and places in files. What only
drift needs is in modules that a clean run does not load: every start pays for each class.
"""

from __future__ import annotations

from .._record import TYPE_CHECKING as TYPE_CHECKING  # handed on to every other module
from .._record import NamedTuple as NamedTuple

if TYPE_CHECKING:
    from typing import Literal, NewType

    CanonicalName = NewType("CanonicalName", str)
    Verdict = Literal["clean", "drift", "failed"]

    # What words certain fields may hold: for type checkers only, so that they cost nothing.
    KindName = Literal[
        "broken",
        "missing",
        "version",
        "source",
        "unmet",
        "extra",
        "unpinned",
        "conflict",
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
    """A place in a file; `line` is None where the whole file is meant. Lines count from 1."""

    file: str
    line: int | None = None
    end_line: int | None = None


class Source(NamedTuple):
    """Where a distribution comes from if not from an index: a line's URL or path, or PEP 610.

    `kind` is `archive`, `vcs` or `folder`. `url` has no credentials, fragment or revision.
    `folders` are absolute real paths: where an installed distribution lies, or every place that
    a line's relative path may mean. `hashes` are `algorithm:hexdigest`; `vcs` is `git` or another.
    `environment` is the innermost Python environment around an installed one's folder, '' if none.
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


class Note(NamedTuple):
    """Something that was seen and deliberately not counted, with the reason."""

    reason: Reason
    project: str | None
    at: Location | None
    message: str


class Problem(NamedTuple):
    """A line or file that could not be read; it fails the run, with that exit code."""

    at: Location | None
    message: str
    exit_code: int = 2
