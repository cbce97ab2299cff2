"""Writing files whole or not at all."""

from __future__ import annotations

import errno
import os
import stat

from .errors import ReqdriftError
from .values import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def replace_files(contents: Sequence[tuple[str, bytes]]) -> None:
    """Give files new content; links, permissions and owners stay.

    All new contents are first written beside the files, then moved into place one by one: a full
    disk or a folder that cannot be written is met before anything has changed.

    Args:
        contents: each file's path and its new bytes.

    Raises:
        ReqdriftError: a file cannot be replaced; it, and those after it, are as they were.
    """
    reals = [os.path.realpath(path) for path, _ in contents]
    # Named before they are made, so that whatever interrupts leaves none behind.
    new = [f"{os.path.dirname(real)}/.reqdrift.{os.urandom(6).hex()}.new" for real in reals]
    try:
        for (path, data), temporary in zip(contents, new, strict=True):
            _write_beside(path, temporary, data)
        for index, (real, temporary) in enumerate(zip(reals, new, strict=True)):
            try:
                os.replace(temporary, real)
            except OSError as error:
                raise _half_done(error, reals[:index], reals[index:]) from None
    finally:
        for temporary in filter(os.path.lexists, new):
            os.unlink(temporary)


def write_file(path: str, data: bytes) -> None:
    """Write a file that may be new, whole or not at all; what is no file takes what it can.

    Raises:
        ReqdriftError: it cannot be written; a file is as it was, or still not there.
    """
    # What another process holds open (`/dev/stdout`) is not to be put somewhere else.
    held = path.startswith(("/dev/", "/proc/"))
    if not held and (os.path.isfile(path) or not os.path.exists(path)):
        replace_files([(path, data)])
    else:
        _write_into(path, "wb", data)


def append_file(path: str, data: bytes) -> None:
    """Add to a file that others write to as well.

    Raises:
        ReqdriftError: it cannot be written.
    """
    _write_into(path, "ab", data)


def _write_into(path: str, mode: str, data: bytes) -> None:
    try:
        with open(path, mode) as file:
            file.write(data)
    except OSError as error:
        raise ReqdriftError(f"{path} cannot be written: {error.strerror}") from None


def _half_done(error: OSError, replaced: list[str], untouched: list[str]) -> ReqdriftError:
    hint = f"written: {', '.join(replaced)}; not written: {', '.join(untouched)}"
    why = f"{untouched[0]} cannot be replaced: {error.strerror}"
    return ReqdriftError(why, hint if replaced else "nothing was written")


def _write_beside(path: str, temporary: str, data: bytes) -> None:
    """Make a new file in the same folder, with all but its content like that of an old one.

    Raises:
        ReqdriftError: there can be none.
    """
    exists = os.path.exists(path)
    if exists and not os.access(path, os.W_OK):
        raise _refusal(path, "it is read-only")
    try:
        opener = _open_private if exists else None
        file = open(temporary, "xb", opener=opener)  # noqa: SIM115 - closed below
    except OSError as error:
        raise _refusal(path, f"no file can be made in its folder: {error.strerror}") from None
    try:
        with file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if exists:
            _make_alike(temporary, path)
    except OSError as error:
        raise _refusal(path, error.strerror) from None


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


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
            raise _refusal(old, "it belongs to somebody else, and would no longer") from None
    # A run that changes nothing only reads, and does without: 1 ms.
    import shutil

    shutil.copystat(old, new)
    os.utime(new)
    os.chmod(new, stat.S_IMODE(wanted.st_mode))


def _refusal(path: str, why: str | None) -> ReqdriftError:
    return ReqdriftError(f"{path} cannot be written: {why}", "nothing was written")


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
            raise ReqdriftError("is a folder, not a requirements file")
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
