"""Start git and read what it prints."""

from __future__ import annotations

# Not `signal` and `subprocess`: they take longer to load than git takes to answer.
import _signal  # type: ignore[import-not-found]  # it has no stubs
import os

from ..values import TYPE_CHECKING
from . import git_folders, read_text, top_folder

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


def bytes_of(folder: str, *words: str) -> bytes | None:
    """The output of git in a repository, None if it fails or is not installed."""
    index = given_index(top_folder(folder) or folder)
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
        return _output([*command, *words], environment)
    except OSError:
        return None


def _output(command: Sequence[str], environment: Mapping[str, str]) -> bytes | None:
    """All that a program prints, None if it fails.

    Raises:
        OSError: there is no such program.
    """
    if os.name == "nt":
        # It has no `posix_spawn`.
        import subprocess

        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, env=environment, check=False
        )
        return None if done.returncode else done.stdout
    printed, end = os.pipe()
    devices = ((0, os.O_RDONLY), (2, os.O_WRONLY))
    actions = [(os.POSIX_SPAWN_OPEN, n, os.devnull, mode, 0) for n, mode in devices]
    with open(printed, "rb", buffering=0) as file:
        try:
            process = os.posix_spawnp(
                command[0],
                [*command],
                environment,
                file_actions=[*actions, (os.POSIX_SPAWN_DUP2, end, 1)],
                setsigdef=[_signal.SIGPIPE],
            )
        finally:
            os.close(end)
        answer = None
        try:
            answer = file.read()
        finally:
            if answer is None:
                os.kill(process, _signal.SIGKILL)
            try:
                code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
            except ChildProcessError:  # the parent process ignores its children, so this one does
                code = 0
    return None if code else answer


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
    listed = _output([*command, *asking], environment) or b""
    # As GIT_CONFIG_KEY_n, because a name may contain `=`, which ends it after `-c`.
    return [os.fsdecode(name) for name in listed.split(b"\0") if name]
