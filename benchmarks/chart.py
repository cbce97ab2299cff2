"""The chart of docs/performance.md: the times of all tools, in an environment of one size."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

WIDTH, BAR, STEP, LEFT = 820, 18, 28, 230
# The page may be light or dark: no background, and a grey that both have contrast with.
GREY, OURS = "#7a7a7a", "#2a9d8f"


def chart(times: Mapping[str, float]) -> str:
    """An SVG with a bar for each command, by milliseconds."""
    scale = (WIDTH - LEFT - 80) / max(times.values())
    parts = []
    for number, (name, time) in enumerate(sorted(times.items(), key=lambda item: item[1])):
        y = number * STEP + 6
        color = OURS if name == "reqdrift" else GREY
        weight = ' font-weight="bold"' if name == "reqdrift" else ""
        text = f'y="{y + 14}" fill="{color}"{weight}'
        parts += [
            f'<text x="{LEFT - 8}" text-anchor="end" {text}>{escape(name)}</text>',
            f'<rect x="{LEFT}" y="{y}" width="{time * scale:.1f}" height="{BAR}" fill="{color}"/>',
            f'<text x="{LEFT + time * scale + 6:.1f}" {text}>{time:,.0f} ms</text>',
        ]
    size = f'width="{WIDTH}" height="{len(times) * STEP + 6}"'
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="14">'
    )
    return "\n".join([head, *parts, "</svg>\n"])
