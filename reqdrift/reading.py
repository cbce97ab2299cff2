"""Reading files that anybody may have made."""

from __future__ import annotations

import errno
import os
import stat

# In bytes: no file that is read is this large; a larger one is a mistake, or worse.
LARGEST_FILE = 16 * 1024 * 1024


def read_regular(path: str) -> bytes:
    """The bytes of a regular file; a pipe in its place would block.

    Raises:
        OSError: there is no such file, or it is another thing, or too large, or cannot be read.
    """
    status = os.stat(path)
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, "is a folder", path)
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "not a regular file")
    if status.st_size > LARGEST_FILE:
        raise OSError(errno.EFBIG, "too large")
    with open(path, "rb") as file:
        return file.read()


def lines_of(data: bytes) -> list[str]:
    """The lines of a text in UTF-8, as Python reads files: ended by LF, CR, or both.

    `str.splitlines` knows eight more ends, which may stand in a path, a prompt or a summary.
    """
    text = data.decode("utf-8", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
