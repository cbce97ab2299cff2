"""Where no thread can be started, as in a container with a limit of processes."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from support import SCRIPTS, install, make_environment, run

# A thread's stack in KiB: larger than all memory can be.
_STACK = 1 << 37
_HARD = resource.getrlimit(resource.RLIMIT_STACK)[1]
pytestmark = pytest.mark.skipif(
    _HARD != resource.RLIM_INFINITY and _HARD < _STACK * 1024,
    reason="the hard limit of the stack is too low (ulimit -Hs)",
)
WITH_LIMIT = f'ulimit -s {_STACK} && exec "$@"'


def without_threads(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command where no thread can be started."""
    program = ("bash", "-c", WITH_LIMIT, "bash", SCRIPTS / "reqdrift")
    return run(*program, *words, cwd=cwd, check=False)


def test_no_thread_can_be_started_there(tmp_path: Path) -> None:
    code = "import threading; threading.Thread(target=print).start()"
    command = ("bash", "-c", WITH_LIMIT, "bash", sys.executable)
    assert "can't start new thread" in run(*command, "-c", code, cwd=tmp_path, check=False).stderr


def test_verify_reads_one_file_after_the_other(project: Path) -> None:
    site = make_environment(project / ".venv")
    install("six 1.16.0 has six.py has nine.py", site, project)
    (site / "six.py").write_text("")
    done = without_threads("verify", cwd=project)
    assert (done.returncode, done.stdout.count("modified")) == (1, 2), done


def test_another_program_is_not_asked(project: Path) -> None:
    make_environment(project / ".venv", "six-1.16.0")
    (project / "requirements.txt").write_text("six==1.16.0\n")
    done = without_threads("--cross-check", cwd=project)
    assert done.returncode == 3
    assert "can't start new thread" in done.stdout
