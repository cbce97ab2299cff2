"""Commands that install what is missing or wrong, in the shortest safe form.

In this order: the files as they are (`-r FILE`); single requirements on the command line, with
nothing else allowed to move; a here-document.
"""

from __future__ import annotations

import os
import shlex

from ..drift.graph import Graph, Node, is_met
from ..drift.lines import is_allowed, is_pinned
from ..drift.version import has_other_source
from ..values import TYPE_CHECKING, CanonicalName, Lines, NamedTuple
from .documents import Sources, asking_text, document, may_be_shown
from .frozen import exact
from .installer import Installer, for_uv
from .options import is_read_by_uv

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ..drift.case import Case
    from ..values import Distribution, Requirement


class Wanted(NamedTuple):
    """What is to be installed.

    `lines` are those that apply here, by project, without the projects that are left as they are.
    `wrong` are the projects that are missing or wrong, `misplaced` those from another source, and
    `needed` is what they need and no line asks for. `left_alone` are projects whose lines apply
    and are not followed.
    """

    lines: Mapping[CanonicalName, tuple[Requirement, ...]]
    wrong: frozenset[CanonicalName]
    misplaced: frozenset[CanonicalName]
    needed: tuple[Requirement, ...]
    left_alone: frozenset[CanonicalName]

    @property
    def moving(self) -> frozenset[CanonicalName]:
        """The projects whose versions change."""
        return self.wrong.union(line.name for line in self.needed if line.name)

    @property
    def to_install(self) -> list[Requirement]:
        """All lines of a project together: one of them may allow what another forbids."""
        groups = (lines for name, lines in self.lines.items() if name in self.wrong)
        return [line for lines in groups for line in lines if not line.constraint]


def install_commands(
    wanted: Wanted, case: Case, sources: Sources, installer: Installer, needs: Graph
) -> Iterator[str]:
    """The commands, each one or more lines of a shell script.

    Args:
        wanted: what is to be installed.
        case: what was compared.
        sources: the files, and the options that they set.
        installer: how to call pip or uv.
        needs: what each installed project needs.
    """
    lines = wanted.to_install
    command = installer.install
    if installer.is_uv:
        again = sorted(wanted.misplaced & wanted.lines.keys())
        command = " ".join([command, *(f"--reinstall-package {name}" for name in again)])
    elif forced := [
        line for line in lines if line.name in wanted.misplaced and not _is_copied(line)
    ]:
        # pip does not reinstall an equal version.
        forcing = f"{command} --force-reinstall --no-deps"
        words = _arguments(forced, sources, installer)
        yield from [" ".join([forcing, *words])] if words else document(forcing, forced, sources)
    if not (lines or wanted.needed):
        return
    is_read = not installer.is_uv or all(map(is_read_by_uv, sources.read))
    if is_read and _is_whole(wanted, case, sources, needs):
        from_here = any(map(_is_relative, case.asking))
        yield _with_files(command, sources, installer, from_here=from_here)
        return
    unmoved = () if wanted.needed else _without_moving(wanted, case, sources, needs)
    words = _arguments([*lines, *wanted.needed], sources, installer)
    if words and unmoved:
        yield " ".join([command, *unmoved, *words])
        return
    held = _pins(case, wanted)
    yield from document(command, lines, sources, held, uv=installer.is_uv)
    # A separate command: together with lines with hashes it would need one.
    yield from document(installer.install, wanted.needed, sources, held, uv=installer.is_uv)


def _is_copied(line: Requirement) -> bool:
    """Whether pip always reinstalls the line, as it does for folders."""
    return line.source is not None and line.source.kind == "folder"


def _with_files(command: str, sources: Sources, installer: Installer, *, from_here: bool) -> str:
    """The installer reads the files; relative paths are relative to the working directory."""
    words = [command]
    if installer.is_uv:
        words += for_uv(sources.options)[1]
    words += [f"-r {shlex.quote(path)}" for path in sources.named]
    words += [f"-c {shlex.quote(path)}" for path in sources.limiting]
    line = " ".join(words)
    return f"cd {shlex.quote(os.getcwd())} && {line}" if from_here else line


def _is_whole(wanted: Wanted, case: Case, sources: Sources, needs: Graph) -> bool:
    """Whether installing the files fixes what is wrong and changes nothing else."""
    asking = case.asking
    hashed = [line for line in asking if line.hashes]
    return (
        _is_readable(case, sources)
        and not wanted.left_alone
        and not case.contradictions
        and case.complete
        and len(hashed) in (0, len(asking))
        and all(_is_followed(line, wanted, case) for line in asking)
        and not any(map(_is_reset_by_pip, asking))
        and all(map(_is_found_from_here, asking))
        and _is_consistent(wanted, case, needs)
    )


def _is_readable(case: Case, sources: Sources) -> bool:
    """Whether an installer can read the files: they are on the disk, in pip's format."""
    return sources.on_disk and all(isinstance(line.origin, Lines) for line in case.lines)


def _is_followed(line: Requirement, wanted: Wanted, case: Case) -> bool:
    """Whether the line is satisfied, or will be; what the user ignores must not be installed."""
    found = case.installed(line.name)
    if line.name in wanted.wrong:
        return True
    return found is not None and is_allowed(line, found) and not has_other_source(line, found, case)


def _is_reset_by_pip(line: Requirement) -> bool:
    """Whether pip would reset a checkout and discard uncommitted changes."""
    return line.source is not None and line.source.editable and line.source.kind == "vcs"


def _is_found_from_here(line: Requirement) -> bool:
    """Whether a relative path is found from the working directory, as pip reads it."""
    source = line.source
    return not (source and _is_relative(line)) or os.path.exists(source.url)


def _is_relative(line: Requirement) -> bool:
    source = line.source
    return source is not None and source.local and not source.url.startswith(("/", "file:"))


def _is_consistent(wanted: Wanted, case: Case, needs: Graph) -> bool:
    """Whether the listed versions fit together; otherwise the installer refuses or changes one."""
    listed = [
        Node(name, extra)
        for name, lines in wanted.lines.items()
        for line in lines
        for extra in ("", *line.extras)
    ]
    reached = [*needs.reach(listed), *wanted.lines]
    for name in dict.fromkeys(reached):
        if name in wanted.moving:
            continue  # its metadata is for another version
        for edge in needs.needs(Node(name)):
            found = _afterwards(edge.name, wanted, case)
            if found is not None and not is_met(edge, found):
                return False
    return True


def _afterwards(name: CanonicalName, wanted: Wanted, case: Case) -> Distribution | None:
    """What will be installed, None where it is not known."""
    found = case.installed(name)
    if name not in wanted.moving:
        return found
    pins = [line.pin for line in wanted.lines.get(name, ()) if line.pin]
    return found._replace(version=pins[0]) if found and pins else None


def _without_moving(wanted: Wanted, case: Case, sources: Sources, needs: Graph) -> tuple[str, ...]:
    """The options that keep everything else as it is, () if none can."""
    if _is_closed(wanted, case, needs):
        return ("--no-deps",)
    is_limit = all(
        line.name and not (line.hashes or line.extras or (line.source and line.source.editable))
        for line in case.lines
    )
    is_right = all(
        _is_followed(line, wanted, case) for line in case.asking if case.installed(line.name)
    )
    if _is_readable(case, sources) and is_limit and is_right and not case.contradictions:
        return tuple(f"-c {shlex.quote(path)}" for path in (*sources.named, *sources.limiting))
    return ()


def _is_closed(wanted: Wanted, case: Case, needs: Graph) -> bool:
    """Whether the files pin all that their packages need, as a freeze does."""
    asking = case.asking
    if not all(line.pin or line.source for line in asking):
        return False
    names = {line.name for line in asking}
    there = [name for name in names if name not in wanted.wrong and case.installed(name)]
    needed = {edge.name for name in there if name for edge in needs.needs(Node(name))}
    return bool(needed) and needed <= names


def _arguments(lines: Sequence[Requirement], sources: Sources, installer: Installer) -> list[str]:
    """The requirements and the files' options as words; [] if the shell cannot carry them."""
    options = list(sources.options)
    words: list[str] = []
    if installer.is_uv:
        options, words = for_uv(options)
    for option in options:
        name, _, value = option.text.partition(" ")
        if not may_be_shown(option.text) or value.startswith('"') or "$" in value:
            return []
        words += [name, shlex.quote(value)] if value else [name]
    for line in lines:
        argument = _argument(line)
        if not argument:
            return []
        words += argument
    return words


def _argument(line: Requirement) -> list[str]:
    """A requirement as words, [] if they cannot say all that the line says."""
    text = line.full_text
    if line.hashes or text != line.text or "${" in text or not may_be_shown(text):
        return []
    if line.source is None:
        extras = f"[{','.join(line.extras)}]" if line.extras else ""
        return [shlex.quote(f"{line.written}{extras}{line.specifier}")]
    if line.marker:
        return []
    text = asking_text(line)
    if line.source.editable:
        return ["-e", shlex.quote(text.removeprefix("-e").strip())] if text[:3] == "-e " else []
    return [shlex.quote(text)]


def _pins(case: Case, wanted: Wanted) -> tuple[str, ...]:
    """Pins that other installations must not change.

    What is installed stays, also where the user counts another version as right (`--ignore`).
    """
    held = []
    for name, lines in wanted.lines.items():
        pinned = [line for line in lines if line.source is None and is_pinned(line)]
        if name in wanted.wrong or not pinned:
            continue
        found = case.installed(name)
        absent = [line.specifier for line in pinned if not case.names_stdlib_module(line)]
        pins = [exact(found.version)] if found else absent
        held += [f"{pinned[0].written}{pin}" for pin in pins]
    return tuple(dict.fromkeys(held))
