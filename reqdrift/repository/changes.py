"""How old a file and its lines are, as git knows it; and whether a file is as committed."""

from __future__ import annotations

import os

from ..values import TYPE_CHECKING, NamedTuple
from . import git_folders, read_text, top_folder
from .git import given_index, start

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from .git import Running
    from .git_on_windows import RunningOnWindows

_STATUS = ("status", "--porcelain", "--ignored", "--ignore-submodules=all")
# So many processes are started together.
_AT_ONCE = 4
# Less is a date for git.
_FIRST_TIME = 100_000_000


class Change(NamedTuple):
    """The last change of a line; `at` in seconds since the epoch, `commit` abbreviated.

    `at_least` is whether git was not asked for what is older: it may be of before `at`.
    """

    at: float
    commit: str = ""
    summary: str = ""
    uncommitted: bool = False
    at_least: bool = False


class TrackedFile:
    """A file in git's working tree; git is started before its answer is needed."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._folder, self._name = os.path.split(os.path.realpath(path))
        self._top = top_folder(self._folder)
        self._state: Running | RunningOnWindows | None = None
        self._together: Running | RunningOnWindows | None = None
        # The names in the repository: of this file, and of all that git was asked about with it.
        self._own_name, self._all_names = b"", frozenset[bytes]()
        self._log: Running | RunningOnWindows | None = None
        self._shallow: Sequence[str] = ()
        self._blame: Running | RunningOnWindows | None = None
        # The lines that git was asked about, and the time that it goes back to.
        self._blamed: tuple[frozenset[int], float] = frozenset(), 0

    def ask_state(self) -> None:
        """Start git's comparison with HEAD."""
        if self._top and not (self._state or self._together):
            index = given_index(self._top)
            self._state = start(self._folder, *_STATUS, "--", self._name, index=index)

    @staticmethod
    def ask_states(files: Iterable[TrackedFile]) -> None:
        """Start git's comparison of files with HEAD, once for each repository."""
        groups: dict[str, list[TrackedFile]] = {}
        for file in files:
            if file._top and not (file._state or file._together):
                groups.setdefault(file._top, []).append(file)
        for top, group in [*groups.items()][:_AT_ONCE]:
            if len(group) == 1:
                group[0].ask_state()
                continue
            paths = [os.path.join(file._folder, file._name) for file in group]
            names = [os.path.relpath(path, top).replace(os.sep, "/") for path in paths]
            words = ("-c", "status.renames=false", *_STATUS, "-z", "--", *names)
            together = start(top, *words, index=given_index(top))
            known = frozenset(map(os.fsencode, names))
            for file, name in zip(group, names, strict=True):
                file._together, file._own_name, file._all_names = together, os.fsencode(name), known

    def ask_commit(self, since: float = 0) -> None:
        """Start git's search for the last commit of the file, back to a time.

        In a repository with a long history most of what git reads lies before it.
        """
        if since:
            self.ask_state()  # a file without a commit since then may be without any
        if self._top and not self._log:
            shared = git_folders(self._top)[-1]
            self._shallow = read_text(os.path.join(shared, "shallow")).split()
            back_to = () if self._shallow else _back_to(since)
            words = ("log", "-1", "--format=%H %ct", *back_to)
            self._log = start(self._folder, *words, "--", self._name)

    def end(self) -> None:
        """Stop what was started and is not wanted any more."""
        for running in (self._state, self._together, self._log, self._blame):
            if running:
                running.end()

    def is_changed(self) -> bool | None:
        """Whether the file differs from HEAD; None outside of git, and without git."""
        self.ask_state()
        mark = self._mark()
        return None if mark is None else mark not in (b"", b"!!")

    def _mark(self) -> bytes | None:
        """The two letters before the file in `git status`, b"" if it is as in HEAD.

        None if that is unknown, or was not asked.
        """
        if self._together:
            printed = self._together.output()
            entries = [b"?"] if printed is None else printed.split(b"\0")[:-1]
            # A file has a second one if it is deleted in the index, but untracked or ignored.
            marks = {entry[3:]: entry[:2] for entry in reversed(entries)}
            if marks.keys() <= self._all_names:
                return marks.get(self._own_name, b"")
            # An untracked folder is printed for all that is in it, and macOS spells some names
            # in another way.
            self._together = None
            self.ask_state()
        state = self._state.output() if self._state else None
        return None if state is None else state[:2]

    def committed(self) -> float | None:
        """The time of the last commit; 0 if that was before what was asked for.

        None outside of git, for a file that git does not track, and without git.
        """
        self.ask_commit()
        printed = self._log.output() if self._log else None
        logged = (printed or b"").decode().split()
        if len(logged) == 2:
            return None if logged[0] in self._shallow else float(logged[1])
        mark = self._mark()
        if printed is None or mark is None:
            return None
        is_tracked = mark not in (b"??", b"!!") and b"A" not in mark
        return 0 if is_tracked else None

    def came(self) -> float | None:
        """When the file came to be as it is: the later of its last commit and its time on disk.

        A pull brings old commits to a working tree that did not know them.
        """
        committed, written = self.committed(), self.written()
        return None if committed is None or written is None else max(committed, written)

    def written(self) -> float | None:
        """Its time on disk; None if it was deleted after it was read."""
        try:
            return os.stat(self.path).st_mtime
        except OSError:
            return None

    def ask_lines(self, numbers: Iterable[int], since: float = 0) -> None:
        """Start git's search for the last changes of some lines (from 1), back to a time.

        `ask_commit` comes before it.
        """
        if not self._top:
            return
        self._blamed = frozenset(numbers), since
        ranges = [f"-L{number},{number}" for number in sorted(self._blamed[0])]
        words = ["blame", "--porcelain", "--root", "--no-textconv", *ranges]
        if not self._shallow and (back_to := _back_to(since)) and self.is_changed() is False:
            # Without HEAD, all that is older would count as a change of the working tree.
            words += (*back_to, "HEAD")
        self._blame = start(self._folder, *words, "--", self._name)

    def line_changes(self, numbers: Iterable[int], since: float = 0) -> Mapping[int, Change]:
        """The last changes of some lines (from 1), looked for back to a time.

        A line that was last changed before the history of a shallow clone begins is left out, and
        so are the lines of a file that git would count in another way.
        """
        wanted = frozenset(numbers)
        if not wanted or self.committed() is None or not _has_plain_lines(self.path):
            return {}
        asked, back_to = self._blamed
        if not wanted <= asked or since < back_to:
            if self._blame:
                self._blame.end()
            self.ask_lines(wanted, since)
        printed = (self._blame.output() if self._blame else None) or b""
        changes = _changes(printed.decode("utf-8", "replace"), self._shallow)
        return {number: change for number, change in changes if number in wanted}


def ask_states(paths: Iterable[str], known: dict[str, TrackedFile]) -> dict[str, TrackedFile]:
    """The files, with git at work to compare them with HEAD.

    What is not `known` yet is added to it.
    """
    files = {}
    for path in paths:
        if path not in known:
            known[path] = TrackedFile(path)
        files[path] = known[path]
    TrackedFile.ask_states(files.values())
    return files


def _back_to(since: float) -> tuple[str, ...]:
    return (f"--since={int(since)}",) if since >= _FIRST_TIME else ()


def _has_plain_lines(path: str) -> bool:
    """Whether all lines end as in git; for pip, for example, a form feed also ends a line."""
    try:
        with open(path, encoding="utf-8", errors="replace", newline="") as file:
            text = file.read().replace("\r\n", "\n")
    except OSError:
        return False
    return len(text.splitlines()) == text.count("\n") + (text[-1:] not in ("", "\n"))


def _changes(text: str, shallow: Sequence[str]) -> Iterator[tuple[int, Change]]:
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
                summary, at_least = known.get("summary", ""), "boundary" in known
                yield number, Change(at, sha[:7], summary, at_least=at_least)
            header = []
        elif not header:
            header = line.split()
            commits.setdefault(header[0], {})
        else:
            key, _, value = line.partition(" ")
            commits[header[0]][key] = value
