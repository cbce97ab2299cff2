"""Start git and read what it prints; a clean check does not need it."""

from __future__ import annotations

# Not `signal` and `subprocess`: they are more to load than all that a report with drift needs.
import _signal  # type: ignore[import-not-found]  # it has no stubs
import os

from ..values import TYPE_CHECKING
from . import git_folders, read_text, top_folder

if os.name == "nt":
    # It loads `subprocess`.
    from .git_on_windows import RunningOnWindows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OF_ONE_REPOSITORY = ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_CONFIG", "GIT_INDEX_FILE")

# Reading must not lock or rewrite the index, nor fetch missing objects of a partial clone.
_ONLY_LOOKING = {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": ""}

# Without settings that add to the output or start other programs.
QUIETLY = (
    *("--no-pager", "--literal-pathspecs", "-c", "log.showSignature=false"),
    *("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}"),
)


class Running:
    """A git that was started; it works while nothing is asked of it."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start it, without input.

        Raises:
            OSError: there is no git.
        """
        self._printed, end = os.pipe()
        self._answer: bytes | None = None
        self._is_open = True
        devices = ((0, os.O_RDONLY), (2, os.O_WRONLY))
        actions = [(os.POSIX_SPAWN_OPEN, n, os.devnull, mode, 0) for n, mode in devices]
        try:
            self._process = os.posix_spawnp(
                command[0],
                [*command],
                environment,
                file_actions=[*actions, (os.POSIX_SPAWN_DUP2, end, 1)],
                setsigdef=[_signal.SIGPIPE],
            )
        except BaseException:
            os.close(self._printed)
            raise
        finally:
            os.close(end)

    def output(self) -> bytes | None:
        """All that it prints, None if it fails."""
        if self._is_open:
            try:
                parts = [*iter(lambda: os.read(self._printed, 1 << 16), b"")]
                self._answer = b"".join(parts) if self._wait() == 0 else None
            finally:
                self.end()
        return self._answer

    def _wait(self) -> int:
        self._is_open = False
        os.close(self._printed)
        try:
            return os.waitstatus_to_exitcode(os.waitpid(self._process, 0)[1])
        except ChildProcessError:  # the parent process ignores its children, so this one does
            return 0

    def end(self) -> None:
        """Kill it, unless its output was read."""
        if self._is_open:
            os.kill(self._process, _signal.SIGKILL)
            self._wait()


def _run(command: Sequence[str], environment: Mapping[str, str]) -> Running | RunningOnWindows:
    if os.name == "nt":
        return RunningOnWindows(command, environment)
    return Running(command, environment)


def bytes_of(folder: str, *words: str) -> bytes | None:
    """The output of git in a repository, None if it fails or is not installed."""
    running = start(folder, *words, index=given_index(top_folder(folder) or folder))
    return running.output() if running else None


def given_index(top: str) -> str:
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


def start(folder: str, *words: str, index: str = "") -> Running | RunningOnWindows | None:
    """The output of git with an index, None if it fails or is not installed."""
    environment = {k: v for k, v in os.environ.items() if k not in OF_ONE_REPOSITORY}
    environment |= _ONLY_LOOKING | ({"GIT_INDEX_FILE": index} if index else {})
    command = ["git", "-C", folder, *QUIETLY]
    try:
        given = environment.get("GIT_CONFIG_COUNT", "")
        first = int(given) if given.isdigit() else 0
        for number, filtering in enumerate(_filters(folder, command, environment), first):
            environment[f"GIT_CONFIG_KEY_{number}"] = filtering
            environment[f"GIT_CONFIG_VALUE_{number}"] = ""
            environment["GIT_CONFIG_COUNT"] = str(number + 1)
        return _run([*command, *words], environment)
    except OSError:
        return None


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
    listed = _run([*command, *asking], environment).output() or b""
    # As GIT_CONFIG_KEY_n, because a name may contain `=`, which ends it after `-c`.
    return [os.fsdecode(name) for name in listed.split(b"\0") if name]
