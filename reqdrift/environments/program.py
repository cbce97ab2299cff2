"""Run a program that may hang or print without end, and leave no process behind."""

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
    """The return code of a program, and its output."""

    code: int
    out: bytes
    err: bytes


def run(command: Sequence[str], *, cwd: str, seconds: float) -> Answer:
    """Run a program without input; output that is too long is cut.

    If this function ends for any reason (also a signal), it ends the program and its children.

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
    """Block signals: one that arrives while the program starts would orphan it.

    The program inherits the blocked signals; it is ended with SIGKILL, which cannot be blocked.
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
    """The output of the program until it ends; raises TimeoutExpired after `end`."""
    said = {1: b"", 2: b""}

    def listen(number: int, stream: IO[bytes]) -> None:
        # Closed after the limit: a program that continues to write gets an error.
        with stream:
            said[number] = stream.read(_LONGEST_ANSWER)

    assert process.stdout and process.stderr  # noqa: S101 - for the type checker
    streams = ((1, process.stdout), (2, process.stderr))
    listeners = [threading.Thread(target=listen, args=pair, daemon=True) for pair in streams]
    try:
        for listener in listeners:
            listener.start()
    except RuntimeError as error:  # the limit of processes counts threads, too
        raise OSError(errno.EAGAIN, str(error)) from None
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
