"""The chart of docs/performance.md: what reqdrift takes of uv's time, case by case."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pygal
from pygal.style import Style

from cases import REQDRIFT, UV_SYNC

# The page may be light or dark: no background, and a grey that both have contrast with.
_GREY, _FASTER, _SLOWER = "#7a7a7a", "#2a9d8f", "#d9822b"


def draw(figures: Mapping[str, Any], path: Path) -> None:
    """Write the SVG.

    Args:
        figures: what bench.py writes as JSON.
        path: where to write it.
    """
    bars = ratios(figures)
    chart = pygal.HorizontalBar(
        title="time of reqdrift, where uv takes 1",
        style=Style(
            background="transparent",
            plot_background="transparent",
            foreground=_GREY,
            foreground_strong=_GREY,
            foreground_subtle=_GREY,
            opacity="1",
            title_font_size=16,
            label_font_size=12,
            value_font_size=12,
            value_colors=("#ffffff",),
        ),
        show_legend=False,
        print_values=True,
        print_values_position="center",
        formatter=lambda ratio: f"{ratio:.2f}",
        width=900,
        height=80 + 24 * len(bars),
        js=[],
        include_x_axis=True,
        show_y_guides=False,
        range=(0, max(1.25, *bars.values())),
        spacing=8,
    )
    # From the bottom up.
    names = list(reversed(bars))
    chart.x_labels = names
    colors = {name: _FASTER if bars[name] <= 1 else _SLOWER for name in names}
    chart.add("", [{"value": bars[name], "color": colors[name]} for name in names])
    path.write_bytes(chart.render())


def ratios(figures: Mapping[str, Any]) -> dict[str, float]:
    """The bars by their labels: real files, then the plain freeze, then the rest."""
    bars = {
        f"files, {state} ({name})": spread[name]
        for state, spread in figures.get("files", {}).items()
        for name in ("median", "worst")
    }
    for size, timings in figures.get("sizes", {}).items():
        ours, uv = timings[REQDRIFT]["ms"], timings[UV_SYNC]["ms"]
        bars[f"plain freeze, {int(size):,}"] = ours / uv
    for row in figures.get("rows", ()):
        if row["group"] in ("top-level", "unmet"):
            group = "" if row["case"].startswith(row["group"]) else f"{row['group']}: "
            bars[group + row["case"]] = row["ratio"]
    return bars
