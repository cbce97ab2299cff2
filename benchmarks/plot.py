"""The plot of the README: time against the number of distributions, all tools in one picture."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pygal
from pygal.style import CleanStyle


def draw(sizes: Mapping[str, Mapping[str, float]], path: Path) -> None:
    """Write the SVG.

    Args:
        sizes: milliseconds by number of distributions and command.
        path: where to write it.
    """
    chart = pygal.XY(
        title="checking a clean environment: milliseconds by number of distributions",
        x_title="distributions",
        y_title="ms",
        logarithmic=True,
        style=CleanStyle(title_font_size=16),
        legend_at_bottom=True,
        legend_at_bottom_columns=3,
        width=900,
        height=520,
        show_x_guides=True,
        js=[],
        x_labels=[int(size) for size in sizes],
        xrange=(20, 6000),
    )
    commands = next(iter(sizes.values()))
    for command in commands:
        chart.add(command, [(int(size), times[command]) for size, times in sizes.items()])
    path.write_bytes(chart.render())
