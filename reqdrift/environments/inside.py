"""Paths inside another root file system: an exported image, a mounted disk, a chroot.

Every component is resolved here, as the kernel does after chroot(2): an absolute link starts at the
root, and `..` there stays there. The kernel never sees a link, so that none can lead out.
"""

from __future__ import annotations

import errno
import os

from .. import files as here
from ..values import TYPE_CHECKING

if TYPE_CHECKING:
    from ..values import Environment
    from .base import Paths

# The limit of Linux for the links of one path.
_MOST_LINKS = 40


def paths_of(environment: Environment) -> Paths:
    """Where the files of an environment are on this machine."""
    return RootPaths(environment.root) if environment.root else here


def prefix_inside(environment: Environment) -> str:
    """The environment's folder, as the paths of its distributions say it."""
    return environment.prefix.removeprefix(environment.root) or "/"


def place_of(path: str, paths: Paths) -> str:
    """The path to open, '' for a symbolic link loop: nothing is there."""
    try:
        return paths.at(path)
    except OSError:
        return ""


def unfollowed(path: str, paths: Paths) -> str:
    """The path to open for a link itself; `Paths.at` has that of its target.

    Raises:
        OSError: its folder has a symbolic link loop.
    """
    folder, name = os.path.split(path)
    return os.path.join(paths.at(folder), name)


class RootPaths:
    """The `Paths` (base.py) of a root file system that is a folder of this machine."""

    def __init__(self, root: str) -> None:
        # Not without links: `/proc/PID/root` is one that only the kernel can follow.
        self.root = os.path.abspath(root).rstrip("/")
        self._targets: dict[str, str] = {}

    def at(self, path: str) -> str:
        """The path to open, which has no link below the root."""
        return f"{self.root}{self.real(path)}"

    def real(self, path: str) -> str:
        """The path inside the root without links; what does not exist stays as it is.

        Raises:
            OSError: it has a symbolic link loop.
        """
        done, links = "", 0
        ahead = path.split("/")[::-1]
        while ahead:
            name = ahead.pop()
            if name == ".." and done and not os.path.isdir(self.root + done):
                # For the kernel, that does not exist.
                return "/".join((done, name, *reversed(ahead)))
            if name == "..":
                done = done.rpartition("/")[0]
            elif name not in ("", "."):
                target = self._target(f"{done}/{name}")
                if not target:
                    done = f"{done}/{name}"
                    continue
                links += 1
                if links > _MOST_LINKS:
                    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
                if target.startswith("/"):
                    done = ""
                ahead += target.split("/")[::-1]
        return done or "/"

    def _target(self, path: str) -> str:
        """The target of a link whose folder has no links, '' for anything else."""
        if path not in self._targets:
            try:
                self._targets[path] = os.readlink(self.root + path)
            except (OSError, ValueError):  # no link; a NUL in the path
                self._targets[path] = ""
        return self._targets[path]
