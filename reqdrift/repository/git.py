"""Start git and read what it prints: files of the index or a revision, configuration, refs.

- `--staged` reads the index that git passes to a hook (`GIT_INDEX_FILE`) only for files of that
  repository. A submodule's file is in the submodule's own index.
"""

from __future__ import annotations

# Not `signal` and `subprocess`: they take longer to load than git takes to answer.
import _signal  # type: ignore[import-not-found]  # it has no stubs
import os
from time import monotonic

from ..errors import EnvironmentReadError, ReqdriftError, UsageError
from ..files import read_regular
from ..options import quoted, shell_line
from ..values import TYPE_CHECKING
from . import config_files, git_folders, read_text, shared_folder, top_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from subprocess import CompletedProcess

_OF_ONE_REPOSITORY = ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_CONFIG", "GIT_INDEX_FILE")

# Reading must not lock or rewrite the index, nor fetch missing objects of a partial clone.
_ONLY_LOOKING = {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": ""}

# Without settings that add to the output or start other programs.
_QUIETLY = (
    *("--no-pager", "--literal-pathspecs", "-c", "log.showSignature=false"),
    *("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}"),
)


def bytes_of(folder: str, *words: str) -> bytes | None:
    """The output of git in a repository, None if it fails or is not installed."""
    environment = _environment(folder)
    command = ["git", "-C", folder, *_QUIETLY]
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


def _answer(folder: str, *words: str) -> bytes:
    """The output of git where it must have one.

    Raises:
        ReqdriftError: git's own reason why it has none.
    """
    answer = bytes_of(folder, *words)
    if answer is not None:
        return answer
    environment = _environment(folder)
    try:
        done = _completed(["git", "-C", folder, *_QUIETLY, *words], environment)
    except OSError as error:
        raise ReqdriftError(f"git cannot be started: {error.strerror}", "install git") from None
    reasons = os.fsdecode(done.stderr).strip().split("\n")
    fatal = [line for line in reasons if line.startswith(("fatal:", "error:"))]
    raise ReqdriftError(f"git says: {'; '.join(fatal or reasons[:1])}")


def _environment(folder: str = "") -> dict[str, str]:
    """The variables for git: in a hook, git's own are those of the repository of the commit.

    With a folder, the index that a hook was given is read, if it is that of its repository.
    """
    own = {k: v for k, v in os.environ.items() if k not in _OF_ONE_REPOSITORY}
    index = given_index(top_folder(folder) or folder) if folder else ""
    return own | _ONLY_LOOKING | ({"GIT_INDEX_FILE": index} if index else {})


def _output(command: list[str], environment: Mapping[str, str]) -> bytes | None:
    """All that a program prints, None if it fails.

    Raises:
        OSError: there is no such program.
    """
    if os.name == "nt":
        # It has no `posix_spawn`.
        done = _completed(command, environment)
        return None if done.returncode else done.stdout
    printed, end = os.pipe()
    devices = ((0, os.O_RDONLY), (2, os.O_WRONLY))
    opened = [(os.POSIX_SPAWN_OPEN, n, os.devnull, mode, 0) for n, mode in devices]
    actions = [*opened, (os.POSIX_SPAWN_DUP2, end, 1)]
    with open(printed, "rb", buffering=0) as file:
        try:
            process = os.posix_spawnp(
                command[0], command, environment, file_actions=actions, setsigdef=[_signal.SIGPIPE]
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


def _completed(
    command: Sequence[str], environment: Mapping[str, str], timeout: float | None = None
) -> CompletedProcess[bytes]:
    """A program that has ended, with all that it printed.

    Raises:
        OSError: there is no such program, or it did not end in time.
    """
    import subprocess  # see above

    try:
        return subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, env=environment, timeout=timeout
        )
    except subprocess.TimeoutExpired:
        raise TimeoutError from None


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
    texts = [read_text(path).lower() for path in config_files(top_folder(folder) or folder)]
    if not any(section in text for text in texts for section in ("[filter", "[include")):
        return []
    asking = ("config", "--null", "--name-only", "--get-regexp", r"^filter\.")
    listed = _output([*command, *asking], environment) or b""
    # As GIT_CONFIG_KEY_n, because a name may contain `=`, which ends it after `-c`.
    return [os.fsdecode(name) for name in listed.split(b"\0") if name]


_MOST_LINKS = 40


class AbsentError(ReqdriftError):
    """The index, or the revision, has nothing at a path."""


def readers(folder: str, revision: str) -> tuple[Callable[..., bytes], Callable[[str], bool]]:
    """Functions that read files of a revision, or of the index if it is '', without a working tree.

    The first one reads a file, as `files.read_file` does for the working tree; the other tells
    whether a path exists, even if it cannot be read.

    Args:
        folder: a folder of the repository.
        revision: the revision.

    Raises:
        UsageError: there is no repository, or it has no such revision.
    """
    top = top_folder(folder)
    if not top and bytes_of(folder, "rev-parse", "--is-bare-repository") == b"true\n":
        top = folder
    if not top:
        raise UsageError(f"{folder} is not in a git repository", "leave --staged and --rev out")
    _answer(top, "rev-parse", "--git-dir")
    if revision:
        words = ("rev-parse", "--quiet", "--verify", "--end-of-options", f"{revision}^{{tree}}")
        if bytes_of(top, *words) is None:
            # No commit yet, or one that is damaged.
            _answer(top, "log", "-1", "--format=")
            raise UsageError(f"unknown revision '{revision}'", "see git log")

    def read(path: str, *, named: bool) -> bytes:  # noqa: ARG001 - git holds no pipes
        return _blob(top, revision, path)

    def exists(path: str) -> bool:
        try:
            _blob(top, revision, path)
        except ReqdriftError as error:
            return not isinstance(error, AbsentError)
        return True

    return read, exists


def or_from_disk(read: Callable[..., bytes], folder: str, revision: str) -> Callable[..., bytes]:
    """A reader of `readers`, which reads what git does not track from disk; raises OSError."""
    known: dict[str, bytes | None] = {}

    def read_one(path: str, *, named: bool = False) -> bytes:
        if path not in known:
            try:
                known[path] = read(path, named=named)
            except ReqdriftError as error:
                is_on_disk = os.path.isfile(path)
                # What a revision does not have, the index may.
                if is_on_disk and revision and isinstance(error, AbsentError):
                    is_on_disk = not readers(folder, "")[1](path)
                known[path] = read_regular(path) if is_on_disk else None
        found = known[path]
        if found is None:
            raise FileNotFoundError(path)
        return found

    return read_one


def _blob(top: str, revision: str, path: str) -> bytes:
    """The bytes of a file in the index or a revision; links are followed inside the repository.

    Args:
        top: the top of the repository.
        revision: the revision, '' for the index.
        path: an absolute path, as it is in the working tree.

    Raises:
        ReqdriftError: why it cannot be read, without the path.
    """
    folder, name = os.path.split(path)
    inside = os.path.relpath(os.path.join(os.path.realpath(folder), name), os.path.realpath(top))
    for _ in range(_MOST_LINKS):
        if inside.startswith(os.pardir):
            raise ReqdriftError("is outside of the repository")
        inside = inside.replace(os.sep, "/")
        try:
            mode, blob = _entry(top, revision, inside)
        except AbsentError as error:
            parts = inside.split("/")
            for parent in ("/".join(parts[:number]) for number in range(1, len(parts))):
                if (entry := _listed(top, revision, parent)) and entry[0][0] == "160000":
                    return _blob_of_submodule(top, parent, entry[0], inside)
            is_there = not revision and os.path.isfile(os.path.join(top, inside))
            hint = f"git add {quoted(os.path.relpath(os.path.join(top, inside)))}"
            raise AbsentError(error.message, hint if is_there else "") from None
        if mode == "040000":
            raise ReqdriftError("this is a folder, not a requirements file")
        if mode == "160000":
            raise ReqdriftError("is a submodule")
        data = bytes_of(top, "cat-file", "blob", blob)
        if data is None and "promisor" in read_text(os.path.join(shared_folder(top), "config")):
            todo = shell_line(["git", "show", f"{revision}:{inside}"])
            raise ReqdriftError("is not in this partial clone", f"to download it: {todo}")
        data = _answer(top, "cat-file", "blob", blob) if data is None else data
        if mode != "120000":
            return data
        target = data.decode("utf-8", "surrogateescape")
        inside = os.path.normpath(os.path.join(os.path.dirname(inside), target))
    raise ReqdriftError("is a symbolic link to itself")


def _blob_of_submodule(top: str, name: str, entry: Sequence[str], inside: str) -> bytes:
    """A file of a submodule, in the commit that the index, or the revision, has for it.

    Raises:
        ReqdriftError: the submodule, or that commit, is not in this clone.
    """
    folder = os.path.join(top, name)
    commit = entry[2] if entry[1] == "commit" else entry[1]
    is_there = os.path.lexists(os.path.join(folder, ".git"))
    if not is_there or bytes_of(folder, "cat-file", "-e", f"{commit}^{{tree}}") is None:
        what = f"commit {commit[:12]} of the submodule {name} is not in this clone"
        raise ReqdriftError(what, "git submodule update --init")
    return _blob(folder, commit, os.path.join(top, inside))


def _listed(top: str, revision: str, inside: str) -> list[list[str]]:
    """The entries at a path: `mode type blob` of a revision, `mode blob stage` of the index."""
    words = ("ls-tree", "--full-tree", revision) if revision else ("ls-files", "--stage")
    listed = _answer(top, *words, "-z", "--", inside).split(b"\0")
    return [line.partition(b"\t")[0].decode().split() for line in listed if line]


def _entry(top: str, revision: str, inside: str) -> tuple[str, str]:
    """The mode (git's, in octal digits) and the blob of the entry at a path."""
    entries = _listed(top, revision, inside)
    absent = AbsentError(f"is not in {revision or 'the index'}")
    if not entries:
        raise absent
    if revision:
        return entries[0][0], entries[0][2]
    if entries[0][2] != "0":
        raise ReqdriftError("is not merged yet", "resolve the conflict and git add it")
    # `git add -N` adds no content, and a commit does not include it.
    announced = ("diff-files", "--name-only", "--diff-filter=A", "-z", "--", inside)
    if bytes_of(top, *announced):
        raise absent
    if len(entries) > 1:
        raise ReqdriftError("this is a folder, not a requirements file")
    return entries[0][0], entries[0][1]


def config_path(top: str, key: str) -> str | None:
    """A path in the clone's configuration (`git config KEY`), None if it is not there.

    Raises:
        EnvironmentReadError: git cannot read the configuration.
    """
    try:
        value = _answer(top, "config", "--type=path", "--default=", "--get", key)
        if value == b"\n":
            # So it is, too, if git refuses to read the repository (safe.directory).
            _answer(top, "rev-parse", "--git-dir")
    except ReqdriftError as error:
        why = f"git config {key} cannot be read: {error.message}"
        raise EnvironmentReadError(why, error.hint) from None
    path = os.fsdecode(value).removesuffix("\n")
    return os.path.join(top, path) if path else None


def answers(top: str, *questions: Sequence[str], seconds: float) -> list[str]:
    """What git prints for each question about the repository at `top`, and about no other.

    A question must not be about contents of files, because filters are not turned off.

    Returns:
        '' where git fails, or where it does not end in time because of a pipe in the repository.
        It refuses the repository of another user (`safe.directory`).
    """
    until, found = monotonic() + seconds, []
    # If git takes `top` for no repository, it must not take the one around it.
    environment = _environment() | {"GIT_CEILING_DIRECTORIES": os.path.dirname(top)}
    for words in questions:
        command = ["git", "-C", top, *_QUIETLY, *words]
        try:
            done = _completed(command, environment, max(until - monotonic(), 0))
            found.append("" if done.returncode else done.stdout.decode("utf-8", "replace"))
        except OSError:
            found.append("")
    return found
