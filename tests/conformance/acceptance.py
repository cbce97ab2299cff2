"""The acceptance table: which way to check says how much of which kind of environment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import kinds
from kinds import Made, Shop
from page import table

COLUMNS = (
    "`pip inspect`",
    "`reqdrift inspect`",
    "`reqdrift_inspect.py`",
    *("list", "freeze"),
)
# What a way does not say, by the letter in its cell.
LACKS = {
    "V": "the Python version, if the result depends on it: exit code 3; pass `--python-version`",
    "P": "the platform, if the result depends on it: exit code 3; pass `--platform`",
    "D": "dependencies, if the result depends on them: exit code 3; pass `--unlisted all` if the"
    " file lists every package, or use an inspect report",
    "S": "sources: a line with a release is compared by version only, one with a URL or a path is"
    " `unsure`; for an unlisted project of this repository, exit code 3; use an inspect report",
}
# The tool cannot write it.
NONE = "none"


class Kind(NamedTuple):
    """A kind of environment, and what each way to check it lacks, in the order of COLUMNS."""

    title: str
    make: Callable[[Shop], Made]
    cells: tuple[str, ...]


SAME = ("", "", "")
OLD = (NONE, "", "")
KINDS = (
    Kind(
        "a virtualenv of today, wheels by its pip",
        kinds.wheels_by_pip,
        (*SAME, "VPD", "VPD"),
    ),
    Kind("`uv venv`, wheels by uv", kinds.wheels_by_uv, (*SAME, "VPD", "VPD")),
    Kind(
        "virtualenv 16, of an old Python",
        kinds.virtualenv_of("virtualenv==16.7.12"),
        (*OLD, "VPD", "VPD"),
    ),
    Kind(
        "virtualenv 20.0, of an old Python",
        kinds.virtualenv_of("virtualenv==20.0.35"),
        (*OLD, "VPD", "VPD"),
    ),
    Kind(
        "eggs, egg-infos, and an egg-link, by an old setuptools",
        kinds.eggs,
        (*OLD, "VPDS", "VPDS"),
    ),
    Kind(
        "a wheel file, an archive from a server, a folder",
        kinds.archives,
        (*SAME, "VPDS", "VPD"),
    ),
    Kind("git repositories", kinds.repositories, (*SAME, "VPDS", "VPD")),
    Kind(
        "editable folders and checkouts, by path and by code",
        kinds.editables,
        (*SAME, "VPD", "VPD"),
    ),
    Kind(
        "a virtualenv that sees the system (list and freeze with `--local`)",
        kinds.sees_the_system,
        (*SAME, "VPD", "VPD"),
    ),
    Kind("conda's layout", kinds.conda_layout, (*SAME, "VPD", "VPD")),
    Kind("the Python of an image, in /usr/local", kinds.of_an_image, (*SAME, "VPD", "VPD")),
)

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
