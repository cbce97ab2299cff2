"""Generate acceptance.md from the table of acceptance.py."""

from __future__ import annotations

from pathlib import Path

from acceptance import COLUMNS, KINDS, LACKS, NONE
from page import table

PAGE = Path(__file__).parent / "acceptance.md"

_START = """\
# Acceptance

This table says which way to check reports how much about which kind of environment. The test suite
generates it: `REQDRIFT_TEST_SNAPSHOTS=write pytest tests/conformance/test_page.py` writes the page,
and `tests/conformance/test_acceptance.py` makes each environment and fails if a cell is not true.

Each environment is checked directly, with these files: everything is listed; one project less, one
more, another version; with markers for the Python version, its patch version and the platform; only
some packages, where dependencies need not be listed; and releases in place of URLs and paths. When
it is gone, its records are checked (`--installed`): reports by its pip, by reqdrift, and by
`reqdrift_inspect.py`, which its own Python runs; a list and a freeze by its pip, with `--all`. All
of them must have the findings of the direct check.

"""

_LEGEND = """
`=` has the same findings. In a cell with letters, these say what may be missing, and how the report
says so.

"""

_END = f"""
`{NONE}`: the pip of an old Python cannot write it.
[records.md](../../docs/records.md) has the commands.
"""


def render() -> str:
    """The page."""
    rows = [(kind.title, *map(_cell, kind.cells)) for kind in KINDS]
    return "".join(
        (
            _START,
            table(("environment", *COLUMNS), rows),
            _LEGEND,
            table(("cell", "what the way does not say, and what does"), LACKS.items()),
            _END,
        )
    )


def _cell(lacks: str) -> str:
    return f"`{NONE}`" if lacks == NONE else f"`={f' {lacks}' if lacks else ''}`"
