"""Where the bytes of a requirements file come from."""

from __future__ import annotations

import os
import stat

from ..errors import ReqdriftError
from ..model import TYPE_CHECKING
from ..reading import LARGEST_FILE

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..tree import Tree

_TOO_LARGE = f"is larger than {LARGEST_FILE >> 20} MiB"


def from_tree(tree: Tree) -> Callable[..., bytes]:
    """A reader of the same files as git's index or a revision has them."""
    from ..tree import read_blob

    def read(path: str, *, named: bool) -> bytes:  # noqa: ARG001 - a tree holds no pipes
        return read_blob(tree, path)

    return read


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
            raise ReqdriftError("is a folder, not a requirements file")
        if not stat.S_ISREG(mode) and not (named and stat.S_ISFIFO(mode)):
            raise ReqdriftError("is not a regular file")
        # `/proc` calls its files regular and empty; reading `/proc/kmsg` waits for what comes.
        if not (named or status.st_size) and os.path.realpath(path).startswith("/proc/"):
            raise ReqdriftError("is not a regular file")
        if status.st_size > LARGEST_FILE:
            raise ReqdriftError(_TOO_LARGE)
        with open(path, "rb") as file:
            data = file.read(LARGEST_FILE + 1)
        # A pipe does not say beforehand how much will come.
        if len(data) > LARGEST_FILE:
            raise ReqdriftError(_TOO_LARGE)
        return data
    except FileNotFoundError:
        raise ReqdriftError("no such file") from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise ReqdriftError(f"cannot be read: {why}") from None
