"""`--root` never looks at a path outside of the root, by what the kernel is asked for."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from support import SCRIPTS, add_distribution, make_environment, record, run

COMMANDS = ("check", "env", "freeze", "inspect", "why lantern", "verify --unrecorded")
# For paths that leave any folder.
DOTS = "../" * 30


@pytest.fixture
def image(project: Path) -> Path:
    """A root in which everything leads out: lists, links, path lines, settings."""
    if (
        not shutil.which("strace")
        or subprocess.run(["strace", "-o", os.devnull, "true"], check=False).returncode
    ):
        pytest.skip("no program can be traced here")
    outside = project.parent / "outside"
    (outside / "lantern").mkdir(parents=True)
    (outside / "lantern/wick.py").write_text("")
    add_distribution(outside, "wick-1.0")
    root = project / "image"
    site = make_environment(root / "opt/venv")
    url = {"url": outside.as_uri(), "dir_info": {"editable": True}}
    info = add_distribution(site, "lantern-1.0", direct_url=url)
    (site / "lantern").symlink_to(outside / "lantern")
    absolute, climbing = f"{outside}/lantern/wick.py", f"{DOTS}..{outside}/lantern/wick.py"
    rows = record(site, info, [f"{info.name}/METADATA", "lantern/wick.py"])
    (info / "RECORD").write_text(f"{rows}{absolute},,\n{climbing},,\n")
    for name in ("INSTALLER", "METADATA", "top_level.txt", "requires.txt"):
        (info / name).unlink(missing_ok=True)
        (info / name).symlink_to(f"{outside}/wick-1.0.dist-info/METADATA")
    (site / "wick-1.0.dist-info").symlink_to(f"{DOTS}..{outside}/wick-1.0.dist-info")
    (site / "out.pth").write_text(f"{outside}\n{DOTS}..{outside}\n")
    (site / "rope.egg-link").write_text(f"{outside}\n")
    (site / "unlisted").symlink_to(outside)
    config = root / "opt/venv/pyvenv.cfg"
    config.write_text(config.read_text().replace("/usr/bin", str(outside)))
    (root / "opt/venv/bin/python").unlink()
    (root / "opt/venv/bin/python").symlink_to(outside / "bin/python3.11")
    (project / "requirements.txt").write_text("lantern==1.0\nwick==2.0\nrope\n")
    return root


CALL = re.compile(r'\d+ +(\w+)\((?:(?:AT_FDCWD|\d+)<(?P<folder>[^>]*)>, )?"(?P<path>[^"]*)"')


def looked_at(trace: str, cwd: Path) -> Iterator[str]:
    """What the kernel was asked for, after it has followed the links."""
    for line in trace.splitlines():
        if call := CALL.match(line):
            path = os.path.join(call["folder"] or cwd, call["path"])
            if "readlink" in call[1] or "NOFOLLOW" in line or call[1] == "lstat":
                yield os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
            else:
                yield os.path.realpath(path)


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_looks_outside(image: Path, project: Path, command: str) -> None:
    trace = project.parent / "trace"
    words = (*command.split(), "--root", "image", "--python", "/opt/venv")
    traced = ("strace", "-f", "-y", "-s", "9999", "-e", "trace=%file", "-o", trace)
    run(*traced, SCRIPTS / "reqdrift", *words, cwd=project, check=False)
    paths = {*looked_at(trace.read_text(), project)}
    assert f"{image}/opt/venv/pyvenv.cfg" in paths
    assert not [path for path in paths if path.startswith(f"{project.parent}/outside")]
