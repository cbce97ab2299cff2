"""Start git. No other module does; a clean check does not need it."""

from __future__ import annotations

import os
import subprocess

from ..errors import EnvironmentReadError
from ..values import TYPE_CHECKING, NamedTuple
from . import git_folders, read_text, top_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_OF_ONE_REPOSITORY = ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_CONFIG", "GIT_INDEX_FILE")

# Reading must not lock or rewrite the index, nor fetch missing objects of a partial clone.
_ONLY_LOOKING = {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": ""}

# Without settings that add to the output or start other programs.
_QUIETLY = (
    *("--no-pager", "--literal-pathspecs", "-c", "log.showSignature=false"),
    *("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}"),
)


def config_path(top: str, key: str) -> str | None:
    """A path in the clone's configuration (`git config KEY`), None if it is not there.

    Raises:
        EnvironmentReadError: git cannot read the configuration.
    """
    code, value = _ask_git(top, key, "config", "--type=path", "--get", key)
    if code == 1:
        # git also reports "no such key" if it refuses to read the repository (safe.directory).
        _ask_git(top, key, "rev-parse", "--git-dir")
    return os.path.join(top, value) if value else None


def _ask_git(top: str, key: str, *words: str) -> tuple[int, str]:
    """Git's exit code, 0 or 1, and its answer in the repository at `top`."""
    # In a hook, git's variables are those of the repository of the commit.
    environment = {k: v for k, v in os.environ.items() if k not in _OF_ONE_REPOSITORY}
    command = ["git", "-C", top, *_QUIETLY, *words]
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


class Change(NamedTuple):
    """The last change of a line; `at` in seconds since the epoch, `commit` abbreviated."""

    at: float
    commit: str = ""
    summary: str = ""
    uncommitted: bool = False


class Changes(NamedTuple):
    """When some lines of a file changed last, and when the file got its content (seconds).

    `file` is the later of its last commit and its time on disk: a pull can bring old commits
    into the working tree.
    """

    lines: Mapping[int, Change]
    file: float


def line_changes(path: str, numbers: Sequence[int]) -> Changes | None:
    """The ages of a file and of some of its lines (from 1), according to git.

    None outside of git, for a file that git does not track, and without git. A line that was last
    changed before the history of a shallow clone begins is left out, and so are the lines of a
    file that git would count in another way.
    """
    folder, name = os.path.split(os.path.realpath(path))
    top = top_folder(folder)
    if top is None:
        return None
    shallow = read_text(os.path.join(git_folders(top)[-1], "shallow")).split()
    logged = _output(folder, "log", "-1", "--format=%H %ct", "--", name).split()
    if len(logged) != 2 or logged[0] in shallow:
        return None
    try:
        changed = max(float(logged[1]), os.stat(path).st_mtime)
    except OSError:
        return None  # it was deleted after it was read
    lines: dict[int, Change] = {}
    if numbers and _has_plain_lines(path):
        ranges = [f"-L{number},{number}" for number in numbers]
        words = ("blame", "--porcelain", "--root", "--no-textconv")
        blame = _output(folder, *words, *ranges, "--", name)
        lines = dict(_blamed(blame, shallow))
    return Changes(lines, changed)


def _has_plain_lines(path: str) -> bool:
    """Whether all lines end as in git; for pip, for example, a form feed also ends a line."""
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
    # Contents and summaries may contain other line boundaries of Python.
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
    """The output of git, '' if it fails or is not installed."""
    return (_bytes(folder, words) or b"").decode("utf-8", "replace")


def uncommitted(path: str) -> bool | None:
    """Whether a file differs from HEAD; None outside of git, and without git."""
    folder, name = os.path.split(os.path.realpath(path))
    looking = ("status", "--porcelain", "--ignore-submodules=all")
    changes = bytes_of(folder, *looking, "--", name)
    return None if changes is None else bool(changes)


def bytes_of(folder: str, *words: str) -> bytes | None:
    """The output of git in a repository, None if it fails or is not installed."""
    return _bytes(folder, words, _given_index(top_folder(folder) or folder))


def _given_index(top: str) -> str:
    """The index that git passed to a hook of the repository at `top`, '' for its own index.

    `GIT_INDEX_FILE` is absolute, or relative to the top of the repository that is being committed
    to. That need not be the one at `top`: a submodule and its superproject each have an index.
    """
    given = os.environ.get("GIT_INDEX_FILE")
    index = os.path.realpath(os.path.join(top, given)) if given else ""
    if not os.path.exists(index):
        return ""
    own, folder = _own_folder(top), os.path.dirname(index)
    if not os.path.exists(os.path.join(folder, "HEAD")):
        # The index may be anywhere: git starts a hook at the top of its repository.
        cwd = os.getcwd()
        folder = os.environ.get("GIT_DIR") or _own_folder(top_folder(cwd) or cwd)
    return index if os.path.realpath(folder) == own else ""


def _own_folder(top: str) -> str:
    """The repository's own folder, which a worktree or submodule has elsewhere."""
    return os.path.realpath(git_folders(top)[0])


def _bytes(folder: str, words: Iterable[str], index: str = "") -> bytes | None:
    """The output of git with an index, None if it fails or is not installed."""
    environment = {k: v for k, v in os.environ.items() if k not in _OF_ONE_REPOSITORY}
    environment |= _ONLY_LOOKING | ({"GIT_INDEX_FILE": index} if index else {})
    command = ["git", "-C", folder, *_QUIETLY]
    try:
        given = environment.get("GIT_CONFIG_COUNT", "")
        first = int(given) if given.isdigit() else 0
        for number, filtering in enumerate(_filters(folder, command, environment), first):
            environment[f"GIT_CONFIG_KEY_{number}"] = filtering
            environment[f"GIT_CONFIG_VALUE_{number}"] = ""
            environment["GIT_CONFIG_COUNT"] = str(number + 1)
        done = subprocess.run([*command, *words], capture_output=True, env=environment, check=False)
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def _filters(folder: str, command: Sequence[str], environment: Mapping[str, str]) -> list[str]:
    """The settings that name programs that git runs on file contents.

    They are collected only if the repository's own configuration has or includes some. Settings of
    the user stay in effect.
    """
    top = top_folder(folder)
    texts = [
        read_text(os.path.join(place, name)).lower()
        for place in git_folders(top or folder)
        for name in ("config", "config.worktree")
    ]
    if not any(section in text for text in texts for section in ("[filter", "[include")):
        return []
    asking = ("config", "--null", "--name-only", "--get-regexp", r"^filter\.")
    listed = subprocess.run([*command, *asking], capture_output=True, env=environment, check=False)
    # As GIT_CONFIG_KEY_n, because a name may contain `=`, which ends it after `-c`.
    return [os.fsdecode(name) for name in listed.stdout.split(b"\0") if name]
