"""Generate conformance.md from the cases of the tests in this folder."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from accepted import ACCEPTED
from corpus import CONSTRAINTS, FILES, LINES
from site_folders import CASES
from test_paths import PATHS

from support import REPOSITORY

PAGE = Path(__file__).parent / "conformance.md"
# What is compared with what.
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

_START = """\
# Conformance

The test suite compares what reqdrift reads with what pip and uv read (`tests/conformance/`). It
generates this page: `REQDRIFT_TEST_SNAPSHOTS=write pytest tests/conformance` writes it, and a test
fails if it is out of date. The versions are those in requirements.txt, pip {pip} and uv {uv}. For
an older Python, the pip of that Python is used.

## Requirements files

The tests pass {lines} lines, {constraints} lines of a constraints file and {files} complete files
(encodings, line endings, continuations, output of other tools, files that are not requirements
files) to pip's own reader. If pip refuses, reqdrift must report an error. If pip accepts, reqdrift
must read the same projects, versions, extras, markers, hashes and kinds of source.

"""

_FOLDERS = """
## Site folders

pip's own finder, `uv pip list` and reqdrift read {folders} generated folders, some of them damaged.
The tests compare projects and versions. If pip or uv fails, reqdrift must at least report a
finding. A project with a finding is not compared: if a folder contains two distributions of one
project, pip uses the first that the file system lists, uv lists both, and reqdrift reports both.

"""

_PATHS = """
## Paths

One environment has {paths} `.pth` files, each of which names a folder in a different way, and eggs,
and copies of one project in several folders. pip runs inside it; reqdrift starts nothing.
"""

_INSTALLS = """
## Installations

`pip inspect`, `uv pip list` and reqdrift read real environments with wheels (by name, from a file,
with an extra), a source archive from a server, a git repository, a folder, and editable installs
(by path, by code, of a git checkout). The tests compare name, version, source, commit and whether
it is editable.

"""

_CHECKERS = """
## Dependencies

The tests run `pip check` and `uv pip check` in environments in which random packages are missing or
have another version. What these report about the packages in a file is what reqdrift reports as
`unmet`. There are two known differences: only reqdrift checks extras, and pip does not check a
package if it cannot parse one of its requirements (`pytz (>dev)`, celery 4).
"""

_DIFFERENCES = """
## Accepted differences

A test fails if a case differs that is not listed here, and if a listed case no longer differs.
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
        table(("lines about", "number"), [(k, str(n)) for k, n in lines.items()]),
        _FOLDERS.format(**facts),
        table(("folders about", "number"), [(k, str(n)) for k, n in folders.items()]),
        _PATHS.format(paths=len(PATHS)),
        _INSTALLS,
        table(("environment", "compared with"), ENVIRONMENTS),
        _CHECKERS,
        _DIFFERENCES,
        *map(_accepted, ACCEPTED),
    ]
    return "".join(parts)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = (head, ["---"] * len(head), *rows)
    return "".join(f"| {' | '.join(row)} |\n" for row in lines)


def _accepted(title: str) -> str:
    mark = "`" if title.startswith("Lines") else ""
    rows = [
        (one["reason"], "; ".join(f"{mark}{case}{mark}" for case in one["cases"]))
        for one in ACCEPTED[title]
    ]
    return f"\n### {title}\n\n{table(('reason', 'cases'), rows)}"
