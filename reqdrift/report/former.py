"""Whether a file is a report that an earlier run wrote, which the next one may replace."""

from __future__ import annotations

import os
import re

from .. import repository
from ..errors import UsageError
from ..files import is_held
from ..kinds import KINDS

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


def must_be_replaceable(path: str) -> None:
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
