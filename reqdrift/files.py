"""Replacing a file whole or not at all."""

from __future__ import annotations

import os
import tempfile

from .errors import ReqdriftError


def replace_file(path: str, data: bytes) -> None:
    """Write a file's new content beside it and move it into place; links and rights stay.

    Raises:
        ReqdriftError: the file cannot be replaced; the old one is as it was.
    """
    path = os.path.realpath(path)
    if not os.access(path, os.W_OK):
        raise ReqdriftError(f"{path} cannot be changed: it is read-only", "nothing was written")
    temporary = ""
    try:
        status = os.stat(path)
        handle, temporary = tempfile.mkstemp(
            prefix=f".{os.path.basename(path)}.", suffix=".new", dir=os.path.dirname(path)
        )
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, status.st_mode & 0o7777)
        if hasattr(os, "chown") and os.geteuid() == 0:
            os.chown(temporary, status.st_uid, status.st_gid)
        os.replace(temporary, path)
    except OSError as error:
        if temporary and os.path.exists(temporary):
            os.unlink(temporary)
        raise ReqdriftError(
            f"{path} cannot be changed: {error.strerror}", "nothing was written"
        ) from None
