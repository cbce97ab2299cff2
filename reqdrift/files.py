"""Read untrusted files: only regular files of limited size."""

from __future__ import annotations

import errno
import os
import stat

from .errors import ReqdriftError

# In bytes; larger files are errors or attacks.
LARGEST_FILE = 16 * 1024 * 1024
# What is wrong with a path where there is nothing.
NO_FILE = "no such file"
_TOO_LARGE = f"is larger than {LARGEST_FILE >> 20} MiB"


def read_regular(path: str) -> bytes:
    """The bytes of a regular file; anything else could block.

    Raises:
        OSError: there is no such file, or it is not regular, too large, or cannot be read.
    """
    try:
        status = os.stat(path)
    except ValueError:  # a NUL in the path
        raise FileNotFoundError(errno.ENOENT, "no such file", path) from None
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, "is a folder", path)
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "not a regular file")
    if status.st_size > LARGEST_FILE:
        raise OSError(errno.EFBIG, "too large")
    with open(path, "rb") as file:
        return file.read()


def read_file(path: str, *, named: bool) -> bytes:
    """The bytes of a file in the working tree.

    A file that the user `named` may be a pipe (`reqdrift <(pip freeze)`). An included file must be
    a regular file, so that reading it cannot block, and not one of the kernel's.

    Raises:
        ReqdriftError: why it cannot be read, without the path.
    """
    try:
        status = os.stat(path)
        mode = status.st_mode
        if stat.S_ISDIR(mode):
            raise ReqdriftError("this is a folder, not a requirements file")
        if stat.S_ISCHR(mode) and os.path.samefile(path, os.devnull):
            return b""
        if not stat.S_ISREG(mode) and not (named and stat.S_ISFIFO(mode)):
            raise ReqdriftError("is not a regular file")
        # Files in `/proc` look regular and empty; reading `/proc/kmsg` blocks.
        if not (named or status.st_size) and os.path.realpath(path).startswith("/proc/"):
            raise ReqdriftError("is not a regular file")
        if status.st_size > LARGEST_FILE:
            raise ReqdriftError(_TOO_LARGE)
        with open(path, "rb") as file:
            expected = status.st_size + 1
            data = file.read(expected)
            # The size of a pipe's data is unknown.
            if len(data) == expected:
                data += file.read(LARGEST_FILE + 1 - expected)
        if len(data) > LARGEST_FILE:
            raise ReqdriftError(_TOO_LARGE)
        return data
    except FileNotFoundError:
        raise ReqdriftError(NO_FILE) from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise ReqdriftError(f"cannot be read: {why}") from None


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
