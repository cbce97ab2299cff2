"""The bar that `progress` shows; rich takes ten times as long to load as most checks to run."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from ..values import TYPE_CHECKING

if TYPE_CHECKING:
    from ..values.settings import Style


def make_bar(style: Style) -> Progress:
    """A bar on standard error."""
    plain = True if style.color == "never" else None
    console = Console(stderr=True, no_color=plain)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    return Progress(*columns, TimeRemainingColumn(), console=console, transient=True)
