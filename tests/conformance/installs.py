"""The kinds of environment that are compared with pip and uv, for the page."""

from __future__ import annotations

ENVIRONMENTS = (
    ("those of [acceptance.md](acceptance.md), but the old", "pip inspect, uv pip list (its own)"),
    ("a folder of pip install --target", "pip list, pip inspect, uv pip list"),
    ("a folder of pip install --prefix", "pip list, pip inspect, uv pip list"),
    (
        "the user site of each Python that the machine has, 2.7 and 3.6 to the newest: a wheel, and"
        " with setuptools `develop`, an egg, a zipped egg, an egg-info",
        "that Python's own pip list",
    ),
)
