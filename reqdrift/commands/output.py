"""Output: reports to standard output and files, other messages to standard error."""

from __future__ import annotations

import os
import sys

from .. import commands
from ..errors import ReqdriftError, UsageError, print_error
from ..report import FORMATS, clean_text, describe_error, describe_problem, printable
from ..values import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import TextIO

    from ..environments import Situation
    from ..values import Environment, FormatName, Problem, Report, Style

    # Pairs of a format and the file that takes it, '' for standard output.
    Formats = Sequence[tuple[FormatName, str]]


def print_choice(situation: Situation, environment: Environment) -> None:
    """Print to standard error if the project's own environment is not the one that is checked."""
    own = commands.passed_over(situation, environment)
    if own:
        chosen = f"{environment.prefix} (found by {environment.found_by})"
        print_error(printable(f"reqdrift: checking {chosen}, not {own}"))


def failure_lines(
    error: ReqdriftError, problems: Iterable[Problem], part: str = ""
) -> tuple[str, ...]:
    """For standard error: unreadable lines and files, then the error that stops the run."""
    named = printable(f"[{part}] ") if part else ""
    return (*map(describe_problem, problems), f"reqdrift: {named}{describe_error(error)}")


def print_lines(lines: Iterable[str], *, on_stderr: bool = False) -> None:
    """Print lines with control characters escaped."""
    stream = sys.stderr if on_stderr else sys.stdout
    stream.writelines(f"{printable(line)}\n" for line in lines)


def publish(report: Report, style: Style, formats: Formats = ()) -> None:
    """Print or write the report in every requested format.

    Args:
        report: the report.
        style: how people want to see it.
        formats: which formats, and where they go.

    Raises:
        ReqdriftError: a file cannot be written; it is unchanged.
    """
    summary = os.environ.get("GITHUB_STEP_SUMMARY", "")
    wishes: Formats = formats or (("auto", ""),)
    annotated = not in_actions() or ("github", "") in wishes
    for name, file in wishes:
        if name == "auto":
            if not (file or annotated):
                _print(_rendered("github", report, style))
                annotated = True
            terminal = sys.stdout.isatty() or is_colored(style.color, sys.stdout)
            name = "rich" if style.color == "always" or (terminal and not file) else "text"
        text = _rendered(name, report, style)
        if file and any(_is_same_file(file, checked.path) for checked in report.files):
            raise UsageError(
                f"{file} is a file that was checked", "write the report to another file"
            )
        if file:
            _write(file, text, append=file == summary)
        else:
            _print(text)
    has_page = in_actions() or "github" in dict(wishes)
    if summary and has_page and ("markdown", summary) not in wishes:
        try:
            _write(summary, _rendered("markdown", report, style), append=True)
        except ReqdriftError as error:
            # The user did not ask for it, so the exit code does not change.
            print_error(f"reqdrift: {describe_error(error)}")


def is_colored(color: str, stream: TextIO) -> bool:
    """Whether to use color on a stream, as pip, pytest and ruff do.

    `--color` comes first, then NO_COLOR, then FORCE_COLOR, then what the stream is.
    """
    if color != "auto":
        return color == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def _is_same_file(one: str, other: str) -> bool:
    return os.path.exists(one) and os.path.exists(other) and os.path.samefile(one, other)


def in_actions() -> bool:
    """Whether this is a step of a GitHub Actions job."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def _print(text: str) -> None:
    """Print; if the reader closes the pipe, the verdict still counts."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write(path: str, text: str, *, append: bool = False) -> None:
    # Usually, a report goes to standard output.
    from ..writing import append_file, write_file

    # A name that is not UTF-8 must not be an error.
    data = text.encode("utf-8", "backslashreplace")
    (append_file if append else write_file)(path, data)


def _rendered(name: FormatName, report: Report, style: Style) -> str:
    if name == "text" and (clean := clean_text(report, style)):
        return clean
    if name == "rich":
        style = style._replace(color="always" if is_colored(style.color, sys.stdout) else "never")
    # A clean run prints that text, and loads no format.
    module = __import__(f"reqdrift.report.{FORMATS[name]}", fromlist=("render",))
    render: Callable[[Report, Style], str] = module.render
    return render(report, style)
