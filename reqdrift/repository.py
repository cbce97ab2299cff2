"""Where a repository begins, and what its files say: read without starting git."""

from __future__ import annotations

import os

from .errors import EnvironmentReadError
from .reading import read_regular


def top_folder(folder: str) -> str | None:
    """The top of the working tree that holds `folder`, None outside of git."""
    while True:
        if os.path.lexists(os.path.join(folder, ".git")):
            return folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def git_folders(top: str) -> tuple[str, ...]:
    """The repository's own folder, and the one it shares with its worktrees (`commondir`)."""
    folder = os.path.join(top, ".git")
    if not os.path.isdir(folder):
        link = read_text(folder).strip().removeprefix("gitdir:").strip()
        folder = os.path.join(top, link)
    common = read_text(os.path.join(folder, "commondir")).strip()
    return (folder, os.path.join(folder, common)) if common else (folder,)


def read_text(path: str) -> str:
    """The text of one of git's own files, '' if it cannot be read."""
    try:
        return read_regular(path).decode("utf-8", "replace")
    except OSError:
        return ""


def shared_folder(top: str) -> str:
    """The folder that a repository has in common with all of its worktrees."""
    return os.path.realpath(git_folders(top)[-1])


def config_path(top: str, key: str) -> str | None:
    """A path in the clone's own configuration (`git config KEY`), None if it is not there.

    git is started only if a configuration file of this clone has the section.

    Raises:
        EnvironmentReadError: the section is there, but git cannot say the value; or nobody can
            say whether it is there.
    """
    section = f"[{key.partition('.')[0]}]"
    paths = [
        os.path.join(folder, name)
        for folder in git_folders(top)
        for name in ("config", "config.worktree")
    ]
    if not any(section in _configuration(path).lower() for path in paths):
        return None
    from . import git

    value = git.path_setting(top, key)
    return os.path.join(top, value) if value else None


def _configuration(path: str) -> str:
    """The text of a configuration file, '' if there is none; raises EnvironmentReadError."""
    try:
        return read_regular(path).decode("utf-8", "replace")
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        why = f"{path} may name an environment, and cannot be read: {error.strerror}"
        raise EnvironmentReadError(why, "name one: reqdrift --python PATH") from None


def hook_text(top: str, name: str) -> str:
    """The text of an installed git hook, '' if there is none; worktrees share their hooks."""
    for folder in git_folders(top):
        if text := read_text(os.path.join(folder, "hooks", name)):
            return text
    return ""
