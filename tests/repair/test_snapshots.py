"""Realistic requirements files and what `reqdrift diff` makes of them.

Each folder of tests/snapshots with an environment.txt holds the files and the outcome:
the patch (expected.diff) and what it leaves with the reasons (left.txt). To renew the outcomes
after a change that is meant, and then to read them: REQDRIFT_TEST_SNAPSHOTS=write pytest FILE

A line of environment.txt is `name version`, perhaps with `needs REQUIREMENT`, with the text of
its direct_url.json after `<-` (FOLDER is the project's), or with `by INSTALLER` at the end.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from reqdrift.cli import main
from support import REPOSITORY, add_distribution, make_environment

SNAPSHOTS = REPOSITORY / "tests" / "snapshots"
CASES = sorted(path.parent.name for path in SNAPSHOTS.glob("*/environment.txt"))
OUTCOMES = ("expected.diff", "left.txt")
WRITE = os.environ.get("REQDRIFT_TEST_SNAPSHOTS") == "write"
_INSTALLED = re.compile(
    r"(?P<name>\S+) (?P<version>\S+)(?: needs (?P<needs>.*?))?"
    r"(?: <- (?P<source>\{.*\}))?(?: by (?P<installer>\w+))?"
)


def build(case: str, folder: Path) -> list[str]:
    """The case's project with its environment; the words of the command."""
    shutil.copytree(SNAPSHOTS / case, folder, dirs_exist_ok=True)
    for name in OUTCOMES:
        (folder / name).unlink(missing_ok=True)
    lines = (folder / "environment.txt").read_text().splitlines()
    (folder / "environment.txt").unlink()
    words: list[str] = []
    site = make_environment(folder / ".venv")
    for line in lines:
        if line.startswith("options: "):
            words += line.removeprefix("options: ").split()
            continue
        found = _INSTALLED.fullmatch(line)
        assert found, line
        more: dict[str, Any] = {"requires": [found["needs"]] if found["needs"] else []}
        if found["source"]:
            more["direct_url"] = json.loads(found["source"].replace("FOLDER", str(folder)))
        if found["installer"]:
            more["installer"] = found["installer"]
        name, version = found["name"], found["version"]
        made = add_distribution(site, f"{name.replace('-', '_')}-{version}", **more)
        metadata = (made / "METADATA").read_text()
        (made / "METADATA").write_text(re.sub("Name: .*", f"Name: {name}", metadata, count=1))
    return words


def readable(output: bytes, folder: Path) -> str:
    """Output without what differs from run to run, and without the zero bytes of UTF-16."""
    data = output.replace(b"\0", b"").replace(b"\xff\xfe", b"")
    return data.decode().replace(str(folder), "FOLDER")


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*.txt")
        if ".venv" not in path.parts
    }


@pytest.mark.parametrize("case", CASES)
def test_snapshot(case: str, project: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    words = build(case, project)
    before = files(project)
    code = main(["diff", *words])
    out, err = capfdbinary.readouterr()
    assert code == bool(out)
    assert files(project) == before
    found = {"expected.diff": readable(out, project), "left.txt": readable(err, project)}
    for name, text in found.items():
        path = SNAPSHOTS / case / name
        if WRITE and text:
            path.write_text(text, newline="")
        elif WRITE:
            path.unlink(missing_ok=True)
        expected = path.read_bytes().decode() if path.exists() else ""
        assert text == expected, f"{path} is out of date"

    # What fix writes is what it said, and it is final.
    assert main(["fix", *words]) == bool(err)
    told = capfdbinary.readouterr().out
    # Only the line numbers are those of the new file.
    assert told.count(b" not fixed: ") == err.count(b" not fixed: ")
    after = files(project)
    assert (after != before) == bool(out)
    assert main(["fix", *words]) == bool(err)
    assert files(project) == after
