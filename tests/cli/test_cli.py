"""The command as a user meets it: exit codes, one clear line for bad input, what is printed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from support import SCRIPTS, run
from support import reqdrift as reqdrift_command


class TestBadInput:
    """Each has one line on what is wrong, and its exit code; never a traceback."""

    @pytest.mark.skipif(os.geteuid() != 0, reason="setpriv needs root to give rights away")
    def test_an_unreadable_site_folder(self, site: Path, project: Path) -> None:
        site.chmod(0)
        no_rights = "-dac_override,-dac_read_search"
        done = run(
            *("setpriv", f"--bounding-set={no_rights}", f"--inh-caps={no_rights}"),
            SCRIPTS / "reqdrift",
            cwd=project,
            check=False,
        )
        site.chmod(0o755)
        assert done.returncode == 3
        assert "cannot be read: Permission denied" in done.stderr

    def test_a_bug_is_one_line(self, site: Path, project: Path) -> None:
        code = (
            "import reqdrift.commands, sys\n"
            "reqdrift.commands.read_files = None\n"
            "from reqdrift.cli import main\n"
            "sys.exit(main(sys.argv[1:]))"
        )
        done = run(sys.executable, "-c", code, cwd=project, check=False)
        assert done.returncode == 70
        assert done.stderr.startswith("reqdrift: this is a bug: TypeError")
        assert done.stderr.count("\n") == 1
        done = run(sys.executable, "-c", code, "--debug", cwd=project, check=False)
        assert "Traceback" in done.stderr

    def test_pipes_where_files_should_be(self, site: Path, project: Path) -> None:
        (site / "foo-1.0.dist-info" / "METADATA").unlink()
        for name in ("foo-1.0.dist-info/METADATA", "x.pth", "y.egg-link"):
            os.mkfifo(site / name)
        os.mkfifo(site / "foo-1.0.dist-info" / "direct_url.json")
        done = reqdrift_command(cwd=project)
        assert done.returncode == 1
        assert "direct_url.json cannot be read" in done.stdout
