"""Report -> shell commands that make the environment match the files. Pure."""

from __future__ import annotations

import shlex
from collections import Counter

from ..drift.case import Case
from ..drift.graph import Graph, Node
from ..drift.lines import is_pinned
from ..errors import InvalidLineError
from ..report import plural, printable, shown_path
from ..requirements.references import Written, requirement_from_text
from ..values import TYPE_CHECKING, CanonicalName, Lines, Requirement
from ..values.findings import Finding
from ..values.report import Report
from .documents import Sources
from .installer import Installer
from .installs import Wanted, install_commands
from .locked import NO_LOCKS, FromLocks
from .recompile import stale_files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# How a comment begins that says what the commands do not fix.
LEFT = "# not fixed: "


def plan(
    report: Report,
    case: Case,
    sources: Sources,
    installer: Installer,
    needs: Graph,
    stay: str = "",
    kept: Mapping[CanonicalName, str] = {},
    from_locks: FromLocks = NO_LOCKS,
    belonging: Mapping[CanonicalName, str] = {},
) -> str:
    """A shell script, '' if there is nothing to do or to say.

    Args:
        report: what is wrong.
        case: what was compared.
        sources: what else the installer must know.
        installer: how to call it.
        needs: what each installed project needs.
        stay: why nothing is uninstalled, '' if it may be.
        kept: unlisted projects that are not uninstalled, each with the reason.
        from_locks: the commands that install from lock files.
        belonging: unlisted projects that are left to another file, each with its path.
    """
    applicable = _asking(case)
    disputed = case.contradictions.keys()
    checkouts = dict(_checkouts(report, case))
    misspelled = {finding.project: finding.meant for finding in report.findings if finding.meant}
    silent = (*map(CanonicalName, misspelled.values()), *belonging)
    kept = {**dict.fromkeys(silent, ""), **kept}
    needed = case.graph.reach([*_kept(report, applicable), *map(Node, kept)])
    extras = [finding for finding in report.findings if finding.kind == "extra"]
    unneeded = sorted(f.project for f in extras if f.project not in needed.keys() | kept.keys())
    if not {found.name for found in case.unknown} <= set(unneeded):
        unneeded = []  # a remaining package may need any of them
    # Uninstall first: a new version may need one of them.
    removing = unneeded and not stay
    commands = [f"{installer.uninstall} {shlex.join(unneeded)}"] if removing else []
    left_alone = disputed | checkouts.keys() | misspelled.keys()
    settled = {name: lines for name, lines in applicable.items() if name not in left_alone}
    commands += from_locks.commands
    unmet = [f for f in report.findings if f.kind == "unmet" and not _is_repaired(f, settled)]
    wrong = _projects(report, "missing", "version", "source") - from_locks.projects
    wanted = Wanted(
        settled,
        frozenset(wrong & settled.keys()),
        frozenset(_projects(report, "source") - from_locks.projects),
        tuple(filter(None, (_needed(f) for f in report.findings if f not in unmet))),
        frozenset(checkouts.keys() | misspelled.keys()),
    )
    commands += install_commands(wanted, case, sources, installer, needs)
    if any(f.kind == "broken" and f.project == "python" for f in report.findings):
        commands = []  # there is no interpreter to install with
    left = [
        *(
            f"{shown_path(path)} is stale; compile it, then plan again{how and f': {how}'}"
            for path, how in stale_files(case, report.findings).items()
        ),
        *(
            [f"{plural(len(unneeded), 'unlisted package')} not uninstalled: {stay}"]
            if unneeded and stay
            else []
        ),
        *(
            f"{name} may be a misspelling of {meant}; fix the line first"
            for name, meant in sorted(misspelled.items())
        ),
        *(
            f"{plural(number, 'package')} {'belongs' if number == 1 else 'belong'} to {path}:"
            " left installed"
            for path, number in sorted(Counter(belonging.values()).items())
        ),
        *(f"{name} is not uninstalled: {why}" for name, why in sorted(kept.items()) if why),
        *(
            f"{f.message}; `reqdrift fix` lists it"
            for f in extras
            if f.project not in unneeded and f.project not in kept
        ),
        *(f.message for f in report.findings if f.kind == "broken"),
        *(_unmet_message(f, report, settled, installer) for f in unmet),
        *(f"the lines for {name} contradict each other" for name in sorted(disputed)),
        *checkouts.values(),
    ]
    comments = [f"{LEFT}{printable(comment)}" for comment in left]
    return "".join(
        f"{line}\n" for line in (*comments, *(["set -e"] if commands else []), *commands)
    )


def _asking(case: Case) -> dict[CanonicalName, tuple[Requirement, ...]]:
    """What can be installed: a constraint on what no line lists asks for it as well."""
    return {
        name: lines
        if name in case.applicable
        else tuple(line._replace(constraint=False) for line in lines)
        for name, lines in case.binding.items()
    }


def _checkouts(report: Report, case: Case) -> Iterator[tuple[CanonicalName, str]]:
    """The editables whose checkout is another than the line says, with what to do about it.

    pip would reset the checkout and discard uncommitted changes.
    """
    at_line = {line.at: line.source for lines in case.applicable.values() for line in lines}
    for finding in report.findings:
        wanted, found = at_line.get(finding.at), case.source(finding.project)
        if finding.kind != "source" or not (wanted and wanted.editable and wanted.kind == "vcs"):
            continue
        if found and found.editable:
            change = f"pip would discard uncommitted changes in {found.folders[-1]}"
            command = ["git", "-C", found.folders[-1], "checkout", wanted.revision or ""]
            todo = f"run: {shlex.join(command)}" if wanted.revision else "clone it again"
            yield finding.project, f"{finding.message}; {change}; {todo}"


def _kept(
    report: Report, applicable: Mapping[CanonicalName, tuple[Requirement, ...]]
) -> Iterator[Node]:
    """What stays, with the extras that are asked of it: whatever is not counted as extra."""
    for name, lines in applicable.items():
        for line in lines:
            yield from (Node(name, extra) for extra in ("", *line.extras))
    extras = {finding.project for finding in report.findings if finding.kind == "extra"}
    installed = report.environment.distributions if report.environment else {}
    yield from (Node(name) for name in installed if name not in extras)


def _is_repaired(finding: Finding, lines: Mapping[CanonicalName, Sequence[Requirement]]) -> bool:
    """Whether an `unmet` is repaired. A version that is only a warning may be intended."""
    is_wanted = finding.installed is None or finding.severity == "error"
    return is_wanted and _needed(finding) is not None and _may_change(finding, lines)


def _may_change(finding: Finding, lines: Mapping[CanonicalName, Sequence[Requirement]]) -> bool:
    """Whether the file leaves the version open; a pin says that the installed one is right."""
    return not any(is_pinned(line) or line.source for line in lines.get(finding.project, ()))


def _unmet_message(
    finding: Finding,
    report: Report,
    lines: Mapping[CanonicalName, Sequence[Requirement]],
    installer: Installer,
) -> str:
    """What a version that is not allowed violates, and the command that installs another."""
    if not (_needed(finding) and _may_change(finding, lines)):
        return finding.message
    same = (f for f in report.findings if f.kind == "unmet" and f.project == finding.project)
    words = shlex.join(dict.fromkeys(f.wanted for f in same if f.wanted))
    return f"{finding.message}; to install it: {installer.install} {words}"


def _needed(finding: Finding) -> Requirement | None:
    """The dependency of an `unmet`, as a requirement; None if it cannot be one."""
    if finding.kind != "unmet" or not finding.wanted:
        return None
    text, line = finding.wanted, finding.at.line or 0
    written = Written(text, text, Lines(finding.at.file, line, line, text))
    try:
        return requirement_from_text(text, written, ())
    except InvalidLineError:
        return None


def _projects(report: Report, *kinds: str) -> set[CanonicalName]:
    return {finding.project for finding in report.findings if finding.kind in kinds}
