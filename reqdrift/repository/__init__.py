"""The top of a repository and its git files, read without starting git; the settings of a run.

Settings come from options, then `[tool.reqdrift]` of pyproject.toml, then defaults.
"""

from __future__ import annotations

import os
from itertools import islice

from .. import repository
from .._record import lazy
from ..errors import EnvironmentReadError, UsageError
from ..files import folder_of, read_regular, upwards
from ..values import TYPE_CHECKING, Policy, Request, Set, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from . import declared as declared
    from . import git as git
    from . import projects as projects
    from . import settings as settings
    from . import setuptools_files as setuptools_files

__getattr__ = lazy(__name__)


def top_folder(folder: str) -> str | None:
    """The top of the working tree that holds `folder`, None outside of git."""
    return next((x for x in upwards(folder) if os.path.lexists(os.path.join(x, ".git"))), None)


def git_folders(top: str) -> tuple[str, ...]:
    """The repository's own folder, and the one it shares with its worktrees (`commondir`)."""
    folder = os.path.join(top, ".git")
    if not os.path.isdir(folder):
        folder = os.path.join(top, _path_in(folder).removeprefix("gitdir:").strip())
    common = _path_in(os.path.join(folder, "commondir"))
    return (folder, os.path.join(folder, common)) if common else (folder,)


def config_files(top: str) -> list[str]:
    """Where a clone's configuration may be, its worktree's included."""
    names = ("config", "config.worktree")
    return [os.path.join(folder, name) for folder in git_folders(top) for name in names]


def _path_in(path: str) -> str:
    """The path in one of git's files, up to a NUL."""
    return read_text(path).partition("\0")[0].strip()


def read_text(path: str) -> str:
    """The text of a file, '' if it cannot be read."""
    try:
        return read_regular(path).decode("utf-8", "replace")
    except OSError:
        return ""


def is_commit_id(text: str | None) -> bool:
    """Whether the text is a full commit id (SHA-1 or SHA-256)."""
    return len(text or "") in (40, 64) and is_hexadecimal(text)


def is_hexadecimal(text: str | None) -> bool:
    """Whether the text is a number as git writes the ids of its objects."""
    return bool(text) and not (text or "").strip("0123456789abcdefABCDEF")


def shared_folder(top: str) -> str:
    """The folder that a repository has in common with all of its worktrees."""
    return os.path.realpath(git_folders(top)[-1])


def may_configure(top: str, section: str) -> bool:
    """Whether a file that git reads may have the section, so that git has to be asked.

    Raises:
        EnvironmentReadError: a file of the clone is there and cannot be read.
    """
    environ = os.environ
    if "GIT_CONFIG_COUNT" in environ or "GIT_CONFIG_PARAMETERS" in environ:
        return True
    of_user = (f"{environ.get('XDG_CONFIG_HOME') or '~/.config'}/git/config", "~/.gitconfig")
    chosen = environ.get("GIT_CONFIG_GLOBAL")
    paths = [*map(os.path.expanduser, of_user if chosen is None else (chosen,))]
    paths.append(environ.get("GIT_CONFIG_SYSTEM") or "/etc/gitconfig")
    texts = [(path, read_text(path)) for path in paths]
    for path in config_files(top):
        try:
            texts.append((path, read_regular(path).decode("utf-8", "replace")))
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            why = f"{path} may name an environment, but cannot be read: {error.strerror}"
            raise EnvironmentReadError(why, "pass one: reqdrift --python PATH") from None
    seen = set(paths)
    for path, text in texts:
        if f"[{section}]" in text.lower():
            return True
        # Most people who include files do not name an environment in one; starting git takes longer
        # than the rest of a clean run.
        for included in _included(path, text) if "[include" in text.lower() else ():
            if included not in seen:
                seen.add(included)
                texts.append((included, read_text(included)))
    return False


def _included(path: str, text: str) -> Iterator[str]:
    """The files that a file of git's configuration may include, whatever their condition."""
    for line in text.split("\n"):
        key, _, value = line.partition("=")
        if key.lower().split()[-1:] == ["path"]:
            value = os.path.expanduser(value.strip().strip('"'))
            yield os.path.join(os.path.dirname(path), value)


def load_settings(request: Request, cwd: str, *, compares: bool = True) -> Settings:
    """The settings of a run.

    The configuration is that of the nearest pyproject.toml with a `[tool.reqdrift]` table, from
    the first named file's folder (or the working directory) upwards.

    Args:
        request: the options.
        cwd: the working directory.
        compares: whether files are compared, so that those of the working directory must be meant.

    Raises:
        UsageError: the configuration cannot be read, has an unknown key or a value of the wrong
            type: file, key, what to write.
    """
    start = os.path.normpath(folder_of(request.files[0], cwd) if request.files else cwd)
    for folder in upwards(start):
        path = os.path.join(folder, "pyproject.toml")
        # Most have no such table; then no TOML parser is imported.
        if b"reqdrift" in _bytes(path) and (table := repository.settings.read_table(path)):
            return repository.settings.settings_of(table, path, request, cwd, compares)
        if os.path.lexists(os.path.join(folder, ".git")):
            break
    if request.set_name:
        raise UsageError(f"there is no set '{request.set_name}'", "no set is configured")
    severity = tuple(sorted(dict(request.severity).items()))
    live, unlisted = frozenset(request.stdlib), request.unlisted or "auto"
    policy = Policy(unlisted, request.ignore, severity, live, request.add_to)
    policy = policy._replace(satisfied=request.satisfied)
    one = Set("", request.files, request.python, policy=policy)
    return Settings((one._replace(extras=request.extras, groups=request.groups),), policy)


def _bytes(path: str) -> bytes:
    """The file's content, empty if there is no such file.

    Raises:
        UsageError: it exists and cannot be read.
    """
    try:
        return read_regular(path)
    except (FileNotFoundError, NotADirectoryError):
        return b""
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}", "make it readable") from None


# A folder with one of them is a project.
OF_PROJECTS = ("pyproject.toml", "setup.cfg", "setup.py")


def project_folder(folder: str, top: str | None) -> str | None:
    """The nearest folder with a file of a project, up to the top of the repository."""
    # Outside of git, a folder `requirements` may be below it.
    last = top or os.path.dirname(folder)
    return next(filter(is_project, upwards(folder, last)), None)


def is_project(folder: str) -> bool:
    """Whether the folder is a project's."""
    return any(os.path.isfile(os.path.join(folder, name)) for name in OF_PROJECTS)


# So deep, and in so many folders, projects are looked for; what is deeper is of something else.
NEAR = (5, 2_000)
# Before something is uninstalled, in a repository of any size.
FAR = (20, 50_000)
# A service of a repository is in no folder of these names.
NOT_SERVICES = ("node_modules", "site-packages", "build", "dist", "tests", "docs")


def folders_in(
    folder: str, without: tuple[str, ...] = ("node_modules",), reach: tuple[int, int] = NEAR
) -> Iterator[str]:
    """The folder and those below it, the nearest first, as far as projects are looked for.

    Hidden folders, environments and folders of the names in `without` are left out.
    """
    queue = [(folder, 0)]
    deepest, most = reach
    for place, depth in islice(queue, most):
        yield place
        if depth < deepest:
            queue += [(path, depth + 1) for path in _subfolders(place, without)]


def _subfolders(folder: str, without: tuple[str, ...]) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            names = sorted(one.name for one in entries if one.is_dir(follow_symlinks=False))
    except OSError:
        return
    for name in names:
        path = os.path.join(folder, name)
        is_environment = os.path.exists(os.path.join(path, "pyvenv.cfg"))
        if not (name.startswith(".") or name in without or is_environment):
            yield path
