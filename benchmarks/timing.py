"""Commands, timed as whole processes that take turns."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

REQDRIFT, UV_SYNC = "reqdrift", "`uv pip sync --check --offline`"


class Command(NamedTuple):
    """A command, the folder to run it in, and the exit codes that are right for the case.

    The codes are checked, because a command that fails early would look fast.
    """

    folder: Path
    words: Sequence[str]
    codes: tuple[int, ...] = (0,)


class Timing(NamedTuple):
    """Seconds of a command's runs, and its peak memory in MiB."""

    runs: tuple[float, ...]
    peak: float

    @property
    def median(self) -> float:
        """The median run in milliseconds."""
        return statistics.median(self.runs) * 1000


def measure(group: Mapping[str, Command], rounds: int) -> dict[str, Timing]:
    """Run the commands in turn, a warm-up first."""
    runs: dict[str, list[float]] = {name: [] for name in group}
    peaks = dict.fromkeys(group, 0.0)
    for round_ in range(rounds + 1):
        for name, command in group.items():
            seconds, peak = run_once(command)
            if round_:
                runs[name].append(seconds)
                peaks[name] = max(peaks[name], peak)
    return {name: Timing(tuple(runs[name]), peaks[name]) for name in group}


def run_once(command: Command) -> tuple[float, float]:
    """The wall time of one run in seconds, and its peak memory in MiB."""
    dropped = ("PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV", "REQDRIFT_PYTHON")
    environ = {name: value for name, value in os.environ.items() if name not in dropped}
    begin = time.perf_counter()
    with open(os.devnull, "r+b") as nowhere:
        process = subprocess.Popen(
            command.words,
            cwd=command.folder,
            env=environ,
            stdout=nowhere,
            stderr=nowhere,
            stdin=nowhere,
        )
        _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in command.codes:
        words = " ".join(command.words)
        raise RuntimeError(f"{words} (in {command.folder}) ended with {process.returncode}")
    return seconds, peak_of(usage)


def peak_of(usage: resource.struct_rusage) -> float:
    """The peak memory in MiB; macOS counts bytes where Linux counts KiB."""
    return usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
