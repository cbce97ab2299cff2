"""The progress bar; importing rich takes ten times as long as most checks."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from ..values import TYPE_CHECKING
from .output import is_colored

if TYPE_CHECKING:
    from ..values import Style


def make_bar(style: Style) -> Progress:
    """A progress bar on standard error."""
    console = Console(stderr=True, no_color=not is_colored(style.color, sys.stderr))
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    return Progress(*columns, TimeRemainingColumn(), console=console, transient=True)
