"""Files: read those that are regular and of limited size, and compare paths."""

from __future__ import annotations

import errno
import os
import stat

from .errors import ReqdriftError
from .values import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# In bytes; larger files are errors or attacks.
LARGEST_FILE = 16 * 1024 * 1024
# What is wrong with a path where there is nothing.
NO_FILE = "no such file"


def read_regular(path: str, *, named: bool = False) -> bytes:
    """The bytes of a regular file; anything else could block.

    A file that the user `named` may be a pipe (`reqdrift <(pip freeze)`), or one of the kernel's.

    Raises:
        OSError: there is no such file, or it is not regular, too large, or cannot be read.
    """
    try:
        status = os.stat(path)
    except ValueError:  # a NUL in the path
        raise FileNotFoundError(errno.ENOENT, NO_FILE, path) from None
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, "is a folder", path)
    is_regular = stat.S_ISREG(status.st_mode)
    if not is_regular and not (named and stat.S_ISFIFO(status.st_mode)):
        raise OSError(errno.EINVAL, "not a regular file")
    with open(path, "rb") as file:
        # The size of a pipe's data is unknown.
        data = b"" if is_regular else file.read(LARGEST_FILE + 1)
        if max(status.st_size, len(data)) > LARGEST_FILE:
            raise OSError(errno.EFBIG, f"larger than {LARGEST_FILE >> 20} MiB")
        return data or file.read()


def read_file(path: str, *, named: bool) -> bytes:
    """The bytes of a requirements file in the working tree.

    Raises:
        ReqdriftError: why it cannot be read, without the path.
    """
    try:
        if path == os.devnull:
            return b""
        # Files in `/proc` look regular and empty; reading `/proc/kmsg` blocks.
        if not named and os.path.realpath(path).startswith("/proc/"):
            raise ReqdriftError("not a regular file")
        return read_regular(path, named=named)
    except IsADirectoryError:
        raise ReqdriftError("this is a folder, not a requirements file") from None
    except FileNotFoundError:
        raise ReqdriftError(NO_FILE) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise ReqdriftError(getattr(error, "strerror", None) or str(error)) from None


def is_held(path: str) -> bool:
    """Whether the absolute path is a device, or a file that a process holds open (`/dev/stdin`)."""
    in_memory = path.startswith("/dev/shm/")  # noqa: S108 - files of users
    return path.startswith(("/dev/", "/proc/")) and not in_memory


def folder_of(path: str, cwd: str) -> str:
    """The folder of a file; for a device or a pipe (`<(pip freeze)`) the working directory."""
    path = os.path.join(cwd, path)
    return cwd if is_held(path) else os.path.dirname(path)


def is_inside(path: str, folder: str) -> bool:
    """Whether an absolute path is below a folder; both are normal."""
    return path.startswith(folder.rstrip(os.sep) + os.sep)


def is_same(one: str, other: str) -> bool:
    """Whether two paths are one folder: links, bind mounts and letter case do not matter."""
    try:
        return bool(one) and (one == other or os.path.samefile(one, other))
    except (OSError, ValueError):
        return False


def upwards(folder: str, last: str | None = None) -> Iterator[str]:
    """The folder and those above it, up to the last one, or to the root."""
    yield folder
    while folder != last and (parent := os.path.dirname(folder)) != folder:
        yield parent
        folder = parent


def entries_of(folder: str) -> list[str]:
    """The sorted names of what is in a folder; nothing if it cannot be listed."""
    try:
        return sorted(os.listdir(folder))
    except (OSError, ValueError):
        return []


def lines_of(data: bytes) -> list[str]:
    """The lines of a text in UTF-8, as Python reads files: ended by LF, CR, or both.

    `str.splitlines` has eight more line boundaries, which can be in a path, a prompt or a summary.
    """
    text = data.decode("utf-8", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def matches(text: str, pattern: str) -> bool:
    """Whether a name or path has a pattern, as `fnmatch.fnmatchcase`."""
    from fnmatch import fnmatchcase  # it loads `re`

    return fnmatchcase(text, pattern)
