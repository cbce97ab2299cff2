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

import environments

REPOSITORY = Path(__file__).resolve().parent.parent

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


class Bench:
    """Where the environments are made, with a reqdrift installed as a tool, and how often."""

    def __init__(self, workshop: Path, rounds: int) -> None:
        self.workshop = workshop
        self.rounds = rounds
        self.tool = workshop / "tool" / "bin"
        # As `uv tool install` does: an environment that `venv` makes may have setuptools, which
        # each start of its Python loads.
        new = ("venv", "--quiet", "--python", sys.executable, str(self.tool.parent))
        what = ("--quiet", "--python", str(self.tool.parent), "pip>=26", str(REPOSITORY))
        for words in (new, ("pip", "install", "--compile-bytecode", *what)):
            subprocess.run([environments.uv(), *words], check=True)

    def measured(self, title: str, group: dict[str, Command], most: int = 99) -> dict[str, Timing]:
        """The timings of a group, which are printed."""
        timings = measure(group, min(self.rounds, most))
        for name, timing in timings.items():
            runs = f"{min(timing.runs) * 1000:.1f} to {max(timing.runs) * 1000:.1f}"
            print(f"{title:40} {name:36} {timing.median:9.1f} ms ({runs})", flush=True)
        return timings

    def against_uv(self, folder: Path, file: str, code: int, uv_code: int) -> dict[str, Command]:
        """The group of a requirements file: what is right, by the exit codes."""
        return {
            REQDRIFT: Command(folder, [str(self.tool / "reqdrift"), file], (code,)),
            UV_SYNC: uv(folder, "sync", "--check", "--offline", file, code=uv_code),
        }


def uv(folder: Path, *words: str, code: int = 0) -> Command:
    """A `uv pip` of the development environment."""
    return Command(folder, [environments.uv(), "pip", *words], (code,))
