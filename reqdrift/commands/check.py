"""`reqdrift check`: compare, report, set the exit code."""

from __future__ import annotations

import os
import sys

from .. import api
from ..errors import EnvironmentReadError, ReqdriftError
from ..formats.summary import place
from ..model import TYPE_CHECKING, Options, Policy, Report

if TYPE_CHECKING:
    from collections.abc import Callable


def run(options: Options) -> int:
    """Print the report; the exit code is 0, 1 (drift), 2 (a file) or 3 (the environment)."""
    requirements, situation = api.read_files(options.files, options.constraints, options.python)
    try:
        environment = api.find_environment(situation, options.path)
    except EnvironmentReadError as error:
        if not options.formats:
            for problem in requirements.errors:
                print(f"{place(problem.at)}: error: {problem.message}", file=sys.stderr)
            raise
        publish(api.failed_report(requirements, error), options)
        print(f"reqdrift: {error}", file=sys.stderr)
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
    publish(report, options)
    if report.errors:
        return 2
    return 1 if any(finding.severity == "error" for finding in report.findings) else 0


def publish(report: Report, options: Options) -> None:
    """Print the report, or write it, in every format that is asked for.

    Raises:
        ReqdriftError: a file cannot be written.
    """
    in_actions = os.environ.get("GITHUB_ACTIONS") == "true"
    for wish in options.formats or ("auto",):
        name, _, file = wish.partition("=")
        if name == "auto":
            terminal = sys.stdout.isatty() or options.color == "always"
            name = "rich" if terminal else "text"
            if in_actions:
                sys.stdout.write(_rendered("github", report, options))
        text = _rendered(name, report, options)
        if file:
            _write(file, text)
        else:
            sys.stdout.write(text)
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if in_actions and summary:
        _write(summary, _rendered("markdown", report, options), append=True)


def _write(path: str, text: str, *, append: bool = False) -> None:
    try:
        with open(path, "a" if append else "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise ReqdriftError(f"{path} cannot be written: {error.strerror}") from None


def _rendered(name: str, report: Report, options: Options) -> str:
    if name == "text":
        # The clean path does without `importlib`.
        from ..formats.text import render

        return render(report, options)
    from importlib import import_module

    from ..formats import FORMATS

    module = import_module(f"..formats.{FORMATS[name]}", __package__)
    other: Callable[[Report, Options], str] = module.render
    return other(report, options)
