"""docs/conformance.md says what the tests do, and no more."""

from __future__ import annotations

import os

from page import PAGE, render

WRITE = os.environ.get("REQDRIFT_TEST_SNAPSHOTS") == "write"


def test_the_page_is_up_to_date() -> None:
    if WRITE:
        PAGE.write_text(render())
    assert PAGE.read_text() == render(), "REQDRIFT_TEST_SNAPSHOTS=write pytest tests/conformance"
