"""`conflict`: lines that contradict each other, or that repeat each other in one file."""

from __future__ import annotations

import os

from ..standards import pep440
from ..values import TYPE_CHECKING, CanonicalName, Location, Requirement
from ..values.findings import Finding
from .case import Case

if TYPE_CHECKING:
    from collections.abc import Iterator


def conflict(case: Case) -> Iterator[Finding]:
    """Contradictions, and repetitions (warnings)."""
    yield from _contradictions(case)
    yield from _repetitions(case)


def _contradictions(case: Case) -> Iterator[Finding]:
    """Lines that apply here and cannot be satisfied together: one finding for a project."""
    for pairs in case.contradictions.values():
        first, last = pairs[0]
        message = f"{last.text} contradicts {first.text} ({_place(first.at, last.at)})"
        yield case.finding("conflict", last, message)


def _repetitions(case: Case) -> Iterator[Finding]:
    """The same line twice in one file: harmless, until one of them is edited."""
    by_project: dict[CanonicalName | None, list[Requirement]] = {}
    for line in case.lines:
        by_project.setdefault(line.name, []).append(line)
    # A project with one line has no repetition; its specifier need not be parsed.
    for lines in by_project.values():
        seen: dict[tuple[object, ...], Requirement] = {}
        for line in lines if len(lines) > 1 else ():
            first = seen.setdefault(meaning(line), line)
            if first is not line:
                message = f"{line.text} repeats {_place(first.at, line.at)}"
                yield case.finding("conflict", line, message, "warning")


def meaning(line: Requirement) -> tuple[object, ...]:
    """What a line and a repetition of it have in common."""
    return (
        *(line.at.file, line.name, line.constraint, line.extras, line.marker, line.source),
        pep440.normal_form(line.specifier),
    )


def _place(at: Location, seen_from: Location) -> str:
    """The location of a line, as seen from another line."""
    if at.file == seen_from.file:
        return f"line {at.line}"
    return f"{os.path.relpath(at.file, os.path.dirname(seen_from.file))}:{at.line}"
