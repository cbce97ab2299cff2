"""Starts a program that may hang or never stop talking, and leaves nothing of it behind."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import threading
import time

from ..model import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import IO

# In bytes, of each stream; an answer is a few hundred.
_LONGEST_ANSWER = 1024 * 1024


class Answer(NamedTuple):
    """How a program ended (subprocess's return code), and what it said."""

    code: int
    out: bytes
    err: bytes


def run(command: Sequence[str], *, cwd: str, seconds: float) -> Answer:
    """Run a program without input; one that says too much is cut short.

    Whatever ends this (a signal too) ends the program, with all that it started.

    Raises:
        OSError: it cannot be started; TimeoutError: it took longer than `seconds`.
    """
    end = time.monotonic() + seconds
    process = subprocess.Popen(
        command,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    said = {1: b"", 2: b""}

    def listen(number: int, stream: IO[bytes]) -> None:
        # Closed behind the last byte that is wanted: whoever goes on writing is told.
        with stream:
            said[number] = stream.read(_LONGEST_ANSWER)

    assert process.stdout and process.stderr  # noqa: S101 - for the type checker
    streams = ((1, process.stdout), (2, process.stderr))
    listeners = [threading.Thread(target=listen, args=pair, daemon=True) for pair in streams]
    try:
        for listener in listeners:
            listener.start()
        for listener in listeners:
            listener.join(max(end - time.monotonic(), 0))
        code = process.wait(max(end - time.monotonic(), 0))
    except subprocess.TimeoutExpired:
        raise TimeoutError(errno.ETIMEDOUT, f"no answer in {seconds:g} seconds") from None
    finally:
        if process.returncode is None:
            _end(process)
    return Answer(code, said[1], said[2])


def _end(process: subprocess.Popen[bytes]) -> None:
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()
