"""Where changed files are: the folder that a patch applies in, and the files of other projects."""

from __future__ import annotations

import os

from .. import repository
from ..report import shown_path
from ..values import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


def patch_folders(paths: Iterable[str], cwd: str) -> dict[str, list[str]]:
    """The real paths of files, by the folder that a patch of them applies in.

    That is the top of their repository. For files without one, it is the working directory if it
    contains all of them, otherwise the nearest folder that does. The folder of the
    working directory comes first.
    """
    cwd = os.path.realpath(cwd)
    tops = {real: _top_of(real) for real in map(os.path.realpath, paths)}
    loose = [real for real, top in tops.items() if top is None]
    base = cwd
    if not all(_is_inside(real, cwd) for real in loose):
        base = os.path.commonpath(map(os.path.dirname, loose))
    folders: dict[str, list[str]] = {}
    for real, top in tops.items():
        folders.setdefault(top or base, []).append(real)
    here = repository.top_folder(cwd) or cwd
    return dict(sorted(folders.items(), key=lambda item: item[0] != here))


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
