"""`reqdrift.baseline`: record today's findings; later checks count only those that are new."""

from __future__ import annotations

import os

from ..errors import ReqdriftError, UnreadableFilesError, UsageError
from ..files import read_file
from ..repository import BASELINE
from ..repository.baseline import Entry, read_entries, text_of
from ..repository.tree import open_tree, reader
from ..values import TYPE_CHECKING, Location, NamedTuple, Note, Policy, Request
from ..values.findings import Finding
from ..values.report import Report
from ..writing import write_file
from . import baseline_of
from .job import examined, examined_whole, unconfigured

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ..environments.candidates import Situation
    from . import Examination
    from .job import Files, Job, Names, StrPath

_MOST_NAMED = 10


class Recorded(NamedTuple):
    """What `baseline` wrote.

    `entries` are all that the file at `path` has now, one for each finding; of these `added` are
    new, and `removed` are those that it had before.
    """

    path: str
    entries: tuple[Entry, ...]
    added: tuple[Entry, ...]
    removed: tuple[Entry, ...]


def baseline(
    files: Files = (),
    constraints: Files = (),
    *,
    python: StrPath | None = None,
    path: StrPath | None = None,
    python_version: str | None = None,
    installed: StrPath | None = None,
    platform: str | None = None,
    policy: Policy | None = None,
    extras: Names = (),
    groups: Names = (),
) -> Recorded:
    """Record today's findings in `reqdrift-baseline.json`.

    The file is the one that a check of the same files reads, or a new one at the top of the
    repository. Its entries about other files and other sets stay.

    Args:
        files: requirements files, as for `check`.
        constraints: files that only limit versions.
        python: an interpreter or environment folder; by default the project's environment is found.
        path: a folder made by `pip install --target`, instead of an environment.
        python_version: the Python version of that folder, as X.Y; by default the running one.
        installed: the file of a record, instead of an environment; `-` is standard input.
        platform: the `sys.platform` of a record that does not say it.
        policy: what counts as drift.
        extras: the extras of lock files that are installed.
        groups: their dependency groups that are installed; by default their default groups.

    Raises:
        UnreadableFilesError: a file cannot be read completely.
        EnvironmentReadError: no environment was found, or it cannot be read.
        ReqdriftError: the file cannot be written.
    """
    job = unconfigured(
        files,
        constraints,
        policy,
        python=python,
        path=path,
        python_version=python_version,
        installed=installed,
        platform=platform,
        extras=extras,
        groups=groups,
    )
    return record([(job.one.name, examined(job))])


def record(parts: Sequence[tuple[str, Examination]]) -> Recorded:
    """Record the findings of sets, each with its name.

    Raises:
        UnreadableFilesError: a file cannot be read completely.
        ReqdriftError: the file cannot be written.
    """
    errors = tuple(error for _, found in parts for error in found.report.errors)
    if errors:
        raise UnreadableFilesError(errors, "nothing was recorded")
    first = parts[0][1].situation
    known = baseline_of(first, Request())
    path = known or os.path.join([*first.folders_upwards()][-1], BASELINE)
    if os.path.islink(path):
        # It may lead out of the project, to a file that somebody else wants to have changed.
        raise UsageError(f"{path} is a symbolic link", "delete it")
    before = _read(path, first, Request()) if known else ()
    now = [entry for name, found in parts for entry in _entries(found.report, name, path)]
    kept = [e for e in before if not any(_is_about(e, name, f.report, path) for name, f in parts)]
    entries = tuple(sorted([*kept, *now]))
    if entries != before or (entries and not known):
        write_file(path, text_of(entries).encode())
    return Recorded(path, entries, _without(entries, before), _without(before, entries))


def compared_with_baseline(
    report: Report, part: str, found: Situation, request: Request, path: str
) -> Report:
    """The report without the findings that a baseline has.

    Args:
        report: a report.
        part: the name of the set, '' for the only one.
        found: where the files are.
        request: what the run is about: the baseline is read where the files are.
        path: the baseline.

    Raises:
        UsageError: the baseline cannot be read.
    """
    return without_old(report, part, _read(path, found, request), path)


def examined_anew(job: Job, consequence: str) -> Examination:
    """A comparison for a command that changes something, without what the baseline accepts.

    Raises:
        UnreadableFilesError: a line or file cannot be read; `consequence` says what is not done.
        UsageError: the baseline cannot be read; the result depends on an unknown Python version.
        EnvironmentReadError: no environment was found, or it cannot be read.
    """
    return without_accepted(examined_whole(job, consequence), job)


def without_accepted(found: Examination, job: Job) -> Examination:
    """The comparison, with the findings set apart that the baseline has.

    Raises:
        UsageError: the baseline cannot be read.
    """
    request = job.request
    path = "" if request.no_baseline else baseline_of(found.situation, request)
    if not path:
        return found
    report = compared_with_baseline(found.report, job.one.name, found.situation, request, path)
    return found._replace(report=report)


def without_old(report: Report, part: str, entries: Iterable[Entry], path: str) -> Report:
    """The report with the findings that are `entries` of the baseline at `path` set apart.

    Each entry covers one finding. A run that names files instead of a set takes the entries of
    every set.
    """
    left: dict[tuple[str, str, str, str], list[Entry]] = {}
    for entry in entries:
        left.setdefault(entry.identity, []).append(entry)
    covered = set()
    # Errors first: they need an entry that was an error, a warning may have any.
    numbered = sorted(enumerate(_entries(report, part, path)), key=lambda one: one[1].severity)
    for number, now in numbered:
        known = [entry for entry in left.get(now.identity, []) if _covers(entry, now)]
        if known:
            left[now.identity].remove(max(known, key=lambda entry: entry.severity == now.severity))
            covered.add(number)
    new = [one for number, one in enumerate(report.findings) if number not in covered]
    old = [one for number, one in enumerate(report.findings) if number in covered]
    notes = [*report.notes]
    if old:
        are = "1 finding is" if len(old) == 1 else f"{len(old)} findings are"
        does = "does" if len(old) == 1 else "do"
        what = f"{are} in the baseline and {does} not count; -v shows which"
        notes.append(Note("baseline", None, Location(path), what))
    unused = [e for group in left.values() for e in group if _is_about(e, part, report, path)]
    if unused and not report.errors:
        notes.append(Note("baseline", None, Location(path), _unneeded(unused)))
    return report._replace(findings=tuple(new), notes=tuple(notes), baselined=tuple(old))


def _covers(entry: Entry, now: Entry) -> bool:
    is_same_set = entry.part == now.part or not now.part
    return is_same_set and not (entry.severity == "warning" and now.severity == "error")


def _unneeded(entries: Sequence[Entry]) -> str:
    names = [f"{e.kind} {e.project} {e.installed}".rstrip() for e in sorted(entries)]
    shown = ", ".join(names[:_MOST_NAMED])
    if len(names) > _MOST_NAMED:
        shown += f" and {len(names) - _MOST_NAMED} more"
    are = "1 entry is" if len(names) == 1 else f"{len(names)} entries are"
    return f"{are} no longer needed ({shown}); to update the file: reqdrift baseline"


def _is_about(entry: Entry, part: str, report: Report, path: str) -> bool:
    """Whether a run over this set and these files decides if the entry is needed."""
    files = {_relative(file.path, path) for file in report.files} | {""}
    return entry.part == part and entry.file in files


def _entries(report: Report, part: str, path: str) -> list[Entry]:
    """The entry for each finding, in their order."""
    return [_entry(finding, part, report, path) for finding in report.findings]


def _entry(finding: Finding, part: str, report: Report, path: str) -> Entry:
    environment = report.environment
    is_about_it = environment is not None and finding.at.file == environment.prefix
    file = "" if is_about_it else _relative(finding.at.file, path)
    return Entry(
        part, file, finding.kind, finding.project, finding.installed or "", finding.severity
    )


def _relative(file: str, path: str) -> str:
    return os.path.relpath(file, os.path.dirname(path)).replace(os.sep, "/")


def _without(entries: Iterable[Entry], others: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries that the others lack; repeated ones are counted."""
    left = list(others)
    found = []
    for entry in entries:
        if entry in left:
            left.remove(entry)
        else:
            found.append(entry)
    return tuple(found)


def _reader(found: Situation, request: Request) -> Callable[..., bytes]:
    """What reads the baseline from where the files were read: git, or the working tree."""
    if request.staged or request.rev:
        return reader(open_tree(found.folder, request.rev))
    return read_file


def _read(path: str, found: Situation, request: Request) -> tuple[Entry, ...]:
    try:
        data = _reader(found, request)(path, named=False)
    except ReqdriftError as error:
        raise UsageError(f"{path} {error.message}", error.hint) from None
    return read_entries(data, path)
