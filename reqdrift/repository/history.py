"""Which side changed last: the environment or the line?

Nothing is reported if the times cannot decide: without git, for packages that were installed
together with the environment, in a shallow clone, or if all times are the same (archives).
"""

from __future__ import annotations

import os

from ..kinds import KINDS
from ..values import TYPE_CHECKING, CanonicalName, Environment, NamedTuple
from ..values.findings import Finding
from ..values.report import Report
from .changes import Change, TrackedFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..values import Side

# git looks no further back for the change of a line, in seconds: history may be long.
_FAR_BACK = 365 * 86400

# Installations with shorter intervals than this, in seconds, belong together.
_ONE_GO = 120

# The kinds of finding that a change of one side explains line by line: an `extra` has no line.
_ABOUT_LINES = frozenset(name for name, kind in KINDS.items() if kind.dated) - {"extra"}

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
    distributions = environment.distributions
    written = {name: _written_at(found.path) for name, found in distributions.items()}
    times = {name: time for name, time in written.items() if time is not None}
    is_one_time = len(set(times.values())) == 1
    at: dict[CanonicalName, float] = {}
    for name, time in times.items():
        if not _keeps_times(distributions[name].path):
            at[name] = time
        if is_one_time and len(at) == 2:
            break  # who installed the others makes no difference
    if not at or (len(at) > 1 and len(set(at.values())) == 1):
        return None  # nothing installed, an image layer, or a reproducible build
    counted = [time for name, time in at.items() if name not in _SEEDS] or list(at.values())
    return Installs(at, _end_of_first_go(sorted(counted)))


def _written_at(path: str) -> float | None:
    """When a distribution's metadata was written to this disk; None if unknown.

    pip and uv (with every link mode) write RECORD when they install; METADATA may be a hard link
    to a cache, and so older. Older tools wrote a list of files, or a link.
    """
    if path.endswith(".egg-link"):
        return _modified(path)
    time = _modified(f"{path}/RECORD")
    return _modified(f"{path}/installed-files.txt") if time is None else time


def _keeps_times(path: str) -> bool:
    """Whether its files have their times from elsewhere."""
    return _start_of(f"{path}/INSTALLER").strip() in _KEEPING_TIMES


def _start_of(path: str) -> bytes:
    """The first bytes of a file, none if it cannot be read; there are hundreds to read."""
    try:
        # A pipe in its place would block.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return b""
    try:
        return os.read(handle, 64)
    except OSError:
        return b""
    finally:
        os.close(handle)


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


class Asked(NamedTuple):
    """What the ages in a report depend on: installs, and files that git is asked about."""

    installs: Installs
    files: Mapping[str, TrackedFile]


def ask(
    report: Report,
    environment: Environment,
    now: float,
    known: Mapping[str, TrackedFile] | None = None,
) -> Asked | None:
    """Start git for all that `dated` wants to know; None where the times say nothing.

    Args:
        report: a report with drift.
        environment: its environment.
        now: seconds since the epoch.
        known: files that git was asked about before.
    """
    at_lines = _at_lines(report)
    files = dict.fromkeys((*_listing_extras(report), *(finding.at.file for finding in at_lines)))
    installs = read_installs(environment) if files else None
    if installs is None:
        return None
    asked = {path: (known or {}).get(path) or TrackedFile(path) for path in files}
    references = [_reference(finding, installs) for finding in at_lines]
    # What was committed before all of these changes no verdict.
    since = min([installs.founded, *(time for time in references if time is not None)])
    for file in asked.values():
        file.ask_commit(since)
    # Until git says when a file was committed last, its time on disk tells which lines will matter.
    deciding: dict[str, dict[int, float]] = {}
    for finding in at_lines:
        written = asked[finding.at.file].written()
        if written is not None:
            _decide(deciding, finding, _how_far_back(finding, installs, written, written, now))
    for path, lines in deciding.items():
        asked[path].ask_lines(lines, min(lines.values()))
    return Asked(installs, asked)


def dated(report: Report, asked: Asked, now: float) -> Report:
    """The report with `moved` and `history` set for each finding that the times explain.

    Args:
        report: a report with drift.
        asked: what `ask` returned for it.
        now: seconds since the epoch; ages are counted from it.
    """
    installs = asked.installs
    changes = _changes(_at_lines(report), asked, now)
    known = [asked.files[path].came() for path in _listing_extras(report)]
    times = [time for time in known if time is not None]
    listed = max(times) if times and len(times) == len(known) else None
    return report._replace(
        findings=tuple(
            _dated_extra(finding, installs, listed, now)
            if finding.kind == "extra"
            else _dated(finding, asked, changes, now)
            for finding in report.findings
        )
    )


def _at_lines(report: Report) -> list[Finding]:
    return [f for f in report.findings if f.kind in _ABOUT_LINES and f.at.line]


def _listing_extras(report: Report) -> list[str]:
    """The files that may have listed an extra once."""
    has_extras = any(finding.kind == "extra" for finding in report.findings)
    return [file.path for file in report.files if has_extras and not file.constraints]


def _reference(finding: Finding, installs: Installs) -> float | None:
    """When the finding's project was installed, or else anything; None if nothing says it."""
    installed = installs.at.get(finding.project)
    if installed is None and finding.installed is None:
        return installs.last
    return installed  # if None, it is there, and nothing says since when


def _changes(
    findings: Iterable[Finding], asked: Asked, now: float
) -> Mapping[tuple[str, int | None], Change]:
    """The last changes of the lines whose age decides something."""
    deciding: dict[str, dict[int, float]] = {}
    for finding in findings:
        file = asked.files[finding.at.file]
        came, committed = file.came(), file.committed()
        if came is not None and committed is not None:
            # No line is newer than the file's last commit, but for those that are not committed.
            newest = committed if file.is_changed() is False else came
            since = _how_far_back(finding, asked.installs, came, newest, now)
            _decide(deciding, finding, since)
    return {
        (path, number): change
        for path, lines in deciding.items()
        for number, change in asked.files[path].line_changes(lines, min(lines.values())).items()
    }


def _decide(deciding: dict[str, dict[int, float]], finding: Finding, since: float | None) -> None:
    """Note that the age of the finding's line decides something, and how far back."""
    if since is not None and finding.at.line:
        lines = deciding.setdefault(finding.at.file, {})
        lines[finding.at.line] = min(since, lines.get(finding.at.line, since))


def _how_far_back(
    finding: Finding, installs: Installs, came: float, newest: float, now: float
) -> float | None:
    """How far back the age of the finding's line has to be known, None if it decides nothing.

    Args:
        finding: a finding about a line.
        installs: when distributions were installed.
        came: when the line's file came to be as it is.
        newest: when the newest of its lines changed, at the latest.
        now: seconds since the epoch, as all times here.
    """
    reference = _reference(finding, installs)
    if reference is None:
        return None
    is_there = finding.project in installs.at
    if is_there and _is_later(reference, max(installs.founded, came)):
        return min(reference, now - _FAR_BACK)
    return reference if _is_later(newest, reference) else None


def _dated_extra(finding: Finding, installs: Installs, listed: float | None, now: float) -> Finding:
    """`listed` is when a file changed last, None if unknown."""
    installed = installs.at.get(finding.project)
    if installed is None or listed is None:
        return finding
    if not _is_later(installed, max(installs.founded, listed)):
        return finding
    return _moved(finding, "environment", f"installed {_ago(installed, now)} ago")


def _dated(
    finding: Finding, asked: Asked, changes: Mapping[tuple[str, int | None], Change], now: float
) -> Finding:
    installs, change = asked.installs, changes.get(finding.at[:2])
    reference = _reference(finding, installs)
    came = asked.files[finding.at.file].came() if change else None
    if change is None or reference is None or came is None or finding.kind not in _ABOUT_LINES:
        return finding
    is_there = finding.project in installs.at
    # An uncommitted line is at most as new as the file.
    if _is_later(came if change.uncommitted else change.at, reference):
        line = _last_change(change, now)
        when = "installed" if is_there else "the last installation was"
        return _moved(finding, "file", f"{line}, {when} {_ago(reference, now)} ago")
    # A line can be older than its arrival here, for example after a pull.
    arrived = came if change.uncommitted else max(change.at, came)
    if is_there and _is_later(reference, max(installs.founded, arrived)):
        age = _ago(arrived if change.uncommitted else change.at, now)
        line = f"the line is {'at least ' if change.at_least else ''}{age} old"
        return _moved(finding, "environment", f"installed {_ago(reference, now)} ago, {line}")
    return finding


def _last_change(change: Change, now: float) -> str:
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
    lines: dict[str, set[int]] = {}
    for finding in report.findings:
        if finding.at.line:
            lines.setdefault(finding.at.file, set()).add(finding.at.line)
    files = {path: TrackedFile(path) for path in lines}
    changes = {path: file.line_changes(lines[path]) for path, file in files.items()}
    older = set()
    for finding in report.findings:
        number = finding.at.line or 0
        change = changes.get(finding.at.file, {}).get(number)
        installed = installs.at.get(finding.project)
        came = files[finding.at.file].came() if change else None
        if not change or change.uncommitted or installed is None or came is None:
            continue
        if _is_later(installed, max(change.at, came)):
            older.add((finding.at.file, number))
    return frozenset(older)
