"""The interface of environment sources; for type checkers, not imported at run time."""

from __future__ import annotations

from typing import Protocol

from ..values import Capabilities, Environment
from ..values.facts import Facts, Questions


class Paths(Protocol):
    """Where the files of an environment are on this machine.

    `reqdrift.files` is the one of environments on this machine: their paths are those to open. A
    module, because a class would cost every run more than the rest of this. `inside.Paths` is the
    one of environments in another root file system.
    """

    def at(self, path: str) -> str:
        """The path to open for an absolute path of the environment.

        Raises:
            OSError: it has a symbolic link loop.
        """

    def real(self, path: str) -> str:
        """The path of the environment without links.

        Raises:
            OSError: it has a symbolic link loop.
        """


class EnvironmentSource(Protocol):
    """Reads one environment and answers questions about it."""

    @property
    def can(self) -> Capabilities:
        """What can be done with the environment besides comparing it.

        Raises:
            EnvironmentReadError: it cannot be read.
        """

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
