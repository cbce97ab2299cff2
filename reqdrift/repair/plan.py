"""Report -> the shell commands that bring the environment back to the files. Pure.

The requirements go to the installer on standard input, because only there can they have hashes,
and because nothing in a quoted here-document means anything to the shell. A line with credentials
is never printed: the script reads it from its file.
"""

from __future__ import annotations

import re
import shlex
from urllib.parse import quote

from ..drift.case import Case
from ..drift.graph import Node
from ..drift.version import is_allowed
from ..errors import InvalidLineError, UsageError
from ..report import plural, printable
from ..requirements.references import Written, requirement_from_text
from ..standards.urls import redact
from ..values import TYPE_CHECKING, CanonicalName, Location, NamedTuple
from ..values.findings import Finding
from ..values.report import Report
from ..values.requirements import Lines, LockEntry, ReadFile, Requirement
from .frozen import exact
from .installer import Entry, Installer, for_uv

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# How a comment begins that says what the commands do not mend.
LEFT = "# not fixed: "

# No requirement begins with `#`, so no line can end the document early.
_END = "# end of the requirements"
_END_OF_PINS = "# end of what stays as it is"

_EDITABLE = re.compile(r"""(-e|--editable)[ =]?\s*("[^"]*"|'[^']*'|\S+)(?P<rest>.*)""")


class Sources(NamedTuple):
    """What the installer must be told besides the requirements themselves.

    `options` are the files' own options, one an entry; `read` are all files, `named` the paths of
    those that were named. `on_disk` is whether the disk says what was read: not so for the index
    or a revision.
    """

    options: tuple[Entry, ...]
    read: tuple[ReadFile, ...]
    named: tuple[str, ...]
    on_disk: bool = True

    @property
    def constraints(self) -> list[str]:
        """The files that limit versions."""
        return list(dict.fromkeys(file.path for file in self.read if file.constraints))


def plan(
    report: Report,
    case: Case,
    sources: Sources,
    installer: Installer,
    stay: str = "",
    kept: Mapping[CanonicalName, str] = {},
    from_locks: Sequence[str] = (),
) -> str:
    """A shell script, '' if there is nothing to do or to say.

    Args:
        report: what is wrong.
        case: what was compared.
        sources: what else the installer must know.
        installer: how to call it.
        stay: why nothing is uninstalled, '' if it may be.
        kept: unlisted projects that are not uninstalled, each with the reason.
        from_locks: the commands that install what lock files ask for.
    """
    applicable = _asking(case)
    disputed = case.contradictions.keys()
    checkouts = dict(_checkouts(report, case))
    needed = case.graph.reach([*_kept(report, applicable), *map(Node, kept)])
    extras = [finding for finding in report.findings if finding.kind == "extra"]
    unneeded = sorted(f.project for f in extras if f.project not in needed.keys() | kept.keys())
    if not {found.name for found in case.unknown} <= set(unneeded):
        unneeded = []  # what stays may need any of them
    # Before the installing, which may find that a new version needs one of them.
    removing = unneeded and not stay
    commands = [f"{installer.uninstall} {shlex.join(unneeded)}"] if removing else []
    left_alone = disputed | checkouts.keys()
    settled = {name: lines for name, lines in applicable.items() if name not in left_alone}
    commands += from_locks
    commands += _installs(report, case, settled, sources, installer)
    if any(f.kind == "broken" and f.project == "python" for f in report.findings):
        commands = []  # there is no interpreter to install with
    left = [
        *(
            [f"{plural(len(unneeded), 'unlisted package')} not uninstalled: {stay}"]
            if unneeded and stay
            else []
        ),
        *(f"{name} is not uninstalled: {reason}" for name, reason in sorted(kept.items())),
        *(
            f"{f.message}; `reqdrift fix` lists it"
            for f in extras
            if f.project not in unneeded and f.project not in kept
        ),
        *(f.message for f in report.findings if f.kind == "broken"),
        *(f.message for f in report.findings if f.kind == "unmet" and not _needed(f)),
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

    pip would reset the checkout, and what is not committed in it would be lost.
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


def _installs(
    report: Report,
    case: Case,
    applicable: Mapping[CanonicalName, tuple[Requirement, ...]],
    sources: Sources,
    installer: Installer,
) -> Iterator[str]:
    """The commands that install what is missing or wrong.

    All lines of a project go together, since one of them alone may allow what another forbids.
    """
    wrong = _projects(report, "missing", "version", "source")
    lines = [
        line
        for name, asking in applicable.items()
        if name in wrong and not any(isinstance(line.origin, LockEntry) for line in asking)
        for line in asking
        if not line.constraint
    ]
    held = _pins(case, {name: asking for name, asking in applicable.items() if name not in wrong})
    # On its own: beside lines with hashes it would need one.
    needed = list(filter(None, map(_needed, report.findings)))
    misplaced = _projects(report, "source")
    if installer.is_uv:
        again = [f"--reinstall-package {name}" for name in sorted(misplaced & applicable.keys())]
        yield from _install(" ".join([installer.install, *again]), lines, sources, held, uv=True)
        yield from _install(installer.install, needed, sources, held, uv=True)
        return
    # pip takes an equal version for the same thing; its dependencies are for the next command.
    forced = [line for line in lines if line.name in misplaced and not _is_always_installed(line)]
    yield from _install(f"{installer.install} --force-reinstall --no-deps", forced, sources)
    yield from _install(installer.install, lines, sources, held)
    yield from _install(installer.install, needed, sources, held)


def _needed(finding: Finding) -> Requirement | None:
    """What an `unmet` lacks, as a requirement; None for what installing it would not settle.

    A version that somebody's metadata does not allow may be meant all the same.
    """
    if finding.kind != "unmet" or finding.installed or not finding.wanted:
        return None
    text, line = finding.wanted, finding.at.line or 0
    written = Written(text, text, Lines(finding.at.file, line, line, text))
    try:
        return requirement_from_text(text, written, ())
    except InvalidLineError:
        return None


def _pins(
    case: Case, applicable: Mapping[CanonicalName, tuple[Requirement, ...]]
) -> tuple[str, ...]:
    """The pins that the installing of something else must not move.

    What is installed stays, also where the user counts another version as right (`--ignore`).
    """
    held = []
    for name, lines in applicable.items():
        found = case.installed(name)
        for line in lines:
            if line.pin is not None:
                moved = found is not None and not is_allowed(line, found)
                pin = exact(found.version) if found and moved else f"=={line.pin}"
                held.append(f"{line.written}{pin}")
    return tuple(dict.fromkeys(held))


def _projects(report: Report, *kinds: str) -> set[CanonicalName]:
    return {finding.project for finding in report.findings if finding.kind in kinds}


def _is_always_installed(line: Requirement) -> bool:
    """Whether pip installs the line anew, whatever is there: it does so for folders."""
    return line.source is not None and line.source.kind == "folder"


def _install(
    command: str,
    lines: Sequence[Requirement],
    sources: Sources,
    held: Sequence[str] = (),
    *,
    uv: bool = False,
) -> list[str]:
    """The command for some requirements, none if there are none."""
    if not lines:
        return []
    options = list(sources.options)
    words = [command]
    if uv:
        options, flags = for_uv(options)
        words += flags
    words += [f"--constraint {shlex.quote(path)}" for path in sources.constraints]
    entries = [*options, *(Entry(asking_text(line), line.at) for line in lines)]
    hidden = [entry for entry in entries if not _may_be_shown(entry.text)]
    if not sources.on_disk and (hidden or sources.constraints):
        raise UsageError(
            "the installer reads constraints and lines with credentials from disk,"
            " where they may differ",
            "check out the intended files, then run plan without --staged and --rev",
        )
    files = {file.path: file for file in sources.read}
    if not all(_is_plain(files[entry.at.file]) for entry in hidden):
        # The installer reads them where they are.
        words += [f"--requirement {shlex.quote(path)}" for path in sources.named]
        return [" ".join(words)]
    pins = [*held, _END_OF_PINS] if held else []
    words += ["--constraint /dev/fd/3"] if held else []
    reading = " ".join([*words, "--requirement /dev/stdin"])
    holding = f" 3<<'{_END_OF_PINS}'" if held else ""
    document = [f"<<'{_END}'", *(e.text for e in entries if e not in hidden), _END]
    if not hidden:
        return [f"{reading} {document[0]}{holding}", *document[1:], *pins]
    cited = [_cite(at, files[at.file]) for at in dict.fromkeys(entry.at for entry in hidden)]
    return [f"{{ cat {document[0]}", *document[1:], *cited, f"}} | {reading}{holding}", *pins]


def _cite(at: Location, file: ReadFile) -> str:
    """The command that prints some lines of a file."""
    printing = f"sed -n {at.line},{at.end_line or at.line}p {shlex.quote(file.path)}"
    return printing if file.text.endswith("\n") else f"{printing}; echo"


def _may_be_shown(text: str) -> bool:
    """Whether the text has no credentials, and nothing that a terminal would obey."""
    return redact(text) == text and text.isprintable()


def _is_plain(file: ReadFile) -> bool:
    """Whether sed can print the lines of the file as we count them."""
    return file.encoding == "utf-8" and not file.mark and not _has_odd_line_ends(file.text)


def _has_odd_line_ends(text: str) -> bool:
    return len(text.splitlines()) != len(text.removesuffix("\n").split("\n")) and bool(text)


def asking_text(line: Requirement) -> str:
    """The line as the installer must read it, whichever folder it runs in."""
    text = line.full_text
    source = line.source
    if source is None or not source.local or not source.folders or "${" in text:
        return text
    path = source.url
    if path.startswith(("/", "file:")) or " @ " in text:
        return text
    url = f"file://{quote(source.folders[0])}"
    if source.editable:
        found = _EDITABLE.match(text)
        extras = f"[{','.join(line.extras)}]" if line.extras else ""
        return f"-e {url}{extras}{found['rest'] if found else ''}"
    rest = text.removeprefix(path)
    if not rest or rest.startswith(" "):
        return url + rest
    # pip looks for extras behind a path, but not behind a URL.
    if line.written and rest.startswith("["):
        extras, bracket, rest = rest.partition("]")
        return f"{line.written}{extras}{bracket} @ {url}{rest}"
    return text if rest == text else source.folders[0] + rest
