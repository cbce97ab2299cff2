"""`reqdrift baseline`: record today's findings, so that checks count only new ones."""

from __future__ import annotations

import os
from collections import Counter

from ..errors import print_error
from ..report import plural, shown_path
from ..repository import BASELINE, load_settings
from ..session.baseline import Recorded, record
from ..session.job import Job, examined
from ..values import TYPE_CHECKING
from .arguments import Options
from .output import print_choice, print_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..values.report import Report


def run(options: Options) -> int:
    """Write the file and print what is in it; always 0."""
    request = options.request
    sets = load_settings(request, os.getcwd()).sets
    parts = []
    for one in sets:
        found = examined(Job(one, one.policy, request))
        print_choice(found.situation, found.environment)
        parts.append((one.name, found))
    print_lines(_lines(record(parts)))
    return 0


def _lines(done: Recorded) -> Iterator[str]:
    path = shown_path(done.path)
    numbers = Counter(entry.kind for entry in done.entries).most_common()
    what = ", ".join(f"{number} {kind}" for kind, number in numbers)
    if not done.entries:
        state = "you can delete the file" if os.path.exists(done.path) else "not written"
        yield f"{path}: no findings to record; {state}"
    elif done.added or done.removed:
        changes = f"{len(done.added)} added, {len(done.removed)} removed"
        yield f"{path}: {plural(len(done.entries), 'finding')} ({what}); {changes}"
        yield "commit the file; checks now fail on new findings only"
    else:
        yield f"{path}: {plural(len(done.entries), 'finding')} ({what}); unchanged"


def print_accepted(report: Report) -> None:
    """Print to standard error how many findings the baseline has, which a command leaves alone."""
    if number := len(report.baselined):
        what = f"{plural(number, 'finding')} of {BASELINE} {'is' if number == 1 else 'are'}"
        them = "it" if number == 1 else "them"
        print_error(f"reqdrift: {what} left alone; --no-baseline includes {them}")
