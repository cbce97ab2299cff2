"""The outcome for each finding, in lines for people."""

from __future__ import annotations

from .. import standards
from ..report import place
from ..report.groups import grouped, inventory
from ..values import TYPE_CHECKING
from ..values.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .outcome import Repair


def what_was_done(repairs: Iterable[Repair]) -> Iterator[str]:
    """A line for each edit; one edit may repair several findings."""
    done = (f"{place(r.finding.at)}: {standards.redact(r.done)}" for r in repairs if r.done)
    yield from dict.fromkeys(done)


def what_is_left(repairs: Iterable[Repair]) -> Iterator[str]:
    """A line for each finding, or group of them, that was not fixed, with the reason.

    Then, once each, the commands that help, alone at the end of their lines.
    """
    left: dict[str, list[Finding]] = {}
    refused = [repair for repair in repairs if repair.refused]
    for repair in refused:
        left.setdefault(repair.refused, []).append(repair.finding)
    groups = {group.finding: group for found in left.values() for group in grouped(found)}
    for repair in refused:
        if group := groups.get(repair.finding):
            finding = repair.finding
            what = finding.why if finding.kind == "stale" else inventory(group)
            yield f"{place(finding.at)}: {finding.kind} not fixed: {what}: {repair.refused}"
    for hint in dict.fromkeys(repair.hint for repair in refused if repair.hint):
        yield f"{hint.purpose}: {standards.redact(hint.command)}"


def what_stays_unlisted(repairs: Iterable[Repair]) -> Iterator[str]:
    """A line for what was not added because a project that was added needs it."""
    unlisted: dict[tuple[str, str], list[str]] = {}
    for repair in repairs:
        if repair.root:
            where = place(repair.finding.at)
            unlisted.setdefault((where, repair.root), []).append(repair.finding.project)
    for (where, root), names in sorted(unlisted.items()):
        needs = f"{root} needs {'it' if len(names) == 1 else 'them'}"
        yield f"{where}: not added, because {needs}: {', '.join(names)}"
