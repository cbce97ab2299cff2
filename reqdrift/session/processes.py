"""Many comparisons, by up to four processes: the results are those of one, in the same order.

The processes are copies of this one, which hand over what they have computed. Whatever one of them
cannot do, because it is ended or an error occurs, this process does itself.
"""

from __future__ import annotations

# Not `signal`, which also imports `enum`.
import _signal  # type: ignore[import-not-found]  # it has no stubs
import os
import pickle
import sys

from ..values import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from typing import Any, BinaryIO, TypeVar

    _Item = TypeVar("_Item")
    _Result = TypeVar("_Result")

# With fewer, starting a process and handing over takes what it saves.
_FEW = 256
# What equal texts of a batch have in common is handed over once.
_BATCH = 16
# With more, this process would only read what the others hand over.
_MOST = 4
_SIZE = 8


def computed(
    function: Callable[[_Item], _Result], items: Sequence[_Item], processes: int = 0
) -> Generator[_Result]:
    """The results of a function in the order of the items; close it if it is left early.

    Args:
        function: a function without side effects; an error ends the results.
        items: its arguments.
        processes: how many processes compute, by default one for each processor, at most four.
    """
    if len(items) < _FEW:
        yield from map(function, items)
        return
    batches = [items[start : start + _BATCH] for start in range(0, len(items), _BATCH)]
    count = processes or min(_processors(), _MOST)
    others: list[_Process] = []
    try:
        for number in range(1, count):
            if not _start(function, batches[number::count], others):
                break
        for number, batch in enumerate(batches):
            place = number % count
            results = others[place - 1].results() if 0 < place <= len(others) else None
            yield from map(function, batch) if results is None else results
    finally:
        for process in others:
            process.end()


def _processors() -> int:
    """How many processes can compute at the same time."""
    # os.fork is not safe on macOS and does not exist on Windows.
    if not hasattr(os, "fork") or sys.platform == "darwin":
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Process:
    """A copy of this process that computes the results of some batches."""

    def __init__(self, pid: int, printed: BinaryIO) -> None:
        self._pid = pid
        self._printed = printed

    def results(self) -> Any:
        """The list of those of its next batch, None if it has none."""
        size = int.from_bytes(self._printed.read(_SIZE), "big")
        data = self._printed.read(size)
        # It is nothing but what it has computed.
        return pickle.loads(data) if size and len(data) == size else None  # noqa: S301

    def end(self) -> None:
        """Kill it if it runs; if it has ended, another process may have its number."""
        self._printed.close()
        try:
            if os.waitpid(self._pid, os.WNOHANG) == (0, 0):
                os.kill(self._pid, _signal.SIGKILL)
                os.waitpid(self._pid, 0)
        except OSError:  # it has ended, and this process ignores SIGCHLD
            return


def _start(
    function: Callable[..., object], batches: Sequence[Sequence[object]], others: list[_Process]
) -> bool:
    """Add a process that computes the batches to the others; False if the system allows no more."""
    own = os.getpid()
    try:
        reading, writing = os.pipe()
    except OSError:
        return False
    # An interruption between the start and the note of it would leave the process alone.
    before = _signal.pthread_sigmask(_signal.SIG_BLOCK, (_signal.SIGINT, _signal.SIGTERM))
    try:
        pid = os.fork()
        if pid:
            others.append(_Process(pid, os.fdopen(reading, "rb")))
        else:
            _signal.pthread_sigmask(_signal.SIG_SETMASK, before)
            _hand_over(function, batches, writing)
    except OSError:
        os.close(reading)
        return False
    finally:
        if os.getpid() != own:
            # Whatever happened in the copy, what follows is for the original to do.
            os._exit(0)
        os.close(writing)
        _signal.pthread_sigmask(_signal.SIG_SETMASK, before)
    return True


def _hand_over(
    function: Callable[[_Item], object], batches: Sequence[Sequence[_Item]], writing: int
) -> None:
    with open(writing, "wb") as file:
        for batch in batches:
            data = pickle.dumps([function(item) for item in batch], pickle.HIGHEST_PROTOCOL)
            file.write(len(data).to_bytes(_SIZE, "big"))
            file.write(data)
            file.flush()
