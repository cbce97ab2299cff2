"""The command that a report begins with if nothing is installed, in a real environment."""

from __future__ import annotations

from pathlib import Path

import pytest
from workshop import make_wheel

from support import SCRIPTS, run
from support import reqdrift as reqdrift_command


@pytest.mark.long  # `venv` installs pip
def test_the_command_does_it(project: Path) -> None:
    run(SCRIPTS / "python", "-m", "venv", ".venv", cwd=project)
    for name in ("rope", "wick"):
        make_wheel(project / "wheels", name, "1.0")
    lines = "--no-index\n--find-links wheels\nrope==1.0\nwick==1.0\n"
    (project / "requirements.txt").write_text(lines)
    first = reqdrift_command(cwd=project).stdout.splitlines()[0]
    run("sh", "-ec", first.rpartition(": ")[2], cwd=project)
    assert reqdrift_command(cwd=project).returncode == 0
