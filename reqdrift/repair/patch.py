"""Changed files as a unified diff that `git apply` and `patch -p1` accept, byte for byte.

- Patches have git's header line and paths from the top of the repository, so that `git apply`
  changes that file or none, wherever it runs in the repository. If the working directory is not the
  top, reqdrift prints the command `git -C TOP apply` to standard error, because git silently skips
  files above the working directory. A patch is for the repository of the working directory. If a
  file elsewhere would change, `diff` prints no patch, but an error (exit code 2) that names it, and
  the `fix` command that changes it. A submodule, a linked worktree and the target of a link outside
  are elsewhere. Without git, one patch applies in the working directory, or in the nearest folder
  that contains all files.
"""

from __future__ import annotations

import difflib
import io
import os

from .. import repository
from ..errors import ReqdriftError
from ..files import is_inside
from ..report import printable, shown_path
from ..texts import has_secret
from ..values import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


_COLORS = {b"-": b"\x1b[31m", b"+": b"\x1b[32m", b"@": b"\x1b[36m"}


def unified_diff(name: str, before: bytes, after: bytes) -> bytes:
    """The diff of a file that changes, in its own encoding and line endings.

    Lines end at line feeds, whatever the encoding, as git and patch read them. Without git's own
    header line, git would take the path as relative to the working directory, where another file
    may have the same name. There is less context if that keeps credentials out of the diff.

    Args:
        name: the path relative to the folder where the patch is applied, for git the top.
        before: the file's bytes.
        after: its new bytes.

    Raises:
        ReqdriftError: credentials are next to what changes.
    """
    paths = [_quoted(f"a/{name}"), _quoted(f"b/{name}")]
    header = b"diff --git %s %s\n" % (paths[0], paths[1])
    was, now = (io.BytesIO(data).readlines() for data in (before, after))
    # Programs that expect a date after a path need a tab after one with spaces.
    old, new = (x + b"\t" if b" " in x and not x.startswith(b'"') else x for x in paths)
    unended = b"\n\\ No newline at end of file\n"
    for context in (3, 2, 1):
        lines = difflib.diff_bytes(difflib.unified_diff, was, now, old, new, n=context)
        diff = header + b"".join(line if line[-1:] == b"\n" else line + unended for line in lines)
        # A file may end its lines by CR alone.
        text = diff.replace(b"\0", b"").replace(b"\r", b"\n").decode("utf-8", "replace")
        if not has_secret(text):
            return diff
    raise ReqdriftError(f"a patch of {name} would show credentials", "use `reqdrift fix` instead")


def inert(diff: bytes) -> bytes:
    """The diff of one file with control characters escaped."""
    lines = diff.decode("utf-8", "backslashreplace").split("\n")
    return "\n".join(map(printable, lines)).encode()


def colored(diff: bytes) -> bytes:
    """The diff of one file as a terminal shows it."""
    lines = []
    for index, line in enumerate(io.BytesIO(diff)):
        bold = index < 3  # a removed `--editable` line looks like a header too
        color = b"\x1b[1m" if bold else _COLORS.get(line[:1], b"")
        body = line.rstrip(b"\n")
        lines.append(color + body + b"\x1b[0m\n" if color else line)
    return b"".join(lines)


def _quoted(name: str) -> bytes:
    """A path as git writes it in a header: C-quoted if it has special characters."""
    data = name.encode("utf-8", "surrogateescape")
    plain = all(map(_is_plain, data)) and b"##[" not in data
    if plain and not data.endswith(b" "):  # patch(1) cuts a blank at the end
        return data
    escaped = b"".join(
        bytes([byte]) if _is_plain(byte) and byte != ord("#") else b"\\%03o" % byte for byte in data
    )
    return b'"' + escaped + b'"'


def _is_plain(byte: int) -> bool:
    return 32 <= byte < 127 and byte not in b'"\\'


def elsewhere(paths: Iterable[str], cwd: str) -> list[str]:
    """The files in another repository than this folder's, or in none: they are in no patch."""
    top = repository.top_folder(os.path.realpath(cwd))
    return [path for path in paths if _top_of(os.path.realpath(path)) != top]


def patch_folder(paths: Iterable[str], cwd: str) -> str:
    """The folder that a patch of these files applies in: the top of this folder's repository.

    Without one, it is this folder if it contains all of them, otherwise the nearest that does.
    """
    cwd, reals = os.path.realpath(cwd), [*map(os.path.realpath, paths)]
    top = repository.top_folder(cwd)
    if top or all(is_inside(real, cwd) for real in reals):
        return top or cwd
    return os.path.commonpath(map(os.path.dirname, reals))


def outside(paths: Iterable[str], named: Collection[str], top: str | None, cwd: str) -> list[str]:
    """The files that are neither the project's nor named.

    Args:
        paths: the files, as they were reached.
        named: the paths that the user named.
        top: the project's repository; without one, the project is the working directory.
        cwd: the working directory.
    """
    reals, here = set(map(os.path.realpath, named)), os.path.realpath(top or cwd)
    found = []
    for path in paths:
        real = os.path.realpath(path)
        is_own = _top_of(real) == here if top else is_inside(real, here)
        if not is_own and real not in reals:
            found.append(path)
    return found


def _top_of(real: str) -> str | None:
    return repository.top_folder(os.path.dirname(real))


def with_what_it_leads_to(path: str) -> str:
    """A path for messages, with the target if it is a link."""
    real, shown = shown_path(os.path.realpath(path)), shown_path(path)
    return shown if shown == real else f"{real} (through {shown})"
