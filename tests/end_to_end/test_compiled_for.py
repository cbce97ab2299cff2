"""A file that uv compiles for one Python, installed on another."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from workshop import make_wheel

from support import SCRIPTS, clean_environ, reqdrift, run

UV = SCRIPTS / "uv"
MAJOR, MINOR = sys.version_info[:2]
HERE, LATER, EARLIER = (f"{MAJOR}.{MINOR + more}" for more in (0, 1, -1))
LINKS = ("--no-index", "--find-links", "house")


class Shown(NamedTuple):
    findings: list[str]
    note: str


@pytest.fixture
def hut(project: Path) -> Path:
    run(UV, "venv", "--quiet", "--python", SCRIPTS / "python", cwd=project)
    house = project / "house"
    new, old = f'wick; python_version < "{LATER}"', f'kite; python_version < "{HERE}"'
    make_wheel(house, "lantern", "1.0", f"Requires-Dist: {new}", f"Requires-Dist: {old}")
    make_wheel(house, "wick", "1.0", "Requires-Dist: rope")
    for name in ("rope", "kite", "bag"):
        make_wheel(house, name, "1.0")
    (project / "requirements.in").write_text(f"lantern\nbag; python_version < '{HERE}'\n")
    return project


def compiled(hut: Path, *words: str) -> list[str]:
    """The names in the file that uv compiles."""
    files = ("requirements.in", "-o", "requirements.txt")
    run(UV, "pip", "compile", "--quiet", *files, *LINKS, *words, cwd=hut)
    lines = (hut / "requirements.txt").read_text().splitlines()
    return [line.partition("==")[0] for line in lines if "==" in line]


def checked(hut: Path) -> Shown:
    document = json.loads(reqdrift("--format", "json", cwd=hut).stdout)
    notes = [note["message"] for note in document["notes"] if note["reason"] == "unsure"]
    findings = [f"{found['kind']} {found['project']}" for found in document["findings"]]
    return Shown(findings, "".join(notes))


def test_what_pip_installs_in_addition_is_no_error(hut: Path) -> None:
    assert compiled(hut, "-p", LATER) == ["lantern"]
    run(UV, "pip", "install", "--quiet", *LINKS, "-r", "requirements.txt", cwd=hut)
    note = (
        f"compiled for Python {LATER}, but this environment has Python {HERE}"
        f" (only needed here: rope, wick); compile it for Python {HERE}, or with --universal"
    )
    assert checked(hut) == ([], note)
    run(UV, "pip", "install", "--quiet", *LINKS, "bag", cwd=hut)
    assert checked(hut) == (["extra bag"], note)


def test_what_is_not_installed_is_unmet(hut: Path) -> None:
    compiled(hut, "-p", LATER)
    run(UV, "pip", "sync", "--quiet", *LINKS, "requirements.txt", cwd=hut)
    shown = checked(hut)
    assert shown.findings == ["unmet wick"]
    assert "(only needed here: wick)" in shown.note
    why = f"which is not installed; requirements.txt was compiled for Python {LATER}"
    assert why in reqdrift(cwd=hut).stdout


def test_what_is_not_needed_here(hut: Path) -> None:
    assert compiled(hut, "-p", EARLIER) == ["bag", "kite", "lantern", "rope", "wick"]
    run(UV, "pip", "install", "--quiet", *LINKS, "-r", "requirements.txt", cwd=hut)
    assert checked(hut).findings == []
    run(UV, "pip", "uninstall", "--quiet", "kite", cwd=hut)
    shown = checked(hut)
    assert shown.findings == ["missing kite"]
    assert "(only needed there: kite)" in shown.note
    (hint,) = re.findall(
        r"^hint: if the environment is right: (.*)$", reqdrift(cwd=hut).stdout, re.M
    )
    assert f" -p {HERE}" in hint
    # uv leaves the place of wheels out of its headers.
    path = {"PATH": f"{SCRIPTS}:{os.defpath}", "UV_FIND_LINKS": "house"}
    run("sh", "-c", hint, cwd=hut, env={**clean_environ(), **path})
    # What only kite's line brought in goes with it.
    assert checked(hut) == (["extra bag"], "")


def test_compiling_again_for_the_same_python_changes_nothing(hut: Path) -> None:
    compiled(hut, "-p", HERE)
    run(UV, "pip", "sync", "--quiet", *LINKS, "requirements.txt", cwd=hut)
    run(UV, "pip", "uninstall", "--quiet", "rope", cwd=hut)
    shown = reqdrift(cwd=hut).stdout
    assert "missing: rope==1.0" in shown
    assert re.findall("^hint: (.*?):", shown, re.M) == ["if the file is right"]
    assert "the file is generated; change what it is compiled from" in (
        reqdrift("fix", cwd=hut).stdout
    )
