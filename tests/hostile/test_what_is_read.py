"""No file makes reqdrift wait, read without end, or print what is no requirements file.

Pipes in place of METADATA, direct_url.json, `.pth` and egg-links are in test_cli.py, those of
pyproject.toml in repository/test_projects.py, an included pipe in a golden case.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from support import SCRIPTS, add_distribution, clean_environ, make_environment

# In seconds; each run takes a tenth of one.
PATIENCE = 20
COMMANDS = ("check", "fix", "freeze", "why foo")


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def make_loop(path: Path) -> None:
    path.symlink_to(path)


def make_huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(6 << 30)


MAKERS = (make_pipe, make_device, make_loop, make_huge)
made = pytest.mark.parametrize("make", MAKERS, ids=lambda make: str(make.__name__))


def run_in_time(cwd: Path, *words: str, stdin: int = subprocess.DEVNULL) -> tuple[int, str]:
    """The exit code and all output of a run with little memory and time."""
    limited = ("bash", "-c", 'ulimit -v 1000000; exec "$@"', "bash", str(SCRIPTS / "reqdrift"))
    done = subprocess.run(
        [*limited, *words],
        cwd=cwd,
        env=clean_environ(),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        stdin=stdin,
    )
    output = done.stdout + done.stderr
    assert done.returncode in (0, 1, 2, 3), output
    assert "bug" not in output
    return done.returncode, output


@pytest.fixture
def site(project: Path) -> Path:
    (project / "requirements.txt").write_text("foo==2.0\nbar\n")
    return make_environment(project / ".venv", "foo-1.0", "extra-1.0")


class TestFilesOfAnEnvironment:
    @made
    @pytest.mark.parametrize("command", COMMANDS)
    def test_pyvenv_cfg(
        self, site: Path, project: Path, make: Callable[[Path], None], command: str
    ) -> None:
        (project / ".venv" / "pyvenv.cfg").unlink()
        make(project / ".venv" / "pyvenv.cfg")
        assert run_in_time(project, *command.split())[0] == 3

    @made
    def test_orig_prefix(self, site: Path, project: Path, make: Callable[[Path], None]) -> None:
        (project / ".venv" / "pyvenv.cfg").unlink()
        make(site.parent / "orig-prefix.txt")
        run_in_time(project)

    @made
    def test_a_file_that_leads_to_the_environment(
        self, site: Path, project: Path, make: Callable[[Path], None]
    ) -> None:
        (project / ".venv").rename(project / "elsewhere")
        make(project / ".venv")
        run_in_time(project)
        assert run_in_time(project, "--python", ".venv")[0] == 3

    @pytest.mark.parametrize("text", ["\0", "x\0y", "x" * 100_000, ".venv", "\n", "../" * 9999])
    def test_what_leads_nowhere(self, site: Path, project: Path, text: str) -> None:
        (project / ".venv").rename(project / "elsewhere")
        (project / ".venv").write_text(text)
        run_in_time(project)

    @pytest.mark.parametrize(
        "name", ["METADATA", "direct_url.json", "RECORD", "INSTALLER", "requires.txt"]
    )
    def test_metadata(self, site: Path, project: Path, name: str) -> None:
        lines = ["foo==2.0\n"]
        for number, make in enumerate(MAKERS):
            path = add_distribution(site, f"odd{number}-1.0") / name
            path.unlink(missing_ok=True)
            make(path)
            lines.append(f"odd{number}==1.0\n")
        (project / "requirements.txt").write_text("".join(lines))
        for command in (*COMMANDS, "why odd0", "why odd1", "why odd2", "why odd3"):
            run_in_time(project, *command.split())

    @pytest.mark.parametrize("suffix", ["pth", "egg-link", "egg-info"])
    def test_other_files(self, site: Path, project: Path, suffix: str) -> None:
        for number, make in enumerate(MAKERS):
            make(site / f"x{number}.{suffix}")
        for command in COMMANDS:
            run_in_time(project, *command.split())

    @made
    def test_pyproject(self, site: Path, project: Path, make: Callable[[Path], None]) -> None:
        make(project / "pyproject.toml")
        for command in COMMANDS:
            run_in_time(project, *command.split())

    @pytest.mark.parametrize("name", ["x.pth", "x.egg-link"])
    def test_paths_that_are_none(self, site: Path, project: Path, name: str) -> None:
        (site / name).write_text("a\0b\n" + "x" * 100_000 + "\n" + "../" * 100_000 + "\n\0\n")
        assert run_in_time(project)[0] == 1

    @pytest.mark.parametrize(
        "settings",
        [
            *("version = 3.²", "version = ٣.11", "version = 3.11x", f"version = 3.{'1' * 5000}"),
            *(
                "version = -3.11",
                "version = 3",
                "version = ",
                "version = 1e9.1",
                "version_info = x",
            ),
        ],
    )
    def test_a_version_that_is_none(self, site: Path, project: Path, settings: str) -> None:
        (project / ".venv" / "pyvenv.cfg").write_text(f"{settings}\n")
        code, output = run_in_time(project)
        assert code == 1
        assert "(Python 3.11)" in output  # as the library's folder says

    @pytest.mark.parametrize("home", ["\0", "x\0y", "/dev/zero", "x" * 100_000, "", ".", "\n"])
    def test_a_base_that_is_none(self, site: Path, project: Path, home: str) -> None:
        text = f"home = {home}\nversion = 3.11.7\ninclude-system-site-packages = true\n"
        (project / ".venv" / "pyvenv.cfg").write_text(text)
        run_in_time(project)


class TestIncludes:
    @pytest.mark.parametrize("option", ["-r", "-c"])
    @pytest.mark.parametrize(
        "path", ["/dev/zero", "/dev/stdin", "/dev/tty", "/dev/full", "/proc/self/environ", "loop"]
    )
    def test_what_is_no_file(self, site: Path, project: Path, option: str, path: str) -> None:
        (project / "loop").symlink_to("loop")
        (project / "requirements.txt").write_text(f"foo==1.0\n{option} {path}\n")
        reading, writing = os.pipe()  # on which nobody ever writes
        code, output = run_in_time(project, stdin=reading)
        os.close(reading)
        os.close(writing)
        assert code == 2
        assert f"requirements.txt:2: error: '{option} {path}' cannot be read: " in output

    def test_a_file_that_never_ends(self, site: Path, project: Path) -> None:
        make_huge(project / "huge.txt")
        (project / "requirements.txt").write_text("-r huge.txt\n")
        code, output = run_in_time(project)
        assert (code, "cannot be read: larger than 16 MiB" in output) == (2, True)
        assert run_in_time(project, "huge.txt")[0] == 2

    def test_a_file_that_is_reached_often_is_read_once(self, site: Path, project: Path) -> None:
        for number in range(60):
            line = f"-r {number + 1}.txt\n"
            (project / f"{number}.txt").write_text(f"{line}{line}-c {number + 1}.txt\n")
        (project / "60.txt").write_text("foo==2.0\n")
        (project / "requirements.txt").write_text("-r 0.txt\n")
        code, output = run_in_time(project)
        assert code == 1
        assert output.count("version: foo 1.0 is installed") == 2  # once as a constraint

    def test_nested_very_deeply(self, site: Path, project: Path) -> None:
        for number in range(2_000):  # deeper than Python's calls
            (project / f"{number}.txt").write_text(f"-r {number + 1}.txt\n")
        code, output = run_in_time(project, "0.txt")
        assert code == 2
        assert "files are nested more than 100 deep" in output

    def test_links_that_give_a_file_very_many_names(self, site: Path, project: Path) -> None:
        for name in ("a", "b", "c"):
            (project / name).symlink_to(".")
        lines = "".join(f"-r {name}/requirements.txt\n" for name in ("a", "b", "c"))
        (project / "requirements.txt").write_text(lines)
        code, output = run_in_time(project, "-q")
        assert code == 2
        assert output.count("are included") == 1


class TestWhatAnErrorQuotes:
    """A line that cannot be read is quoted, if it can be one of a requirements file at all."""

    SECRET = "hunter2"  # noqa: S105 - of nobody

    @pytest.mark.parametrize("command", ["check", "diff", "plan", "why foo"])
    def test_a_file_outside_of_the_project_is_not_quoted(
        self, site: Path, project: Path, tmp_path: Path, command: str
    ) -> None:
        (tmp_path / "netrc").write_text(
            f"machine h login u password {self.SECRET}\n\nx:{self.SECRET}\n"
        )
        (project / "link.txt").symlink_to(tmp_path / "netrc")
        for path in ("../netrc", tmp_path / "netrc", "link.txt"):
            (project / "requirements.txt").write_text(f"foo==1.0\n-r {path}\n")
            code, output = run_in_time(project, *command.split())
            assert code == 2
            assert self.SECRET not in output
            assert ":1: error: cannot be read (not shown, because the file is outside" in output
            assert ":3: error: " in output

    def test_one_in_the_project_or_named_is(
        self, site: Path, project: Path, tmp_path: Path
    ) -> None:
        for path in (project / "deep" / "a.txt", tmp_path / "b.txt"):
            path.parent.mkdir(exist_ok=True)
            path.write_text("one two\n")
            assert "'one two' is not" in run_in_time(project, str(path))[1]
        (project / "requirements.txt").write_text("-r deep/a.txt\n")
        assert "'one two' is not" in run_in_time(project)[1]

    def test_a_very_long_line_is_cut(self, site: Path, project: Path) -> None:
        (project / "requirements.txt").write_text("one two" + "x" * 100_000 + "\n")
        code, output = run_in_time(project)
        assert code == 2
        assert "'one twoxxx" in output
        assert len(output) < 2000
