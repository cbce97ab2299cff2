"""What makes a compiled file follow the environment, and how that is said."""

from __future__ import annotations

from ..values import TYPE_CHECKING, CanonicalName, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Recompilation(NamedTuple):
    """The command for all of a compiled file, and what to do before it about some projects."""

    command: str
    steps: Mapping[CanonicalName, str]

    @property
    def purpose(self) -> str:
        """What the command is for, with all that must be done before it."""
        before = "".join(f", {step}" for step in self.steps.values())
        return f"if the environment is right{before}{', then' if before else ''}"
