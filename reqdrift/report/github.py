"""Workflow commands: GitHub Actions shows each finding at its line.

Also what all formats for CI services share: paths from the top, and fingerprints.
"""

from __future__ import annotations

import os
from hashlib import sha256

from .. import repository
from ..kinds import KINDS
from ..values import TYPE_CHECKING, Problem, Report, Style
from ..values.details import Finding
from . import printable
from .text import Group, grouped, inventory

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..values import Location, Severity


def render(report: Report, style: Style) -> str:  # noqa: ARG001 - it is for a program
    """One command for each error and finding; '' if there are none.

    GitHub shows the first ten of a step: errors come first, of these the ones at lines, then by
    kind. What an unlisted package brought in is in its annotation.
    """
    lines = [_command("error", e.at, "reqdrift", e.message) for e in report.errors]
    for group in sorted(grouped(report.findings), key=_weight):
        finding = group.finding
        title = f"{finding.kind}: {finding.project}"
        lines.append(_command(finding.severity, finding.at, title, inventory(group)))
    return "".join(f"{line}\n" for line in lines)


def _weight(group: Group) -> tuple[bool, bool, int]:
    finding = group.finding
    return (finding.severity == "warning", finding.at.line is None, [*KINDS].index(finding.kind))


def _command(level: Severity, at: Location | None, title: str, message: str) -> str:
    file, line, end_line = at or ("", None, None)
    path = repository_path(file) if at else ""
    known = {"file": path, "line": line, "endLine": line and end_line, "title": title}
    text = ",".join(f"{name}={_property(str(value))}" for name, value in known.items() if value)
    return f"::{level} {text}::{_data(message)}"


def _data(text: str) -> str:
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def repository_path(path: str) -> str:
    """A path from the top of the working tree, as CI services name files; absolute outside it."""
    cwd = os.getcwd()
    top = (repository.top_folder(cwd) or cwd).rstrip(os.sep) + os.sep
    absolute = os.path.normpath(os.path.join(cwd, path))
    return absolute.removeprefix(top).replace(os.sep, "/")


def fingerprints(found: Iterable[Finding | Problem]) -> Iterator[str]:
    """A unique id for each, which stays the same when lines move.

    It depends on the kind, the project, the file and the set. Those that agree in all of these are
    numbered, because services show only one result for each fingerprint.
    """
    seen: dict[str, int] = {}
    for one in found:
        file = repository_path(one.at.file) if one.at else ""
        if isinstance(one, Finding):
            words = [one.kind, one.project, file, one.part]
        else:
            words = ["error", one.message, file, ""]
        text = "\0".join(words)
        seen[text] = seen.get(text, 0) + 1
        digest = sha256(text.encode(errors="backslashreplace")).hexdigest()
        yield f"{digest[:32]}:{seen[text]}"
