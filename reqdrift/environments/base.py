"""The interface of environment sources; for type checkers, not imported at run time."""

from __future__ import annotations

from typing import Protocol

from ..values import Environment
from ..values.findings import Facts, Questions


class EnvironmentSource(Protocol):
    """Reads one environment and answers questions about it."""

    def read(self) -> Environment:
        """The environment; it is read only once.

        Raises:
            UsageError: the user's options for it are wrong.
            EnvironmentReadError: it cannot be read.
        """

    def answer(self, asked: Questions, known: Facts) -> Facts:
        """The `known` facts, and the answers to all questions.

        What cannot be read is answered as Unreadable, never omitted.
        """
