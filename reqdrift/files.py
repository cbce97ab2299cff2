"""Files: read those that are regular and of limited size; write completely or not at all."""

from __future__ import annotations

import errno
import os
import stat

from .errors import ReqdriftError
from .values import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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


def replace_files(contents: Sequence[tuple[str, bytes]]) -> None:
    """Replace the contents of files; links, permissions and owners are kept.

    All new contents are first written next to the files, then moved into place one by one, so that
    a full disk or a read-only folder is an error before anything has changed.

    Args:
        contents: each file's path and its new bytes.

    Raises:
        ReqdriftError: a file cannot be replaced; it and those after it are unchanged.
    """
    reals = [os.path.realpath(path) for path, _ in contents]
    # Named before they are created, so that an interrupt leaves none behind.
    new = [f"{os.path.dirname(real)}/.reqdrift.{os.urandom(6).hex()}.new" for real in reals]
    try:
        for (path, data), temporary in zip(contents, new, strict=True):
            _write_beside(path, temporary, data)
        for index, (real, temporary) in enumerate(zip(reals, new, strict=True)):
            try:
                os.replace(temporary, real)
            except OSError as error:
                why = f"{real} cannot be replaced: {error.strerror}"
                left = f"not written: {', '.join(reals[index:])}"
                done = f"written: {', '.join(reals[:index])}; {left}"
                raise ReqdriftError(why, done if index else "nothing was written") from None
    finally:
        for temporary in filter(os.path.lexists, new):
            os.unlink(temporary)


def write_file(path: str, data: bytes, *, append: bool = False) -> None:
    """Write a file, completely or not at all; pipes and devices are written to directly.

    To `append` is for a file to which other programs also write.

    Raises:
        ReqdriftError: it cannot be written; it is unchanged, or still does not exist.
    """
    # Do not replace a file that is open in another process (`/dev/stdout`).
    is_own = not is_held(path) and (os.path.isfile(path) or not os.path.exists(path))
    if is_own and not append:
        replace_files([(path, data)])
        return
    try:
        with open(path, "ab" if append else "wb") as file:
            file.write(data)
    except OSError as error:
        raise ReqdriftError(f"{path} cannot be written: {error.strerror}") from None


def _write_beside(path: str, temporary: str, data: bytes) -> None:
    """Create a file in the same folder, with the owner and mode of the old one.

    Raises:
        ReqdriftError: it cannot be created.
    """
    exists = os.path.exists(path)
    if exists and not os.access(path, os.W_OK):
        raise _refusal(path, "it is read-only")
    try:
        # What may not be read by all is not, at any time.
        opener = (lambda new, flags: os.open(new, flags, 0o600)) if exists else None
        file = open(temporary, "xb", opener=opener)  # noqa: SIM115 - closed below
    except OSError as error:
        raise _refusal(path, f"a file cannot be created in its folder: {error.strerror}") from None
    try:
        with file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if exists:
            _make_alike(temporary, path)
    except OSError as error:
        raise _refusal(path, error.strerror) from None


def _make_alike(new: str, old: str) -> None:
    """Give a file the owner, mode and extended attributes (access lists) of another.

    Raises:
        ReqdriftError: the owner cannot be kept.
    """
    wanted, given = os.stat(old), os.stat(new)
    if (wanted.st_uid, wanted.st_gid) != (given.st_uid, given.st_gid):
        try:
            os.chown(new, wanted.st_uid, wanted.st_gid)
        except OSError:
            raise _refusal(old, "replacing it would change its owner") from None
    # A clean run writes no file.
    from shutil import copystat

    copystat(old, new)
    os.utime(new)
    os.chmod(new, stat.S_IMODE(wanted.st_mode))


def _refusal(path: str, why: str | None) -> ReqdriftError:
    return ReqdriftError(f"{path} cannot be written: {why}", "nothing was written")
