"""Write files: completely or not at all, and a report over nothing but a report."""

from __future__ import annotations

import os
import re
import stat
from shutil import copystat

from .. import repository
from ..errors import ReqdriftError, UsageError
from ..files import is_held, is_same
from ..kinds import KINDS
from ..values import TYPE_CHECKING, Report

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
    copystat(old, new)
    os.utime(new)
    os.chmod(new, stat.S_IMODE(wanted.st_mode))


def _refusal(path: str, why: str | None) -> ReqdriftError:
    return ReqdriftError(f"{path} cannot be written: {why}", "nothing was written")


# In bytes: enough to recognize a report.
_START = 1 << 16
_KIND = "|".join(KINDS)
_LINE = "|".join(
    (
        rf"(?:.+: )?(?:hint|note \([a-z]+\)): .*|.+: (?:error|{_KIND})(?: \(warning\))?: .*",
        rf"(?:error|{_KIND})(?: \(warning\))?: \[.*",  # of several environments
        r"clean(?:; .*)?|(?:drift: |failed: |no errors, )\d.*",
        r"(?:\[.+\] )?\d+ requirements? in .*|\d+ environments? .*: .*",
    )
)
_VERDICT = r"(?:\[.+\] )?(?:clean|(?:drift|failed): \d|no errors, |\d+ environments? )"
# With --quiet, there are only findings, and errors of requirements files: compilers have others.
_QUIET = rf".+: (?:{_KIND})(?: \(warning\))?: .*|[^:\n]+\.(?:txt|in|toml)(?::\d+)?: error: .*"
_MAY_BE_ONE = re.compile(
    rf"(?=(?:.*\n)*?{_VERDICT})(?:(?:{_LINE})\n)+\Z|(?:(?:{_QUIET})\n)*\Z|\[\]\n\Z"
    rf"|(?:::(?:error|warning) .*title=.*\b(?:{_KIND}|reqdrift)\b.*\n)+\Z"
)
_REPORT = re.compile(
    r"\[\n  \{\n    \"description\": \".*\",\n    \"check_name\": \"reqdrift/"
    r"|\{\n  \"schema_version\": \d+,\n  \"tool\": \{\n    \"name\": \"reqdrift\","
    r"|\{\n  \"version\": \"[\d.]+\",\n.*\n  \"runs\": \[\n.*\n.*\n.*\n +\"name\": \"reqdrift\","
    r"|<\?xml .*\?>\n<testsuites name=\"reqdrift\""
    r"|<!doctype html>\n(?:.*\n){1,9}<title>reqdrift: "
    r"|### reqdrift — "
)
# Empty ones are settings, too.
_SETTINGS = (".toml", ".cfg", ".ini")


def must_take_a_report(file: str, report: Report, *, is_summary: bool) -> None:
    """Raise an error if a report would replace something else, or be appended to it.

    Raises:
        UsageError: it was checked, or is neither a summary nor a report.
    """
    if any(is_same(file, checked.path) for checked in report.files):
        raise UsageError(f"{file} is a file that was checked", "write the report to another file")
    if not (is_summary and os.path.splitext(file)[1] in ("", ".md")):
        _must_be_replaceable(file)


def _must_be_replaceable(path: str) -> None:
    """Raise an error if a report would replace anything but a report, or a new empty file.

    What is empty or only looks like a report is none if git has it. A report for terminals (`rich`)
    is not recognized.

    Raises:
        UsageError: it is something else, or cannot be read.
    """
    if is_held(path) or not os.path.isfile(path):
        return
    try:
        with open(path, "rb") as file:
            data = file.read(_START)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    if len(data) == _START:
        data = data[: data.rfind(b"\n") + 1] or b"?"
    start = data.decode("utf-8", "replace")
    if _REPORT.match(start):
        return
    folder, name = os.path.split(os.path.realpath(path))
    may_be_one = _MAY_BE_ONE.match(start) and not (not start and path.endswith(_SETTINGS))
    if not may_be_one or repository.git.bytes_of(folder, "ls-files", "-z", "--", name):
        message = f"{path} exists and is not a report"
        raise UsageError(message, "write the report to another file, or delete this one")


def write_report(path: str, text: str, *, append: bool = False) -> None:
    """Write a report, or append it to a summary; see `write_file`."""
    # A name that is not UTF-8 must not be an error.
    write_file(path, text.encode("utf-8", "backslashreplace"), append=append)
