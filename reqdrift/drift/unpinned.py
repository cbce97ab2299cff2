"""`unpinned`: a requirement that allows more than one release. Depends only on the file."""

from __future__ import annotations

from ..values import TYPE_CHECKING, CanonicalName, Note
from ..values.findings import Finding
from ..values.requirements import Requirement
from .case import Case
from .lines import is_pinned

if TYPE_CHECKING:
    from collections.abc import Iterator


def unpinned(case: Case) -> Iterator[Finding | Note]:
    """Requirements that nothing pins, whether or not they apply here."""
    by_project: dict[CanonicalName, list[Requirement]] = {}
    for line in case.lines:
        if line.name:
            by_project.setdefault(line.name, []).append(line)
    for name, lines in by_project.items():
        pinned = {line for line in lines if is_pinned(line)}
        # A pin counts for other lines wherever they apply, or at least here.
        markers = {line.marker for line in pinned}
        pinned_here = None in markers or not pinned.isdisjoint(case.applicable.get(name, ()))
        for line in lines:
            if line.constraint or line in pinned or _is_only_noted(line, case):
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


def _is_only_noted(line: Requirement, case: Case) -> bool:
    """Whether the line names a module of the standard library that is not installed."""
    return case.installed(line.name) is None and case.names_stdlib_module(line)
