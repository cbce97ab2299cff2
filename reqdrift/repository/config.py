"""The settings of a run: from options, then `[tool.reqdrift]` of pyproject.toml, then defaults."""

from __future__ import annotations

import os

from ..errors import UsageError
from ..files import folder_of, read_regular
from ..values.settings import Policy, Request, Set, Settings


def load(request: Request, cwd: str) -> Settings:
    """The settings of a run.

    The configuration is that of the nearest pyproject.toml with a `[tool.reqdrift]` table, from
    the first named file's folder (or the working directory) upwards.

    Args:
        request: the options.
        cwd: the working directory.

    Raises:
        UsageError: the configuration cannot be read, has an unknown key or a value of the wrong
            type: file, key, what to write.
    """
    folder = os.path.normpath(folder_of(request.files[0], cwd) if request.files else cwd)
    while True:
        path = os.path.join(folder, "pyproject.toml")
        # Most have no such table; then no TOML parser is imported.
        if b"reqdrift" in _bytes(path):
            # It loads a TOML reader.
            from .table import read_table, settings_of

            if table := read_table(path):
                return settings_of(table, path, request, cwd)
        parent = os.path.dirname(folder)
        if parent == folder or os.path.lexists(os.path.join(folder, ".git")):
            policy = _policy(request)
            if request.set_name:
                raise UsageError(f"there is no set '{request.set_name}'", "no set is configured")
            return Settings((Set("", request.files, request.python, policy=policy),), policy)
        folder = parent


def _policy(request: Request) -> Policy:
    return Policy(
        request.unlisted or "auto",
        request.ignore,
        tuple(sorted(dict(request.severity).items())),
        frozenset(request.stdlib),
        request.add_to,
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
