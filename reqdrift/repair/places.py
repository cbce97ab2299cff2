"""Where changed files are: the folder that a patch applies in, and the files of other projects."""

from __future__ import annotations

import os

from .. import repository
from ..errors import UsageError
from ..report import shown_path
from ..values import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


def patch_folder(paths: Collection[str], cwd: str) -> str:
    """The folder that a patch of these files applies in: the top of this folder's repository.

    Without one, it is this folder if it contains all of them, otherwise the nearest that does.

    Raises:
        UsageError: a file is in another repository, or in none.
    """
    cwd = os.path.realpath(cwd)
    top = repository.top_folder(cwd)
    reals = [os.path.realpath(path) for path in paths]
    others = [path for path, real in zip(paths, reals, strict=True) if _top_of(real) != top]
    if others:
        shown = ", ".join(map(with_what_it_leads_to, others))
        message = f"not in the repository of the working directory: {shown}"
        raise UsageError(message, "run reqdrift diff there")
    if top or all(_is_inside(real, cwd) for real in reals):
        return top or cwd
    return os.path.commonpath(map(os.path.dirname, reals))


def outside(paths: Iterable[str], named: Collection[str], top: str | None, cwd: str) -> list[str]:
    """The files that are neither the project's nor named.

    Args:
        paths: the files, as they were reached.
        named: the paths that the user named.
        top: the project's repository; without one, the project is the working directory.
        cwd: the working directory.
    """
    reals = {os.path.realpath(path) for path in named}
    found = []
    for path in paths:
        real = os.path.realpath(path)
        if top is None:
            is_own = _is_inside(real, os.path.realpath(cwd))
        else:
            is_own = _top_of(real) == os.path.realpath(top)
        if not is_own and real not in reals:
            found.append(path)
    return found


def _top_of(real: str) -> str | None:
    return repository.top_folder(os.path.dirname(real))


def _is_inside(real: str, folder: str) -> bool:
    return real.startswith(os.path.join(folder, ""))


def with_what_it_leads_to(path: str) -> str:
    """A path for messages, with the target if it is a link."""
    real, shown = shown_path(os.path.realpath(path)), shown_path(path)
    return shown if shown == real else f"{real} (through {shown})"
