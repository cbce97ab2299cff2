"""What a line asks for against what is installed: `missing`, `source` and `version`.

A constraint speaks of what is listed, and of what may be unlisted.
"""

from __future__ import annotations

from ..standards import pep440
from ..standards.stdlib import is_stdlib_module
from ..values import (
    TYPE_CHECKING,
    CanonicalName,
    Distribution,
    Finding,
    Note,
    Requirement,
    Unreadable,
)
from .case import Case
from .file import contradicting
from .graph import Node
from .sources import Verdict, check_source, checkout_of, describe, hashes_agree, is_recorded

if TYPE_CHECKING:
    from collections.abc import Iterator


def listed(case: Case) -> Iterator[Finding | Note]:
    """Every project that applicable lines ask for; a line gets at most one finding."""
    doubled = case.environment.doubled
    for name, lines in case.binding.items():
        found = case.installed(name)
        if found is None:
            yield _absent(name, [line for line in lines if not line.constraint], case)
            continue
        if name in doubled:
            continue  # which copy counts, nobody knows; `broken` says so
        pairs = contradicting(lines) if len(lines) > 1 else []
        disputed = {line for pair in pairs for line in pair}
        sourced = any(line.source for line in lines)
        for line in lines:
            if line not in disputed:
                yield from _present(line, found, case, sourced)


def may_be_absent(name: CanonicalName, case: Case) -> bool:
    """Whether a project is not installed, and nothing is wrong with that."""
    if case.installed(name):
        return False
    asking = [line for line in case.applicable[name] if not line.constraint]
    return isinstance(_absent(name, asking, case), Note)


def _absent(name: CanonicalName, lines: list[Requirement], case: Case) -> Finding | Note:
    """That the project is missing, unless each line that asks for it has an excuse."""
    notes = []
    # A line that is to be ignored does not speak for the others.
    for line in sorted(lines, key=lambda line: line.ignore is not None):
        note = _excuse(name, line, case)
        if note is None:
            return case.finding("missing", line, f"{line.text} is not installed")
        notes.append(note)
    return notes[0]


def _excuse(name: CanonicalName, line: Requirement, case: Case) -> Note | None:
    """Why a line may ask for what is not installed."""
    python = ".".join(map(str, case.python.minor))
    if name == "pkg-resources" and line.specifier == "==0.0.0":
        message = f"{line.text} is a trace of Debian's virtualenv, no project"
        return Note("artefact", name, line.at, message)
    minor, live = case.python.minor, case.policy.live
    if line.source is None and is_stdlib_module(line.written, minor, live):
        message = f"{line.written} is part of Python {python}'s standard library"
        return Note("stdlib", name, line.at, message)
    return None


def _present(
    line: Requirement, found: Distribution, case: Case, sourced: bool
) -> Iterator[Finding | Note]:
    source_finding = None
    # A constraint limits the source only by a direct reference, and the version by the rest.
    says_source = line.source is not None or not line.constraint
    if says_source and not isinstance(case.facts.sources.get(found.name), Unreadable):
        for item in _check_source(line, found, case, sourced):
            if isinstance(item, Finding):
                source_finding = item
            yield item
    if source_finding:
        return
    if line.pin != found.version and not pep440.satisfies(found.version, line.specifier):
        what = "the constraint" if line.constraint else "the file"
        message = f"{found.name} {found.version} is installed, {what} says {line.text}"
        yield case.finding("version", line, message)
    elif line.extras:
        yield from _check_extras(line, found, case)


def _check_source(
    line: Requirement, found: Distribution, case: Case, sourced: bool
) -> Iterator[Finding | Note]:
    source = case.source(found.name)
    release = f"{found.name} {found.version}"
    if line.source is not None:
        wanted = line.source._replace(hashes=(*line.source.hashes, *line.hashes))
        source = None if source and source.conda else source
        checkout = case.checkout(checkout_of(line.source, source))
        own = case.checkout((case.project.folder, ""))
        verdict = check_source(wanted, source, checkout, own and own.shared)
        if verdict.drift and source is None and not is_recorded(found, case.environment):
            is_copy = Verdict("the file says editable, installed is a copy")
            unknown = Verdict(unsure="where it was installed from is not recorded")
            verdict = is_copy if line.source.editable else unknown
        if verdict.drift:
            yield case.finding("source", line, f"{release}: {verdict.drift}")
        elif verdict.unsure:
            yield Note("unsure", found.name, line.at, f"{release}: {verdict.unsure}")
    elif source is None or sourced:
        return  # a release, or another line of this project says from where
    elif source.conda:
        yield Note("conda", found.name, line.at, f"{release} was built and installed by conda")
    elif source.kind != "archive":
        message = f"{release} is installed from {describe(source)}, the file says a release"
        yield case.finding("source", line, message)
    elif hashes_agree(line.hashes, source.hashes) == "no":
        message = f"{release} is installed from {source.url}, whose hash is not in the file"
        yield case.finding("source", line, message)
    else:
        yield Note("archive", found.name, line.at, f"{release} is installed from {source.url}")


def _check_extras(line: Requirement, found: Distribution, case: Case) -> Iterator[Finding]:
    """What the line's extras need and the environment lacks."""
    # What has a line of its own is missing there.
    there = case.environment.distributions.keys() | case.applicable.keys()
    graph = case.graph
    for extra in line.extras:
        lacking = graph.unmet(Node(found.name, extra), there)
        if lacking:
            names = ", ".join(edge.name for edge in lacking)
            are = "is" if len(lacking) == 1 else "are"
            message = f"{line.written}[{extra}] needs {names}, which {are} not installed"
            yield case.finding("missing", line, message)
            return
