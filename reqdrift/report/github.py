"""Workflow commands: GitHub Actions shows each finding at its line."""

from __future__ import annotations

from ..values import TYPE_CHECKING, Report, Style
from . import printable
from .ci import repository_path

if TYPE_CHECKING:
    from ..values import Location, Severity


def render(report: Report, style: Style) -> str:  # noqa: ARG001 - always one line for each finding
    """One command for each error and finding; '' if there are none."""
    lines = [_command("error", e.at, "reqdrift", e.message) for e in report.errors]
    for finding in report.findings:
        title = f"{finding.kind}: {finding.project}"
        lines.append(_command(finding.severity, finding.at, title, finding.message))
    return "".join(f"{line}\n" for line in lines)


def _command(level: Severity, at: Location | None, title: str, message: str) -> str:
    properties = {"title": title}
    if at is not None:
        properties = {"file": repository_path(at.file)}
        if at.line:
            properties["line"] = str(at.line)
            if at.end_line:
                properties["endLine"] = str(at.end_line)
        properties["title"] = title
    text = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{level} {text}::{_data(message)}"


def _data(text: str) -> str:
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
