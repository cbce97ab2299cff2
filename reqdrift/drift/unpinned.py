"""`unpinned`: a requirement that allows more than one release. Depends only on the file."""

from __future__ import annotations

from .. import standards
from ..repository import is_hexadecimal
from ..values import TYPE_CHECKING, CanonicalName, Note, Requirement
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
