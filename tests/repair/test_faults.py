"""`reqdrift fix` when it is killed, refused or out of room: the old file or the new one, whole."""

from __future__ import annotations

import os
import resource
import signal
import stat
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from support import SCRIPTS, clean_environ, in_own_mounts, make_environment, without_rights

FIX = (str(SCRIPTS / "reqdrift"), "fix")
BEFORE, AFTER = b"foo==1.0\n", b"foo==2.0\n"


@pytest.fixture
def drifted(project: Path) -> Path:
    make_environment(project / ".venv", "foo-2.0", "bar-2.0")
    (project / "requirements.txt").write_bytes(BEFORE + b"bar==2.0\n")
    return project


def run_fix(
    command: Sequence[str], folder: Path, *, room: int | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command; `room` is how large a file it may write."""

    def limit() -> None:
        if room is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    return subprocess.run(
        command,
        cwd=folder,
        env=clean_environ(PYTHONDONTWRITEBYTECODE="1"),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limit,
    )


def assert_refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    for word in ("reqdrift: ", *words):
        assert word in done.stderr


def assert_nothing_left_behind(*folders: Path) -> None:
    assert [path for folder in folders for path in folder.glob(".reqdrift.*")] == []


@pytest.mark.long  # at every moment of a run
class TestKilled:
    """The file is large, so that writing it takes long enough to be hit."""

    FILLING = b"# " + b"x" * 100_000 + b"\n"

    @pytest.fixture
    def texts(self, drifted: Path) -> dict[Path, tuple[bytes, bytes]]:
        """The files with the bytes that each may have."""
        filling = self.FILLING * 80
        main, included = drifted / "requirements.txt", drifted / "base.txt"
        return {
            main: (BEFORE + b"-r base.txt\n" + filling, AFTER + b"-r base.txt\n" + filling),
            included: (b"bar==1.0\n" + filling, b"bar==2.0\n" + filling),
        }

    def started(self, texts: dict[Path, tuple[bytes, bytes]]) -> subprocess.Popen[bytes]:
        for path, (before, _) in texts.items():
            path.write_bytes(before)
        folder = next(iter(texts)).parent
        return subprocess.Popen(
            FIX, cwd=folder, env=clean_environ(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )

    def wait_for_writing(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        while process.poll() is None and not any(folder.glob(".reqdrift.*")):
            time.sleep(0.0005)

    def test_a_kill_leaves_whole_files(
        self, drifted: Path, texts: dict[Path, tuple[bytes, bytes]]
    ) -> None:
        start = time.monotonic()
        process = self.started(texts)
        process.communicate()
        assert process.returncode == 0
        whole = time.monotonic() - start
        half_written = 0
        for number in range(36):
            process = self.started(texts)
            if number % 3 == 0:
                time.sleep(whole * number / 36)
            else:
                self.wait_for_writing(process, drifted)
                time.sleep(0.002 * (number % 18))
            process.send_signal(signal.SIGKILL)
            process.communicate()
            assert all(path.read_bytes() in either for path, either in texts.items())
            # The killed process cannot sweep up; the next one is not disturbed by what is left.
            for path in drifted.glob(".reqdrift.*"):
                half_written += 1
                path.unlink()
        assert half_written  # else no kill came while a file was written

    @pytest.mark.parametrize(
        ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
    )
    def test_an_interruption_sweeps_up(
        self, drifted: Path, texts: dict[Path, tuple[bytes, bytes]], number: int, code: int
    ) -> None:
        codes = set()
        for attempt in range(8):
            process = self.started(texts)
            self.wait_for_writing(process, drifted)
            time.sleep(0.001 * attempt)
            process.send_signal(number)
            _, err = process.communicate()
            codes.add(process.returncode)
            # In a finalizer, Python prints the interruption and goes on.
            assert err == b"" or err.startswith(b"Exception ignored in")
            assert_nothing_left_behind(drifted)
            assert all(path.read_bytes() in either for path, either in texts.items())
        assert code in codes


class TestRefused:
    def test_a_read_only_file(self, drifted: Path) -> None:
        file = drifted / "requirements.txt"
        file.chmod(0o444)
        before = file.read_bytes()
        done = run_fix(without_rights(*FIX), drifted)
        assert_refused(done, "requirements.txt", "it is read-only", "nothing was written")
        assert file.read_bytes() == before
        assert_nothing_left_behind(drifted)

    def test_a_read_only_folder(self, drifted: Path) -> None:
        file = drifted / "requirements.txt"
        before = file.read_bytes()
        drifted.chmod(0o555)
        done = run_fix(without_rights(*FIX), drifted)
        drifted.chmod(0o755)
        assert_refused(done, "requirements.txt", "Permission denied", "nothing was written")
        assert file.read_bytes() == before
        assert_nothing_left_behind(drifted)

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
    def test_another_users_file(self, drifted: Path) -> None:
        file = drifted / "requirements.txt"
        os.chown(file, 12345, 12345)
        file.chmod(0o666)
        before = file.read_bytes()
        done = run_fix(without_rights(*FIX, also=",-chown"), drifted)
        assert_refused(done, "replacing it would change its owner", "nothing was written")
        assert (file.read_bytes(), file.stat().st_uid) == (before, 12345)
        assert_nothing_left_behind(drifted)

    @pytest.mark.parametrize("room", [0, 10, 4096])
    def test_no_room(self, drifted: Path, room: int) -> None:
        file = drifted / "requirements.txt"
        before = BEFORE + b"bar==2.0\n" + b"# filling\n" * 1000
        file.write_bytes(before)
        done = run_fix(FIX, drifted, room=room)
        assert_refused(done, "File too large", "nothing was written")
        assert file.read_bytes() == before
        assert_nothing_left_behind(drifted)

    def test_no_room_for_the_second_file(self, drifted: Path) -> None:
        file, base = drifted / "requirements.txt", drifted / "base.txt"
        file.write_bytes(BEFORE + b"-r base.txt\n")
        base.write_bytes(b"bar==1.0\n" + b"# filling\n" * 1000)
        before = file.read_bytes(), base.read_bytes()
        done = run_fix(FIX, drifted, room=4096)
        assert_refused(done, "base.txt", "File too large", "nothing was written")
        assert (file.read_bytes(), base.read_bytes()) == before
        assert_nothing_left_behind(drifted)

    def test_a_full_disk(self, drifted: Path) -> None:
        small = drifted / "small"
        small.mkdir()
        script = (
            "mount -t tmpfs -o size=64k tmpfs small; cp requirements.txt small/;"
            " yes '# filling' | head -c 40000 >> small/requirements.txt;"
            " before=$(cksum < small/requirements.txt); code=0;"
            f" {FIX[0]} fix --python .venv small/requirements.txt || code=$?;"
            ' test "$before" = "$(cksum < small/requirements.txt)";'
            " test $(ls -A small) = requirements.txt; exit $code"
        )
        done = run_fix(in_own_mounts(script), drifted)
        assert_refused(done, "No space left on device", "nothing was written")


class TestSeveralFiles:
    @pytest.fixture
    def two(self, drifted: Path) -> Path:
        (drifted / "requirements.txt").write_bytes(BEFORE + b"-r fixed/base.txt\n")
        (drifted / "fixed").mkdir()
        (drifted / "fixed" / "base.txt").write_bytes(b"bar==1.0\n")
        return drifted

    def test_a_second_one_that_refuses_stops_the_first(self, two: Path) -> None:
        (two / "fixed").chmod(0o555)
        done = run_fix(without_rights(*FIX), two)
        (two / "fixed").chmod(0o755)
        assert_refused(done, "fixed/base.txt", "nothing was written")
        assert (two / "requirements.txt").read_bytes().startswith(BEFORE)
        assert_nothing_left_behind(two, two / "fixed")

    def test_what_was_written_and_what_was_not(self, two: Path) -> None:
        # A file that is a mount point, as in many a container, can be read and written, and a new
        # one beside it too; only putting that in its place fails.
        script = f"mount --bind fixed/base.txt fixed/base.txt; {FIX[0]} fix"
        done = run_fix(in_own_mounts(script), two)
        main, included = two / "requirements.txt", two / "fixed" / "base.txt"
        assert_refused(
            done,
            f"{included} cannot be replaced: Device or resource busy",
            f"written: {main}; not written: {included}",
        )
        assert main.read_bytes().startswith(AFTER)
        assert included.read_bytes() == b"bar==1.0\n"
        assert_nothing_left_behind(two, two / "fixed")


class TestKept:
    def test_a_link_stays_one(self, drifted: Path) -> None:
        (drifted / "shared").mkdir()
        real = (drifted / "requirements.txt").rename(drifted / "shared" / "real.txt")
        (drifted / "link.txt").symlink_to("shared/real.txt")
        (drifted / "requirements.txt").symlink_to("link.txt")
        assert run_fix(FIX, drifted).returncode == 0
        assert os.readlink(drifted / "requirements.txt") == "link.txt"
        assert os.readlink(drifted / "link.txt") == "shared/real.txt"
        assert real.read_bytes().startswith(AFTER)

    def test_a_file_reached_by_two_names_gets_the_edits_of_both(self, drifted: Path) -> None:
        (drifted / "again.txt").symlink_to("requirements.txt")
        (drifted / "requirements.txt").write_bytes(BEFORE)
        assert run_fix((*FIX, "again.txt", "requirements.txt"), drifted).returncode == 0
        assert (drifted / "requirements.txt").read_bytes() == b"bar==2.0\nfoo==2.0\n"

    @pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o755])
    def test_mode_and_owner(self, drifted: Path, mode: int) -> None:
        file = drifted / "requirements.txt"
        owner = (12345, 54321) if os.geteuid() == 0 else (os.geteuid(), os.getegid())
        os.chown(file, *owner)
        file.chmod(mode)
        assert run_fix(FIX, drifted).returncode == 0
        status = file.stat()
        assert stat.S_IMODE(status.st_mode) == mode
        assert (status.st_uid, status.st_gid) == owner
        assert file.read_bytes().startswith(AFTER)

    def test_extended_attributes(self, drifted: Path) -> None:
        file = drifted / "requirements.txt"
        try:
            os.setxattr(file, "user.note", b"kept")
        except OSError:
            pytest.skip("no extended attributes here")
        assert run_fix(FIX, drifted).returncode == 0
        assert os.getxattr(file, "user.note") == b"kept"

    def test_what_is_right_is_not_written(self, drifted: Path) -> None:
        file = drifted / "requirements.txt"
        file.write_bytes(b"foo==2.0\nbar==2.0\n")
        before = file.stat()
        assert run_fix(FIX, drifted).returncode == 0
        assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
