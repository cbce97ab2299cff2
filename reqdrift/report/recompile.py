"""How a compiled file follows the environment: what to change in its sources, and the command.

Compiling again keeps the pins that are in the file, so the command names the installed versions.
"""

from __future__ import annotations

import os
import shlex

from ..standards import pep440
from ..standards.urls import redact
from ..values import TYPE_CHECKING, CanonicalName, Compiled, NamedTuple, Requirement
from . import place, shown_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..drift.case import Case
    from ..values.findings import Finding

# A tool -> its option that lets one project move to a version.
_UPGRADES = {
    "pip-compile": "-P",
    "uv pip compile": "--upgrade-package",
    "uv export": "--upgrade-package",
}


class Recompilation(NamedTuple):
    """The command for all of a compiled file, and what to do before it about some projects."""

    command: str
    steps: Mapping[CanonicalName, str]

    def about(self, project: CanonicalName) -> str:
        """What to do about one project."""
        step = self.steps.get(project)
        return f"{step}, then run: {self.command}" if step else f"run: {self.command}"


def recompilations(case: Case, findings: Sequence[Finding]) -> dict[str, Recompilation]:
    """The way of each compiled file, by its path, as far as its header says how."""
    found = {}
    for compiled in case.compiled:
        own = [finding for finding in findings if finding.at.file == compiled.file]
        if command := _command(compiled, _pins(case, own)):
            steps = {finding.project: _step(finding, compiled) for finding in own}
            steps = {name: step for name, step in steps.items() if step}
            found[compiled.file] = Recompilation(command, steps)
    return found


def _pins(case: Case, findings: Iterable[Finding]) -> list[str]:
    """The installed releases that the file does not list so."""
    pins = []
    for finding in findings:
        there = case.installed(finding.project)
        is_release = there is not None and case.source(finding.project) is None
        version = pep440.normal_version(there.version) if there and is_release else ""
        if version and finding.kind in ("version", "extra", "source"):
            pins.append(f"{finding.project}=={version}")
    return sorted(dict.fromkeys(pins))


def _command(compiled: Compiled, pins: Sequence[str]) -> str:
    """The header's command with the versions; '' if the header names none that is known."""
    for tool, option in _UPGRADES.items():
        rest = compiled.command.removeprefix(tool)
        if rest == compiled.command or rest[:1] not in ("", " "):
            continue
        words = [tool, *(f"{option} {shlex.quote(pin)}" for pin in pins)]
        words += [rest.strip()] if rest.strip() else []
        if tool != "pip-compile" and " -o " not in rest and "--output-file" not in rest:
            # Otherwise it would be printed.
            path = os.path.relpath(compiled.file, compiled.folder)
            words.append(f"-o {shlex.quote(path)}")
        line = redact(" ".join(words))
        is_here = os.path.realpath(compiled.folder) == os.path.realpath(os.getcwd())
        return line if is_here else f"cd {shlex.quote(shown_path(compiled.folder))} && {line}"
    return ""


def _step(finding: Finding, compiled: Compiled) -> str:
    """What must be changed in a source before the file can follow."""
    asked = [line for line in compiled.asked if line.name == finding.project]
    if finding.kind == "extra":
        if finding.brought_by or asked or not compiled.sources:
            return ""
        return f"add {finding.project} to {shown_path(compiled.sources[0])}"
    if finding.kind == "missing":
        lines = [line for line in asked if not line.constraint]
        return f"remove {_named(lines)}" if lines else ""
    installed = finding.installed or ""
    refusing = [line for line in asked if not pep440.satisfies(installed, line.specifier)]
    return f"change {_named(refusing)}" if refusing else ""


def _named(lines: Iterable[Requirement]) -> str:
    return " and ".join(f"{line.text} ({place(line.at)})" for line in lines)
