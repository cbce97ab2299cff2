"""Errors that stop a run, each with a hint of what to do and an exit code."""

from __future__ import annotations

import sys

from .texts import mask, shortened
from .values import TYPE_CHECKING

if TYPE_CHECKING:
    from .values import Problem


def print_error(text: str) -> None:
    """Print to standard error; if that fails, only the exit code reports the error."""
    try:
        print(shortened(mask(text)), file=sys.stderr)
    except OSError:
        return


class ReqdriftError(Exception):
    """An error that the user can act on: a message that says what is wrong, a hint what to do."""

    exit_code = 2

    def __init__(self, message: str, hint: str = "") -> None:
        self.message, self.hint = mask(message), mask(hint)
        super().__init__(self.message)

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message


class UsageError(ReqdriftError):
    """The command line cannot be understood."""


class InvalidLineError(ReqdriftError):
    """A line of a requirements file cannot be read."""


class UnreadableFilesError(ReqdriftError):
    """Requirements files that cannot be read completely, so nothing was done."""

    def __init__(self, errors: tuple[Problem, ...], consequence: str) -> None:
        super().__init__(consequence)
        self.errors = tuple(one._replace(message=mask(one.message)) for one in errors)
        self.exit_code = max((one.exit_code for one in errors), default=self.exit_code)


class EnvironmentReadError(ReqdriftError):
    """No environment was found, or the one found cannot be read."""

    exit_code = 3


class DriftError(ReqdriftError):
    """The environment does not satisfy the requirements; the message has all findings."""

    exit_code = 1


class DoubtfulEnvironmentError(ReqdriftError):
    """The environment may be another project's, so no file is changed to match it."""

    exit_code = 3
