"""`source`: installed from another source than the line says."""

from __future__ import annotations

from ..values import TYPE_CHECKING, Distribution, Note, Requirement, Unreadable
from ..values.findings import Finding
from .case import Case
from .policy import finding_about
from .sources import Verdict, check_source, checkout_of, describe, hashes_agree, is_recorded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..values.details import Source


def source(case: Case) -> Iterator[Finding | Note]:
    """Each line whose project was installed from another source, or may have been."""
    for line, found in case.comparable:
        if item := _compared(line, found, case):
            yield item


def is_from_elsewhere(line: Requirement, found: Distribution, case: Case) -> bool:
    """Whether there is a finding about where the line's project was installed from."""
    return isinstance(_compared(line, found, case), Finding)


def _compared(line: Requirement, found: Distribution, case: Case) -> Finding | Note | None:
    if isinstance(case.facts.sources.get(found.name), Unreadable):
        return None  # that is `broken`
    if line.source is not None:
        return _against_reference(line, line.source, found, case)
    # A constraint limits the source only by a direct reference, and the version by the rest.
    installed_from = case.source(found.name)
    if line.constraint or installed_from is None:
        return None
    if any(other.source for other in case.binding[found.name]):
        return None  # another line of this project says from where
    return _against_release(line, installed_from, found, case)


def _against_reference(
    line: Requirement, wanted: Source, found: Distribution, case: Case
) -> Finding | Note | None:
    """A line with a direct reference: is it what was installed?"""
    installed_from = case.source(found.name)
    if installed_from and installed_from.conda:
        installed_from = None
    checkout = case.checkout(checkout_of(wanted, installed_from, case.project.folder))
    with_hashes = wanted._replace(hashes=(*wanted.hashes, *line.hashes))
    verdict = check_source(with_hashes, installed_from, checkout)
    if verdict.drift and installed_from is None and not is_recorded(found, case.environment):
        is_copy = Verdict("the file says editable, but the environment has a copy")
        unknown = Verdict(unsure="where it was installed from is not recorded")
        gaps = case.environment.gaps
        verdict = is_copy if wanted.editable and not (gaps and gaps.editables) else unknown
    release = f"{found.name} {found.version}"
    if verdict.drift:
        return finding_about(case, "source", line, f"{release}: {verdict.drift}")
    if verdict.unsure:
        return Note("unsure", found.name, line.at, f"{release}: {verdict.unsure}")
    return None


def _against_release(
    line: Requirement, installed_from: Source, found: Distribution, case: Case
) -> Finding | Note:
    """A line that asks for a release of something that did not come from an index."""
    release = f"{found.name} {found.version}"
    if installed_from.conda:
        return Note("conda", found.name, line.at, f"{release} was built and installed by conda")
    if installed_from.kind != "archive":
        where = describe(installed_from)
        message = f"{release} is installed from {where}, but the file says a release"
        return finding_about(case, "source", line, message)
    message = f"{release} is installed from {installed_from.url}"
    if hashes_agree(line.hashes, installed_from.hashes) == "no":
        return finding_about(case, "source", line, f"{message}, whose hash is not in the file")
    return Note("archive", found.name, line.at, message)
