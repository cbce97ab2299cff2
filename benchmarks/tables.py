"""Prints the tables of docs/performance.md from the figures of a run.

`python benchmarks/tables.py benchmarks/latest.json [SECOND]`: with the figures of a second run, its
ratios are in parentheses.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cases import BARE, FREEZE_GOALS, REQDRIFT, UV_SYNC

Figures = Mapping[str, Any]
STATE_GOALS = {
    "clean": "0.78, 0.84, 0.9",
    "unpinned": "1.15, 1.4, no goal",
    "drifted": "1.15, 1.4, no goal",
}


def main() -> None:
    """Print all tables for which there are figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", nargs="+", type=Path, help="the figures of one run, or of two")
    options = parser.parse_args()
    runs = [json.loads(path.read_text()) for path in options.runs]
    for make in (summary, shapes, goals, sizes, relative, others):
        lines = list(make(runs))
        if len(lines) > 2:
            print("\n".join(lines), end="\n\n")


def table(*heads: str) -> Iterator[str]:
    """The first two lines of a table."""
    yield line(heads)
    yield "|" + "---|" * len(heads)


def line(cells: Iterable[str]) -> str:
    """A line of a table."""
    return f"| {' | '.join(cells)} |"


def both(ratios: Sequence[float]) -> str:
    """The ratio of the first run, and that of the second in parentheses."""
    first, *rest = (f"{ratio:.2f}" if ratio > 0.1 else f"1/{1 / ratio:.0f}" for ratio in ratios)
    return f"{first} ({rest[0]})" if rest else first


def milliseconds(row: Figures, name: str) -> str:
    """The median of a command."""
    return f"{row['commands'][name]['ms']:,.1f}"


def summary(runs: Sequence[Figures]) -> Iterator[str]:
    """Real files: the ratios over all shapes."""
    yield from table("files", "median", "90 %", "worst", "goals")
    for state in runs[0].get("files", ()):
        spreads = [run["files"][state] for run in runs]
        cells = (both([spread[name] for spread in spreads]) for name in spreads[0])
        yield line([state, *cells, STATE_GOALS[state]])


def shapes(runs: Sequence[Figures]) -> Iterator[str]:
    """Real files: a line for each."""
    yield from table("file", "environment", "reqdrift, ms", "uv, ms", "relative to uv")
    for name, ratios, row in rows(runs, "files"):
        state = row["group"].partition(", ")[2]
        ours, uv = milliseconds(row, REQDRIFT), milliseconds(row, UV_SYNC)
        yield line([name, state, ours, uv, both(ratios)])


def goals(runs: Sequence[Figures]) -> Iterator[str]:
    """The other cases that have a goal."""
    yield from table("case", "ms", "against", "ms", "ratio", "goal")
    for group in ("top-level", "unmet", "start", "hooks"):
        for name, ratios, row in rows(runs, group):
            ours, rival = milliseconds(row, REQDRIFT), milliseconds(row, row["against"])
            against = row["against"]
            against = against if against.startswith("an ") else f"`{against}`"
            yield line([name, ours, against, rival, both(ratios), f"{row['goal']}"])


def rows(runs: Sequence[Figures], group: str) -> Iterator[tuple[str, list[float], Figures]]:
    """Name, ratios and figures of the cases of a group."""
    for index, row in enumerate(runs[0].get("rows", ())):
        if row["group"].partition(",")[0] == group:
            yield row["case"], [run["rows"][index]["ratio"] for run in runs], row


def sizes(runs: Sequence[Figures]) -> Iterator[str]:
    """Plain freezes: the times."""
    found = runs[0].get("sizes", {})
    yield from table("ms", *(f"{int(size):,}" for size in found))
    for name in next(iter(found.values()), ()):
        title = name if name == REQDRIFT else f"`{name}`"
        yield line([title, *(f"{timings[name]['ms']:,.1f}" for timings in found.values())])


def relative(runs: Sequence[Figures]) -> Iterator[str]:
    """Plain freezes: what reqdrift takes of the time of the others."""
    found = runs[0].get("sizes", {})
    yield from table("relative to", *(f"{int(size):,}" for size in found))
    for name in next(iter(found.values()), ()):
        if name != REQDRIFT:
            cells = (both([ratio(run["sizes"][size], name) for run in runs]) for size in found)
            yield line([f"`{name}`", *cells])
    if found:
        yield line([f"goal for `{UV_SYNC}`", *(str(FREEZE_GOALS[int(size)]) for size in found)])


def ratio(timings: Figures, name: str) -> float:
    """What reqdrift takes of a command's time."""
    return float(timings[REQDRIFT]["ms"] / timings[name]["ms"])


def others(runs: Sequence[Figures]) -> Iterator[str]:
    """Cases without a goal."""
    yield from table("other cases", "ms", f"relative to `{BARE}`", "relative to uv's clean check")
    for row in runs[0].get("other", ()):
        bare = row["commands"][REQDRIFT]["ms"] / row["commands"][BARE]["ms"]
        ours = milliseconds(row, REQDRIFT)
        yield line([row["case"], ours, f"{bare:.2f}", f"{row['ratio']:.2f}"])


if __name__ == "__main__":
    main()
