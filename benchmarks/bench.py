"""Times reqdrift against its rivals on the same environments, in turn, in one run.

`make bench` runs it. Each command is timed as a whole process; the commands of a group take turns,
so that a slow moment of the machine hits them all. What is compared are ratios of medians.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import cases
import environments
from cases import BARE, FREEZE_GOALS, REQDRIFT, UV_SYNC, Bench, Case
from real import real_cases
from timing import Command, Timing, measure

HERE = Path(__file__).resolve().parent
GROWTH = (100, 1000, 5000, 10000, 20000)
UV_FREEZE, PIP_FREEZE, PIP_INSPECT = "uv pip freeze", "pip freeze", "pip inspect"
# What installs reqdrift also writes the `reqdrift` script. That of pip before 25 imports `re`.
LAUNCHERS = {"pip": "pip>=26", "pip23": "pip==23.3.2", "uv": "uv"}
OWN = ("launchers", "freeze", "other", "growth")


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


def main() -> None:
    """Make the environments, time everything, print the table, write JSON and the chart."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="counted runs of each command")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    parser.add_argument("--plot", type=Path, help="where to write the chart (SVG)")
    parser.add_argument(
        "--launcher", choices=LAUNCHERS, default="pip", help="what installs reqdrift (%(default)s)"
    )
    parser.add_argument("--largest", type=int, default=20000, help="the largest environment")
    parser.add_argument(
        "--only", nargs="+", choices=(*OWN, *cases.GROUPS), help="measure only these groups"
    )
    parser.add_argument(
        "--real", type=Path, metavar="DIR", help="also measure the files of these repositories"
    )
    options = parser.parse_args()
    chosen = options.only or (*OWN, *cases.GROUPS)
    figures: dict[str, object] = {"launcher": options.launcher, "rounds": options.rounds}
    workshop = Path(tempfile.mkdtemp(prefix="reqdrift-bench-"))
    try:
        needed = LAUNCHERS if "launchers" in chosen else (options.launcher,)
        tools = {name: install_tool(workshop / f"tool-{name}", name) for name in needed}
        bench = Bench(workshop, tools[options.launcher], options.rounds, options.largest)
        print(f"medians of {options.rounds} runs, taking turns, in ms")
        print(f"reqdrift installed by {options.launcher}, if nothing else is said\n")
        rows = []
        for group in (group for group in cases.GROUPS if group in chosen):
            rows += [cases.run(case, options.rounds) for case in cases.GROUPS[group](bench)]
        figures["rows"], figures["files"] = rows, cases.summary(rows, "files")
        show_summary("files", cases.summary(rows, "files"))
        if options.real:
            found = [cases.run(case, options.rounds) for case in real_cases(bench, options.real)]
            figures["real"] = found
            show_summary("real files", cases.summary(found, "real"))
        if "freeze" in chosen:
            figures["sizes"] = by_size(bench)
        if "other" in chosen:
            figures["other"] = other(bench)
        if "launchers" in chosen:
            figures["launchers"] = launchers(bench, tools)
        if "growth" in chosen:
            figures["growth"] = growth(bench)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")
    if options.plot:
        from plot import draw

        draw(figures, options.plot)


def show_summary(title: str, files: dict[str, dict[str, float]]) -> None:
    """Print the ratios over all files."""
    print()
    for state, ratios in files.items():
        words = ", ".join(f"{name} {ratio:.2f}" for name, ratio in ratios.items())
        print(f"  {title}, {state}, relative to uv: {words}")
    print()


def launchers(bench: Bench, tools: dict[str, Path]) -> dict[str, object]:
    """The smallest clean environment, with the script that each installer writes."""
    folder = bench.freeze(27)
    group = {name: Command(folder, [str(tool / REQDRIFT)]) for name, tool in tools.items()}
    timings = measure({**group, BARE: bench.bare(folder)}, bench.rounds)
    print("27 distributions, by what installed reqdrift")
    for name, timing in timings.items():
        print(row(name, timing, timings["pip"].median))
    print()
    return {name: timing.figures for name, timing in timings.items()}


def by_size(bench: Bench) -> dict[str, dict[str, object]]:
    """Clean freezes of every size, all tools."""
    print("clean freezes (spread)\n")
    found: dict[str, dict[str, object]] = {}
    for size in (size for size in FREEZE_GOALS if size <= bench.largest):
        folder = bench.freeze(size)
        fast = {
            REQDRIFT: bench.reqdrift(folder),
            BARE: bench.bare(folder),
            UV_SYNC: cases.uv_sync(folder),
            UV_FREEZE: cases.uv(folder, "pip", "freeze", "--offline"),
        }
        # A pip of another environment, because a fabricated one has none.
        pip = [str(bench.tool / "python"), "-m", "pip", "--python", ".venv/bin/python"]
        slow = {
            PIP_FREEZE: Command(folder, [*pip, "freeze"]),
            PIP_INSPECT: Command(folder, [*pip, "inspect"]),
        }
        timings = measure(fast, bench.rounds)
        # pip takes seconds on the larger ones, and shall not cool the others' caches.
        timings |= measure(slow, min(bench.rounds, 5))
        found[str(size)] = {name: timing.figures for name, timing in timings.items()}
        print(f"{size} distributions (goal: {FREEZE_GOALS[size]} of uv's check)")
        for name, timing in timings.items():
            print(row(name, timing, timings[REQDRIFT].median))
        print()
    return found


def row(name: str, timing: Timing, ours: float) -> str:
    """A line of the table; the ratio says how much of this command's time reqdrift takes."""
    spread = f"({min(timing.runs) * 1000:.1f} to {max(timing.runs) * 1000:.1f})"
    ratio = f"reqdrift takes {ours / timing.median:.2f} of it" if name != REQDRIFT else ""
    return f"  {name:30} {timing.median:9.1f} {spread:>20}  {timing.peak:6.1f} MiB  {ratio}"


def other(bench: Bench) -> list[dict[str, object]]:
    """Cases without a goal."""
    print("other cases\n")
    return [cases.run(case, bench.rounds) for case in other_cases(bench)]


def other_cases(bench: Bench) -> Iterable[Case]:
    """Larger files, and many files, against uv's clean check of the same size."""
    many = bench.folder("monorepo", lambda folder: environments.monorepo(folder, 200))
    services = sorted(str(path) for path in (many / "services").glob("*.txt"))
    drifted = bench.folder("drifted", environments.drifted)
    table = [
        ("27, a tenth of the lines wrong", 27, bench.reqdrift(drifted, code=1)),
        ("27, one of 200 files", 27, bench.reqdrift(many, *services[:1])),
        ("27, 200 files together", 27, bench.reqdrift(many, *services)),
    ]
    if bench.largest >= 5000:
        wrong = environments.fabricated(bench.workshop / "5000-drifted", 5000, drift=True)
        hashed = environments.fabricated(bench.workshop / "5000-hashed", 5000, hashes=True)
        table += [
            ("5,000, a tenth of the lines wrong", 5000, bench.reqdrift(wrong, code=1)),
            ("5,000, every line with hashes", 5000, bench.reqdrift(hashed)),
        ]
    for name, size, command in table:
        clean = bench.freeze(size)
        commands = {REQDRIFT: command, BARE: bench.bare(clean), UV_SYNC: cases.uv_sync(clean)}
        yield Case("other", name, UV_SYNC, None, commands)


def growth(bench: Bench) -> dict[str, float]:
    """The time by the number of distributions: linear, if the last column stays."""
    print("\ngrowth\n")
    found = {}
    for size in (size for size in GROWTH if size <= bench.largest):
        folder = bench.freeze(size)
        group = {REQDRIFT: bench.reqdrift(folder), BARE: bench.bare(folder)}
        timings = measure(group, min(bench.rounds, 9))
        ours, bare = timings[REQDRIFT].median, timings[BARE].median
        found[str(size)] = round(ours, 3)
        each = (ours - bare) / size * 1000
        print(f"  {size:6} distributions {ours:8.1f} ms  {each:6.2f} µs each over bare")
    return found


if __name__ == "__main__":
    main()
