"""Groups: an unlisted project and what it brought in, as the formats for people show extras.

The formats for programs have one entry for each finding.
"""

from __future__ import annotations

from ..values import TYPE_CHECKING, NamedTuple
from ..values.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

# The width for all names if the line has no limit.
ROOM = 80


class Group(NamedTuple):
    """A finding, and the extras that are shown with it because it brought them in.

    An extra that several roots brought in is shown with the first of them by name. The others have
    the name of that root in `shared`, once for every such extra.
    """

    finding: Finding
    brought: tuple[Finding, ...] = ()
    shared: tuple[str, ...] = ()


def grouped(findings: Iterable[Finding]) -> list[Group]:
    """The findings in their order; extras are grouped with their root if it is a finding.

    If the policy ignores a root, what it brought in is shown separately.
    """
    findings = tuple(findings)
    roots = {_key(f, f.project) for f in findings if f.kind == "extra" and not f.brought_by}
    if not roots:
        return list(map(Group, findings))
    alone: list[Finding] = []
    brought: dict[tuple[str, ...], list[Finding]] = {}
    shared: dict[tuple[str, ...], list[str]] = {}
    for finding in findings:
        first, *others = [r for r in finding.brought_by if _key(finding, r) in roots] or [""]
        if finding.kind != "extra" or not first:
            alone.append(finding)
            continue
        brought.setdefault(_key(finding, first), []).append(finding)
        for other in others:
            shared.setdefault(_key(finding, other), []).append(first)
    return [
        Group(finding, tuple(brought.pop(key, ())), tuple(shared.pop(key, ())))
        if (key := _key(finding, finding.project)) in roots and finding.kind == "extra"
        else Group(finding)
        for finding in alone
    ]


def _key(finding: Finding, root: str) -> tuple[str, ...]:
    """What a root and the extras in its group have in common."""
    return (root, finding.part, finding.severity, *finding.environments)


def brings(group: Group, room: int | None, size: Callable[[str], int] = len, end: str = "…") -> str:
    """What else a root brought in, in words; '' if nothing.

    Args:
        group: the root with what it brought in.
        room: the width for all of it; None shows every name.
        size: returns the width of a text.
        end: replaces the names that are not shown.
    """
    if not group.brought:
        return ""
    lead = f"it brought in {len(group.brought)} more: "
    room = None if room is None else room - size(lead)
    return lead + fitting([finding.project for finding in group.brought], room, size, end)


def shares(group: Group, room: int | None) -> str:
    """How many of these extras are shown with other roots, in words; '' if none."""
    if not group.shared:
        return ""
    roots = sorted(set(group.shared))
    lead = f"it also needs {len(group.shared)} that "
    end = " brought in"
    return lead + fitting(roots, None if room is None else room - len(lead + end)) + end


def fitting(
    names: Sequence[str], room: int | None, size: Callable[[str], int] = len, end: str = "…"
) -> str:
    """The first name and as many more as fit, then `end` if some are left out."""
    shown = names[0]
    for number, name in enumerate(names[1:], 2):
        longer = f"{shown}, {name}"
        whole = longer if number == len(names) else f"{longer}, {end}"
        if room is not None and size(whole) > room:
            return f"{shown}, {end}"
        shown = longer
    return shown


def inventory(group: Group, room: int | None = ROOM, end: str = "…") -> str:
    """The finding's message, and what else it brought in, on one line."""
    parts = (group.finding.message, brings(group, room, end=end), shares(group, room))
    return "; ".join(filter(None, parts))
