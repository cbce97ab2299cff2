"""Read files from git's index or a revision, without using the working tree."""

from __future__ import annotations

import os

from .. import repository
from ..errors import ReqdriftError, UsageError
from ..values import TYPE_CHECKING, NamedTuple
from . import git

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_LINKS = 40


class Tree(NamedTuple):
    """The index (`revision` '') or a revision of the repository at `top`."""

    top: str
    revision: str = ""

    @property
    def title(self) -> str:
        """Its name in messages."""
        return self.revision or "the index"


class AbsentError(ReqdriftError):
    """The tree has nothing at a path."""


class Entry(NamedTuple):
    """The entry of a tree at a path; `mode` is git's, in octal digits."""

    mode: str
    blob: str


def open_tree(folder: str, revision: str) -> Tree:
    """The index or a revision, seen from a folder of the repository.

    Raises:
        UsageError: there is no repository, or it has no such revision.
    """
    top = repository.top_folder(folder) or _bare_top(folder)
    if top is None:
        raise UsageError(f"{folder} is not in a git repository", "leave --staged and --rev out")
    if revision:
        wanted = f"{revision}^{{tree}}"
        known = git.bytes_of(top, "rev-parse", "--quiet", "--verify", "--end-of-options", wanted)
        if known is None:
            raise UsageError(f"unknown revision '{revision}'", "see git log")
    return Tree(top, revision)


def _bare_top(folder: str) -> str | None:
    """The folder of a bare repository, which is the top of its trees."""
    found = git.bytes_of(folder, "rev-parse", "--is-bare-repository")
    return folder if found and found.strip() == b"true" else None


def reader(tree: Tree) -> Callable[..., bytes]:
    """A function that reads files of a tree, as `files.read_file` does for the working tree."""

    def read(path: str, *, named: bool) -> bytes:  # noqa: ARG001 - a tree holds no pipes
        return read_blob(tree, path)

    return read


def existing(read: Callable[..., bytes]) -> Callable[[str], bool]:
    """A function that tells whether a path exists, even if it cannot be read."""

    def exists(path: str) -> bool:
        try:
            read(path, named=True)
        except AbsentError:
            return False
        except ReqdriftError:
            return True
        return True

    return exists


def read_blob(tree: Tree, path: str) -> bytes:
    """The bytes of a file in the tree; links are followed inside the tree.

    Args:
        tree: the tree.
        path: an absolute path, as it is in the working tree.

    Raises:
        ReqdriftError: why it cannot be read, without the path.
    """
    folder, name = os.path.split(path)
    inside = os.path.relpath(
        os.path.join(os.path.realpath(folder), name), os.path.realpath(tree.top)
    )
    for _ in range(_MOST_LINKS):
        if inside.startswith(os.pardir):
            raise ReqdriftError("is outside of the repository")
        entry = _entry(tree, inside.replace(os.sep, "/"))
        if entry.mode == "040000":
            raise ReqdriftError("this is a folder, not a requirements file")
        if entry.mode == "160000":
            raise ReqdriftError("is a submodule")
        data = git.bytes_of(tree.top, "cat-file", "blob", entry.blob)
        if data is None:
            raise ReqdriftError(f"cannot be read from {tree.title}")
        if entry.mode != "120000":
            return data
        target = data.decode("utf-8", "surrogateescape")
        inside = os.path.normpath(os.path.join(os.path.dirname(inside), target))
    raise ReqdriftError("is a symbolic link to itself")


def _entry(tree: Tree, inside: str) -> Entry:
    if tree.revision:
        words: tuple[str, ...] = ("ls-tree", "-z", "--full-tree", tree.revision, "--", inside)
    else:
        words = ("ls-files", "-z", "--stage", "--", inside)
    listed = (git.bytes_of(tree.top, *words) or b"").split(b"\0")
    # `mode type blob\tpath` of a tree, `mode blob stage\tpath` of the index.
    entries = [line.partition(b"\t")[0].decode().split() for line in listed if line]
    if not entries:
        raise AbsentError(f"is not in {tree.title}")
    if tree.revision:
        return Entry(entries[0][0], entries[0][2])
    if entries[0][2] != "0":
        raise ReqdriftError("is not merged yet", "resolve the conflict and git add it")
    # `git add -N` adds no content, and a commit does not include it.
    announced = ("diff-files", "--name-only", "--diff-filter=A", "-z", "--", inside)
    if git.bytes_of(tree.top, *announced):
        raise AbsentError(f"is not in {tree.title}")
    if len(entries) > 1:
        raise ReqdriftError("this is a folder, not a requirements file")
    return Entry(entries[0][0], entries[0][1])
