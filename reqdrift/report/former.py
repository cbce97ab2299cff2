"""Whether a file is a report that an earlier run wrote, which the next one may replace."""

from __future__ import annotations

import os
import re

from ..errors import UsageError
from ..files import is_held
from ..kinds import KINDS

# In bytes: enough to recognize a report.
_START = 1 << 16
_KIND = "|".join(KINDS)
_LINE = "|".join(
    (
        rf"(?:.+: )?(?:hint|error|note \([a-z]+\)): .*|.+: (?:{_KIND})(?: \(warning\))?: .*",
        rf"(?:{_KIND})(?: \(warning\))?: \[.*",  # of several environments
        r"clean(?:; .*)?|(?:drift: |failed: |no errors, )\d.*",
        r"(?:\[.+\] )?\d+ requirements? in .*|\d+ environments? .*: .*",
        r"::(?:error|warning) .*",
    )
)
_REPORT = re.compile(
    rf"(?:(?:{_LINE})\n)*\Z"
    r"|\[\]\n\Z|\[\n  \{\n    \"description\": \".*\",\n    \"check_name\": \"reqdrift/"
    r"|\{\n  \"schema_version\": \d+,\n  \"tool\": \{\n    \"name\": \"reqdrift\","
    r"|\{\n  \"version\": \"[\d.]+\",\n.*\n  \"runs\": \[\n.*\n.*\n.*\n +\"name\": \"reqdrift\","
    r"|<\?xml .*\?>\n<testsuites name=\"reqdrift\""
    r"|<!doctype html>\n(?:.*\n){1,9}<title>reqdrift: "
    r"|### reqdrift — "
)


def must_be_replaceable(path: str) -> None:
    """Raise an error if a report would replace anything but an empty file or a report.

    A report for terminals (`rich`) is not recognized.

    Raises:
        UsageError: it is something else, or cannot be read.
    """
    if is_held(path) or not os.path.isfile(path):
        return
    try:
        with open(path, "rb") as file:
            start = file.read(_START)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    if len(start) == _START:
        start = start[: start.rfind(b"\n") + 1]
    # Empty settings are settings, too.
    is_empty = not start and not path.endswith((".toml", ".cfg"))
    if not (is_empty or (start and _REPORT.match(start.decode("utf-8", "replace")))):
        message = f"{path} exists and is not a report"
        raise UsageError(message, "write the report to another file, or delete this one")
