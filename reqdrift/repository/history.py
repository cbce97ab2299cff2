"""Which side changed last: the environment or the line?

Nothing is reported if the times cannot decide: without git, for packages that were installed
together with the environment, in a shallow clone, or if all times are the same (archives).
"""

from __future__ import annotations

import os

from ..files import read_regular
from ..values import TYPE_CHECKING, CanonicalName, NamedTuple
from ..values.environment import Distribution, Environment
from ..values.findings import Finding
from ..values.report import Report
from . import git

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..values import Side

# Installations with shorter intervals than this, in seconds, belong together.
_ONE_GO = 120

# The kinds of finding that a change of one side explains, line by line.
_ABOUT_LINES = frozenset({"missing", "version", "source"})

# Ages in words: seconds of the unit, its name.
_UNITS = (
    *((86400 * 365, "year"), (86400 * 30, "month"), (86400 * 7, "week")),
    *((86400, "day"), (3600, "hour"), (60, "minute")),
)


# Installers that keep the times of files from when the package was built.
_KEEPING_TIMES = (b"conda", b"debian", b"rpm")

# Installed with the environment, which may be filled much later.
_SEEDS = frozenset(map(CanonicalName, ("pip", "setuptools", "wheel")))


class Installs(NamedTuple):
    """When distributions were installed, in seconds since the epoch.

    `founded` is the end of the first group of installations. Times in that group are those of the
    environment, and say nothing about single packages.
    """

    at: Mapping[CanonicalName, float]
    founded: float

    @property
    def last(self) -> float:
        """The latest install."""
        return max(self.at.values())


def read_installs(environment: Environment) -> Installs | None:
    """The installation times on disk; None if they are meaningless."""
    if not environment.can.times:
        return None
    found = environment.distributions.items()
    known = ((name, _installed_at(distribution)) for name, distribution in found)
    at = {name: time for name, time in known if time is not None}
    if not at or (len(at) > 1 and len(set(at.values())) == 1):
        return None  # nothing installed, an image layer, or a reproducible build
    times = [time for name, time in at.items() if name not in _SEEDS] or list(at.values())
    return Installs(at, _end_of_first_go(sorted(times)))


def _installed_at(distribution: Distribution) -> float | None:
    """When it was installed; None if unknown.

    pip and uv (with every link mode) write RECORD when they install; METADATA may be a hard link
    to a cache, and so older. Older tools wrote a list of files, or a link.
    """
    path = distribution.path
    if path.endswith(".egg-link"):
        return _modified(path)
    time = _modified(os.path.join(path, "RECORD"))
    if time is None:
        return _modified(os.path.join(path, "installed-files.txt"))
    try:
        installer = read_regular(os.path.join(path, "INSTALLER")).strip()
        return None if installer in _KEEPING_TIMES else time
    except OSError:
        return time


def _modified(path: str) -> float | None:
    try:
        return os.stat(path).st_mtime
    except OSError:
        return None


def _end_of_first_go(times: list[float]) -> float:
    """The last of the sorted times of the first group."""
    founded = times[0]
    for time in times:
        if time - founded > _ONE_GO:
            break
        founded = time
    return founded


def dated(report: Report, environment: Environment, now: float) -> Report:
    """The report with `moved` and `history` set for each finding that the times explain.

    Args:
        report: a report with drift.
        environment: its environment.
        now: seconds since the epoch; ages are counted from it.
    """
    installs = read_installs(environment)
    if installs is None:
        return report
    at_lines = [f for f in report.findings if f.kind in _ABOUT_LINES and f.at.line]
    has_extras = any(finding.kind == "extra" for finding in report.findings)
    # Any of the files may have listed an extra before.
    files = [file.path for file in report.files if has_extras and not file.constraints]
    changes = _changes(at_lines, files)
    known = [changes[file] for file in files]
    listed = max((one.file for one in known if one), default=None) if all(known) else None
    return report._replace(
        findings=tuple(
            _dated_extra(finding, installs, listed, now)
            if finding.kind == "extra"
            else _dated(finding, installs, changes, now)
            for finding in report.findings
        )
    )


def _changes(findings: Iterable[Finding], files: Iterable[str]) -> Mapping[str, git.Changes | None]:
    """The changes of the lines of `findings`, and of `files`, according to git."""
    lines: dict[str, set[int]] = {file: set() for file in files}
    for finding in findings:
        lines.setdefault(finding.at.file, set()).add(finding.at.line or 0)
    return {file: git.line_changes(file, sorted(numbers)) for file, numbers in lines.items()}


def _dated_extra(finding: Finding, installs: Installs, listed: float | None, now: float) -> Finding:
    """`listed` is when a file changed last, None if unknown."""
    installed = installs.at.get(finding.project)
    if installed is None or listed is None:
        return finding
    if not _is_later(installed, max(installs.founded, listed)):
        return finding
    return _moved(finding, "environment", f"installed {_ago(installed, now)} ago")


def _dated(
    finding: Finding, installs: Installs, changes: Mapping[str, git.Changes | None], now: float
) -> Finding:
    known = changes.get(finding.at.file)
    change = known.lines.get(finding.at.line or 0) if known else None
    if known is None or change is None or finding.kind not in _ABOUT_LINES:
        return finding
    installed = installs.at.get(finding.project)
    if installed is None and finding.installed is not None:
        return finding  # it is installed, but the time is unknown
    reference = installs.last if installed is None else installed
    # An uncommitted line changed no later than the file.
    if _is_later(known.file if change.uncommitted else change.at, reference):
        line = _last_change(change, now)
        when = "the last installation was" if installed is None else "installed"
        return _moved(finding, "file", f"{line}, {when} {_ago(reference, now)} ago")
    # A line can be older than its arrival here, for example after a pull.
    arrived = known.file if change.uncommitted else max(change.at, known.file)
    if installed is not None and _is_later(installed, max(installs.founded, arrived)):
        line = f"the line is {_ago(arrived if change.uncommitted else change.at, now)} old"
        return _moved(finding, "environment", f"installed {_ago(installed, now)} ago, {line}")
    return finding


def _last_change(change: git.Change, now: float) -> str:
    if change.uncommitted:
        return "the line is not committed yet"
    summary = f" '{change.summary}'" if change.summary else ""
    return f"the line changed {_ago(change.at, now)} ago in {change.commit}{summary}"


def _is_later(time: float, other: float) -> bool:
    """Whether it is certainly later: git counts whole seconds."""
    return int(time) > int(other)


def _moved(finding: Finding, side: Side, history: str) -> Finding:
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
    """The lines with findings (file, line) that are known to be older than the installation."""
    installs = read_installs(environment)
    if installs is None:
        return frozenset()
    at_lines = [finding for finding in report.findings if finding.at.line]
    changes = _changes(at_lines, ())
    older = set()
    for finding in at_lines:
        known = changes[finding.at.file]
        change = known.lines.get(finding.at.line or 0) if known else None
        installed = installs.at.get(finding.project)
        if not change or change.uncommitted or installed is None:
            continue
        if known and _is_later(installed, max(change.at, known.file)):
            older.add((finding.at.file, finding.at.line or 0))
    return frozenset(older)
