"""Times reqdrift against its rivals on the same environments, in turn, in one run.

`make bench` runs it. Each command is timed as a whole process; the commands of a group take turns,
so that a slow moment of the machine hits them all. What is compared are ratios of medians.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import environments

HERE = Path(__file__).resolve().parent
SIZES = (27, 100, 500, 5000)
GROWTH = (100, 1000, 5000, 10000, 20000)
REQDRIFT, UV_CHECK, UV_FREEZE = "reqdrift", "uv pip sync --check --offline", "uv pip freeze"
PIP_FREEZE, PIP_INSPECT, BARE = "pip freeze", "pip inspect", "python -c pass"
# What installs reqdrift also writes the `reqdrift` script. That of pip before 25 imports `re`.
LAUNCHERS = {"pip": "pip>=26", "pip23": "pip==23.3.2", "uv": "uv"}


class Timing(NamedTuple):
    """Seconds of a command's runs, and its peak memory in MiB."""

    command: str
    runs: tuple[float, ...]
    peak: float

    @property
    def median(self) -> float:
        """The median run."""
        return statistics.median(self.runs)


def install_tool(folder: Path, launcher: str) -> Path:
    """Reqdrift as a user has it: installed into an environment of its own, bytecode compiled."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = str(folder / "bin" / "python")
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if launcher == "uv":
        install = [environments.uv(), "pip", "install", "--quiet", "--compile-bytecode"]
        subprocess.run([*install, "--python", python, str(HERE.parent)], check=True)
    else:
        subprocess.run([*pip, LAUNCHERS[launcher]], check=True)
        subprocess.run([*pip, str(HERE.parent)], check=True)
    # The pip that is timed is the same for all.
    subprocess.run([*pip, "--upgrade", LAUNCHERS["pip"]], check=True)
    return folder / "bin"


def commands(tool: Path, names: Sequence[str], files: Sequence[str] = ()) -> dict[str, list[str]]:
    """The commands of these names, run in the folder of an environment."""
    uv, python = environments.uv(), ".venv/bin/python"
    every = {
        REQDRIFT: [str(tool / "reqdrift"), *files],
        BARE: [str(tool / "python"), "-c", "pass"],
        UV_CHECK: [uv, "pip", "sync", "--check", "--offline", "requirements.txt"],
        UV_FREEZE: [uv, "pip", "freeze", "--offline"],
        # A pip of another environment, because a fabricated one has none.
        PIP_FREEZE: [str(tool / "python"), "-m", "pip", "--python", python, "freeze"],
        PIP_INSPECT: [str(tool / "python"), "-m", "pip", "--python", python, "inspect"],
    }
    return {name: every[name] for name in names}


def measure(folder: Path, group: dict[str, list[str]], rounds: int) -> dict[str, Timing]:
    """Run the commands in turn, a warm-up first."""
    runs: dict[str, list[float]] = {name: [] for name in group}
    peaks = dict.fromkeys(group, 0.0)
    for round_ in range(rounds + 1):
        for name, command in group.items():
            seconds, peak = run_once(folder, command)
            if round_:
                runs[name].append(seconds)
                peaks[name] = max(peaks[name], peak)
    return {name: Timing(name, tuple(runs[name]), peaks[name]) for name in group}


def run_once(folder: Path, command: list[str]) -> tuple[float, float]:
    """The wall time of one run in seconds, and its peak memory in MiB."""
    dropped = ("PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV")
    environ = {name: value for name, value in os.environ.items() if name not in dropped}
    begin = time.perf_counter()
    with open(os.devnull, "wb") as nowhere:
        process = subprocess.Popen(
            command, cwd=folder, env=environ, stdout=nowhere, stderr=nowhere, stdin=nowhere
        )
        _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise RuntimeError(f"{command} ended with {process.returncode}")
    return seconds, peak_of(usage)


def peak_of(usage: resource.struct_rusage) -> float:
    """The peak memory in MiB; macOS counts bytes where Linux counts KiB."""
    return usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def main() -> None:
    """Make the environments, time everything, print the table, write JSON and the plot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="counted runs of each command")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    parser.add_argument("--plot", type=Path, help="where to write the plot (SVG)")
    parser.add_argument(
        "--launcher", choices=LAUNCHERS, default="pip", help="what installs reqdrift (%(default)s)"
    )
    parser.add_argument("--largest", type=int, default=20000, help="the largest environment")
    options = parser.parse_args()
    workshop = Path(tempfile.mkdtemp(prefix="reqdrift-bench-"))
    try:
        tools = {name: install_tool(workshop / f"tool-{name}", name) for name in LAUNCHERS}
        tool = tools[options.launcher]
        print(f"reqdrift installed by {options.launcher}, if nothing else is said\n")
        figures = {
            "launcher": options.launcher,
            "launchers": launchers(workshop, tools, options.rounds),
            "sizes": by_size(workshop, tool, options.rounds),
            "cases": cases(workshop, tool, options.rounds),
            "growth": growth(workshop, tool, options.rounds, options.largest),
        }
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")
    if options.plot:
        from plot import draw

        draw(figures["sizes"], options.plot)


def launchers(workshop: Path, tools: dict[str, Path], rounds: int) -> dict[str, float]:
    """The smallest clean environment, with the script that each installer writes."""
    folder = workshop / str(SIZES[0])
    environments.real(folder)
    group = {name: [str(tool / REQDRIFT)] for name, tool in tools.items()}
    bare = {BARE: commands(tools["pip"], [BARE])[BARE]}
    timings = measure(folder, {**group, **bare}, rounds)
    print(f"{SIZES[0]} distributions, by what installed reqdrift")
    for name, timing in timings.items():
        print(row(name, timing, timings["pip"].median))
    print()
    return {name: timing.median * 1000 for name, timing in timings.items()}


def by_size(workshop: Path, tool: Path, rounds: int) -> dict[str, dict[str, float]]:
    """Clean environments of every size, all tools."""
    print(f"clean environments, medians of {rounds} runs in ms (spread), taking turns\n")
    found = {}
    for size in SIZES:
        folder = workshop / str(size)
        if not folder.exists():
            environments.fabricated(folder, size)
        names = [REQDRIFT, BARE, UV_CHECK, UV_FREEZE]
        timings = measure(folder, commands(tool, names), rounds)
        # pip takes seconds on the larger ones, and shall not cool the others' caches.
        slow = measure(folder, commands(tool, [PIP_FREEZE, PIP_INSPECT]), min(rounds, 5))
        timings |= slow
        found[str(size)] = {name: timing.median * 1000 for name, timing in timings.items()}
        print(f"{size} distributions")
        for name, timing in timings.items():
            print(row(name, timing, timings[REQDRIFT].median))
        print()
    return found


def row(name: str, timing: Timing, ours: float) -> str:
    """A line of the table; the ratio says how many times faster than this reqdrift is."""
    low, high = min(timing.runs) * 1000, max(timing.runs) * 1000
    spread = f"({low:.1f} to {high:.1f})"
    ratio = f"reqdrift takes {ours / timing.median:.2f} of it" if name != REQDRIFT else ""
    return f"  {name:30} {timing.median * 1000:9.1f} {spread:>20}  {timing.peak:6.1f} MiB  {ratio}"


def cases(workshop: Path, tool: Path, rounds: int) -> dict[str, dict[str, float]]:
    """What is not a plain clean check."""
    print("other cases, against uv's clean check of the same size and the bare interpreter\n")
    small, large = workshop / str(SIZES[0]), workshop / str(SIZES[-1])
    drifted = environments.fabricated(workshop / "drifted", SIZES[-1], drift=True)
    hashed = environments.fabricated(workshop / "hashed", SIZES[-1], hashes=True)
    drifted_small = workshop / "drifted-small"
    environments.real(drifted_small)
    environments.let_drift(drifted_small)
    editable = environments.with_editable(workshop / "editable")
    many = environments.monorepo(workshop / "monorepo", 200)
    services = sorted(str(path) for path in (many / "services").glob("*.txt"))
    table = {
        "27, an option": (small, small, ["--color", "never"]),
        "27, the project itself editable": (editable, small, []),
        "27, a tenth of the lines wrong": (drifted_small, small, []),
        "5000, a tenth of the lines wrong": (drifted, large, []),
        "5000, every line with hashes": (hashed, large, []),
        "27, one of 200 files": (many, small, services[:1]),
        "27, 200 files together": (many, small, services),
    }
    found = {}
    for title, (folder, clean, words) in table.items():
        ours = {title: commands(tool, [REQDRIFT], words)[REQDRIFT]}
        timings = measure(folder, ours, rounds)
        rivals = measure(clean, commands(tool, [BARE, UV_CHECK]), rounds)
        timing = timings[title]
        bare, uv = rivals[BARE].median, rivals[UV_CHECK].median
        found[title] = {
            "ms": timing.median * 1000,
            "of bare": timing.median / bare,
            "of uv's clean check": timing.median / uv,
            "peak MiB": timing.peak,
        }
        print(
            f"  {title:36} {timing.median * 1000:8.1f} ms  {timing.median / bare:6.2f} of bare"
            f"  {timing.median / uv:6.2f} of uv  {timing.peak:6.1f} MiB"
        )
    print()
    return found


def growth(workshop: Path, tool: Path, rounds: int, largest: int) -> dict[str, float]:
    """The time by the number of distributions: linear, if the last column stays."""
    print("growth\n")
    found = {}
    for size in (size for size in GROWTH if size <= largest):
        folder = workshop / str(size)
        if not folder.exists():
            environments.fabricated(folder, size)
        timings = measure(folder, commands(tool, [REQDRIFT, BARE]), min(rounds, 9))
        ours, bare = timings[REQDRIFT].median, timings[BARE].median
        found[str(size)] = ours * 1000
        each = (ours - bare) / size * 1e6
        print(f"  {size:6} distributions {ours * 1000:8.1f} ms  {each:6.2f} µs each over bare")
    print()
    return found


if __name__ == "__main__":
    main()
