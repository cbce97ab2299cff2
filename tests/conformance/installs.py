"""The kinds of environment that `test_installs.py` makes, for the page."""

from __future__ import annotations

ENVIRONMENTS = (
    ("virtualenv on the newest Python, filled by its pip", "pip inspect, uv pip list"),
    (
        "uv venv, filled by uv; link modes clone, copy, hardlink, symlink",
        "pip inspect, uv pip list",
    ),
    ("venv that sees the system's packages", "pip inspect, uv pip list (its own)"),
    ("a folder of pip install --target", "pip list, pip inspect, uv pip list"),
    ("a folder of pip install --prefix", "pip list, pip inspect, uv pip list"),
    (
        "the user site of each Python that the machine has, 2.7 and 3.6 to the newest: a wheel, and"
        " with setuptools `develop`, an egg, a zipped egg, an egg-info",
        "that Python's own pip list",
    ),
)
