"""`reqdrift fix`: update the files to match the environment."""

from __future__ import annotations

from ..repair.patch import with_what_it_leads_to
from ..repair.rewrite import what_is_left, what_stays_unlisted, what_was_done
from ..session.fix import UNCHANGED, repair, write
from ..session.job import configured, examined_whole
from .options import Options
from .output import print_choice, print_lines


def run(options: Options) -> int:
    """Change the files and print what was done; 1 if some findings were not fixed, else 0."""
    job = configured(options.request)
    found = examined_whole(job, UNCHANGED)
    print_choice(found.situation, found.environment)
    repaired = repair(found, job, "fix")
    write(repaired, found.situation, job)
    print_lines(what_was_done(repaired.repairs))
    print_lines(what_is_left(repaired.repairs))
    files = ", ".join(with_what_it_leads_to(changed.file.path) for changed in repaired.changed)
    done, left = f"changed {files}" if files else "nothing to change", len(repaired.left)
    if not options.style.quiet:
        print_lines(what_stays_unlisted(repaired.repairs))
        print(f"{done}; {left} not fixed" if left else done)
    elif files:
        print(done)
    return 1 if left else 0
