"""Ask git for a key of the clone's configuration, with git's reason if it cannot read it."""

from __future__ import annotations

import os
import subprocess

from ..errors import EnvironmentReadError
from .git import OF_ONE_REPOSITORY, QUIETLY


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
    environment = {k: v for k, v in os.environ.items() if k not in OF_ONE_REPOSITORY}
    command = ["git", "-C", top, *QUIETLY, *words]
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
