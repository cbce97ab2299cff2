"""The settings of a run: from options, then `[tool.reqdrift]` of pyproject.toml, then defaults."""

from __future__ import annotations

import os

from ..errors import UsageError
from ..files import folder_of, read_regular
from ..values import NamedTuple, Options, Policy


class Set(NamedTuple):
    """Files that are checked together against one environment; `name` is '' for the only set.

    `python` is named for this run or this set (`named_by` says which), `configured` for the
    project; variables and git configuration take precedence over `configured`.
    """

    name: str
    files: tuple[str, ...]
    python: str | None = None
    configured: str | None = None
    named_by: str = "--python"


class Settings(NamedTuple):
    """The sets to check, and what counts as drift in all of them."""

    sets: tuple[Set, ...]
    policy: Policy = Policy()


def load(options: Options, cwd: str) -> Settings:
    """The settings of a run.

    The configuration is that of the nearest pyproject.toml with a `[tool.reqdrift]` table, from
    the first named file's folder (or the working directory) upwards.

    Args:
        options: the command-line options.
        cwd: the working directory.

    Raises:
        UsageError: the configuration cannot be read, has an unknown key or a value of the wrong
            type: file, key, what to write.
    """
    folder = os.path.normpath(folder_of(options.files[0], cwd) if options.files else cwd)
    while True:
        path = os.path.join(folder, "pyproject.toml")
        # Most have no such table; then no TOML parser is imported.
        if b"reqdrift" in _bytes(path):
            from .table import read_table, settings_of

            if table := read_table(path):
                return settings_of(table, path, options)
        parent = os.path.dirname(folder)
        if parent == folder or os.path.lexists(os.path.join(folder, ".git")):
            return Settings((Set("", options.files, options.python),), _policy(options))
        folder = parent


def _policy(options: Options) -> Policy:
    return Policy(
        options.unlisted or "auto",
        options.ignore,
        tuple(sorted(dict(options.severity).items())),
        frozenset(options.stdlib),
        options.add_to,
    )


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
