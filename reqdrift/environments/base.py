"""What every source of an environment offers; for type checkers, no run loads it."""

from __future__ import annotations

from typing import Protocol

from ..values.environment import Capabilities, Environment
from ..values.facts import Facts, Questions


class EnvironmentSource(Protocol):
    """Something that knows what is installed in one environment."""

    @property
    def can(self) -> Capabilities:
        """What can be done with the environment besides comparing it.

        Raises:
            EnvironmentReadError: it cannot be read.
        """

    def read(self) -> Environment:
        """The environment; it is read once, however often it is asked for.

        Raises:
            UsageError: what the user said of it is wrong.
            EnvironmentReadError: it cannot be read.
        """

    def answer(self, asked: Questions, known: Facts) -> Facts:
        """What is `known`, and the answer to all that is asked.

        What cannot be read is answered as Unreadable, never left out.
        """
