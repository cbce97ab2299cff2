"""`reqdrift why NAME`: which lines name a project, whether it is installed, what needs it."""

from __future__ import annotations

from ..errors import EnvironmentReadError, UsageError, print_error
from ..report import place, printable
from ..session.job import configured, examined
from ..session.why import answered
from ..standards.urls import redact
from .arguments import Options
from .output import print_choice, print_lines


def run(options: Options) -> int:
    """Print everything that is known about one project.

    Returns:
        1 if nothing is known about it; 2 or 3 if a file or metadata could not be read, so that the
        answer may be incomplete; else 0.
    """
    found = examined(configured(options.request), thoroughly=True)
    print_choice(found.situation, found.environment)
    why = answered(options.name, found)
    print_lines(why.lines)
    if not why.is_known:
        hint = f"; did you mean {', '.join(why.close)}?" if why.close else ""
        name = printable(redact(options.name))
        print_error(f"reqdrift: {name} is neither listed, nor installed, nor needed{hint}")
    for problem in why.errors:
        print_error(f"{place(problem.at)}: error: {printable(problem.message)}")
    for item in why.unreadable:
        print_error(f"reqdrift: {printable(f'{item.path}: {item.why}')}")
    if why.unreadable:
        return EnvironmentReadError.exit_code
    if why.errors:
        return UsageError.exit_code
    return 0 if why.is_known else 1
