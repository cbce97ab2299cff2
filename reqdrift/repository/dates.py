"""When a line, and an environment, last changed: by git, and by the times of installed files."""

from __future__ import annotations

import math
import os
import re

from ..files import is_same
from ..values import TYPE_CHECKING, CanonicalName, Environment, NamedTuple, Report
from . import git_folders, read_text, top_folder
from .git import bytes_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

# Installers that keep the times of files from when the package was built.
_KEEPING_TIMES = ("conda", "debian", "rpm")


class Change(NamedTuple):
    """The last change of a line; `at` in seconds since the epoch.

    `commit` is abbreviated, '' if the change is not committed.
    """

    at: float
    commit: str = ""
    summary: str = ""


class Changes(NamedTuple):
    """The last changes of some lines of a file, by their numbers, and of the file itself.

    The file changed when it was last committed or, if that is later, written to this disk: a pull
    brings old commits to a working tree that did not have them.
    """

    file: float = 0
    lines: Mapping[int, Change] = {}


def changes_of(path: str, numbers: Collection[int]) -> Changes:
    """The last changes of lines (from 1).

    None are known outside of git, without git, for a file that git does not track, and for lines
    that are older than the history of a shallow clone.
    """
    folder, name = os.path.split(os.path.realpath(path))
    if not (numbers and (top := top_folder(folder))):
        return Changes()
    shallow = read_text(os.path.join(git_folders(top)[-1], "shallow")).split()
    logged = (bytes_of(folder, "log", "-1", "--format=%H %ct", "--", name) or b"").decode().split()
    # All lines must end as in git: for pip, for example, a form feed ends a line too.
    text = read_text(path).replace("\r\n", "\n")
    is_plain = len(text.splitlines()) == text.count("\n") + (text[-1:] not in ("", "\n"))
    if len(logged) != 2 or logged[0] in shallow or not is_plain:
        return Changes()
    ranges = [f"-L{number},{number}" for number in sorted(numbers)]
    words = ("blame", "--line-porcelain", "--root", "--no-textconv", *ranges, "--", name)
    printed = (bytes_of(folder, *words) or b"").decode("utf-8", "replace")
    came = max(float(logged[1]), _modified(path) or 0)
    return Changes(came, dict(_blamed(printed, shallow)))


def _blamed(text: str, shallow: Collection[str]) -> Iterator[tuple[int, Change]]:
    """The lines of `git blame --line-porcelain`."""
    header: list[str] = []
    # Contents and summaries may contain other line boundaries of Python.
    for line in text.split("\n")[:-1]:
        if not line.startswith("\t"):
            header.append(line)
            continue
        (sha, _, number, *_), known = header[0].split(), dict(x.partition(" ")[::2] for x in header)
        if sha not in shallow:
            named = (sha[:7], known.get("summary", "")) if sha.strip("0") else ("", "")
            yield int(number), Change(float(known["committer-time"]), *named)
        header = []


def environment_changed(environment: Environment) -> float | None:
    """When it last changed: the newest time of a RECORD or of its site folders; None if unknown.

    An uninstallation leaves no other trace than the time of the folder.
    """
    if not environment.can.times:
        return None
    installed = (_written(found.path) for found in environment.distributions.values() if found.own)
    times = (*installed, *map(_modified, environment.folders))
    return max((time for time in times if time is not None), default=None)


def older_lines(report: Report, environment: Environment) -> frozenset[tuple[str, int]]:
    """The lines with findings (file, line) that are known to be older than the installation.

    The project was installed after the line was committed, and after its file last changed: the
    installation of another project proves nothing.
    """
    installs = _installs(environment)
    lines: dict[str, set[int]] = {}
    for finding in report.findings:
        if finding.at.line and finding.project in installs:
            lines.setdefault(finding.at.file, set()).add(finding.at.line)
    known = {path: changes_of(path, numbers) for path, numbers in lines.items()}
    older = set()
    for finding in report.findings:
        path, number = finding.at.file, finding.at.line or 0
        change = known[path].lines.get(number) if path in known else None
        installed = installs.get(finding.project)
        if not (change and change.commit and installed is not None):
            continue
        # git counts whole seconds.
        if int(installed) > int(max(change.at, known[path].file)):
            older.add((path, number))
    return frozenset(older)


def newer_installs(
    report: Report, environment: Environment, declaring: Iterable[str]
) -> frozenset[CanonicalName]:
    """The unlisted projects that are newer than the file that does not list them.

    They were installed after it was last committed or, if that is later, written to this disk; and
    after the last pull or checkout of another commit, or a stash, which may have taken away what
    declared them: the files that may be `declaring` them were not written since. All are newer
    than a file that was never committed, and none than one of a shallow clone.
    """
    installs = _installs(environment)
    extras = [finding for finding in report.findings if finding.kind == "extra"]
    top = top_folder(os.path.dirname(os.path.realpath(extras[0].at.file))) if extras else None
    if top and os.path.exists(os.path.join(git_folders(top)[-1], "shallow")):
        return frozenset()
    came = {path: int(changes_of(path, {1}).file) for path in {f.at.file for f in extras}}
    moved = max(_moved(top) if top else 0, *(_modified(path) or 0 for path in declaring), 0)
    times = ((f.project, came[f.at.file], int(installs.get(f.project, 0))) for f in extras)
    # git counts whole seconds.
    return frozenset(name for name, file, at in times if not file or max(file, moved) < at)


# While git has one of these, another commit is being brought.
_MOVING = (
    *("MERGE_HEAD", "SQUASH_MSG", "CHERRY_PICK_HEAD", "REVERT_HEAD"),
    *("rebase-merge", "rebase-apply"),
)
# How the log begins what is a commit of changes made here, not one of a merge with conflicts.
_OWN_COMMITS = ("commit:", "commit (amend)", "commit (initial)")


def _moved(top: str) -> float:
    """When a pull, checkout or the like last brought another commit, by git's log of HEAD.

    Or when changes were set aside: a stash ends with a reset to the same commit.
    Infinity while it is bringing one: a merge, a rebase.
    """
    folder = git_folders(top)[0]
    if any(os.path.lexists(os.path.join(folder, name)) for name in _MOVING):
        return math.inf
    log = read_text(os.path.join(folder, "logs", "HEAD"))
    if not log:
        return math.inf  # git keeps none, or in another format (reftable)
    for line in reversed(log.splitlines()):
        who, _, what = line.partition("\t")
        before, _, rest = who.partition(" ")
        time = rest.rpartition("> ")[2].partition(" ")[0]
        if (
            (before != rest.partition(" ")[0] or what.startswith("reset:"))
            and not what.startswith(_OWN_COMMITS)
            and time.isdigit()
        ):
            return int(time)
    return 0


def _installs(environment: Environment) -> Mapping[CanonicalName, float]:
    """When distributions were installed; none if the times on disk say nothing about that."""
    if not environment.can.times or _is_copy(environment.prefix):
        return {}
    at = {}
    for name, found in environment.distributions.items():
        time = _written(found.path)
        installer = read_text(f"{found.path}/INSTALLER").strip() if time is not None else ""
        if time is not None and installer not in _KEEPING_TIMES:
            at[name] = time
    # All the same: an image layer, or a reproducible build.
    return {} if len(at) > 1 and len(set(at.values())) == 1 else at


_ACTIVATED = re.compile(r"""^\s*(?:export +)?VIRTUAL_ENV=["']?(/[^"'$\n]+)""", re.MULTILINE)


def _is_copy(prefix: str) -> bool:
    """Whether an environment was made in another folder: a copy has the times of the copying."""
    made = _ACTIVATED.search(read_text(os.path.join(prefix, "bin", "activate")))
    return bool(made and not is_same(made[1], prefix))


def _written(path: str) -> float | None:
    """When a distribution's metadata was written to this disk; None if unknown.

    pip and uv (with every link mode) write RECORD when they install; METADATA may be a hard link
    to a cache, and so older. Older tools wrote a list of files, or a link.
    """
    if path.endswith(".egg-link"):
        return _modified(path)
    time = _modified(f"{path}/RECORD")
    return _modified(f"{path}/installed-files.txt") if time is None else time


def _modified(path: str) -> float | None:
    try:
        return os.stat(path).st_mtime
    except OSError:
        return None
