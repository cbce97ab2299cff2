"""Write files completely or not at all."""

from __future__ import annotations

import os
import shutil
import stat

from .errors import ReqdriftError
from .files import is_held
from .values import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


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
                raise _half_done(error, reals[:index], reals[index:]) from None
    finally:
        for temporary in filter(os.path.lexists, new):
            os.unlink(temporary)


def write_file(path: str, data: bytes) -> None:
    """Write a file, completely or not at all; pipes and devices are written to directly.

    Raises:
        ReqdriftError: it cannot be written; it is unchanged, or still does not exist.
    """
    # Do not replace a file that is open in another process (`/dev/stdout`).
    if not is_held(path) and (os.path.isfile(path) or not os.path.exists(path)):
        replace_files([(path, data)])
    else:
        _write_into(path, "wb", data)


def append_file(path: str, data: bytes) -> None:
    """Append to a file to which other programs also write.

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
    """Create a file in the same folder, with the owner and mode of the old one.

    Raises:
        ReqdriftError: it cannot be created.
    """
    exists = os.path.exists(path)
    if exists and not os.access(path, os.W_OK):
        raise _refusal(path, "it is read-only")
    try:
        opener = _open_private if exists else None
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
            raise _refusal(old, "replacing it would change its owner") from None
    shutil.copystat(old, new)
    os.utime(new)
    os.chmod(new, stat.S_IMODE(wanted.st_mode))


def _refusal(path: str, why: str | None) -> ReqdriftError:
    return ReqdriftError(f"{path} cannot be written: {why}", "nothing was written")
