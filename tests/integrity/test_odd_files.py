"""`reqdrift verify` of files that change, that cannot be read, and that are large."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

import pytest

from reqdrift.cli import main
from support import install, make_environment, record, run, without_rights

Captured = pytest.CaptureFixture[str]
WICK = "lantern/wick.py of lantern 1.0"


@pytest.fixture
def site(project: Path) -> Path:
    site = make_environment(project / ".venv")
    install("lantern 1.0 has lantern/__init__.py has lantern/wick.py", site, project)
    return site


@pytest.mark.parametrize(
    ("shut", "message"),
    [
        ("wick.py", f"broken: {WICK} cannot be read: Permission denied\n"),
        (".", "broken: lantern/ of lantern 1.0 cannot be read: Permission denied (2 files)\n"),
    ],
)
def test_unreadable(site: Path, project: Path, shut: str, message: str) -> None:
    (site / "lantern" / shut).chmod(0)
    command = (sys.executable, "-m", "reqdrift", "verify", "--python", ".venv")
    done = run(*without_rights(*command), cwd=project, check=False)
    (site / "lantern" / shut).chmod(0o755)
    assert (done.returncode, done.stdout.count(": broken: ")) == (1, 1)
    assert message in done.stdout


def test_what_is_outside_is_not_even_looked_at(
    site: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (site / "lantern-1.0.dist-info" / "RECORD").open("a") as file:
        for path in ("../../../../../etc/passwd", "/etc/passwd", "x/../../../../../../etc/passwd"):
            file.write(f"{path},sha256=AAAA,1\n")
    looked_at: list[str] = []
    for name in ("open", "stat"):
        real = getattr(os, name)

        def watched(*words: object, real: object = real, **named: object) -> object:
            looked_at.append(str(words[0]))
            return real(*words, **named)  # type: ignore[operator]

        monkeypatch.setattr(os, name, watched)
    assert main(["verify"]) == 1
    assert capsys.readouterr().out.count("is outside of the environment and is not read\n") == 3
    assert looked_at  # the watch works
    assert "passwd" not in "".join(looked_at)


def test_what_vanishes_meanwhile_is_missing(
    site: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file goes between the look at it and the opening."""
    real = os.open

    def late(path: str, *rest: int) -> int:
        if str(path).endswith("wick.py"):
            os.unlink(path)
        return real(path, *rest)

    monkeypatch.setattr(os, "open", late)
    assert main(["verify", "--quiet"]) == 1
    assert capsys.readouterr().out.endswith(f"/wick.py: modified: {WICK} is missing\n")


def test_what_becomes_a_pipe_meanwhile_does_not_block(
    site: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    wick = site / "lantern" / "wick.py"
    # A reader that waits for a writer gets one in the end: the test fails and does not hang.
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
    assert main(["verify"]) == 1
    assert time.monotonic() - begun < 4
    writer.cancel()
    assert f"modified: {WICK} does not match RECORD (sha256 differs)" in capsys.readouterr().out


def test_memory_is_bounded(site: Path, project: Path) -> None:
    """A large file is never held whole."""
    with (site / "big.bin").open("wb") as file:
        file.truncate(400_000_000)
    info = site / "lantern-1.0.dist-info"
    (info / "RECORD").write_text(record(site, info, ["big.bin"]))
    code = (
        "import resource; from reqdrift.cli import main; main(['verify', '--python', '.venv']);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    # A program's largest size counts what it was forked from: a shell is small, pytest is not.
    command = ("sh", "-c", '"$0" -c "$1"; exit $?', sys.executable, code)
    verdict, kilobytes = run(*command, cwd=project).stdout.splitlines()
    assert verdict.startswith("clean; 2 files of 1 distribution compared (400.0 MB)")
    assert int(kilobytes) < 150_000
