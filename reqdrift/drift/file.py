"""What is wrong with the file by itself: `unpinned` and `conflict`."""

from __future__ import annotations

import os

from ..standards import pep440
from ..standards.stdlib import is_stdlib_module
from ..values import TYPE_CHECKING, CanonicalName, Finding, Location, Note, Requirement
from .case import Case
from .sources import names_commit, same_place

if TYPE_CHECKING:
    from collections.abc import Iterator


def unpinned(case: Case) -> Iterator[Finding | Note]:
    """Requirements that allow more than one release, whether or not they apply here."""
    by_project: dict[CanonicalName, list[Requirement]] = {}
    for line in case.lines:
        if line.name:
            by_project.setdefault(line.name, []).append(line)
    for name, lines in by_project.items():
        pinned = {line for line in lines if is_pinned(line)}
        # A pin stands for other lines wherever they apply, or at least here.
        markers = {line.marker for line in pinned}
        pinned_here = None in markers or not pinned.isdisjoint(case.applicable.get(name, ()))
        for line in lines:
            if line.constraint or line in pinned or _is_stdlib_entry(line, case):
                continue
            if line.source and line.source.kind == "folder":
                message = f"{line.text}: a folder cannot be pinned"
                yield Note("local", name, line.at, message)
            elif pinned_here or line.marker in markers:
                continue
            elif line.source is None and (case.remote or not case.complete):
                why = "a remote constraint" if case.remote else "a line that could not be read"
                yield Note("unsure", name, line.at, f"{line.text} may be pinned by {why}")
            else:
                message = f"{line.text} allows more than one release"
                if line.source is None and (found := case.installed(name)):
                    message += f"; {found.version} is installed"
                yield case.finding("unpinned", line, message)


def is_pinned(line: Requirement) -> bool:
    """Whether the line fixes one release (design: "Pinned")."""
    if line.pin is not None:
        return True
    if line.source is None:
        return pep440.is_pinned(line.specifier)
    if line.source.kind == "archive":
        # A wheel's or sdist's file name says its version.
        return bool(line.hashes or line.source.hashes) or pep440.is_pinned(line.specifier)
    return line.source.kind == "vcs" and names_commit(line.source)


def _is_stdlib_entry(line: Requirement, case: Case) -> bool:
    """Whether the line is only noted, because it names a module of the standard library."""
    absent = line.source is None and case.installed(line.name) is None
    return absent and is_stdlib_module(line.written, case.python.minor, case.policy.live)


_MOST_COMPARED = 40


def contradicting(lines: tuple[Requirement, ...]) -> list[tuple[Requirement, Requirement]]:
    """The pairs of lines that no distribution can satisfy together."""
    sourced = sum(line.source is not None for line in lines)
    pins = {line.pin for line in lines}
    if sourced < 2 and len(pins) == 1 and None not in pins:
        return []
    if sourced < 2 and not pep440.is_unsatisfiable({line.specifier for line in lines}):
        return []
    # Pairs say it best, but of very many lines nobody reads them.
    few = lines[:_MOST_COMPARED]
    pairs = [(one, two) for i, two in enumerate(few) for one in few[:i]]
    found = [pair for pair in pairs if _contradict(*pair)]
    if not found and pep440.is_unsatisfiable({line.specifier for line in lines}):
        return [(one, lines[-1]) for one in lines[:-1]]
    return found


def _contradict(one: Requirement, two: Requirement) -> bool:
    if one.source and two.source:
        same = one.source == two.source or same_place(one.source, two.source)
        return not same or one.source.revision != two.source.revision
    if one.pin is not None and one.pin == two.pin:
        return False
    return pep440.is_unsatisfiable((one.specifier, two.specifier))


def contradictions(case: Case) -> Iterator[Finding]:
    """Lines that apply here and cannot be satisfied together: one finding for a project."""
    for lines in case.binding.values():
        pairs = contradicting(lines) if len(lines) > 1 else []
        if pairs:
            first, last = pairs[0]
            message = f"{last.text} contradicts {first.text} ({_place(first.at, last.at)})"
            yield case.finding("conflict", last, message)


def repetitions(case: Case) -> Iterator[Finding]:
    """The same line twice in one file: harmless today, a trap for whoever edits one of them."""
    by_project: dict[CanonicalName | None, list[Requirement]] = {}
    for line in case.lines:
        by_project.setdefault(line.name, []).append(line)
    # What stands alone repeats nothing, and its specifier need not be read.
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
    """A line as a reader of another line would call it."""
    if at.file == seen_from.file:
        return f"line {at.line}"
    return f"{os.path.relpath(at.file, os.path.dirname(seen_from.file))}:{at.line}"
