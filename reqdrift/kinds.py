"""The kinds of finding, and what a policy can make of each."""

from __future__ import annotations

# The stable names of the kinds of finding, and what a policy can make of each.
KINDS = (
    *("missing", "version", "source", "unmet", "extra", "unpinned", "conflict", "broken"),
    "modified",
)
LEVELS = ("error", "warning", "off")
