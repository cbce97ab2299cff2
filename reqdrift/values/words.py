"""The values of some fields, for type checkers only: no module imports them when it runs."""

from __future__ import annotations

from typing import Literal, NewType

CanonicalName = NewType("CanonicalName", str)
Verdict = Literal["clean", "drift", "failed"]
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
    "baseline",
]
FormatName = Literal[
    "auto", "text", "rich", "json", "github", "gitlab", "sarif", "junit", "markdown", "html"
]
SourceKind = Literal["archive", "vcs", "folder"]
Chosen = Literal["named", "found", "guess"]
Side = Literal["", "environment", "file"]
