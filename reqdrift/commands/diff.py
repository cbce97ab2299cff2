"""`reqdrift diff`: what `reqdrift fix` would change, as a patch."""

from __future__ import annotations

import os
import sys

from .. import git
from ..formats.patch import colored, unified_diff
from ..model import TYPE_CHECKING, Options
from .fix import rewritten, tell_what_is_left

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..repair.rewrite import Changed


def run(options: Options) -> int:
    """Print a patch that `git apply` and `patch -p1` accept; 1 if there is one, else 0.

    What the patch does not repair, and where else than here it applies, goes to standard error.
    """
    outcome = rewritten(options, written=False)
    on_terminal = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    in_color = options.color == "always" or (options.color == "auto" and on_terminal)
    base = _base_outside_git(outcome.changed)
    diff = b""
    for changed in outcome.changed:
        # The file itself: neither git nor patch changes one through a link.
        path = os.path.realpath(changed.file.path)
        name = os.path.relpath(path, git.top_folder(os.path.dirname(path)) or base)
        part = unified_diff(name, changed.before, changed.after)
        diff += colored(part) if in_color else part
    # Bytes, because the files keep their encodings.
    sys.stdout.flush()
    sys.stdout.buffer.write(diff)
    sys.stdout.flush()
    if not options.quiet:
        tell_what_is_left(outcome, sys.stderr)
        if base != os.path.realpath(os.getcwd()):
            print(f"reqdrift: the patch applies in {base}", file=sys.stderr)
    return 1 if diff else 0


def _base_outside_git(changed: Sequence[Changed]) -> str:
    """The nearest folder that holds the working directory and the changed files outside of git."""
    folders = {os.path.dirname(os.path.realpath(c.file.path)) for c in changed}
    outside = [folder for folder in folders if git.top_folder(folder) is None]
    return os.path.commonpath([os.path.realpath(os.getcwd()), *outside])
