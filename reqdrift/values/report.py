"""The report of a run; its parts are in findings.py and parts.py."""

from __future__ import annotations

from . import TYPE_CHECKING, NamedTuple, Note, Problem

if TYPE_CHECKING:
    from . import Environment, ReadFile, Verdict
    from .findings import Finding, Hint, Part, Verified


class Report(NamedTuple):
    """The result of a check.

    `environment` is None if none could be read, or if there are `parts`, each with its own.
    `leads` say which one reason most findings have, and what to do about it; there are no `hints`
    then.
    """

    environment: Environment | None
    files: tuple[ReadFile, ...] = ()
    findings: tuple[Finding, ...] = ()
    notes: tuple[Note, ...] = ()
    errors: tuple[Problem, ...] = ()
    checked: int = 0
    skipped: int = 0
    hints: tuple[Hint, ...] = ()
    parts: tuple[Part, ...] = ()
    verified: Verified | None = None
    leads: tuple[Hint, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """`clean`, `drift`, or `failed` if something could not be read."""
        if self.errors or any(part.environment is None for part in self.parts or (self,)):
            return "failed"
        return "drift" if any(found.severity == "error" for found in self.findings) else "clean"

    @property
    def exit_code(self) -> int:
        """0 no drift, 1 drift, 2 an unreadable file, 3 an unreadable environment."""
        if any(part.environment is None for part in self.parts or (self,)):
            return 3
        if self.errors:
            return max(error.exit_code for error in self.errors)
        return 1 if self.verdict == "drift" else 0
