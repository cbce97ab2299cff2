"""The report as plain text, and the wording that it shares with other formats for people."""

from __future__ import annotations

from ..kinds import KINDS
from ..values import TYPE_CHECKING, CanonicalName, Location, NamedTuple
from ..values.details import Finding, Hint, some_names
from . import (
    counted,
    described,
    note_line,
    place,
    plural,
    printable,
    shown_path,
    text_line,
    visible_notes,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ..values import Environment, KindName, Report, Style
    from ..values.details import Verified


# Of more environments, only names are shown.
_MOST_PARTS = 10
# So many findings of one kind in a file have a line each.
_MOST = 10
# Files of ranges have many, and they are meant to be so.
_MOST_UNPINNED = {"error": 2, "warning": 1}
_RESULTS = {"clean": "matching", "drift": "with drift", "failed": "that could not be checked"}


def render(report: Report, style: Style) -> str:
    """The report as plain text, with one `file:line: kind: message` for each finding.

    Errors, findings, notes, the verdict with its counts, and what to do next. Packages that an
    unlisted project brought in are on the line of that project.
    """
    lines = [] if style.quiet else list(map(_hint, report.leads))
    lines += [text_line(place(error.at), "error", error.message) for error in report.errors]
    paths = {path: shown_path(path) for path in {found.at.file for found in report.findings}}
    for group in summarized(grouped(report.findings), style):
        where = place(group.finding.at, paths[group.finding.at.file])
        message = inventory(group, verbose=style.verbose)
        warning = " (warning)" if group.finding.severity == "warning" else ""
        lines.append(text_line(where, f"{group.finding.kind}{warning}", message))
    if not style.quiet:
        lines += map(note_line, visible_notes(report, style.verbose))
        between = "" if report.parts else "; "
        lines.append(f"{headline(report)}{between}{counts(report, verbose=style.verbose)}")
        lines += map(_hint, report.hints)
    return "".join(f"{line}\n" for line in lines)


def _hint(hint: Hint) -> str:
    return printable(f"hint: {': '.join(filter(None, hint))}")


def headline(report: Report) -> str:
    """The verdict with the number of findings of each kind."""
    numbers: dict[KindName, int] = dict.fromkeys(KINDS, 0)
    for finding in report.findings:
        numbers[finding.kind] += 1
    found = ", ".join(f"{number} {kind}" for kind, number in numbers.items() if number)
    verdict = f"{report.verdict}: "
    if report.verdict == "clean" and report.findings:
        verdict, found = "no errors, ", plural(len(report.findings), "warning")
    if _has_environments(report):
        matching = sum(part.verdict == "clean" for part in report.parts)
        of_all = f"{matching} of {len(report.parts)} environments match"
        found = f"{found}; {of_all}" if found else of_all
    if report.errors:
        errors = plural(len(report.errors), "error")
        return f"failed: {errors}" + (f", {found}" if found else "")
    return f"{verdict}{found}" if found else report.verdict


def counts(report: Report, *, verbose: bool = False) -> str:
    """What was read, checked and skipped, and where; a line for each set."""
    if report.environment and report.verified:
        return _verified(report.environment, report.verified)
    if not report.parts:
        return counted(report)
    if not verbose and len(report.parts) > _MOST_PARTS and _has_environments(report):
        return "".join(f"\n{printable(line)}" for line in _by_result(report))
    return "".join(f"\n{printable(f'[{part.name}] ')}{counted(part)}" for part in report.parts)


def _has_environments(report: Report) -> bool:
    """Whether a set has several environments."""
    return any(part.base is not None for part in report.parts)


def _by_result(report: Report) -> Iterator[str]:
    """The names of the environments by their result, and what the files ask for."""
    for verdict, words in _RESULTS.items():
        names = [part.name for part in report.parts if part.verdict == verdict]
        if names:
            yield f"{plural(len(names), 'environment')} {words}: {some_names(names)}"
    for file in report.files:
        yield f"{plural(file.requirements, 'requirement')} in {shown_path(file.path)}"


def _verified(environment: Environment, verified: Verified) -> str:
    """How many files were compared, and how many were not."""
    megabytes = f"{verified.size / 1e6:,.1f} MB"
    files = f"{verified.files:,} file{'' if verified.files == 1 else 's'}"
    parts = [f"{files} of {plural(verified.distributions, 'distribution')} compared ({megabytes})"]
    if verified.unhashed:
        parts.append(f"{verified.unhashed:,} without a hash, only checked for existence")
    if verified.bytecode:
        plural_s = "" if verified.bytecode == 1 else "s"
        parts.append(f"{verified.bytecode:,} bytecode file{plural_s} skipped")
    if verified.skipped:
        parts.append(f"{plural(verified.skipped, 'distribution')} not verified")
    return f"{', '.join(parts)}; {described(environment)}"


class Group(NamedTuple):
    """A finding, and the extras that are shown with it because it brought them in.

    An extra that several roots brought in is shown with the first of them by name. A summary stands
    for findings that are alike (`same`).
    """

    finding: Finding
    brought: tuple[Finding, ...] = ()
    same: tuple[Finding, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that it shows."""
        return self.same or (self.finding, *self.brought)

    @property
    def is_left_out(self) -> bool:
        """Whether it is about what a freeze should list."""
        one = self.findings[0]
        return one.kind == "unpinned" and bool(one.needed_by)


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
    for finding in findings:
        first = next((root for root in finding.brought_by if _key(finding, root) in roots), "")
        if finding.kind != "extra" or not first:
            alone.append(finding)
            continue
        brought.setdefault(_key(finding, first), []).append(finding)
    return [
        Group(finding, tuple(brought.pop(key, ())))
        if (key := _key(finding, finding.project)) in roots and finding.kind == "extra"
        else Group(finding)
        for finding in alone
    ]


def summarized(groups: Sequence[Group], style: Style) -> list[Group]:
    """The groups, but one for many of a kind in a file; machines get every finding.

    Where several files have unpinned lines, one for all of them. The finding of such a group has no
    project, and nothing wanted or installed.
    """
    if style.verbose:
        return list(groups)
    shown = _joined(groups)
    unpinned = [group for group in shown if group.finding.kind == "unpinned"]
    return shown if len(unpinned) <= _MOST_UNPINNED["error"] else _joined(shown, of_all_files=True)


def _joined(groups: Sequence[Group], *, of_all_files: bool = False) -> list[Group]:
    """The groups, but one for many of a kind in a file, or for all unpinned lines."""
    alike: dict[tuple[object, ...], list[Group]] = {}
    for group in groups:
        one = group.finding
        file = "" if of_all_files and one.kind == "unpinned" else one.at.file
        key = (one.kind, one.severity, one.part, one.environments, file, group.is_left_out)
        alike.setdefault(key, []).append(group)
    shown: dict[int, Group] = {}
    for same in alike.values():
        first = same[0].finding
        most = _MOST
        if first.kind == "unpinned":
            most = 1 if of_all_files else _MOST_UNPINNED[first.severity]
        is_short = len(same) <= most
        shown |= {id(x): x for x in same} if is_short else {id(same[0]): _summary(same)}
    return [shown[id(group)] for group in groups if id(group) in shown]


def _summary(groups: Sequence[Group]) -> Group:
    first, is_left_out = groups[0].finding, groups[0].is_left_out
    found = tuple(finding for group in groups for finding in group.findings)
    names = [f"{f.project} ({f.needed_by[0]})" if is_left_out else f.project for f in found]
    label = f"[{first.label}] " if first.label else ""
    message = f"{label}{len(found)} {KINDS[first.kind].many}"
    files = {finding.at.file for finding in found}
    message += f" in {len(files)} files" if len(files) > 1 else ""
    message += f": {some_names(names)} (-v shows each)"
    at = Location(first.at.file)
    one = Finding(first.kind, first.severity, CanonicalName(""), at, None, None, message)
    return Group(one, same=found)


def _key(finding: Finding, root: str) -> tuple[str, ...]:
    """What a root and the extras in its group have in common."""
    return (root, finding.part, finding.severity, *finding.environments)


def brings(group: Group, *, verbose: bool = False) -> str:
    """What else a root brought in, in words; '' if nothing."""
    names = [finding.project for finding in group.brought]
    lead = f"it brought in {len(names)} more: "
    return lead + some_names(names, verbose=verbose) if names else ""


def inventory(group: Group, *, verbose: bool = False) -> str:
    """The finding's message, and what else it brought in, on one line."""
    return "; ".join(filter(None, (group.finding.message, brings(group, verbose=verbose))))
