"""What counts: one finding for each cause, severities, ignored projects and lines.

- A line has at most one of `missing`, `source`, `version`, `conflict` and `unpinned`.
- A project with an error of another kind has no `unmet`. What needs a package in a wrong version or
  from a wrong source is not judged by the metadata of that package.
- Fail closed: what could not be read is never clean. Every report shows how much was read,
  checked and skipped.
- While a line or file cannot be read, it is unknown what is unlisted or unpinned, so neither is
  reported, nor what is unmet. One note says so.
"""

from __future__ import annotations

from ..files import matches
from ..kinds import KINDS, close_kind
from ..standards import canonical_name
from ..values import TYPE_CHECKING, Location, NamedTuple, Note
from ..values.details import Finding, IgnoredProject
from .graph import Node

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ..values import CanonicalName, KindName, Policy, Requirement, Severity
    from .case import Case


# How a note ends about an ignore that covers no finding.
UNUSED = "matches nothing; remove it"


class _Ignore(NamedTuple):
    """One wish to ignore; `kinds` empty means all of them."""

    text: str
    at: Location | None
    pattern: str
    kinds: frozenset[str]
    reason: str = ""
    installed: str = ""

    def covers(self, kind: str, project: str, installed: str | None) -> bool:
        """Whether it is about a finding at its place, which has these."""
        is_about = (not self.kinds or kind in self.kinds) and self.installed in ("", installed)
        return is_about and _matches(project, self.pattern)


def _matches(name: str, pattern: str) -> bool:
    if pattern == "*" or not any(mark in pattern for mark in "*?["):
        return pattern in ("*", name)
    return matches(name, pattern)


def finding_about(
    case: Case, kind: KindName, line: Requirement, message: str, severity: Severity = "error"
) -> Finding:
    """A finding about a line."""
    project = line.name or canonical_name(line.written or line.hint)
    found = finding_at(line.at, case, kind, project, message)
    return found._replace(severity=severity, wanted=line.text)


def finding_at(
    at: Location, case: Case, kind: KindName, project: CanonicalName, message: str
) -> Finding:
    """An error about a project, at a place that need not be a line that asks for it."""
    found = case.installed(project)
    return Finding(kind, "error", project, at, None, found.version if found else None, message)


def judged(found: Iterable[Finding | Note], case: Case) -> tuple[tuple[Finding, ...], list[Note]]:
    """The findings that count, in order, with their severity; notes, also on what is ignored.

    Unused ignores are reported, so that the user can remove them.
    """
    findings = [item for item in found if isinstance(item, Finding)]
    notes = [item for item in found if isinstance(item, Note)]
    silent = [line for line in case.lines if line.ignore and case.holds(line.marker or "")]
    ignores = [_Ignore(x.ignore.text, x.at, "*", x.ignore.kinds) for x in silent if x.ignore]
    ignores = [*ignored_projects(case.policy), *ignores]
    # Without those whose kinds are all off: nothing can match them.
    off = {kind for kind, level in case.policy.severity if level == "off"}
    ignores = [ignore for ignore in ignores if not ignore.kinds or ignore.kinds - off]
    used: set[_Ignore] = set()
    first = [*_one_for_each_cause([one for one in findings if one.kind != "unmet"])]
    weighed = [*_weighed(first, case.policy, ignores, used)]
    unmet = [one for one in findings if one.kind == "unmet"]
    unmet = _unmet_by_itself(unmet, [x for x in weighed if isinstance(x, Finding)], case)
    weighed += _weighed(unmet, case.policy, ignores, used)
    notes += [item for item in weighed if isinstance(item, Note)]
    for ignore in ignores:
        if unknown := sorted(ignore.kinds - {"", *KINDS}):
            # Without the rest of its URL, a token would not be masked.
            names = ", ".join(kind for kind in unknown if kind.isalpha()) or "like this"
            what = f"there is no kind {names}; {close_kind(unknown[0])}"
            notes.append(_warning(ignore, f"{ignore.text}: {what}"))
        elif ignore not in used and case.complete and not case.policy.satisfied:
            notes.append(_warning(ignore, f"{ignore.text} {UNUSED}"))
    counted = (item for item in weighed if isinstance(item, Finding))
    return tuple(sorted(counted, key=_order_of_findings)), notes


def _order_of_findings(finding: Finding) -> tuple[str, int, str, str]:
    return (finding.at.file, finding.at.line or 0, finding.project, finding.kind)


def _one_for_each_cause(findings: Sequence[Finding]) -> list[Finding]:
    """Without `unpinned` where something else is wrong with the project or the line."""
    others = [one for one in findings if one.kind != "unpinned"]
    wrong = {one.project for one in others if one.severity == "error"}
    repeated = {one.at for one in others if one.kind == "conflict"}

    def is_caused(one: Finding) -> bool:
        if one.kind != "unpinned":
            # A repetition of a line that is wrong itself.
            return one.severity != "error" and one.project in wrong
        return one.at in repeated or one.project in wrong

    return [one for one in findings if not is_caused(one)]


def _unmet_by_itself(unmet: list[Finding], counted: Iterable[Finding], case: Case) -> list[Finding]:
    """Without what is not met because of another error, or `missing` for an extra of a line.

    What is installed in a wrong version may need something else in the right one. If that is
    ignored, or only a warning, it stays, and so does what it needs.
    """
    errors = [one for one in counted if one.severity == "error" and one.kind != "unpinned"]
    wrong = {one.project for one in errors}
    replaced = {one.project for one in errors if one.kind in ("version", "source")}
    missing = {one.at for one in errors if unmet and one.kind == "missing"}
    lines = [x for x in case.asking if x.name and x.extras and x.at in missing] if missing else []
    for node in (Node(line.name, extra) for line in lines if line.name for extra in line.extras):
        lacking = case.graph.lacking_for_extra(node, case.environment.distributions)
        wrong.update(edge.name for edge in lacking)
    return [one for one in unmet if not (one.project in wrong or one.required_by in replaced)]


def _warning(ignore: _Ignore, message: str) -> Note:
    # A pattern may well match no project today.
    is_quiet = ignore.at is None and not {"*", "?"}.isdisjoint(ignore.pattern)
    return Note("ignored", None, ignore.at, f"warning: {message}", is_quiet)


def weighed(findings: Sequence[Finding], policy: Policy) -> Iterator[Finding | Note]:
    """The same for findings that are not about files; unused ignores are not reported."""
    return _weighed(findings, policy, list(ignored_projects(policy)), set())


def _weighed(
    findings: Sequence[Finding], policy: Policy, ignores: Sequence[_Ignore], used: set[_Ignore]
) -> Iterator[Finding | Note]:
    severity = dict(policy.severity)
    by_place: dict[tuple[str, int | None] | None, list[_Ignore]] = {}
    for ignore in ignores:
        by_place.setdefault(ignore.at and ignore.at[:2], []).append(ignore)
    for finding in findings:
        near = (*by_place.get(None, ()), *by_place.get(finding.at[:2], ()))
        about = finding.kind, finding.project, finding.installed
        covering = [ignore for ignore in near if ignore.covers(*about)]
        used.update(covering)
        level = severity.get(finding.kind, finding.severity)
        if covering:
            reason = next((ignore.reason for ignore in covering if ignore.reason), "")
            message = f"{finding.kind}: {finding.message}" + (reason and f"; ignored: {reason}")
            # What has a reason is settled: it is no news in every report.
            yield Note("ignored", finding.project, finding.at, message, bool(reason))
        elif level == "error" or (level == "warning" and not policy.satisfied):
            yield finding if level == finding.severity else finding._replace(severity=level)


def ignored_projects(policy: Policy) -> Iterator[_Ignore]:
    """What options and the configuration ignore, wherever it is."""
    for wish in policy.ignore:
        one = IgnoredProject(wish) if isinstance(wish, str) else wish
        text = f"ignore '{one.name}'" + (f" (installed {one.installed})" if one.installed else "")
        yield _Ignore(text, None, canonical_name(one.name), one.kinds, one.reason, one.installed)
