"""Which side moved: the environment since the line was written, or the line since the install?

Nothing is claimed where the times cannot decide: without git, for what was installed together with
the environment itself, in a shallow clone, or where a packer set all times to one.
"""

from __future__ import annotations

import os

from . import git
from .model import TYPE_CHECKING, CanonicalName, Environment, Finding, NamedTuple, Report

if TYPE_CHECKING:
    from collections.abc import Mapping

# Installs that follow one another more closely than this, in seconds, were one go.
_ONE_GO = 120

# Ages in words: seconds of the unit, its name.
_UNITS = (
    *((86400 * 365, "year"), (86400 * 30, "month"), (86400 * 7, "week")),
    *((86400, "day"), (3600, "hour"), (60, "minute")),
)


class Installs(NamedTuple):
    """When distributions were installed, in seconds since the epoch; `founded` ends the first go.

    What came with the first go came with the environment, and tells nothing by itself.
    """

    at: Mapping[CanonicalName, float]
    founded: float

    @property
    def last(self) -> float:
        """The latest install."""
        return max(self.at.values(), default=0.0)


def read_installs(environment: Environment) -> Installs | None:
    """The install times on disk; None where they tell nothing.

    pip and uv (with every link mode) write RECORD at installing; METADATA may be a hard link to a
    cache, and so older.
    """
    at = {}
    for name, found in environment.distributions.items():
        for path in (os.path.join(found.path, "RECORD"), found.path):
            try:
                at[name] = os.stat(path).st_mtime
                break
            except OSError:
                continue
    times = sorted(at.values())
    if len(times) > 1 and times[0] == times[-1]:
        return None  # an image's layer, or a reproducible build
    founded = times[0] if times else 0.0
    for time in times:
        if time - founded > _ONE_GO:
            break
        founded = time
    return Installs(at, founded)


def dated(report: Report, environment: Environment, now: float) -> Report:
    """The report with `moved` and `history` on each finding that the times explain.

    Args:
        report: a report with drift.
        environment: its environment.
        now: seconds since the epoch; ages are counted from it.
    """
    installs = read_installs(environment)
    if installs is None:
        return report
    lines: dict[str, set[int]] = {}
    for finding in report.findings:
        if finding.kind in ("missing", "version", "source") and finding.at.line:
            lines.setdefault(finding.at.file, set()).add(finding.at.line)
        elif finding.kind == "extra":
            lines.setdefault(finding.at.file, set())
    changes = {file: git.line_changes(file, sorted(numbers)) for file, numbers in lines.items()}
    return report._replace(
        findings=tuple(_dated(finding, installs, changes, now) for finding in report.findings)
    )


def _dated(
    finding: Finding, installs: Installs, changes: Mapping[str, git.Changes | None], now: float
) -> Finding:
    known = changes.get(finding.at.file)
    if known is None:
        return finding
    installed = installs.at.get(finding.project)
    if finding.kind == "extra":
        if installed and installed > installs.founded and installed > known.file:
            return _moved(finding, "environment", f"installed {_ago(installed, now)} ago")
        return finding
    change = known.lines.get(finding.at.line or 0)
    if change is None:
        return finding
    reference = installed if installed is not None else installs.last
    age = "not committed yet" if change.uncommitted else f"{_ago(change.at, now)} ago"
    line = f"the line changed {age}" + (f" in {change.commit}" if change.commit else "")
    if change.uncommitted or change.at > reference:
        when = "last installed into" if installed is None else "installed"
        if change.summary:
            line += f" '{change.summary}'"
        return _moved(finding, "file", f"{line}, {when} {_ago(reference, now)} ago")
    if installed is not None and installed > installs.founded:
        line = f"the line is {_ago(change.at, now)} old"
        return _moved(finding, "environment", f"installed {_ago(installed, now)} ago, {line}")
    return finding


def _moved(finding: Finding, side: str, history: str) -> Finding:
    return finding._replace(moved=side, history=history)


def _ago(time: float, now: float) -> str:
    """A time's age in words, in its largest whole unit."""
    age = max(now - time, 0)
    for seconds, unit in _UNITS:
        if age >= seconds:
            number = int(age // seconds)
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return "less than a minute"


def older_lines(report: Report, environment: Environment) -> frozenset[tuple[str, int]]:
    """The drifted lines (file, line) that are known to be older than the installation."""
    installs = read_installs(environment)
    older = set()
    for finding in report.findings:
        installed = installs.at.get(finding.project) if installs else None
        if finding.at.line and installed is not None:
            known = git.line_changes(finding.at.file, [finding.at.line])
            change = known.lines.get(finding.at.line) if known else None
            if change and not change.uncommitted and change.at < installed:
                older.add((finding.at.file, finding.at.line))
    return frozenset(older)
