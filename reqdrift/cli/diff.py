"""`reqdrift diff`: what `reqdrift fix` would change, as a patch."""

from __future__ import annotations

import sys

from ..errors import print_error
from ..repair.patch import colored, inert
from ..repair.rewrite import what_is_left, what_stays_unlisted
from ..report import plural, printable
from ..session.diff import not_followed, patched, where_it_applies
from ..session.fix import UNCHANGED, repair
from ..session.job import configured, examined_whole
from ..values import TYPE_CHECKING
from .options import Options
from .output import is_colored, print_choice, print_lines

if TYPE_CHECKING:
    from collections.abc import Sequence


def run(options: Options) -> int:
    """Print a patch that `git apply` and `patch -p1` accept; 1 if there is one, else 0.

    What the patch does not fix, and where it applies, is printed to standard error.
    """
    job = configured(options.request)
    request = job.request
    if request.rev:
        if lines := not_followed(job):
            what = f"{plural(len(lines), 'package')} to install"
            print_error("\n  ".join([f"reqdrift: since {request.rev}, {what}:", *lines]))
            print_error("to install them: reqdrift plan | sh")
        job = job._replace(request=request._replace(rev=""))
    found = examined_whole(job, UNCHANGED)
    print_choice(found.situation, found.environment)
    diff = patched(repair(found, job, "diff"))
    if diff.parts:
        _print(diff.parts, options.style.color)
    if not options.style.quiet:
        print_lines(what_is_left(diff.repaired.repairs), on_stderr=True)
        print_lines(what_stays_unlisted(diff.repaired.repairs), on_stderr=True)
    if where := where_it_applies(diff.folder):
        print_error(f"reqdrift: {printable(where)}")
    return 1 if diff.parts else 0


def _print(parts: Sequence[bytes], color: str) -> None:
    """Print a patch as bytes, because the files keep their encodings."""
    # FORCE_COLOR must not break `reqdrift diff | git apply`.
    on_terminal = sys.stdout.isatty() or color == "always"
    in_color = on_terminal and is_colored(color, sys.stdout)
    if in_color or sys.stdout.isatty():
        parts = [inert(part) for part in parts]  # for people, not for `git apply`
    sys.stdout.flush()
    sys.stdout.buffer.write(b"".join(colored(part) if in_color else part for part in parts))
    sys.stdout.flush()
