"""reqdrift installed into the checked environment, beside a freeze that pins what it needs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from workshop import FREEZE

from support import SCRIPTS, run

pytestmark = pytest.mark.long


@pytest.fixture(params=["pip", "uv"])
def command(request: pytest.FixtureRequest, project: Path, wheel: Path) -> Path:
    """The command in an environment with the freeze."""
    (project / "requirements.txt").write_text(FREEZE)
    installed = ("install", "--quiet", "--requirement", "requirements.txt", wheel)
    python = project / ".venv" / "bin" / "python"
    if request.param == "pip":
        run(sys.executable, "-m", "venv", ".venv", cwd=project)
        run(python, "-m", "pip", *installed, cwd=project)
    else:
        run(SCRIPTS / "uv", "venv", "--quiet", "--python", sys.executable, cwd=project)
        run(SCRIPTS / "uv", "pip", *installed, "--python", python, cwd=project)
    return python.parent / "reqdrift"


def test_the_environment_is_clean(command: Path, project: Path) -> None:
    done = run(command, "--unlisted", "all", cwd=project, check=False)
    assert done.stdout.startswith("clean; 8 requirements in requirements.txt: 8 checked")
    run(SCRIPTS / "uv", "pip", "check", "--python", command.parent / "python", cwd=project)
    # pytest is nothing that reqdrift needs.
    (project / "requirements.txt").write_text(FREEZE.replace("pytest==8.3.4\n", ""))
    done = run(command, cwd=project, check=False)
    assert done.stdout.startswith("requirements.txt: extra: pytest 8.3.4 is installed but")


def test_a_lock_file_needs_a_newer_packaging(command: Path, project: Path) -> None:
    lock = 'lock-version = "1.0"\ncreated-by = "a test"\npackages = []\n'
    (project / "pylock.toml").write_text(lock)
    done = run(command, "pylock.toml", cwd=project, check=False)
    assert done.returncode == 2
    assert done.stderr + done.stdout.splitlines()[0] == (
        "pylock.toml: error: lock files need packaging 26.3 or newer in the environment of"
        f" reqdrift, not 24.2; run: {command.parent}/python -m pip install 'packaging>=26.3', or"
        " install reqdrift into an environment of its own"
    )
