"""Which records a run is about: each is one environment, and each set is checked against each."""

from __future__ import annotations

import os
import stat

from ..errors import EnvironmentReadError, UsageError
from ..values import TYPE_CHECKING, Set

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

STANDARD_INPUT = "-"
_SUFFIXES = (".json", ".txt")


def with_records(sets: Sequence[Set], installed: Sequence[str]) -> tuple[Set, ...]:
    """The sets, each once for each record, with names if there are several.

    Args:
        sets: the sets.
        installed: files, `-` for standard input, and folders of files.

    Raises:
        UsageError: a source is named twice.
        EnvironmentReadError: a folder has no file, or cannot be read.
    """
    paths = [path for source in installed for path in _files(source)]
    if len(set(paths)) < len(paths):
        repeated = next(path for path in paths if paths.count(path) > 1)
        raise UsageError(f"--installed: {repeated} is named twice", "name it once")
    labels = _labels(paths) if len(paths) > 1 else [""]
    return tuple(
        one._replace(
            name=" ".join(filter(None, (one.name, label))),
            base=one.base or one.name,
            installed=path,
        )
        for one in sets
        for path, label in zip(paths, labels, strict=True)
    )


def _files(source: str) -> Iterator[str]:
    """The files of a source: of a folder all that are not hidden."""
    if source == STANDARD_INPUT or not os.path.isdir(source):
        yield source
        return
    try:
        names = sorted(name for name in os.listdir(source) if not name.startswith("."))
    except OSError as error:
        raise EnvironmentReadError(f"{source} cannot be read: {error.strerror}") from None
    if not names:
        raise EnvironmentReadError(
            f"{source} has no records", "write one file for each environment"
        )
    for name in names:
        path = os.path.join(source, name)
        if _is_pipe(path):
            raise EnvironmentReadError(f"{path} is a named pipe", "pass it by itself")
        yield path


def _is_pipe(path: str) -> bool:
    """Whether reading it would wait for a writer, maybe forever."""
    try:
        return stat.S_ISFIFO(os.stat(path).st_mode)
    except OSError:
        return False  # reading it says why


def _labels(paths: Sequence[str]) -> list[str]:
    """The shortest names that tell the records apart."""
    for names in ([_stem(path) for path in paths], [os.path.basename(path) for path in paths]):
        if len(set(names)) == len(names):
            return names
    return list(paths)


def _stem(path: str) -> str:
    """The name of the file, without what names the format: the names of hosts have dots, too."""
    name = os.path.basename(path)
    for suffix in _SUFFIXES:
        name = name.removesuffix(suffix)
    return "standard input" if path == STANDARD_INPUT else name
