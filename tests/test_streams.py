"""Where reports go: pipes that close, disks that are full, files that are whole or not there."""

from __future__ import annotations

import json
import os
import resource
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from support import SCRIPTS, add_distribution, clean_environ, in_own_mounts, make_environment, run
from support import reqdrift as reqdrift_command

REQDRIFT = str(SCRIPTS / "reqdrift")
FORMATS = ("text", "rich", "json", "github", "gitlab", "sarif", "junit", "markdown", "html")
LARGER_THAN_A_PIPE = 1500  # findings of 80 bytes or more


@pytest.fixture
def site(project: Path) -> Path:
    (project / "requirements.txt").write_text("foo==1.0\n")
    return make_environment(project / ".venv", "foo-1.0")


@pytest.fixture(scope="module")
def drifted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project about which each command has more to say than a pipe holds."""
    folder = tmp_path_factory.mktemp("drifted")
    site = make_environment(folder / ".venv", "foo-1.0")
    lines = []
    for number in range(LARGER_THAN_A_PIPE):
        name = f"a-package-with-a-{'very-' * 10}long-name-{number}"
        add_distribution(site, f"{name.replace('-', '_')}-1.0", requires=["foo"])
        lines.append(f"{name}==2.0\n")
    # No installer can install this one, so `plan` leaves each finding to the user.
    lines.append("wsgiref==0.1.2\n")
    (folder / "requirements.txt").write_text("".join(lines))
    return folder


def read_a_little(cwd: Path, *words: str, **variables: str) -> tuple[int, str]:
    """Run the command, stop reading after its first byte: the exit code, what stderr has."""
    with subprocess.Popen(
        [REQDRIFT, *words],
        cwd=cwd,
        env=clean_environ(**variables),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout and process.stderr
        assert process.stdout.read(1)
        process.stdout.close()
        err = process.stderr.read()
        return process.wait(), err


class TestAClosedPipe:
    @pytest.mark.parametrize("name", FORMATS)
    def test_of_a_report_leaves_the_verdict(self, drifted: Path, name: str) -> None:
        assert read_a_little(drifted, "-q", "--format", name) == (1, "")

    def test_a_clean_verdict_too(self, drifted: Path, tmp_path: Path) -> None:
        (tmp_path / "all.txt").write_bytes(
            (drifted / "requirements.txt").read_bytes().replace(b"2.0", b"1.0") + b"foo==1.0\n"
        )
        words = ("-q", "--python", str(drifted / ".venv"), str(tmp_path / "all.txt"))
        assert reqdrift_command(*words, cwd=drifted).returncode == 0
        for name in ("junit", "json"):
            assert read_a_little(drifted, *words, "--format", name) == (0, "")

    def test_of_verify_leaves_the_verdict(self, drifted: Path) -> None:
        assert read_a_little(drifted, "verify") == (1, "")

    @pytest.mark.parametrize("words", [("freeze",), ("diff", "-q"), ("why", "foo")])
    def test_of_what_has_no_verdict_is_as_for_any_program(
        self, drifted: Path, words: tuple[str, ...]
    ) -> None:
        for unbuffered in ("", "1"):
            assert read_a_little(drifted, *words, PYTHONUNBUFFERED=unbuffered) == (141, "")


class TestNoPlaceToWrite:
    @pytest.mark.parametrize(
        ("words", "code"),
        [("", 1), ("absent.txt", 2), ("--no-such-option", 2), ("--python nowhere", 3)],
    )
    @pytest.mark.parametrize("redirection", [">&- 2>&-", "2>&-", "2>/dev/full", "<&- >&- 2>&-"])
    def test_the_exit_code_says_it_alone(
        self, site: Path, project: Path, words: str, code: int, redirection: str
    ) -> None:
        add_distribution(site, "bar-1.0")
        done = run("bash", "-c", f"'{REQDRIFT}' {words} {redirection}", cwd=project, check=False)
        assert (done.returncode, done.stderr) == (code, "")

    @pytest.mark.parametrize("words", ["", "--debug", "verify", "freeze", "env", "why foo"])
    def test_a_full_disk_behind_standard_output(
        self, site: Path, project: Path, words: str
    ) -> None:
        done = run("bash", "-c", f"'{REQDRIFT}' {words} >/dev/full", cwd=project, check=False)
        assert done.returncode == 2
        assert done.stderr.splitlines()[-1].endswith("No space left on device")
        assert done.stderr.count("\n") == 1 or words == "--debug"

    @pytest.mark.parametrize("unbuffered", ["", "1"])
    def test_room_for_a_part_of_the_report(self, drifted: Path, unbuffered: str) -> None:
        with (drifted / "report").open("wb") as report:
            done = subprocess.run(
                [REQDRIFT, "--format", "json"],
                cwd=drifted,
                env=clean_environ(PYTHONUNBUFFERED=unbuffered, PYTHONDONTWRITEBYTECODE="1"),
                stdout=report,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000)),
            )
        assert (done.returncode, done.stderr) == (2, "reqdrift: File too large\n")


class TestReportFiles:
    @pytest.fixture
    def old(self, site: Path, project: Path) -> Iterator[Path]:
        """A report of last time, which must stay whole until there is another."""
        path = project / "report.json"
        path.write_text("[]\n")
        yield path
        assert [*project.glob(".reqdrift.*")] == []

    @pytest.mark.parametrize("name", FORMATS)
    def test_without_room_the_old_one_stays(self, old: Path, project: Path, name: str) -> None:
        done = subprocess.run(
            [REQDRIFT, "--format", f"{name}={old}", "--format", "json=new.json"],
            cwd=project,
            env=clean_environ(PYTHONDONTWRITEBYTECODE="1"),
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)),
        )
        assert done.returncode == (2 if name != "github" else done.returncode)
        assert done.stderr.count("\n") == 1
        assert "cannot be written: File too large; nothing was written" in done.stderr
        assert not (project / "new.json").exists()
        if name != "github":  # a clean one is empty, and needs no room
            assert old.read_text() == "[]\n"

    def test_on_a_full_disk_the_old_one_stays(self, old: Path, project: Path) -> None:
        (project / "small").mkdir()
        script = (
            "mount -t tmpfs -o size=16k tmpfs small; cp report.json small/; code=0;"
            " head -c 12000 /dev/zero > small/filling;"
            f" '{REQDRIFT}' --format sarif=small/report.json -v || code=$?;"
            " cat small/report.json; test $(ls -A small | wc -l) = 2; exit $code"
        )
        for number in range(60):
            add_distribution(next(project.glob(".venv/lib/*/*")), f"package{number}-1.0")
        done = run(*in_own_mounts(script), cwd=project, check=False)
        assert (done.returncode, done.stdout) == (2, "[]\n")
        assert "No space left on device; nothing was written" in done.stderr

    def test_a_new_one_is_as_the_umask_says_and_an_old_one_as_it_was(
        self, old: Path, project: Path
    ) -> None:
        old.chmod(0o640)
        script = f"umask 027; '{REQDRIFT}' --format json={old} --format sarif=new.sarif"
        run("bash", "-c", script, cwd=project)
        modes = [stat.S_IMODE((project / name).stat().st_mode) for name in (old, "new.sarif")]
        assert modes == [0o640, 0o640]
        assert json.loads(old.read_text())["verdict"] == "clean"

    def test_a_link_stays_one(self, old: Path, project: Path) -> None:
        (project / "link").symlink_to("report.json")
        (project / "dangling").symlink_to("made.json")
        reqdrift_command("--format", "json=link", "--format", "json=dangling", cwd=project)
        assert (project / "link").is_symlink() and (project / "dangling").is_symlink()
        assert json.loads(old.read_text()) == json.loads((project / "made.json").read_text())

    def test_what_is_no_file_is_written_to(self, old: Path, project: Path) -> None:
        for target in ("/dev/stdout", "/dev/stderr", "/dev/fd/1"):
            done = reqdrift_command("--format", f"json={target}", cwd=project)
            assert json.loads(done.stdout + done.stderr)["verdict"] == "clean"
        # A file that somebody holds open is not replaced beneath them.
        script = f"{{ echo before; '{REQDRIFT}' --format text=/dev/stderr -q; echo after; }} 2>log"
        run("bash", "-c", script, cwd=project)
        os.mkfifo(project / "pipe")
        script = f"cat pipe & '{REQDRIFT}' --format json=pipe; wait"
        done = run("bash", "-c", script, cwd=project)
        assert json.loads(done.stdout)["verdict"] == "clean"

    def test_what_comes_from_a_pipe_has_no_hint(self, old: Path, project: Path) -> None:
        done = run("bash", "-c", f"'{REQDRIFT}' <(echo foo==2.0)", cwd=project, check=False)
        assert (done.returncode, "hint" in done.stdout) == (1, False), done.stdout

    def test_names_that_are_not_utf_8(self, site: Path, project: Path) -> None:
        name = os.fsdecode(b"r\xff.txt")
        (project / name).write_text("foo==2.0\n")
        for format_ in FORMATS:
            file = project / os.fsdecode(b"\xff") / format_
            file.parent.mkdir(exist_ok=True)
            done = reqdrift_command(name, "--format", f"{format_}={file}", cwd=project)
            assert (done.returncode, done.stdout) == (1, ""), done.stderr
            assert "foo" in file.read_text("utf-8")
