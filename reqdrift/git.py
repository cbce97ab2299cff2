"""What git knows of the project. The only starter of git, and it starts it rarely.

Where a repository begins, where its configuration and hooks lie: that much is read from files, so
that a clean check needs no git at all.
"""

from __future__ import annotations

import os

from .errors import EnvironmentReadError

_OF_ONE_REPOSITORY = ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_CONFIG")


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
