"""Reading files that anyone may have made: regular files only, and not endless ones."""

from __future__ import annotations

import errno
import os
import stat

from .errors import ReqdriftError

# In bytes: no file that is read is this large; a larger one is a mistake, or worse.
LARGEST_FILE = 16 * 1024 * 1024
_TOO_LARGE = f"is larger than {LARGEST_FILE >> 20} MiB"


def read_regular(path: str) -> bytes:
    """The bytes of a regular file; a pipe in its place would block.

    Raises:
        OSError: there is no such file, or it is another thing, or too large, or cannot be read.
    """
    try:
        status = os.stat(path)
    except ValueError:  # a NUL, which no path has
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

    A file that the user `named` may be a pipe (`reqdrift <(pip freeze)`); one that an include
    names must be a regular file, so that reading it cannot block, and none of the kernel's own.

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
        # `/proc` calls its files regular and empty; reading `/proc/kmsg` waits for what comes.
        if not (named or status.st_size) and os.path.realpath(path).startswith("/proc/"):
            raise ReqdriftError("is not a regular file")
        if status.st_size > LARGEST_FILE:
            raise ReqdriftError(_TOO_LARGE)
        with open(path, "rb") as file:
            expected = status.st_size + 1
            data = file.read(expected)
            # A pipe does not say beforehand how much will come.
            if len(data) == expected:
                data += file.read(LARGEST_FILE + 1 - expected)
        if len(data) > LARGEST_FILE:
            raise ReqdriftError(_TOO_LARGE)
        return data
    except FileNotFoundError:
        raise ReqdriftError("no such file") from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise ReqdriftError(f"cannot be read: {why}") from None


def folder_of(path: str, cwd: str) -> str:
    """The folder of a file; for a device or a pipe (`<(pip freeze)`) the working directory."""
    path = os.path.join(cwd, path)
    return cwd if path.startswith(("/dev/", "/proc/")) else os.path.dirname(path)


def lines_of(data: bytes) -> list[str]:
    """The lines of a text in UTF-8, as Python reads files: ended by LF, CR, or both.

    `str.splitlines` knows eight more ends, which may stand in a path, a prompt or a summary.
    """
    text = data.decode("utf-8", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
