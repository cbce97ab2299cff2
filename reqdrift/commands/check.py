"""`reqdrift check`: compare, report, set the exit code."""

from __future__ import annotations

import sys

from .. import api
from ..errors import EnvironmentReadError
from ..formats.summary import place
from ..model import Options, Policy, Report


def run(options: Options) -> int:
    """Print the report; the exit code is 0, 1 (drift), 2 (a file) or 3 (the environment)."""
    requirements, situation = api.read_files(options.files, options.constraints, options.python)
    try:
        environment = api.find_environment(situation, options.path)
    except EnvironmentReadError as error:
        if options.format != "json":
            for problem in requirements.errors:
                print(f"{place(problem.at)}: error: {problem.message}", file=sys.stderr)
            raise
        print_report(api.failed_report(requirements, error), options)
        return error.exit_code
    if own := api.passed_over(situation, environment):
        chosen = f"{environment.prefix} (found by {environment.found_by})"
        print(f"reqdrift: checking {chosen}, not {own}", file=sys.stderr)
    policy = Policy(options.unlisted)
    report = api.examine(requirements, situation, environment, policy).report
    if report.findings or report.errors:
        import time

        from ..advice import advise
        from ..history import dated

        report = dated(report, environment, time.time())
        report = report._replace(hints=advise(report, situation.files, options))
    print_report(report, options)
    if report.errors:
        return 2
    return 1 if any(finding.severity == "error" for finding in report.findings) else 0


def print_report(report: Report, options: Options) -> None:
    """Print in the format asked for: by itself rich on a terminal, plain text elsewhere."""
    name = options.format
    if name == "auto":
        terminal = sys.stdout.isatty() or options.color == "always"
        name = "rich" if terminal else "text"
    if name == "text":
        from ..formats.text import render
    else:
        from importlib import import_module

        from ..formats import FORMATS

        render = import_module(f"..formats.{FORMATS[name]}", __package__).render
    sys.stdout.write(render(report, options))
