"""Times reqdrift against other tools on the same environments: `make bench`.

Each command is timed as a whole process. The commands of a group take turns, so that a slow moment
of the machine hits them all. The tables and the chart of docs/performance.md are replaced.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import environments
import files
from chart import chart
from real import repositories
from timing import REPOSITORY, REQDRIFT, UV_SYNC, Bench, Command, Timing, run_once, uv

PAGE = REPOSITORY / "docs" / "performance.md"
BARE, PIP_INSPECT = "`python -c pass`", "`pip inspect`"
SIZES = (27, 100, 500, 5000)
# The chart shows an environment of this size, and no `pip inspect`: the others would be too short.
DRAWN = 100


def main() -> None:
    """Make the environments, time everything, and write the page and the chart."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="counted runs of each command")
    parser.add_argument("--real", type=Path, metavar="DIR", help="a folder of cloned repositories")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="reqdrift-bench-") as name:
        bench = Bench(Path(name), options.rounds)
        by_size = {size: of_size(bench, size) for size in SIZES}
        tables = {
            "sizes": list(of_sizes(by_size)),
            "files": list(of_files(bench, options.real)),
            "programs": list(of_programs(bench)),
        }
    text = PAGE.read_text()
    for title, rows in tables.items():
        lines = "".join(f"| {' | '.join(row)} |\n" for row in rows)
        text, found = re.subn(rf"(<!-- {title} -->\n\n)(\|.*\n)+", rf"\1{lines}", text)
        if not found:
            sys.exit(f"{PAGE} has no table after <!-- {title} -->")
    PAGE.write_text(text)
    drawn = {name: by_size[DRAWN][name] for name in by_size[DRAWN] if name != PIP_INSPECT}
    times = {name.strip("`"): timing.median for name, timing in drawn.items()}
    (PAGE.parent / "performance.svg").write_text(chart(times))


def of_files(bench: Bench, real: Path | None) -> Iterator[list[str]]:
    """Files of the shapes that are common, and those of real repositories."""
    ratios: dict[str, list[float]] = {}
    groups = [*made(bench), *(repositories(bench, real) if real else ())]
    for number, (state, title, group) in enumerate(groups):
        timings = bench.measured(f"{number + 1}/{len(groups)} {title}", group)
        ratio = timings[REQDRIFT].median / timings[UV_SYNC].median
        ratios.setdefault(state, []).append(ratio)
    yield ["files", "number", "median", "worst"]
    yield ["---"] * 4
    for state, found in ratios.items():
        yield [state, f"{len(found)}", f"{statistics.median(found):.2f}", f"{max(found):.2f}"]


def made(bench: Bench) -> Iterator[tuple[str, str, dict[str, Command]]]:
    """Every shape of file, with an environment that is right, and one that has drifted."""
    for number, (name, shape) in enumerate(files.SHAPES.items()):
        folder = files.build(bench.workshop / f"shape-{number}", shape())
        state = "made, not pinned" if name in files.UNPINNED else "made, clean"
        code = files.UNPINNED.get(name, 0)
        yield state, name, bench.against_uv(folder, "requirements.txt", code, 0)
        folder = files.build(bench.workshop / f"drifted-{number}", shape(), drift=True)
        group = bench.against_uv(folder, "requirements.txt", 1, 1)
        yield "made, drifted: three packages", f"{name}, drifted", group


def of_size(bench: Bench, size: int) -> dict[str, Timing]:
    """A clean environment of so many distributions: the smallest has real ones."""
    folder = bench.workshop / str(size)
    if size == min(SIZES):
        environments.real(folder)
    else:
        environments.fabricated(folder, size)
    python = str(bench.tool / "python")
    fast = {
        **bench.against_uv(folder, "requirements.txt", 0, 0),
        BARE: Command(folder, [python, "-c", "pass"]),
        "`uv pip freeze`": uv(folder, "freeze", "--offline"),
    }
    # A pip of another environment, because a fabricated one has none.
    pip = (python, "-m", "pip", "--python", ".venv/bin/python")
    slow = {
        "`pip freeze`": Command(folder, [*pip, "freeze"]),
        PIP_INSPECT: Command(folder, [*pip, "inspect"]),
    }
    title = f"{size} distributions"
    # pip takes seconds on the larger ones, and shall not cool the caches of the others.
    return {**bench.measured(title, fast), **bench.measured(title, slow, 3)}


def of_sizes(found: dict[int, dict[str, Timing]]) -> Iterator[list[str]]:
    """The times by size, and the memory for the largest."""
    yield ["ms", *(f"{size:,}" for size in found), f"MiB at {max(found):,}"]
    yield ["---"] * (len(found) + 2)
    for name in found[max(found)]:
        times = [f"{timings[name].median:,.1f}" for timings in found.values()]
        yield [name, *times, f"{found[max(found)][name].peak:,.0f}"]


def of_programs(bench: Bench) -> Iterator[list[str]]:
    """What runs in the environment itself, which has 100 distributions and then reqdrift."""
    groups: dict[str, dict[str, Command]] = {}
    for compiled in (True, False):
        folder = environments.fabricated(bench.workshop / f"programs-{compiled}", 100)
        python = str(folder / ".venv" / "bin" / "python")
        what = (str(REPOSITORY), "pytest", "pip-lock==2.13.0", "setuptools==79.0.1")
        options = ("--compile-bytecode",) if compiled else ()
        install = uv(folder, "install", "--quiet", "--python", python, *options, *what)
        run_once(install)
        (folder / "test_one.py").write_text("def test_one():\n    pass\n")
        # -B: what is not compiled stays so.
        code = (python, "-B", "-W", "ignore", "-c")
        test = (python, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider")
        file = "'requirements.txt'"
        commands = {
            "`python -c pass`": [*code, "pass"],
            "`reqdrift.require`": [*code, f"import reqdrift; reqdrift.require({file})"],
            "`pip_lock.check_requirements` 2.13": [
                *code,
                f"import pip_lock; pip_lock.check_requirements({file})",
            ],
            "`pkg_resources.require` of setuptools 79": [
                *code,
                f"import pkg_resources; pkg_resources.require(open({file}).read())",
            ],
            "pytest, one test": [*test, "-p", "no:reqdrift"],
            "pytest with the plugin, off": [*test],
            "pytest with the plugin, on": [*test, "--reqdrift", "error"],
        }
        group = {name: Command(folder, words) for name, words in commands.items()}
        groups[f"programs{'' if compiled else ', not compiled'}"] = group
    timings = {title: bench.measured(title, group) for title, group in groups.items()}
    yield ["ms", "compiled", "without compiled bytecode"]
    yield ["---"] * 3
    for name in commands:
        yield [name, *(f"{of[name].median:,.0f}" for of in timings.values())]


if __name__ == "__main__":
    main()
