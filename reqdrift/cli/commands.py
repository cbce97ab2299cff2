"""Run a command with its options; a plain check does not need this module."""

from __future__ import annotations

from ..values import TYPE_CHECKING, Request
from .arguments import Options
from .check import check
from .usual_options import read_usual

if TYPE_CHECKING:
    from collections.abc import Callable


def options_of(name: str, words: list[str]) -> Options:
    """Parse the words after a command's name.

    Raises:
        UsageError: an unknown option, or a wrong value.
        SystemExit: after `--help` and `--version`.
    """
    if name != "why" and not any(word.startswith("-") for word in words):
        return Options(Request(tuple(words)))
    if name == "check" and (usual := read_usual(words)):
        return usual
    # Importing argparse takes as long as everything else that a command imports.
    from .options import parse

    return parse(name, words)


def run(name: str, options: Options) -> int:
    """Run a command; returns the exit code."""
    if name == "check":
        return check(
            options.request,
            options.style,
            options.formats,
            cross_check=options.cross_check,
            exit_zero=options.exit_zero,
        )
    command: Callable[[Options], int] = __import__(f"{__package__}.{name}", fromlist=["run"]).run
    return command(options)
