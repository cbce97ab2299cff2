"""RECORD against the disk: every odd file, in fabricated environments."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from support import record
from verified import Verified, found


def test_as_installed(verified: Verified) -> None:
    verified.install("lantern-1.0")
    assert verified.verify() == []
    assert verified.code == 0
    assert verified.last.startswith("clean; 4 files of 1 distribution compared (0.0 MB); .venv (")


class TestOneChange:
    """Each change of one thing is one finding."""

    @pytest.fixture
    def lantern(self, verified: Verified) -> Verified:
        verified.install("lantern-1.0")
        return verified

    @pytest.fixture
    def wick(self, lantern: Verified) -> Path:
        return lantern.site / "lantern" / "wick.py"

    @pytest.mark.parametrize("shut", ["wick.py", "."])
    def test_unreadable(self, lantern: Verified, wick: Path, shut: str) -> None:
        """As a user whom permissions bind; the tests may run as root."""
        (wick.parent / shut).chmod(0)
        bound = "-dac_override,-dac_read_search"
        command = [sys.executable, "-m", "reqdrift", "verify", "--python", ".venv"]
        if os.getuid() == 0:
            words = (f"--bounding-set={bound}", f"--inh-caps={bound}")
            command = ["setpriv", *words, *command]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        (wick.parent / shut).chmod(0o755)
        what = "lantern/wick.py" if shut == "wick.py" else "lantern/"
        many = "" if shut == "wick.py" else " (2 files)"
        message = f"broken: {what} of lantern 1.0 cannot be read: Permission denied{many}"
        assert [line for line in done.stdout.splitlines() if message in line]
        assert done.stdout.count(": broken: ") == 1
        assert done.returncode == 1


class TestBytecode:
    @pytest.mark.parametrize(
        "name", ["lantern/__pycache__/wick.cpython-311.pyc", "lantern/wick.pyc"]
    )
    def test_is_never_a_finding(self, verified: Verified, name: str) -> None:
        info = verified.install("lantern-1.0")
        with (info / "RECORD").open("a") as file:
            file.write(f"{name},,\nlantern/__pycache__/gone.pyc,sha256=AAAA,1\n")
            file.write("lantern/__pycache__/gone.nbi,sha256=AAAA,1\n")
        (verified.site / name).parent.mkdir(exist_ok=True)
        (verified.site / name).write_bytes(b"anything")
        (verified.site / "lantern" / "stray.pyc").write_bytes(b"anything")
        (verified.site / "lantern" / "__pycache__").mkdir(exist_ok=True)
        (verified.site / "lantern" / "__pycache__" / "wick.light-1.py311.nbi").write_bytes(
            b"numba's"
        )
        (verified.site / "__pycache__").mkdir()
        (verified.site / "__pycache__" / "other.pyc").write_bytes(b"anything")
        assert verified.verify() == []
        assert "3 bytecode files skipped" in verified.last

    def test_in_place_of_source_is_compared(self, verified: Verified) -> None:
        verified.install("lantern-1.0", {"lantern/secret.pyc": "shipped"})
        assert verified.verify() == []
        (verified.site / "lantern" / "secret.pyc").write_text("changed")
        message = "lantern/secret.pyc of lantern 1.0 does not match RECORD (sha256 differs)"
        assert verified.verify() == found(message)

    def test_an_environment_below_such_a_folder(self, verified: Verified, tmp_path: Path) -> None:
        verified.install("lantern-1.0")
        (verified.site / "lantern" / "wick.py").write_text("WICK = 3\n")
        odd = tmp_path / "__pycache__"
        odd.mkdir()
        shutil.move(verified.site.parents[2], odd / "env")
        (line,) = verified.verify("--python", str(odd / "env"))
        assert "(sha256 differs)" in line


def test_what_vanishes_meanwhile_is_missing(
    verified: Verified, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file goes between the look at it and the opening."""
    verified.install("lantern-1.0")
    real = os.open

    def late(path: str, *rest: int) -> int:
        if str(path).endswith("wick.py"):
            os.unlink(path)
        return real(path, *rest)

    monkeypatch.setattr(os, "open", late)
    assert verified.verify() == found("lantern/wick.py of lantern 1.0 is missing")


def test_what_becomes_a_pipe_meanwhile_does_not_block(
    verified: Verified, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified.install("lantern-1.0")
    wick = verified.site / "lantern" / "wick.py"
    # Whoever waits for a writer gets one in the end, for the test to fail and not to hang.
    writer = threading.Timer(5, lambda: wick.open("w").close())
    real = os.open

    def late(path: str, *rest: int) -> int:
        if str(path) == str(wick):
            wick.unlink()
            os.mkfifo(wick)
            writer.start()
        return real(path, *rest)

    monkeypatch.setattr(os, "open", late)
    begun = time.monotonic()
    lines = verified.verify()
    assert time.monotonic() - begun < 4
    writer.cancel()
    assert lines == found("lantern/wick.py of lantern 1.0 does not match RECORD (sha256 differs)")


def test_memory_is_bounded(verified: Verified) -> None:
    """A large file is never held whole."""
    info = verified.install("lantern-1.0", {})
    with (verified.site / "big.bin").open("wb") as file:
        file.truncate(400_000_000)
    (info / "RECORD").write_text(record(verified.site, info, ["big.bin"]))
    code = (
        "import resource; from reqdrift.cli import main; main(['verify', '--python', '.venv']);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    # A program's largest size counts what it was forked from: a shell is small, pytest is not.
    command = ["sh", "-c", '"$0" -c "$1"; exit $?', sys.executable, code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    verdict, kilobytes = done.stdout.splitlines()
    assert verdict.startswith("clean; 2 files of 1 distribution compared (400.0 MB)")
    assert int(kilobytes) < 150_000
