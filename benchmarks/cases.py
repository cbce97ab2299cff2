"""The cases that have a goal: what reqdrift does, against what, in which environment."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import environments
import files
from timing import Command, Timing, measure, spread

REQDRIFT, BARE = "reqdrift", "python -c pass"
UV_SYNC, UV_CHECK = "uv pip sync --check --offline", "uv pip check"
UV_INSTALL = "uv pip install --dry-run --offline -r"
EMPTY_HOOK = "an empty hook"
# What a freeze may take of uv's time, by the number of distributions.
FREEZE_GOALS = {27: 0.84, 100: 0.78, 500: 0.7, 5000: 0.55}


class Case(NamedTuple):
    """A row of the table: commands that take turns, and what reqdrift may take of its rival."""

    group: str
    name: str
    rival: str
    goal: float | None
    commands: Mapping[str, Command]


class Bench(NamedTuple):
    """Where the environments are made, the `bin` folder of reqdrift, how often, how large."""

    workshop: Path
    tool: Path
    rounds: int
    largest: int

    def folder(self, name: str, make: Callable[[Path], Path]) -> Path:
        """The environment of this name, made at the first use."""
        folder = self.workshop / name
        return folder if folder.exists() else make(folder)

    def freeze(self, size: int) -> Path:
        """The clean environment of so many distributions: the smallest has real ones."""
        if size == 27:
            return self.folder("27", environments.real)
        return self.folder(str(size), lambda folder: environments.fabricated(folder, size))

    def reqdrift(self, folder: Path, *words: str, code: int = 0) -> Command:
        """The installed reqdrift, with the exit code of the verdict that is right."""
        return Command(folder, [str(self.tool / "reqdrift"), *words], (code,))

    def bare(self, folder: Path) -> Command:
        """The interpreter that runs reqdrift, doing nothing."""
        return Command(folder, [str(self.tool / "python"), "-c", "pass"])


def uv(folder: Path, *words: str, code: int = 0) -> Command:
    """The development environment's uv."""
    return Command(folder, [environments.uv(), *words], (code,))


def uv_sync(folder: Path, *, code: int = 0) -> Command:
    """Whether the environment has exactly what the file lists."""
    return uv(folder, "pip", "sync", "--check", "--offline", "requirements.txt", code=code)


def file_cases(bench: Bench) -> Iterator[Case]:
    """Every shape of file: its environment is right, or has drifted.

    Of those whose environment is right, the ones with ranges and bare names are `unpinned`.
    """
    for number, (name, shape) in enumerate(files.SHAPES.items()):
        for drift in (False, True):
            folder = bench.workshop / f"shape-{number}-{'drifted' if drift else 'satisfied'}"
            files.build(folder, shape(), drift=drift)
            state = "drifted" if drift else "unpinned" if name in files.UNPINNED else "clean"
            commands = {
                REQDRIFT: bench.reqdrift(folder, code=1 if drift else files.UNPINNED.get(name, 0)),
                BARE: bench.bare(folder),
                UV_SYNC: uv_sync(folder, code=int(drift)),
            }
            goal = 0.52 if "pip-compile" in name and not drift else None
            yield Case(f"files, {state}", name, UV_SYNC, goal, commands)


def top_level_cases(bench: Bench) -> Iterator[Case]:
    """Files that leave dependencies to the installer, clean."""
    for size in (105, 170):
        for pinned in (True, False):
            lines = "pins" if pinned else "ranges"
            folder = bench.workshop / f"top-level-{size}-{lines}"
            files.build(folder, files.top_level(size, pinned=pinned))
            allowed = [] if pinned else ["--severity", "unpinned=off"]
            commands = {
                "auto": bench.reqdrift(folder, *allowed),
                "orphans": bench.reqdrift(folder, "--unlisted", "orphans", *allowed),
                BARE: bench.bare(folder),
                UV_INSTALL: uv(
                    folder,
                    *("pip", "install", "--dry-run", "--offline", "-r", "requirements.txt"),
                ),
            }
            goal = 1.15 if pinned else 1.4
            for which in ("auto", "orphans"):
                chosen = {REQDRIFT: commands[which], BARE: commands[BARE]}
                chosen[UV_INSTALL] = commands[UV_INSTALL]
                yield Case("top-level", f"{which}, {size}, {lines}", UV_INSTALL, goal, chosen)


def unmet_cases(bench: Bench) -> Iterator[Case]:
    """All dependencies of a freeze are checked."""
    for size in (size for size in (100, 500) if size <= bench.largest):
        folder = bench.freeze(size)
        commands = {
            REQDRIFT: bench.reqdrift(folder, "--severity", "unmet=error"),
            BARE: bench.bare(folder),
            UV_CHECK: uv(folder, "pip", "check"),
        }
        yield Case("unmet", f"unmet, {size}", UV_CHECK, 1.8, commands)


def start_cases(bench: Bench) -> Iterator[Case]:
    """27 distributions, with what needs more than the smallest start."""
    freeze = bench.freeze(27)
    editable = bench.folder("editable", environments.with_editable)
    table = bench.folder("table", environments.with_table)
    for name, folder, words, goal in (
        ("an option", freeze, ["--quiet"], 1.6),
        ("the project itself editable", editable, [], 2.2),
        ("a config table", table, [], 2.9),
    ):
        commands = {
            REQDRIFT: bench.reqdrift(folder, *words),
            BARE: bench.bare(folder),
            UV_SYNC: uv_sync(freeze),
        }
        yield Case("start", name, BARE, goal, commands)


def hook_cases(bench: Bench) -> Iterator[Case]:
    """The whole `run` of a hook manager."""
    hooks = {REQDRIFT: str(bench.tool / "reqdrift"), EMPTY_HOOK: "true"}
    folders = {
        name: environments.with_hook(bench.workshop / f"hook-{index}", entry)
        for index, (name, entry) in enumerate(hooks.items())
    }
    programs = Path(sys.executable).parent
    for name, goal in (("pre-commit", 1.2), ("prek", 2.5)):
        commands = {
            hook: Command(folder, [str(programs / name), "run", "--all-files"])
            for hook, folder in folders.items()
        }
        yield Case("hooks", name, EMPTY_HOOK, goal, commands)


GROUPS: Mapping[str, Callable[[Bench], Iterator[Case]]] = {
    "files": file_cases,
    "top-level": top_level_cases,
    "unmet": unmet_cases,
    "start": start_cases,
    "hooks": hook_cases,
}


def run(case: Case, rounds: int) -> dict[str, object]:
    """Time a case, print its row, return its figures."""
    timings = measure(case.commands, rounds)
    print(row(case, timings), flush=True)
    return {
        "group": case.group,
        "case": case.name,
        "against": case.rival,
        "ratio": timings[REQDRIFT].median / timings[case.rival].median,
        "goal": case.goal,
        "commands": {name: timing.figures for name, timing in timings.items()},
    }


def row(case: Case, timings: Mapping[str, Timing]) -> str:
    """The line of a case: milliseconds, the ratio and its goal."""
    ours, rival = timings[REQDRIFT].median, timings[case.rival].median
    bare = f"bare {timings[BARE].median:6.1f}" if BARE in timings else " " * 11
    goal = f"(goal {case.goal})" if case.goal else ""
    title = f"{case.group}: {case.name}"
    return (
        f"  {title:54} {ours:7.1f} ms  {bare}  rival {rival:7.1f}  {ours / rival:5.2f} {goal}"
    ).rstrip()


def summary(rows: Sequence[Mapping[str, object]], kind: str) -> dict[str, dict[str, float]]:
    """Median, 90 % and worst ratio of the files (`files` or `real`), by state."""
    ratios: dict[str, list[float]] = {}
    for figures in rows:
        group, _, state = str(figures["group"]).partition(", ")
        if group == kind:
            ratios.setdefault(state, []).append(float(str(figures["ratio"])))
    return {state: spread(found) for state, found in ratios.items()}
