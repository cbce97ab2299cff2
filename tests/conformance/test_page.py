"""conformance.md and acceptance.md say what the tests do, and no more."""

from __future__ import annotations

import os
from types import ModuleType

import acceptance
import page
import pytest

WRITE = os.environ.get("REQDRIFT_TEST_SNAPSHOTS") == "write"


@pytest.mark.parametrize("of", [page, acceptance], ids=lambda of: str(of.__name__))
def test_the_page_is_up_to_date(of: ModuleType) -> None:
    if WRITE:
        of.PAGE.write_text(of.render())
    assert of.PAGE.read_text() == of.render(), (
        "REQDRIFT_TEST_SNAPSHOTS=write pytest tests/conformance"
    )
