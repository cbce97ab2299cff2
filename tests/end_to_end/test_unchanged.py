"""A check only reads: nothing in the environment, the project or an asked Python changes."""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path

import pytest

from support import (
    SCRIPTS,
    add_distribution,
    reqdrift,
    run,
)

Tree = dict[str, tuple[int, int, int, str]]


def tree(*folders: Path) -> Tree:
    """Mode, size, time and content of everything below some folders."""
    found: Tree = {}
    for path in (path for folder in folders for path in [folder, *folder.rglob("*")]):
        status = path.lstat()
        content = ""
        if path.is_symlink():
            content = str(path.readlink())
        elif path.is_file():
            content = hashlib.sha256(path.read_bytes()).hexdigest()
        size = 0 if path.is_dir() else status.st_size
        found[str(path)] = (status.st_mode, size, status.st_mtime_ns, content)
    return found


def check_in_every_way(project: Path, *words: str | Path) -> list[int]:
    """Run all commands with nothing set that keeps Python from writing; their exit codes."""
    ways: tuple[list[str], ...]
    ways = ([], ["env"], ["--format", "json"], ["--verbose", "--unlisted", "orphans"])
    return [reqdrift(*way, *words, cwd=project).returncode for way in ways]


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    """The file that all planted code would write, if anything ran it."""
    return tmp_path / "marker"


def plant_code(site: Path, marker: Path) -> None:
    """Code that `site` runs at the start of the environment's interpreter."""
    code = f"import os; open({str(marker)!r}, 'w').close()\n"
    (site / "zz_runs.pth").write_text(code)
    (site / "sitecustomize.py").write_text(code)
    (site / "usercustomize.py").write_text(code)


def fill(project: Path, site: Path) -> None:
    """Distributions and lines that send a check through all there is to read."""
    add_distribution(site, "plain-1.0", requires=["needed>=1"])
    add_distribution(site, "needed-1.0")
    add_distribution(site, "folder-1.0", direct_url={"url": "file:///nowhere", "dir_info": {}})
    lines = (
        *("plain[some]==1.0", "needed==2.0", "folder==1.0", "absent==1.0"),
        "patched==1.0 ; python_full_version < '3.11.0'",
    )
    (project / "requirements.txt").write_text("\n".join(lines) + "\n")


def test_a_virtual_environment_stays_as_it_was(tmp_path: Path, marker: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    run(SCRIPTS / "virtualenv", "--quiet", project / ".venv", cwd=project)
    site = next(project.glob(".venv/lib/python3*/site-packages"))
    fill(project, site)
    plant_code(site, marker)
    before = tree(project)
    # The marker with `python_full_version` makes a check start the interpreter.
    assert check_in_every_way(project) == [1, 0, 1, 1]
    assert check_in_every_way(project, "--python", project / ".venv/bin/python") == [1, 0, 1, 1]
    assert tree(project) == before
    assert not marker.exists()
    # The trap works.
    run(project / ".venv" / "bin" / "python", "-c", "pass", cwd=tmp_path)
    assert marker.exists()


def test_a_target_folder_stays_as_it_was(tmp_path: Path, marker: Path) -> None:
    target = tmp_path / "target"
    fill(tmp_path, target)
    plant_code(target, marker)
    before = tree(tmp_path)
    assert check_in_every_way(tmp_path, "--path", target) == [1, 0, 1, 1]
    assert tree(tmp_path) == before
    assert not marker.exists()


@pytest.fixture
def base_python(tmp_path: Path) -> Path:
    """A Python that is no virtual environment: its own copy, so that its folders may be watched."""
    original = Path(sys._base_executable).resolve()  # type: ignore[attr-defined]
    prefix = original.parent.parent
    minor = f"python{sys.version_info.major}.{sys.version_info.minor}"
    copy = tmp_path / "base"
    skipped = shutil.ignore_patterns(
        *("__pycache__", "test", "tests", "site-packages", "dist-packages", "config-*", "idlelib")
    )
    shutil.copytree(prefix / "lib" / minor, copy / "lib" / minor, ignore=skipped, symlinks=True)
    for library in (prefix / "lib").glob("libpython*"):
        shutil.copy2(library, copy / "lib")
    (copy / "bin").mkdir()
    shutil.copy2(original, copy / "bin" / "python3")
    (copy / "lib" / minor / "site-packages").mkdir()
    return copy


def test_a_python_that_is_asked_stays_as_it_was(
    base_python: Path, tmp_path: Path, marker: Path
) -> None:
    project = tmp_path / "project"
    project.mkdir()
    site = next(base_python.glob("lib/python3*/site-packages"))
    fill(project, site)
    plant_code(site, marker)
    before = tree(project, base_python)
    assert not list(base_python.rglob("__pycache__"))
    words = ("--python", base_python / "bin" / "python3")
    assert check_in_every_way(project, *words) == [1, 0, 1, 1]
    assert tree(project, base_python) == before
    assert not marker.exists()
