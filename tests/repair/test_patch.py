"""The patch that `reqdrift diff` prints, held against the programs that have to apply it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from reqdrift.cli import main
from reqdrift.repair.patch import unified_diff
from support import SCRIPTS, clean_environ, make_environment, run, run_git

PROGRAMS = (["git", "apply"], ["patch", "-p1", "--silent"])
NAMES = (
    *("plain.txt", "with space.txt", "two  spaces .txt ", "ünï.txt", "日本.txt", "-dash.txt"),
    *('quo"te.txt', "'single'.txt", "back\\slash.txt", "tab\there.txt", "new\nline.txt"),
    *(os.fsdecode(b"\xff\xfe.txt"), "sub folder/ä/file.txt", "b/a/x.txt", "$HOME.txt", "\a.txt"),
    *("x b/x", "a b/a b.txt", " b/ b.txt", " leading.txt", "dev/null", "%41.txt", "##[error]x"),
)  # fmt: skip


def applied(command: list[str], folder: Path, name: str, before: bytes, diff: bytes) -> bytes:
    """The file's bytes after a program has applied a patch to it."""
    file = folder / command[0] / name
    file.parent.mkdir(parents=True)
    file.write_bytes(before)
    environ = clean_environ(GIT_CEILING_DIRECTORIES=str(folder))
    done = subprocess.run(
        command,
        input=diff,
        cwd=folder / command[0],
        env=environ,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return file.read_bytes()


@pytest.mark.parametrize("command", PROGRAMS, ids=lambda command: command[0])
@pytest.mark.parametrize("name", NAMES)
def test_any_name(tmp_path: Path, name: str, command: list[str]) -> None:
    if "\n" in name and command[0] == "patch":
        return  # it refuses such names, however they are written
    before, after = b"a==1\nb==1\n", b"a==2\nb==1\n"
    assert applied(command, tmp_path, name, before, unified_diff(name, before, after)) == after


CONTENTS = (
    *(b"", b"a==1", b"a==1\n", b"a==1\nb==1", b"a==1\nb==1\n", b"a==2\nb==1\n", b"\n", b"\n\n"),
    *(b"a==1\r\nb==1\r\n", b"a==1\r\nb==1", b"a==1\rb==1\r", b"a==2\rb==1", b"a==1\r\nb==1\n"),
    *(b"- a\n+ b\n@@ c\n\\ d\n", b"- a\n@@ c\n\\ d\n", b"--- x\n+++ y\n", b"\xff\xfe\x00\n\x00x"),
    *("a==1\n".encode("utf-16"), "a==2\nb==1\n".encode("utf-16"), "a==1".encode("utf-16")),
    *("a==1\r\nb==1\r\n".encode("utf-16-be"), "a==1\r\nb==2".encode("utf-16-be")),
)  # fmt: skip


@pytest.mark.parametrize("command", PROGRAMS, ids=lambda command: command[0])
@pytest.mark.parametrize("after", CONTENTS, ids=repr)
def test_any_content(tmp_path: Path, after: bytes, command: list[str]) -> None:
    for number, before in enumerate(CONTENTS):
        if before != after:
            diff = unified_diff("f.txt", before, after)
            folder = tmp_path / str(number)
            assert applied(command, folder, "f.txt", before, diff) == after


class TestCommand:
    @pytest.fixture
    def drifted(self, project: Path) -> Path:
        make_environment(project / ".venv", "foo-2.0")
        (project / "requirements.txt").write_text("foo==1.0\n")
        return project

    @pytest.mark.parametrize(
        ("words", "no_color", "is_colored"),
        [
            ((), False, True),
            ((), True, False),
            (("--color", "always"), True, True),
            (("--color", "never"), False, False),
        ],
    )
    @pytest.mark.skipif(sys.platform == "win32", reason="needs pseudo-terminals")
    def test_on_a_terminal_it_is_colored(
        self, drifted: Path, words: tuple[str, ...], no_color: bool, is_colored: bool
    ) -> None:
        import pty

        environ = clean_environ(**({"NO_COLOR": "1"} if no_color else {}))
        if not no_color:
            environ.pop("NO_COLOR", None)
        master, slave = pty.openpty()
        command = [str(SCRIPTS / "reqdrift"), "diff", *words]
        done = subprocess.run(command, cwd=drifted, env=environ, stdout=slave, check=False)
        os.close(slave)
        shown = os.read(master, 10000)
        os.close(master)
        assert done.returncode == 1
        assert (b"\x1b[" in shown) == is_colored
        assert b"+foo==2.0" in shown

    def test_paths_start_at_the_git_top(
        self, drifted: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        (drifted / ".git").rmdir()
        run_git("init", "-q", cwd=drifted)
        (drifted / "sub folder").mkdir()
        shutil.move("requirements.txt", "sub folder/requirements.txt")
        (drifted / "sub folder" / "more.txt").write_text("foo>=1\n")
        with (drifted / "sub folder" / "requirements.txt").open("a") as file:
            file.write("-r more.txt\n")
        monkeypatch.chdir("sub folder")
        assert main(["diff", "requirements.txt"]) == 1
        diff = capfd.readouterr().out
        assert "--- a/sub folder/requirements.txt\t\n" in diff
        assert "--- a/sub folder/more.txt\t\n" not in diff  # the other line pins it
        (drifted / "d.patch").write_text(diff)
        run("git", "apply", "d.patch", cwd=drifted)
        assert main(["requirements.txt"]) == 0

    @pytest.mark.parametrize("command", PROGRAMS, ids=lambda command: command[0])
    def test_outside_of_git(
        self,
        drifted: Path,
        monkeypatch: pytest.MonkeyPatch,
        capfdbinary: pytest.CaptureFixture[bytes],
        command: list[str],
    ) -> None:
        (drifted / ".git").rmdir()
        (drifted / "deep").mkdir()
        monkeypatch.chdir("deep")
        assert main(["diff", "../requirements.txt", "--python", "../.venv"]) == 1
        diff, err = capfdbinary.readouterr()
        assert err == f"reqdrift: the patch applies in {drifted}\n".encode()
        subprocess.run(command, input=diff, cwd=drifted, env=clean_environ(), check=True)
        assert (drifted / "requirements.txt").read_text() == "foo==2.0\n"

    @pytest.mark.parametrize("command", PROGRAMS, ids=lambda command: command[0])
    def test_a_link_is_followed(
        self, drifted: Path, capfdbinary: pytest.CaptureFixture[bytes], command: list[str]
    ) -> None:
        (drifted / "requirements.txt").rename(drifted / "real.txt")
        (drifted / "requirements.txt").symlink_to("real.txt")
        assert main(["diff"]) == 1
        diff = capfdbinary.readouterr().out
        (drifted / ".git").rmdir()
        subprocess.run(command, input=diff, cwd=drifted, env=clean_environ(), check=True)
        assert (drifted / "requirements.txt").is_symlink()
        assert (drifted / "real.txt").read_text() == "foo==2.0\n"

    def test_what_is_no_file_is_refused(
        self, drifted: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        read, write = os.pipe()
        os.write(write, b"foo==1.0\n")
        os.close(write)
        command = [str(SCRIPTS / "reqdrift"), "diff", f"/dev/fd/{read}", "--python", ".venv"]
        done = subprocess.run(
            command,
            env=clean_environ(),
            pass_fds=[read],
            capture_output=True,
            text=True,
            check=False,
        )
        os.close(read)
        assert (done.returncode, done.stdout) == (2, "")
        assert "is not a regular file" in done.stderr
