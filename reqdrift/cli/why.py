"""`reqdrift why NAME ...`: which lines name a project, is it installed, what needs it."""

from __future__ import annotations

from .. import standards
from ..errors import EnvironmentReadError, UsageError, print_error
from ..report import describe_problem, printable
from ..session.job import configured, examined
from ..session.why import answered
from .options import Options
from .output import print_choice, print_lines


def run(options: Options) -> int:
    """Print all that is known of each project.

    Returns:
        1 if nothing is known of one of them; 2 or 3 if a file or metadata could not be read, so
        that some of the answer may be missing; else 0.
    """
    found = examined(configured(options.request), thoroughly=True)
    print_choice(found.situation, found.environment)
    answers = [answered(name, found) for name in options.names]
    for number, why in enumerate(answers):
        print_lines(["", *why.lines] if number and why.lines else why.lines)
    for name, why in zip(options.names, answers, strict=True):
        if not why.is_known:
            hint = f"; did you mean {', '.join(why.close)}?" if why.close else ""
            shown = printable(standards.redact(name))
            print_error(f"reqdrift: {shown} is neither listed, nor installed, nor needed{hint}")
    first = answers[0]
    for problem in first.errors:
        print_error(describe_problem(problem))
    for item in first.unreadable:
        print_error(f"reqdrift: {printable(f'{item.path}: {item.why}')}")
    if first.unreadable:
        return EnvironmentReadError.exit_code
    if first.errors:
        return UsageError.exit_code
    return 0 if all(why.is_known for why in answers) else 1
