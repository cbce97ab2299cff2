"""A progress bar on a terminal."""

from __future__ import annotations

import sys
import time

from ..values import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..session.verify import Share
    from ..values import Style

# Most environments are done before.
_PATIENCE = 0.5


def watched(
    shares: Iterable[Share], total: int, style: Style, patience: float = _PATIENCE
) -> Iterator[Share]:
    """The same, with a progress bar on standard error if that is a terminal.

    Args:
        shares: what is done, a part at a time.
        total: how much there is to do.
        style: how people want to see it.
        patience: the seconds without a bar.
    """
    if style.quiet or not sys.stderr.isatty():
        yield from shares
        return
    begun, done, bar = time.monotonic(), 0, None
    try:
        for share in shares:
            done += share[0]
            if bar is None and time.monotonic() - begun > patience:
                # Most environments are done before a bar is useful.
                from .bar import make_bar

                bar = make_bar(style)
                task = bar.add_task("verifying", total=total)
                bar.start()
            if bar is not None:
                bar.update(task, completed=done)
            yield share
    finally:
        if bar is not None:
            bar.stop()
