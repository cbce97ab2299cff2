"""`stale`: a compiled file does not list what its sources ask for."""

from __future__ import annotations

import os

from .. import standards
from ..requirements.compiled import shortfalls
from ..values import TYPE_CHECKING
from .case import Case

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..values.findings import Finding


def stale(case: Case) -> Iterator[Finding]:
    """Each requirement of a source that a compiled file does not list, or does not satisfy."""
    for compiled, asked, lack in shortfalls(case.compiled, case.lines):
        file = os.path.relpath(compiled.file, os.path.dirname(asked.origin.file))
        command = standards.redact(compiled.command)
        how = f"; run: {command}" if command else "; compile it again"
        found = case.finding("stale", asked, f"{file} {lack}{how}")
        yield found._replace(why=f"{file} {lack}", compiled=compiled.file)
