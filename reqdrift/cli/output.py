"""Where text goes: a report to standard output and files in its formats, remarks to stderr."""

from __future__ import annotations

import os
import sys

from .. import session
from ..errors import ReqdriftError, UsageError, tell
from ..report import FORMATS, printable, render, told
from ..values import TYPE_CHECKING, Options, Report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ..environments.candidates import Situation
    from ..values import Environment, FormatName


def tell_of_choice(situation: Situation, environment: Environment) -> None:
    """Say on standard error if the project has an environment of its own that is not the one."""
    if own := session.passed_over(situation, environment):
        chosen = f"{environment.prefix} (found by {environment.found_by})"
        tell(printable(f"reqdrift: checking {chosen}, not {own}"))


def print_lines(lines: Iterable[str], *, on_stderr: bool = False) -> None:
    """Print lines, each with every mark escaped that could move a terminal's cursor."""
    stream = sys.stderr if on_stderr else sys.stdout
    stream.writelines(f"{printable(line)}\n" for line in lines)


def publish(report: Report, options: Options) -> None:
    """Print the report, or write it, in every format that is asked for.

    Raises:
        ReqdriftError: a file cannot be written; it is as it was.
    """
    summary = os.environ.get("GITHUB_STEP_SUMMARY", "")
    wishes: Sequence[tuple[FormatName, str]] = options.formats or (("auto", ""),)
    annotated = not in_actions() or ("github", "") in wishes
    for name, file in wishes:
        if name == "auto":
            if not (file or annotated):
                _print(_rendered("github", report, options))
                annotated = True
            terminal = options.color == "always" or (not file and sys.stdout.isatty())
            name = "rich" if terminal else "text"
        text = _rendered(name, report, options)
        if file and any(_is_same_file(file, checked.path) for checked in report.files):
            raise UsageError(f"{file} is a file that was checked", "write the report elsewhere")
        if file:
            _write(file, text, append=file == summary)
        else:
            _print(text)
    has_page = in_actions() or "github" in dict(wishes)
    if summary and has_page and ("markdown", summary) not in wishes:
        try:
            _write(summary, _rendered("markdown", report, options), append=True)
        except ReqdriftError as error:
            # Nobody asked for it, so it decides nothing.
            tell(f"reqdrift: {told(error)}")


def _is_same_file(one: str, other: str) -> bool:
    return os.path.exists(one) and os.path.exists(other) and os.path.samefile(one, other)


def in_actions() -> bool:
    """Whether this is a step of a GitHub Actions job."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def _print(text: str) -> None:
    """Print; whoever stops reading has seen enough, and the verdict stands."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write(path: str, text: str, *, append: bool = False) -> None:
    from ..writing import append_file, write_file

    # A name that is not UTF-8 must not end a report.
    data = text.encode("utf-8", "backslashreplace")
    (append_file if append else write_file)(path, data)


def _rendered(name: FormatName, report: Report, options: Options) -> str:
    if not FORMATS[name]:
        return render(report, options)
    # The clean path does without; `importlib` would be one more to load.
    module = __import__(f"{render.__module__}.{FORMATS[name]}", fromlist=["render"])
    other: Callable[[Report, Options], str] = module.render
    return other(report, options)
