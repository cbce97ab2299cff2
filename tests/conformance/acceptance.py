"""The acceptance table: which way to check says how much of which kind of environment."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import kinds
from kinds import Made, Shop

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
