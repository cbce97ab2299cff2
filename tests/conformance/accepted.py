"""Where reqdrift differs from pip or uv on purpose: each difference once, with its reason.

A test fails if a case differs that is not listed here, and if a listed case no longer differs.
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
        "the features of pip's `--use-feature` change with every version; reqdrift accepts any",
        ("--use-feature nonsense",),
    ),
    Accepted(
        "for pip, a path is relative to the working directory; reqdrift also tries the file's"
        " folder and the top of the repository, so that it can run anywhere",
        ("-r sub/beside.txt",),
    ),
    Accepted(
        "options of older versions of pip; reqdrift reads them, with a note",
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
        "pip never lists projects with such a name; reqdrift compares them if a file lists them,"
        " and otherwise reports a note",
        ("names: argparse", "names: wsgiref"),
    ),
    Accepted(
        "pip prints the name in METADATA but uses the folder's; reqdrift uses the folder's",
        ("names: another name in METADATA", "names: a mark that turns the text, in METADATA"),
    ),
    Accepted(
        "one entry makes pip fail with a traceback; reqdrift uses the folder's name, and reports a"
        " finding if it needs more",
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
        "pip prints `None` as version; reqdrift uses the version in the entry's name",
        ("eggs: an empty egg-info file", "eggs: an egg-info folder without PKG-INFO"),
    ),
    Accepted(
        "no tool writes such names, and uv does not see them either",
        ("folders that are none: an ending in capitals",),
    ),
)

PATHS = (
    Accepted("reqdrift never runs code, so it does not see paths that code adds", ("in code",)),
    Accepted(
        "Python stops reading where code fails; reqdrift does not run it, and continues",
        ("after code that fails",),
    ),
)

UV = (
    Accepted(
        "one entry makes uv refuse the whole environment; reqdrift reads it as pip does, or reports"
        " a finding if it needs more",
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
        "uv uses only the entry's name; if that is incomplete, reqdrift reads the metadata, as pip"
        " does",
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
        "uv looks only at folders, pip and reqdrift at every entry",
        (
            "folders that are none: a dist-info that is a file",
            "folders that are none: a dist-info that is an empty file",
            "folders that are none: a dist-info that is a link",
            "folders that are none: a dist-info that is a dangling link",
        ),
    ),
)
