"""Report -> the shell commands that bring the environment back to the files. Pure.

The requirements go to the installer on standard input, because only there can they have hashes.
"""

from __future__ import annotations

import shlex

from ..errors import UsageError
from ..formats.summary import printable
from ..graph import Graph, Node
from ..model import (
    TYPE_CHECKING,
    CanonicalName,
    Environment,
    Finding,
    NamedTuple,
    Report,
    Requirement,
)
from ..requirements.lines import logical_lines
from ..urls import redact

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# No requirement begins with `#`, so no line can end the document early.
_END = "# end of the requirements"


class Installer(NamedTuple):
    """How to call pip or uv for one environment; the words are already quoted."""

    install: str
    force: str
    uninstall: str


def installer_for(environment: Environment, choice: str) -> Installer:
    """The installer that the user chose, or that the environment has.

    Raises:
        UsageError: there is no interpreter to install for, or no pip in the environment.
    """
    if environment.python.interpreter is None:
        raise UsageError("a folder of --path has no interpreter to install with", "use --python")
    python = shlex.quote(environment.python.interpreter)
    has_pip = "pip" in environment.distributions
    if choice == "pip" and not has_pip:
        raise UsageError(f"there is no pip in {environment.prefix}", "use --with uv")
    if choice == "pip" or (choice == "auto" and has_pip):
        install = f"{python} -m pip install"
        return Installer(
            install, f"{install} --force-reinstall --no-deps", f"{python} -m pip uninstall --yes"
        )
    install = f"uv pip install --python {python}"
    return Installer(
        install, f"{install} --reinstall --no-deps", f"uv pip uninstall --python {python}"
    )


class Sources(NamedTuple):
    """What the installer must be told besides the requirements themselves.

    `options` are the files' own option lines, `constraints` paths of constraints files, `files`
    the requirements files as they were named.
    """

    options: tuple[str, ...]
    constraints: tuple[str, ...]
    files: tuple[str, ...]


def plan(
    report: Report,
    lines: Sequence[Requirement],
    graph: Graph,
    kept: Iterable[Node],
    sources: Sources,
    installer: Installer,
) -> str:
    """A shell script, '' if there is nothing to do.

    Args:
        report: what is wrong.
        lines: every requirement, its project known.
        graph: who needs whom.
        kept: the projects that stay, with the extras that are asked of them.
        sources: what else the installer must know.
        installer: how to call it.
    """
    to_install = _lines_of(report, lines, {"missing", "version"})
    to_reinstall = _lines_of(report, lines, {"source"})
    needed = graph.reach(kept)
    extras = [finding for finding in report.findings if finding.kind == "extra"]
    unneeded = sorted(f.project for f in extras if f.project not in needed)
    commands = [
        *_install(installer.install, to_install, sources),
        *_install(installer.force, to_reinstall, sources),
    ]
    if unneeded:
        commands.append(f"{installer.uninstall} {shlex.join(unneeded)}")
    comments = [
        *(f"{f.message}; `reqdrift fix` lists it" for f in extras if f.project in needed),
        *(f.message for f in report.findings if f.kind in ("broken", "conflict")),
    ]
    if not commands:
        return ""
    comment_lines = [f"# left: {printable(comment)}" for comment in comments]
    return "\n".join(["set -e", *comment_lines, *commands]) + "\n"


def _lines_of(
    report: Report, lines: Sequence[Requirement], kinds: set[str]
) -> tuple[Requirement, ...]:
    """The requirements to install for findings of these kinds; a constraint's are its project's."""
    wrong = {finding.project for finding in report.findings if finding.kind in kinds}
    places = {finding.at for finding in report.findings if finding.kind in kinds}
    at_fault = {line.name for line in lines if line.constraint and line.at in places}
    disputed = {f.project for f in report.findings if _is_contradiction(f)}
    inactive = {note.at for note in report.notes if note.reason == "marker"}
    return tuple(
        line
        for line in lines
        if not line.constraint
        and line.name in wrong - disputed
        and line.at not in inactive
        and (line.at in places or line.name in at_fault or _absent(report, line.name))
    )


def _is_contradiction(finding: Finding) -> bool:
    return finding.kind == "conflict" and finding.severity == "error"


def _absent(report: Report, name: CanonicalName | None) -> bool:
    """Whether the project is missing altogether, so that all its lines count."""
    return any(
        f.project == name and f.kind == "missing" and f.installed is None for f in report.findings
    )


def _install(command: str, lines: Sequence[Requirement], sources: Sources) -> list[str]:
    """The command for some requirements, none if there are none."""
    if not lines:
        return []
    words = [command, *(f"--constraint {shlex.quote(path)}" for path in sources.constraints)]
    texts = [*sources.options, *map(_asking_text, lines)]
    if any(redact(text) != text for text in texts):
        # Credentials are never printed: the installer reads them where they are.
        words += [f"--requirement {shlex.quote(file)}" for file in sources.files]
        return [" ".join(words)]
    return [f"{' '.join(words)} --requirement /dev/stdin <<'{_END}'", *texts, _END]


def _asking_text(line: Requirement) -> str:
    """The line as the installer must read it, whichever folder it runs in."""
    text = next(iter(logical_lines(line.raw))).text
    source = line.source
    if source is None or not source.local or not source.folders or " @ " in text:
        return text
    extras = f"[{','.join(line.extras)}]" if line.extras else ""
    path = source.folders[0] + extras
    if source.editable:
        return f"-e {path}"
    return f"{path} ; {line.marker}" if line.marker else path
