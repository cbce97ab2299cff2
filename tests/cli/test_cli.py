"""The command as a user meets it: exit codes, one clear line for bad input, what is printed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import reqdrift
from reqdrift.cli import main
from support import SCRIPTS, add_distribution, clean_environ, run
from support import reqdrift as reqdrift_command

Captured = pytest.CaptureFixture[str]


class TestBadInput:
    """Each has one line on what is wrong, and its exit code; never a traceback."""

    def test_a_venv_folder_that_is_none(self, project: Path, capsys: Captured) -> None:
        # Through a process of its own: this one runs inside a virtualenv that would be taken.
        (project / "requirements.txt").write_text("foo==1.0\n")
        (project / ".venv").mkdir()
        done = reqdrift_command(cwd=project)
        assert done.returncode == 3
        assert f"{project}/.venv: not an environment (no pyvenv.cfg in it)" in done.stderr

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

    @pytest.mark.parametrize(("redirection", "code"), [(">&-", 0), (">/dev/full", 2)])
    def test_no_standard_output(
        self, site: Path, project: Path, redirection: str, code: int
    ) -> None:
        done = run("bash", "-c", f"'{SCRIPTS}/reqdrift' {redirection}", cwd=project, check=False)
        assert done.returncode == code
        assert "Traceback" not in done.stderr
        assert "bug" not in done.stderr

    def test_a_version_of_very_many_digits(
        self, site: Path, project: Path, capsys: Captured
    ) -> None:
        (project / "requirements.txt").write_text(f"foo>={'1' * 6000}\nfoo=={'1' * 6000}\n")
        assert main([]) == 2
        assert capsys.readouterr().out.count("a version longer than 1000 characters") == 2

    def test_pipes_where_files_should_be(self, site: Path, project: Path) -> None:
        (site / "foo-1.0.dist-info" / "METADATA").unlink()
        for name in ("foo-1.0.dist-info/METADATA", "x.pth", "y.egg-link"):
            os.mkfifo(site / name)
        os.mkfifo(site / "foo-1.0.dist-info" / "direct_url.json")
        done = reqdrift_command(cwd=project)
        assert done.returncode == 1
        assert "direct_url.json cannot be read" in done.stdout

    def test_very_many_lines_for_one_project(
        self, site: Path, project: Path, capsys: Captured
    ) -> None:
        lines = [f"foo>=0.{number}\n" for number in range(1500)]
        (project / "requirements.txt").write_text("".join(lines))
        assert main(["-q"]) == 0

    def test_a_closed_pipe(self, site: Path, project: Path) -> None:
        for number in range(1000):  # their lines are more than a pipe holds
            add_distribution(site, f"{'x' * 99}{number}-1.0")
        with subprocess.Popen(
            [SCRIPTS / "reqdrift"],
            cwd=project,
            env=clean_environ(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout and process.stderr
            process.stdout.readline()
            process.stdout.close()
            assert process.stderr.read() == ""
            assert process.wait() == 1


class TestFiles:
    def test_a_pipe_that_the_user_names(self, site: Path, project: Path) -> None:
        done = run(
            *("bash", "-c", f"'{SCRIPTS}/reqdrift' <(echo foo==2.0) --python .venv"),
            cwd=project,
            check=False,
        )
        assert done.returncode == 1
        assert "foo 1.0 is installed" in done.stdout


class TestHelp:
    def test_as_a_module(self, site: Path, project: Path) -> None:
        done = run(sys.executable, "-m", "reqdrift", "--python", ".venv", cwd=project)
        assert done.stdout.startswith("clean; ")


def test_the_api_is_exposed_lazily(site: Path) -> None:
    report = reqdrift.check()
    assert isinstance(report, reqdrift.Report)
    assert report.findings == ()
    with pytest.raises(reqdrift.ReqdriftError):
        reqdrift.check(python="nowhere")
    with pytest.raises(AttributeError):
        reqdrift.nothing  # type: ignore[attr-defined]  # noqa: B018
