"""What git knows of the project. The only starter of git, and it starts it rarely.

Where a repository begins, where its configuration and hooks lie: that much is read from files, so
that a clean check needs no git at all.
"""

from __future__ import annotations

import os

from .errors import EnvironmentReadError
from .model import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_OF_ONE_REPOSITORY = ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_CONFIG", "GIT_INDEX_FILE")

# Looking must not lock or rewrite the index, nor fetch what a partial clone lacks.
_ONLY_LOOKING = {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1"}

# Settings of the user that would add to the output, or start other programs.
_QUIETLY = ("-c", "log.showSignature=false", "-c", "core.fsmonitor=false", "--literal-pathspecs")


def top_folder(folder: str) -> str | None:
    """The top of the working tree that holds `folder`, None outside of git."""
    while True:
        if os.path.lexists(os.path.join(folder, ".git")):
            return folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def _git_folders(top: str) -> tuple[str, ...]:
    """The repository's own folder, and the one it shares with its worktrees (`commondir`)."""
    folder = os.path.join(top, ".git")
    if not os.path.isdir(folder):
        link = _read(folder).strip().removeprefix("gitdir:").strip()
        folder = os.path.join(top, link)
    common = _read(os.path.join(folder, "commondir")).strip()
    return (folder, os.path.join(folder, common)) if common else (folder,)


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def shared_folder(top: str) -> str:
    """The folder that a repository has in common with all of its worktrees."""
    return os.path.realpath(_git_folders(top)[-1])


def config_path(top: str, key: str) -> str | None:
    """A path in the clone's own configuration (`git config KEY`), None if it is not there.

    git is started only if a configuration file of this clone has the section.

    Raises:
        EnvironmentReadError: the section is there, but git cannot say the value.
    """
    section = f"[{key.partition('.')[0]}]"
    texts = (
        _read(os.path.join(folder, name))
        for folder in _git_folders(top)
        for name in ("config", "config.worktree")
    )
    if not any(section in text.lower() for text in texts):
        return None
    code, value = _ask_git(top, key, "config", "--type=path", "--get", key)
    if code == 1:
        # git also says "no such key" where it refuses to read the repository (safe.directory).
        _ask_git(top, key, "rev-parse", "--git-dir")
    return os.path.join(top, value) if value else None


def _ask_git(top: str, key: str, *words: str) -> tuple[int, str]:
    """Git's exit code, 0 or 1, and its answer in the repository at `top`."""
    import subprocess

    # A hook runs with the variables of the repository that is being committed to.
    environment = {k: v for k, v in os.environ.items() if k not in _OF_ONE_REPOSITORY}
    command = ["git", "-C", top, *words]
    try:
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    except OSError as error:
        raise EnvironmentReadError(
            f"git config {key} is set, but git cannot be started: {error.strerror}"
        ) from None
    if done.returncode > 1:
        why = done.stderr.strip().partition("\n")[0]
        raise EnvironmentReadError(f"git config {key} cannot be read: {why}")
    return done.returncode, done.stdout.removesuffix("\n")


def hook_text(top: str, name: str) -> str:
    """The text of an installed git hook, '' if there is none; worktrees share their hooks."""
    for folder in _git_folders(top):
        if text := _read(os.path.join(folder, "hooks", name)):
            return text
    return ""


class Change(NamedTuple):
    """The last change of a line; `at` in seconds since the epoch, `commit` abbreviated."""

    at: float
    commit: str = ""
    summary: str = ""
    uncommitted: bool = False


class Changes(NamedTuple):
    """When some lines of a file changed last, and when the file came to be as it is (seconds).

    `file` is the later of its last commit and its time on disk: a pull brings old commits to a
    working tree that did not know them.
    """

    lines: Mapping[int, Change]
    file: float


def line_changes(path: str, numbers: Sequence[int]) -> Changes | None:
    """What git knows of the age of a file and of some of its lines (from 1).

    None outside of git, for a file that git does not track, and without git. A line that was last
    changed before the history of a shallow clone begins is left out, and so are the lines of a
    file that git would count in another way.
    """
    folder, name = os.path.split(os.path.realpath(path))
    top = top_folder(folder)
    if top is None:
        return None
    shallow = _read(os.path.join(_git_folders(top)[-1], "shallow")).split()
    logged = _output(folder, "log", "-1", "--format=%H %ct", "--", name).split()
    if len(logged) != 2 or logged[0] in shallow:
        return None
    changed = max(float(logged[1]), os.stat(path).st_mtime)
    lines: dict[int, Change] = {}
    if numbers and _has_plain_lines(path):
        ranges = [f"-L{number},{number}" for number in numbers]
        blame = _output(folder, "blame", "--porcelain", "--root", *ranges, "--", name)
        lines = dict(_blamed(blame, shallow))
    return Changes(lines, changed)


def _has_plain_lines(path: str) -> bool:
    """Whether every line ends as git's lines end; a form feed, say, ends a line for pip alone."""
    try:
        with open(path, encoding="utf-8", errors="replace", newline="") as file:
            text = file.read().replace("\r\n", "\n")
    except OSError:
        return False
    return all(len(line.splitlines()) <= 1 for line in text.split("\n"))


def _blamed(text: str, shallow: Sequence[str]) -> Iterator[tuple[int, Change]]:
    """The lines of `git blame --porcelain`, which describes each commit at its first line only."""
    commits: dict[str, dict[str, str]] = {}
    header: list[str] = []
    # Contents and summaries may hold other marks that end a line for Python.
    for line in text.split("\n")[:-1]:
        if line.startswith("\t"):
            sha, number = header[0], int(header[2])
            known = commits[sha]
            if not sha.strip("0"):
                yield number, Change(float(known["committer-time"]), uncommitted=True)
            elif sha not in shallow:
                at = float(known["committer-time"])
                yield number, Change(at, sha[:7], known.get("summary", ""))
            header = []
        elif not header:
            header = line.split()
            commits.setdefault(header[0], {})
        else:
            key, _, value = line.partition(" ")
            commits[header[0]][key] = value


def _output(folder: str, *words: str) -> str:
    """What git prints, '' where it fails or is not there."""
    import subprocess

    command = ["git", "-C", folder, *_QUIETLY, *words]
    environment = {k: v for k, v in os.environ.items() if k not in _OF_ONE_REPOSITORY}
    environment |= _ONLY_LOOKING
    try:
        done = subprocess.run(command, capture_output=True, env=environment, check=False)
    except OSError:
        return ""
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


def uncommitted(path: str) -> bool | None:
    """Whether a file differs from HEAD; None outside of git, and without git."""
    folder, name = os.path.split(os.path.realpath(path))
    changes = bytes_of(folder, *_QUIETLY, "status", "--porcelain", "--", name)
    return None if changes is None else bool(changes)


def bytes_of(folder: str, *words: str) -> bytes | None:
    """What git prints in a repository, None where it fails or is not there."""
    import subprocess

    # The index stays the one that a hook of `git commit FILE` is given.
    dropped = set(_OF_ONE_REPOSITORY) - {"GIT_INDEX_FILE"}
    environment = {k: v for k, v in os.environ.items() if k not in dropped}
    environment |= _ONLY_LOOKING
    try:
        done = subprocess.run(
            ["git", "-C", folder, *words], capture_output=True, env=environment, check=False
        )
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None
