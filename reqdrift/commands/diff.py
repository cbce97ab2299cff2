"""`reqdrift diff`: what `reqdrift fix` would change, as a patch."""

from __future__ import annotations

import os
import sys

from .. import git
from ..formats.patch import colored, unified_diff
from ..model import Options
from .fix import rewritten


def run(options: Options) -> int:
    """Print a patch that `git apply` and `patch -p1` accept; 1 if there is one, else 0."""
    diff = b""
    for changed in rewritten(options).changed:
        top = git.top_folder(os.path.dirname(changed.file.path)) or os.getcwd()
        name = os.path.relpath(changed.file.path, top)
        diff += unified_diff(name, changed.before, changed.after)
    on_terminal = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    if options.color == "always" or (options.color == "auto" and on_terminal):
        diff = colored(diff)
    # Bytes, because the files keep their encodings.
    sys.stdout.flush()
    sys.stdout.buffer.write(diff)
    return 1 if diff else 0
