"""docs/conformance.md, made from what the tests of this folder are made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import accepted
from accepted import Accepted
from corpus import CONSTRAINTS, FILES, LINES
from installs import ENVIRONMENTS
from site_folders import CASES
from test_paths import PATHS

from support import REPOSITORY

PAGE = REPOSITORY / "docs" / "conformance.md"

_START = """\
# Conformance

What reqdrift reads is held against what pip and uv read, at every run of the test suite
(`tests/conformance/`). This page is made there: `REQDRIFT_TEST_SNAPSHOTS=write pytest
tests/conformance` writes it, and a test fails while it is not what would be written. The witnesses
are pip {pip} and uv {uv}, the versions in requirements.txt; an older Python is asked through the
pip that it came with.

## Requirements files

pip's own reader is asked about {lines} lines, {constraints} lines of a constraints file and {files}
whole files (encodings, line ends, continuations, what other tools write, what is no requirements
file at all). Where pip refuses, reqdrift has an error; where pip accepts, it has none, and the same
projects, versions, extras, markers, hashes, and kinds of source.

"""

_FOLDERS = """
## Site folders

Fabricated folders, {folders} of them, whole and broken, are read by pip's own finder, by `uv pip
list` and by reqdrift: which projects, in which versions. Where pip or uv gives up, a finding of
reqdrift's is the least. A project that a finding is about is not compared besides: where a folder
holds two of one project, pip takes the one that the disk lists first, uv lists both, and reqdrift
says that there are two.

"""

_PATHS = """
## Paths

One environment has {paths} `.pth` files, each of which names a folder in another way, and eggs, and
copies of one project in several folders. pip lists it from inside of it; reqdrift starts nothing.
"""

_INSTALLS = """
## Installations

Real environments, filled with wheels (by name, from a file, with an extra), a source archive from a
server, a git repository, a folder, and editables (by path, by code, of a git checkout), are read by
`pip inspect`, `uv pip list` and reqdrift: names, versions, origin, commit, editable or not.

"""

_CHECKERS = """
## What packages need

`pip check` and `uv pip check` are asked about environments in which packages are absent or of other
versions, at random; what they report of the packages that a file asks for is what reqdrift calls
`unmet`. Two things are known to differ: reqdrift looks at extras, which neither of the two does;
pip does not look at a package one of whose requirements it cannot read (`pytz (>dev)`, celery 4).
`python tests/conformance/checkers.py FOLDER ROUNDS` does the same with real packages (in
`FOLDER/*/.venv`, each beside a `top.txt`): of 42 such environments none differed otherwise.
"""

_DIFFERENCES = """
## Accepted differences

A case that is listed here and differs no more fails its test, as one does that differs unlisted.
"""


def render() -> str:
    """The page."""
    versions = dict(
        re.findall(r"^(pip|uv)==(\S+)", (REPOSITORY / "requirements.txt").read_text(), re.M)
    )
    lines = {kind: len(of_kind) for kind, of_kind in LINES.items()}
    folders = {group: len(cases) for group, cases in CASES.items()}
    facts = {
        "lines": sum(lines.values()),
        "constraints": len(CONSTRAINTS),
        "files": len(FILES),
        "folders": sum(folders.values()),
        **versions,
    }
    parts = [
        _START.format(**facts),
        _table(("lines about", "number"), [(k, str(n)) for k, n in lines.items()]),
        _FOLDERS.format(**facts),
        _table(("folders about", "number"), [(k, str(n)) for k, n in folders.items()]),
        _PATHS.format(paths=len(PATHS)),
        _INSTALLS,
        _table(("environment", "held against"), ENVIRONMENTS),
        _CHECKERS,
        _DIFFERENCES,
        _accepted("Lines, from pip", accepted.LINES, code=True),
        _accepted("Site folders, from pip", accepted.PIP),
        _accepted("Site folders, from uv", accepted.UV),
        _accepted("Paths, from pip", accepted.PATHS),
    ]
    return "".join(parts)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = (head, ["---"] * len(head), *rows)
    return "".join(f"| {' | '.join(row)} |\n" for row in lines)


def _accepted(title: str, table: Iterable[Accepted], *, code: bool = False) -> str:
    rows = [
        (one.reason, "; ".join(f"`{case}`" if code else case for case in one.cases))
        for one in table
    ]
    return f"\n### {title}\n\n{_table(('reason', 'cases'), rows)}"
