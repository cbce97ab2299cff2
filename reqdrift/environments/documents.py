"""What all readers of records use: the text, the JSON in it, and what they return.

Records are untrusted, of limited size, and one document only.
"""

from __future__ import annotations

import json
import os
import stat

from ..errors import EnvironmentReadError, UsageError
from ..standards import checked_name
from ..values import TYPE_CHECKING, CanonicalName, Distribution, NamedTuple
from ..values.details import Gaps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any, NoReturn

    from ..values import Python
    from ..values.findings import Unreadable

    # What was read of pipes, by device and inode.
    Pipes = dict[tuple[int, int], bytes]

STANDARD_INPUT = "-"
# In bytes; the record of 1,000 distributions has 10 MB.
LARGEST = 32 << 20
_CHUNK = 1 << 16
WAY_OUT = "write it with pip inspect, pip list --format json or pip freeze"
APART = "keep standard error apart (2>/dev/null; ssh and docker without -t)"
_LONGEST = 80
# No file system has longer names.
_LONGEST_NAME = 255
_LONGEST_VERSION = 1_000
_TRUNCATED = "it is truncated or not valid JSON"


class Recorded(NamedTuple):
    """The content of a record, as the reader of its format understood it.

    `python` is None if the record does not describe it. `direct` has, for each distribution that
    did not come from an index, its source as PEP 610 writes it, or as a `Source`; `requires` what
    each needs. `names` are spelled as in the metadata. `prefix` is the folder of the environment on
    its machine, '' if unknown.
    """

    gaps: Gaps
    distributions: tuple[Distribution, ...]
    python: Python | None = None
    direct: Mapping[CanonicalName, object] = {}
    requires: Mapping[CanonicalName, tuple[str, ...] | Unreadable] = {}
    names: Mapping[CanonicalName, str] = {}
    installers: Mapping[CanonicalName, str] = {}
    broken: tuple[tuple[CanonicalName, str], ...] = ()
    hidden: tuple[Distribution, ...] = ()
    folders: tuple[str, ...] = ()
    prefix: str = ""


def is_json(text: str) -> bool:
    """Whether the text begins as an object or an array does."""
    start = text.lstrip()[:2]
    # pip's `[notice]` is none.
    return start[:1] == "{" or (start[:1] == "[" and not start[1:].isalpha())


def parsed(text: str) -> Any:
    """The document; anything that is not plain JSON is an error.

    Raises:
        EnvironmentReadError: it is truncated, or there is more than one document.
    """
    try:
        return json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":
            raise EnvironmentReadError(
                f"after the document, there is other text in line {error.lineno}", APART
            ) from None
        raise EnvironmentReadError(
            f"{_TRUNCATED}: {error.msg} in line {error.lineno}", APART
        ) from None
    except RecursionError:
        raise EnvironmentReadError("it is nested too deeply") from None


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of a document.

    Raises:
        EnvironmentReadError: it has a key twice.
    """
    found = dict(pairs)
    if len(found) < len(pairs):
        raise EnvironmentReadError("an object in it has a key twice")
    return found


def _refuse_constant(constant: str) -> NoReturn:
    """Refuse `NaN` and `Infinity`, which Python's parser accepts.

    Raises:
        EnvironmentReadError: always.
    """
    raise EnvironmentReadError(f"it has {constant}, which is not JSON")


def text_of(data: bytes) -> str:
    """The text of a record.

    Raises:
        EnvironmentReadError: it is not UTF-8 (or UTF-16, as PowerShell writes it).
    """
    encoding = "utf-8"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    try:
        text = data.removeprefix(b"\xef\xbb\xbf").decode(encoding)
    except UnicodeDecodeError:
        raise EnvironmentReadError("it is not UTF-8") from None
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def read_bytes(path: str, pipes: Pipes) -> bytes:
    """The bytes of a record.

    Args:
        path: the file, or `-` for standard input.
        pipes: what this run has read of pipes and standard input; what it reads now is added.

    Raises:
        EnvironmentReadError: it cannot be read, or is too large.
    """
    try:
        if path == STANDARD_INPUT:
            if os.isatty(0):
                example = "pip inspect | reqdrift --installed -"
                hint = f"for example: {example}"
                raise UsageError("nothing is piped into standard input", hint)
            return _once(os.fstat(0), 0, pipes)
        status = os.stat(path)
        if stat.S_ISDIR(status.st_mode):
            raise EnvironmentReadError("a folder inside a folder of records", "pass it by itself")
        is_pipe = stat.S_ISFIFO(status.st_mode)
        if not stat.S_ISREG(status.st_mode) and not is_pipe:
            raise EnvironmentReadError("is not a regular file")
        if is_pipe or path.startswith(("/dev/fd/", "/dev/stdin")):
            return _once(status, path, pipes)
        with open(path, "rb", buffering=0) as file:
            return _limited(file.read, status.st_size + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise EnvironmentReadError(f"cannot be read: {why}") from None


def _once(status: os.stat_result, source: int | str, pipes: Pipes) -> bytes:
    """What a pipe or standard input has: each set asks for it, and it can be read only once."""
    key = (status.st_dev, status.st_ino)
    if key not in pipes:
        with open(source, "rb", closefd=source != 0) as file:
            pipes[key] = _limited(file.read, _CHUNK)
    return pipes[key]


def _limited(read: Callable[[int], bytes], expected: int) -> bytes:
    """All that there is to read; memory is reserved for what is expected only."""
    pieces = [read(min(expected, LARGEST + 1))]
    size = len(pieces[0])
    while size <= LARGEST and (piece := read(_CHUNK)):
        pieces.append(piece)
        size += len(piece)
    if size > LARGEST:
        raise EnvironmentReadError(f"is larger than {LARGEST >> 20} MiB")
    return b"".join(pieces)


def distribution_of(name: object, version: object, *, direct: bool = False) -> Distribution:
    """A distribution of which a record has only the name and the version.

    Raises:
        EnvironmentReadError: one of them is none.
    """
    canonical = checked_project(name)
    project = str(name)
    return Distribution(canonical, project, checked_version(version, project), project, "", direct)


def checked_project(name: object) -> CanonicalName:
    """The canonical form of a name.

    Raises:
        EnvironmentReadError: it is not the name of a project.
    """
    is_text = isinstance(name, str) and 0 < len(name) <= _LONGEST_NAME
    canonical = checked_name(str(name)) if is_text else None
    if canonical is None:
        raise EnvironmentReadError(f"{quoted(name)} is not the name of a project")
    return canonical


def checked_version(version: object, project: str) -> str:
    """The version of a project; before PEP 440 it could be any text.

    Raises:
        EnvironmentReadError: it is none.
    """
    if not isinstance(version, str) or not 0 < len(version) <= _LONGEST_VERSION:
        raise EnvironmentReadError(f"{project} has no readable version")
    return version


def all_different(found: Iterable[Distribution]) -> tuple[Distribution, ...]:
    """The distributions, in their order.

    Raises:
        EnvironmentReadError: one project is there twice, as in two records in one file.
    """
    seen: dict[CanonicalName, Distribution] = {}
    for one in found:
        if one.name in seen:
            raise EnvironmentReadError(
                f"{one.name} is in it twice; it may be two records in one",
                "write each record to its own file",
            )
        seen[one.name] = one
    return tuple(seen.values())


def quoted(value: object) -> str:
    """The beginning of a value, for a message."""
    is_plain = value is None or isinstance(value, (str, int, float))
    text = repr(value) if is_plain else type(value).__name__
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
