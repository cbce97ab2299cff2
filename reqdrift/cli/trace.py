"""What `--debug` prints when reqdrift itself fails."""

from __future__ import annotations

from traceback import format_exc

from .. import standards


def trace() -> str:
    """The traceback of the exception that is handled, without credentials."""
    return standards.redact(format_exc()).rstrip("\n")
