"""`stale`: a compiled file does not list what its sources ask for; by the texts of both alone."""

from __future__ import annotations

import os

from ..standards import pep440
from ..values import TYPE_CHECKING, CanonicalName, Compiled, Requirement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..values.findings import Finding
    from .case import Case


def stale(case: Case) -> Iterator[Finding]:
    """Each requirement of a source that a compiled file does not list, or does not satisfy."""
    # A file that is up to date has no command to print.
    from ..standards.urls import redact

    for compiled, asked, lack in shortfalls(case.compiled, case.lines):
        file = os.path.relpath(compiled.file, os.path.dirname(asked.origin.file))
        command = redact(compiled.command)
        how = f"; run: {command}" if command else "; compile it again"
        found = case.finding("stale", asked, f"{file} {lack}{how}")
        yield found._replace(why=f"{file} {lack}", compiled=compiled.file)


def shortfalls(
    compiled: Iterable[Compiled], lines: Iterable[Requirement]
) -> Iterator[tuple[Compiled, Requirement, str]]:
    """What compiled files lack: the file, the requirement of a source, and how that is said."""
    lines = tuple(lines)
    for one in compiled:
        listed: dict[CanonicalName | None, list[Requirement]] = {}
        for line in lines:
            if line.origin.file in one.files and not line.constraint:
                listed.setdefault(line.name, []).append(line)
        for asked in one.asked:
            # A path may hold any project.
            is_named = asked.name and None not in listed
            if is_named and (lack := _shortfall(asked, listed.get(asked.name, []))):
                yield one, asked, lack


def _shortfall(asked: Requirement, lines: list[Requirement]) -> str:
    """What the lines of a project lack of what is asked for, '' if they have it, or may have it."""
    if not lines:
        return "" if asked.constraint else f"does not list {asked.name}, which this file asks for"
    pins = [line.pin or _pinned_version(line) for line in lines]
    if asked.source or not all(pins):
        return ""
    if any(pin == asked.pin or pep440.satisfies(pin, asked.specifier) for pin in pins):
        return ""
    verb = "allows" if asked.constraint else "asks for"
    return f"says {lines[0].text}, but this file {verb} {asked.text}"


def _pinned_version(line: Requirement) -> str:
    """The version that a line pins by `==`, '' if it does not."""
    version = line.specifier.removeprefix("==")
    is_pin = line.source is None and line.specifier.startswith("==") and "," not in version
    return "" if not is_pin or version.endswith(".*") or version.startswith("=") else version
