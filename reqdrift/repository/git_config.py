"""Ask git for what is in a repository's own folder: its configuration and its refs."""

from __future__ import annotations

import os
import subprocess
from time import monotonic

from ..errors import EnvironmentReadError
from ..values import TYPE_CHECKING
from .git import OF_ONE_REPOSITORY, QUIETLY

if TYPE_CHECKING:
    from collections.abc import Sequence


def config_path(top: str, key: str) -> str | None:
    """A path in the clone's configuration (`git config KEY`), None if it is not there.

    Raises:
        EnvironmentReadError: git cannot read the configuration.
    """
    code, value = _configured(top, key, "config", "--type=path", "--get", key)
    if code == 1:
        # git also reports "no such key" if it refuses to read the repository (safe.directory).
        _configured(top, key, "rev-parse", "--git-dir")
    return os.path.join(top, value) if value else None


def _configured(top: str, key: str, *words: str) -> tuple[int, str]:
    """Git's exit code, 0 or 1, and its answer in the repository at `top`."""
    try:
        done = _run(top, words)
    except OSError as error:
        raise EnvironmentReadError(
            f"git config {key} is set, but git cannot be started: {error.strerror}"
        ) from None
    if done.returncode > 1:
        why = os.fsdecode(done.stderr).strip().partition("\n")[0]
        raise EnvironmentReadError(f"git config {key} cannot be read: {why}")
    return done.returncode, os.fsdecode(done.stdout).removesuffix("\n")


def answers(top: str, *questions: Sequence[str], seconds: float) -> list[str]:
    """What git prints for each question about the repository at `top`, and about no other.

    A question must not be about contents of files, because filters are not turned off.

    Returns:
        '' where git fails, or where it does not end in time because of a pipe in the repository.
        It refuses the repository of another user (`safe.directory`).
    """
    until, found = monotonic() + seconds, []
    for words in questions:
        try:
            # If git takes `top` for no repository, it must not take the one around it.
            done = _run(
                top,
                words,
                timeout=max(until - monotonic(), 0),
                GIT_CEILING_DIRECTORIES=os.path.dirname(top),
            )
        except (OSError, subprocess.TimeoutExpired):
            found.append("")
        else:
            found.append("" if done.returncode else done.stdout.decode("utf-8", "replace"))
    return found


def _run(
    top: str, words: Sequence[str], timeout: float | None = None, **variables: str
) -> subprocess.CompletedProcess[bytes]:
    # In a hook, git's variables are those of the repository of the commit.
    environment = {k: v for k, v in os.environ.items() if k not in OF_ONE_REPOSITORY}
    # Missing objects of a partial clone are not fetched.
    environment |= {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "", **variables}
    return subprocess.run(
        ["git", "-C", top, *QUIETLY, *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=environment,
        timeout=timeout,
        check=False,
    )
