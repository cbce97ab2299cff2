"""`unpinned`: a requirement that allows more than one release. Depends only on the file."""

from __future__ import annotations

import os

from .. import standards
from ..repository import is_hexadecimal
from ..requirements.compiled import shortfalls
from ..standards import pep440
from ..values import TYPE_CHECKING, CanonicalName, Location, Note, Requirement
from ..values.findings import Finding
from .case import Case
from .lines import is_pinned

if TYPE_CHECKING:
    from collections.abc import Iterator


_BEFORE_NUMBERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_/"


def unpinned(case: Case) -> Iterator[Finding | Note]:
    """Requirements that nothing pins, whether or not they apply here."""
    by_project: dict[CanonicalName, list[Requirement]] = {}
    for line in case.lines:
        if line.name:
            by_project.setdefault(line.name, []).append(line)
    for name, lines in by_project.items():
        pinned, loose = set[Requirement](), []
        for line in lines:
            if is_pinned(line):
                pinned.add(line)
            else:
                loose.append(line)
        # A pin counts for other lines wherever they apply, or at least here.
        markers = {line.marker for line in pinned}
        pinned_here = None in markers or not pinned.isdisjoint(case.applicable.get(name, ()))
        for line in loose:
            if line.constraint or _is_only_noted(line, case):
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
                message = f"{line.text} {_why(line)}"
                if line.source is None and (found := case.installed(name)):
                    message += f"; {found.version} is installed"
                yield case.finding("unpinned", line, message)


def _why(line: Requirement) -> str:
    """Why the line does not fix one release."""
    source = line.source
    if source is None or source.kind != "vcs" or not source.revision:
        return "allows more than one release"
    if hint := standards.urls.hint_for_scp(line.text):
        return f"is not a URL that pip can install; {hint}"
    if _is_release_tag(source.revision):
        return f"names '{source.revision}', a tag, which can be moved"
    if is_hexadecimal(source.revision):
        return f"names '{source.revision}', which is not a full commit id"
    return f"names '{source.revision}', a branch or a tag, which can be moved"


def _is_release_tag(revision: str) -> bool:
    """Whether a revision looks like the tag of a release: `v1.2`, `release-1.2.0`."""
    name = revision.removeprefix("refs/tags/")
    first, dot, second = name.lstrip(_BEFORE_NUMBERS).partition(".")
    return name != revision or bool(dot and first.isdigit() and second[:1].isdigit())


def _is_only_noted(line: Requirement, case: Case) -> bool:
    """Whether the line names a module of the standard library that is not installed."""
    return case.installed(line.name) is None and case.names_stdlib_module(line)


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


def stale(case: Case) -> Iterator[Finding]:
    """Each requirement of a source that a compiled file does not list, or does not satisfy."""
    for compiled, asked, lack in shortfalls(case.compiled, case.lines):
        file = os.path.relpath(compiled.file, os.path.dirname(asked.origin.file))
        command = standards.redact(compiled.command)
        how = f"; run: {command}" if command else "; compile it again"
        found = case.finding("stale", asked, f"{file} {lack}{how}")
        yield found._replace(why=f"{file} {lack}", compiled=compiled.file)
