"""`stale`: a compiled file does not list what its sources ask for."""

from __future__ import annotations

import os

from ..standards.urls import redact
from ..values import TYPE_CHECKING, Requirement
from ..values.findings import Finding
from .case import Case
from .fresh import listed_by, pinned_version, shortfall, unlisted_extras
from .graph import Node

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .fresh import Listed


def stale(case: Case) -> Iterator[Finding]:
    """Each requirement of a source that a compiled file does not list, or does not satisfy."""
    for compiled in case.compiled:
        listed = listed_by(compiled, case.lines)
        for asked in compiled.asked:
            why = shortfall(asked, listed) or _lacking_for_extra(asked, listed, case)
            if why:
                file = os.path.relpath(compiled.file, os.path.dirname(asked.origin.file))
                command = redact(compiled.command)
                how = f"; run: {command}" if command else "; compile it again"
                found = case.finding("stale", asked, f"{file} {why}{how}")
                yield found._replace(why=f"{file} {why}", compiled=compiled.file)


def _lacking_for_extra(asked: Requirement, listed: Listed, case: Case) -> str:
    """What an extra needs and the file does not list, by the metadata of the pinned version."""
    found = case.installed(asked.name)
    if found is None or all(
        (line.pin or pinned_version(line)) != found.version for line in listed[asked.name]
    ):
        return ""
    names = {name for name in listed if name}
    for extra in unlisted_extras(asked, listed):
        edges = case.graph.lacking_for_extra(Node(found.name, extra), names)
        # A marker may be false where the file was compiled.
        sure = [edge.name for edge in edges if _is_about_extra(edge.marker)]
        if sure:
            return f"does not list {', '.join(sure)}, which {asked.text} needs"
    return ""


def _is_about_extra(marker: str) -> bool:
    return marker.startswith("extra") and " and " not in marker and " or " not in marker
