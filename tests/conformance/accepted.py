"""Where reqdrift differs from pip or uv on purpose: each difference once, with its reason.

A case that is listed here and differs no more fails its test, as one does that differs unlisted.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Accepted(NamedTuple):
    """One reason, and the cases that it accounts for."""

    reason: str
    cases: tuple[str, ...]


def cases(table: Iterable[Accepted]) -> frozenset[str]:
    """All the cases of a table."""
    return frozenset(case for one in table for case in one.cases)


LINES = (
    Accepted(
        "pip's `--use-feature` changes with every pip; no name of a feature matters here",
        ("--use-feature nonsense",),
    ),
    Accepted(
        "to pip a path is relative to the working directory; reqdrift also takes it from the file's"
        " folder and from the git top, so that it can be run from anywhere",
        ("-r sub/beside.txt",),
    ),
    Accepted(
        "options that only older pips read; reqdrift reads them too, with a note",
        (
            "--global-option x",
            "--install-option x",
            "six==1.16.0 --global-option=x",
            "six==1.16.0 --install-option='--prefix=/opt' --install-option=x",
            "-e ./pkg --global-option=x",
            "-Z",
            "--always-unzip",
            "--use-wheel",
            "--no-use-wheel",
            "--allow-external six",
            "--allow-all-external",
            "--no-allow-external",
            "--allow-unverified=six",
            "--allow-insecure six",
            "--no-allow-insecure",
            "--process-dependency-links",
            "--pre --use-wheel",
        ),
    ),
)

PIP = (
    Accepted(
        "pip never lists what bears such a name; reqdrift compares it where a file names it, and"
        " has a note where none does",
        ("names: argparse", "names: wsgiref"),
    ),
    Accepted(
        "pip prints the name in METADATA and goes by the folder's; reqdrift goes by the folder's",
        ("names: another name in METADATA", "names: a mark that turns the text, in METADATA"),
    ),
    Accepted(
        "pip ends with a traceback for one entry, whatever else is installed; reqdrift reads what"
        " the folder's name says, and has a finding once it needs more",
        (
            "METADATA: not UTF-8",
            "METADATA: binary",
            "beside METADATA: direct_url.json a list",
            "beside METADATA: direct_url.json null",
            "beside METADATA: direct_url.json not UTF-8",
            "eggs: an egg-info not UTF-8",
        ),
    ),
    Accepted(
        "pip prints `None` for the version; reqdrift takes it from the entry's name",
        ("eggs: an empty egg-info file", "eggs: an egg-info folder without PKG-INFO"),
    ),
    Accepted(
        "nothing writes such names, and uv does not see them either",
        ("folders that are none: an ending in capitals",),
    ),
)

PATHS = (
    Accepted(
        "reqdrift never runs code, so that it does not see what code puts on the path", ("in code",)
    ),
    Accepted(
        "Python reads no further where code fails; reqdrift, which does not run it, does",
        ("after code that fails",),
    ),
)

UV = (
    Accepted(
        "uv refuses the whole environment for one entry; reqdrift reads it as pip does, or has a"
        " finding once it needs more",
        (
            "names: a dash in the folder's name",
            "names: two dashes in the folder's name",
            "versions: a post release by a dash, escaped",
            "versions: outside of PEP 440",
            "versions: a word",
            "versions: an empty one in the folder's name",
            "versions: not ASCII",
            "versions: of 200 digits",
            "beside METADATA: direct_url.json a list",
            "beside METADATA: direct_url.json null",
            "beside METADATA: direct_url.json no JSON",
            "beside METADATA: direct_url.json not UTF-8",
            "beside METADATA: direct_url.json of no kind",
            "beside METADATA: direct_url.json a folder",
            "several: a leftover of pip before 19",
            "folders that are none: only a version",
            "eggs: an egg-info of a legacy version",
            "eggs: an egg-info with a dash in its name",
        ),
    ),
    Accepted(
        "uv goes by the entry's name alone; where that does not say all, reqdrift reads the"
        " metadata, as pip does",
        (
            "versions: none in the folder's name",
            "METADATA: needed for the version, a folded header",
            "METADATA: needed for the version, of Windows",
            "METADATA: needed for the version, lower case",
            "folders that are none: only an ending",
            "folders that are none: an egg-info of only an ending",
            "eggs: an egg-info of another version",
            "eggs: an egg-info of another name",
        ),
    ),
    Accepted(
        "uv looks at folders alone, pip and reqdrift at every entry",
        (
            "folders that are none: a dist-info that is a file",
            "folders that are none: a dist-info that is an empty file",
            "folders that are none: a dist-info that is a link",
            "folders that are none: a dist-info that is a dangling link",
        ),
    ),
)
