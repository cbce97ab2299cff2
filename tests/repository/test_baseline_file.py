"""The file of a baseline: deterministic, and refused if it is anything else."""

from __future__ import annotations

import json
import random

import pytest

from reqdrift import UsageError
from reqdrift.repository.baseline import Entry, read_entries, text_of

ENTRIES = (
    Entry("", "", "broken", "six", "1.0", "error"),
    Entry("", "requirements.txt", "extra", "rope", "1.0", "error"),
    Entry("", "requirements.txt", "missing", "wick", "", "error"),
    Entry("", "requirements.txt", "missing", "wick", "", "error"),
    Entry("api", "services/api/ünï.txt", "unmet", "tent", "2.0", "warning"),
)


def test_what_is_written_is_read() -> None:
    assert read_entries(text_of(ENTRIES).encode(), "b.json") == ENTRIES
    assert read_entries(text_of(()).encode(), "b.json") == ()


def test_the_order_of_the_findings_changes_nothing() -> None:
    for _ in range(5):
        mixed = random.sample(ENTRIES, len(ENTRIES))
        assert text_of(mixed) == text_of(ENTRIES)


def test_each_entry_is_one_line() -> None:
    lines = text_of(ENTRIES).splitlines()
    assert len(lines) == len(ENTRIES) + 5
    assert lines[4] == (
        '    {"file": "requirements.txt", "kind": "extra", "project": "rope", "installed": "1.0"},'
    )
    assert json.loads(text_of(ENTRIES))["version"] == 1


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "b.json is not JSON"),
        (b"<<<<<<< HEAD\n{}", "b.json is not JSON"),
        (b"\xff\xfe", "b.json is not JSON"),
        (b"[" * 100_000, "b.json is not JSON"),
        (b"[]", "b.json is not a baseline of version 1"),
        (b'{"version": 2, "findings": []}', "b.json is not a baseline of version 1"),
        (b'{"version": 1}', "b.json has no list of findings"),
        (b'{"version": 1, "findings": [1]}', "finding 1 is not an entry"),
        (b'{"version": 1, "findings": [{"kind": "extra"}]}', "finding 1 is not an entry"),
        (
            b'{"version": 1, "findings": [{"file": "", "kind": 1, "project": ""}]}',
            "finding 1 is not an entry",
        ),
        (
            b'{"version": 1, "findings": [{"file": "", "kind": "", "project": "", "x": ""}]}',
            "finding 1 is not an entry",
        ),
    ],
)
def test_anything_else_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(UsageError, match=why) as error:
        read_entries(data, "b.json")
    assert "reqdrift baseline" in error.value.hint
