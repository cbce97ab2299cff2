"""Starts a program that may hang or never stop talking, and leaves nothing of it behind."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import threading
import time
from contextlib import contextmanager

from ..values import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
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
    process = None
    try:
        with _undisturbed():
            process = subprocess.Popen(
                command,
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        return _listen(process, end)
    except subprocess.TimeoutExpired:
        raise TimeoutError(errno.ETIMEDOUT, f"no answer in {seconds:g} seconds") from None
    finally:
        if process is not None and process.returncode is None:
            _end(process)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Hold signals back: one between a program's start and our knowing of it would orphan it.

    The program holds them back too, and is killed in a way that no program can hold back.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _listen(process: subprocess.Popen[bytes], end: float) -> Answer:
    """What the program says until it ends; raises TimeoutExpired if that is after `end`."""
    said = {1: b"", 2: b""}

    def listen(number: int, stream: IO[bytes]) -> None:
        # Closed behind the last byte that is wanted: a program that goes on writing gets an error.
        with stream:
            said[number] = stream.read(_LONGEST_ANSWER)

    assert process.stdout and process.stderr  # noqa: S101 - for the type checker
    streams = ((1, process.stdout), (2, process.stderr))
    listeners = [threading.Thread(target=listen, args=pair, daemon=True) for pair in streams]
    for listener in listeners:
        listener.start()
    for listener in listeners:
        listener.join(max(end - time.monotonic(), 0))
    code = process.wait(max(end - time.monotonic(), 0))
    return Answer(code, said[1], said[2])


def _end(process: subprocess.Popen[bytes]) -> None:
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()
