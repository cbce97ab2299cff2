"""Where reqdrift differs from pip or uv on purpose: accepted.json, each with its reason.

A test fails if a case differs that is not listed there, and if a listed case no longer differs.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ACCEPTED: dict[str, list[dict[str, Any]]]
ACCEPTED = json.loads(Path(__file__).with_name("accepted.json").read_text())


def cases(title: str) -> frozenset[str]:
    """All the cases of a table."""
    return frozenset(case for one in ACCEPTED[title] for case in one["cases"])
