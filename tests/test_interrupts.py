"""Ctrl-C, SIGTERM and SIGHUP at whatever is slow: 130, 143 or 129, no word, nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reqdrift.environments.asking import run as run_program
from support import SCRIPTS, clean_environ, make_environment, reqdrift

SIGNALS = [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
REQDRIFT = str(SCRIPTS / "reqdrift")


def write_script(path: Path, *lines: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    path.chmod(0o755)
    return path


@pytest.fixture
def here(project: Path) -> Path:
    (project / "requirements.txt").write_text("foo==1.0\n")
    make_environment(project / ".venv", "foo-1.0")
    return project


@contextmanager
def started(
    cwd: Path, *words: str | Path, by: tuple[str, ...] = ()
) -> Iterator[subprocess.Popen[str]]:
    """The command, started by another one if need be; it does not outlive the context."""
    with subprocess.Popen(
        [*by, REQDRIFT, *map(str, words)],
        cwd=cwd,
        env=clean_environ(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def end(process: subprocess.Popen[str], number: int) -> int:
    """Send a signal that is to end the command without a word; its exit code."""
    process.send_signal(number)
    begun = time.monotonic()
    assert process.communicate(timeout=60) == ("", "")
    assert time.monotonic() - begun < 10
    return process.returncode


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def is_running(pid: int) -> bool:
    """Whether a process runs; an orphan that has ended may wait for somebody to notice."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def has_open(pid: int, name: str) -> bool:
    """Whether a process has a file of that name open now; it opens and closes others meanwhile."""
    try:
        opened = [os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir()]
    except FileNotFoundError:
        return False
    return any(os.path.basename(path) == name for path in opened)


@pytest.mark.parametrize(("number", "code"), SIGNALS)
class TestSignals:
    @pytest.mark.parametrize("words", [(), ("plan",), ("diff",), ("--format", "json=out.json")])
    def test_while_a_pipe_is_waited_for(
        self, here: Path, number: int, code: int, words: tuple[str, ...]
    ) -> None:
        os.mkfifo(here / "pipe")
        # To open the pipe waits for the command, whose reading then waits for us.
        with started(here, *words, "pipe") as process, (here / "pipe").open("wb"):
            assert end(process, number) == code
        assert not (here / "out.json").exists()

    @pytest.mark.parametrize("words", [(), ("verify",), ("plan",), ("freeze",)])
    def test_while_an_interpreter_hangs(
        self, here: Path, number: int, code: int, words: tuple[str, ...]
    ) -> None:
        # What the program itself started must not stay behind either.
        lines = ("sleep 300 &", 'echo "$$ $!" > "$0.new"', 'mv "$0.new" "$0.pids"', "wait")
        program = write_script(here / "shims" / "python", *lines)
        pids = here / "shims" / "python.pids"
        with started(here, *words, "--python", program) as process:
            wait_until(pids.exists)
            assert end(process, number) == code
        wait_until(lambda: not any(is_running(int(pid)) for pid in pids.read_text().split()))

    def test_while_files_are_verified(self, here: Path, number: int, code: int) -> None:
        # As large as a file can be without a byte on the disk.
        info = next(here.glob(".venv/lib/*/*/foo-1.0.dist-info"))
        with (info.parent / "foo.bin").open("wb") as file:
            file.truncate(1 << 40)
        (info / "RECORD").write_text(f"foo.bin,sha256=x,{1 << 40}\n")
        with started(here, "verify") as process:
            wait_until(lambda: has_open(process.pid, "foo.bin"))
            assert end(process, number) == code

    def test_one_that_is_ignored_at_the_start_stays_ignored(
        self, here: Path, number: int, code: int
    ) -> None:
        os.mkfifo(here / "pipe")
        by = ("sh", "-c", f'trap "" {number}; exec "$@"', "sh")
        with started(here, "pipe", by=by) as process:
            with (here / "pipe").open("wb") as pipe:
                process.send_signal(number)
                pipe.write(b"foo==1.0\n")
            out, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (0, "")
        assert out.startswith("clean; ")


class TestPrograms:
    """An interpreter that has to be asked may be anything."""

    def test_one_that_never_stops_talking(self, here: Path) -> None:
        for stream in ("1", "2"):
            program = write_script(here / "shims" / "python", f"exec cat /dev/zero >&{stream}")
            done = reqdrift("--python", program, cwd=here)
            assert done.returncode == 3
            assert "cannot be queried" in done.stderr
            assert len(done.stderr) < 2000

    def test_one_that_hangs_is_ended(self, tmp_path: Path) -> None:
        lines = ("sleep 300 &", f'echo "$$ $!" > {tmp_path}/pids', "wait")
        program = write_script(tmp_path / "shims" / "python", *lines)
        with pytest.raises(TimeoutError) as error:
            run_program([str(program)], cwd="/", seconds=1)
        assert error.value.strerror == "no answer in 1 seconds"
        pids = (tmp_path / "pids").read_text().split()
        wait_until(lambda: not any(is_running(int(pid)) for pid in pids))

    def test_a_pipe_without_end(self, here: Path) -> None:
        command = f"'{REQDRIFT}' <(cat /dev/zero) --python .venv"
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=here,
            env=clean_environ(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 2
        assert ": error: larger than " in done.stdout
