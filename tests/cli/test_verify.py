"""`reqdrift verify` as a command: options, exit codes, formats, what it advises."""

from __future__ import annotations

import os
import pty
import select
import subprocess
from pathlib import Path

import pytest

from support import SCRIPTS, add_distribution, clean_environ, make_environment, record

Captured = pytest.CaptureFixture[str]


def install(site: Path, release: str, **how: str) -> Path:
    """A distribution of one module."""
    info = add_distribution(site, release, installer=how.get("installer", "pip"))
    module = f"{release.partition('-')[0].lower()}.py"
    (site / module).write_text("LIGHT = 1\n")
    (info / "RECORD").write_text(record(site, info, [module]))
    return info


@pytest.fixture
def site(project: Path) -> Path:
    """The site folder of a project's .venv with two distributions, of which one is modified."""
    site = make_environment(project / ".venv")
    for release in ("Lantern-1.0", "rope-2.0"):
        install(site, release)
    (site / "lantern.py").write_text("LIGHT = 2\n")
    return site


@pytest.mark.long  # half a second passes before there is a bar, several times
def test_the_bar_is_on_a_terminals_standard_error_alone(site: Path, project: Path) -> None:
    with (site / "big.bin").open("wb") as file:
        file.truncate(1_500_000_000)
    info = site / "rope-2.0.dist-info"
    (info / "RECORD").write_text("big.bin,sha256=x,1500000000\n")
    command = [str(SCRIPTS / "reqdrift"), "verify"]
    ours, theirs = pty.openpty()
    env = clean_environ(TERM="xterm-256color")
    with subprocess.Popen(
        command, cwd=project, env=env, stdout=subprocess.PIPE, stderr=theirs
    ) as run:
        os.close(theirs)
        assert run.stdout is not None
        seen, out = b"", run.stdout.read()
        while select.select([ours], [], [], 0)[0]:
            try:
                seen += os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
    os.close(ours)
    assert b"verifying" in seen
    assert b"verifying" not in out
    piped = subprocess.run(command, cwd=project, env=env, capture_output=True, check=False)
    assert (piped.stdout, piped.stderr) == (out, b"")
