"""A progress bar on a terminal."""

from __future__ import annotations

import sys
import time

from ..values import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.progress import Progress

    from ..session.verify import Share
    from ..values.settings import Style

# Seconds before the bar is shown; most environments are done before.
_PATIENCE = 0.5


def watched(shares: Iterable[Share], total: int, style: Style) -> Iterator[Share]:
    """The same, with a progress bar on standard error if that is a terminal."""
    if style.quiet or not sys.stderr.isatty():
        yield from shares
        return
    begun, done, bar = time.monotonic(), 0, None
    try:
        for share in shares:
            done += share[0]
            if bar is None and time.monotonic() - begun > _PATIENCE:
                bar = _bar(style)
                task = bar.add_task("verifying", total=total)
                bar.start()
            if bar is not None:
                bar.update(task, completed=done)
            yield share
    finally:
        if bar is not None:
            bar.stop()


def _bar(style: Style) -> Progress:
    # rich takes ten times as long to import as a small environment to verify.
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    plain = True if style.color == "never" else None
    console = Console(stderr=True, no_color=plain)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    return Progress(*columns, TimeRemainingColumn(), console=console, transient=True)
