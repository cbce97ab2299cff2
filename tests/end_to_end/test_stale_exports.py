"""`stale` for `uv export`, for sources named by the configuration, and where nothing is claimed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from workshop import make_wheel

from support import SCRIPTS, reqdrift, run

# Real exports run after each change.
pytestmark = pytest.mark.long

UV = SCRIPTS / "uv"
PYPROJECT = """\
[project]
name = "hut"
version = "1.0"
requires-python = ">=3.9"
dependencies = ["lantern", "compass>=0.9"]

[project.optional-dependencies]
sea = ["kite"]

[dependency-groups]
dev = ["straps"]
docs = ["awning", { include-group = "more" }]
more = []
"""


@pytest.fixture
def hut(project: Path) -> Path:
    run(UV, "venv", "--quiet", "--python", SCRIPTS / "python", cwd=project)
    for name in ("lantern", "compass", "kite", "straps", "awning", "bag"):
        make_wheel(project / "house", name, "1.0")
    make_wheel(project / "house", "compass", "0.9")
    (project / "pyproject.toml").write_text(PYPROJECT)
    return project


def export(hut: Path, *words: str) -> None:
    links = ("--no-index", "--find-links", "house")
    run(UV, "export", "--quiet", *links, *words, "-o", "requirements.txt", cwd=hut)


def stale(folder: Path, *words: str) -> list[tuple[str, int]]:
    document = json.loads(reqdrift(*words, "--format", "json", cwd=folder).stdout)
    return [(f["project"], f["line"]) for f in document["findings"] if f["kind"] == "stale"]


def edit(hut: Path, old: str, new: str) -> None:
    text = (hut / "pyproject.toml").read_text()
    assert old in text
    (hut / "pyproject.toml").write_text(text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("options", "old", "new", "found"),
    [
        ((), '"lantern"', '"lantern", "bag"', [("bag", 5)]),
        ((), '"compass>=0.9"', '"compass<1"', [("compass", 5)]),
        ((), '"compass>=0.9"', '"compass>=1"', []),
        ((), '["straps"]', '["straps", "bag"]', [("bag", 11)]),
        (("--no-dev",), '["straps"]', '["straps", "bag"]', []),
        (("--no-default-groups",), '["straps"]', '["straps", "bag"]', []),
        ((), '["kite"]', '["kite", "bag"]', []),
        (("--extra", "sea"), '["kite"]', '["kite", "bag"]', [("bag", 8)]),
        (("--all-extras",), '["kite"]', '["kite", "bag"]', [("bag", 8)]),
        (("--group", "docs"), "more = []", 'more = ["bag"]', [("bag", 13)]),
        (("--all-groups",), '["awning"', '["awning", "bag"', [("bag", 12)]),
        (("--no-emit-package", "bag"), '"lantern"', '"lantern", "bag"', []),
    ],
)
@pytest.mark.parametrize("file", ["requirements.txt", "pylock.toml"])
def test_an_export_of_uv(
    file: str, options: tuple[str, ...], old: str, new: str, found: list[tuple[str, int]], hut: Path
) -> None:
    links = ("--no-index", "--find-links", "house", "--no-emit-project")
    run(UV, "export", "--quiet", *links, *options, "-o", file, cwd=hut)
    assert stale(hut, file) == []
    before = requirements_of(hut / file)
    edit(hut, old, new)
    assert stale(hut, file) == found
    run(UV, "export", "--quiet", *links, *options, "-o", file, cwd=hut)
    assert (requirements_of(hut / file) != before) == bool(found)
    assert stale(hut, file) == []


def requirements_of(path: Path) -> list[str]:
    return [line for line in path.read_text().splitlines() if line.strip()[:1] not in ("#", "")]
