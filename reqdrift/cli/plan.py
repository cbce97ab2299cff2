"""`reqdrift plan`: shell commands that make the environment match the files."""

from __future__ import annotations

import sys

from ..errors import print_error
from ..session.job import configured, examined_whole
from ..session.plan import UNPLANNED, planned
from .options import Options
from .output import print_choice


def run(options: Options) -> int:
    """Print the commands, nothing if there is nothing to do; always 0."""
    job = configured(options.request)
    found = examined_whole(job, UNPLANNED)
    print_choice(found.situation, found.environment)
    plan = planned(found, job)
    sys.stdout.write(plan.script)
    if not sys.stdout.isatty():
        # A shell that reads the script does not show its comments.
        for line in plan.left:
            print_error(f"reqdrift: {line}")
    if plan.needs_uv:
        print_error(f"reqdrift: uv is not on PATH: install uv, or install pip: {plan.needs_uv}")
    return 0
