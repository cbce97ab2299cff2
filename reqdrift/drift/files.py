"""What is wrong with the files themselves: `unpinned`, `conflict`, `stale`, and another Python.

- Pinned is also: a VCS reference with a full commit id; an archive URL with a hash; a wheel or
  sdist whose file name has the version; a requirement that a constraint or another line for the
  same project pins, wherever it applies.
- A requirement that applies here is pinned by itself, or by a constraint or another line for the
  same project. A file of which no line is pinned has warnings: that is how it is meant to be.
- Freezes: a file, with what it includes, is a freeze if all its lines are pins or direct
  references, and if it lists at least two thirds of the installed direct dependencies of its
  packages (without pip, setuptools and wheel). What listed packages need and it does not list is
  `unpinned` at the file. `fix` adds it, `plan` does not uninstall it. An included freeze is judged
  by itself, so a development file that includes one is not a freeze because of that.
- With `--unlisted orphans`, no file is taken for a freeze or for one that lists everything.
- Two thirds can be wrong both ways. A file with a few pins that mostly need each other is taken for
  a freeze; `--unlisted orphans` says that it is none. A freeze from which more than a third was
  deleted is not recognized; `--unlisted all` says that it lists everything.
- A file compiled for another Python than that of the environment may leave out what its
  packages need on this Python only. `files.compiled_for` compares what they need on both, and adds
  a note if that makes a difference.
- A file is compiled for the X.Y in its header (pip-compile, `--python-version`), and with
  `--universal` for later ones too. What its lines need on the environment's Python only is never
  `extra`, unless all must be listed; where it is not installed it is `unmet`. One note for the file
  names this, what was needed only there and is not installed, and lines whose marker holds there.
- No header says for which platform a file was compiled, and that of uv not for which Python. So a
  file may leave out what its lines need only because of a marker for a platform, or for a Python
  that the header does not say. A note names it.
- Old pins are kept when a file is compiled again, so a source that allows more is no finding.
"""

from __future__ import annotations

import os

from .. import requirements as reading
from .. import standards
from ..repository import is_hexadecimal
from ..standards import pep440
from ..values import TYPE_CHECKING, CanonicalName, Lines, Location, Note, Requirement
from ..values.details import Finding, some_names
from .case import Case, files_that_list_all
from .graph import Edge, Graph, graph_of, is_met, nodes_of
from .lines import SEED_PACKAGES, is_pinned
from .policy import finding_about, finding_at

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from ..values import ReadFile, Severity


_BEFORE_NUMBERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_/"


def unpinned(case: Case) -> Iterator[Finding | Note]:
    """Requirements that apply here and that nothing pins.

    They are warnings in a file of which no line is pinned: that is how it is meant to be.
    """
    if not case.complete:
        return
    yield from _left_out(case)
    files = {line.origin.file for line in case.asking if is_pinned(line)}
    for name, lines in case.applicable.items():
        if any(map(is_pinned, lines)):
            continue
        for line in lines:
            # A module of the standard library that is not installed is a note.
            is_noted = case.installed(name) is None and case.names_stdlib_module(line)
            if line.constraint or is_noted:
                continue
            if line.source and line.source.kind == "folder":
                message = f"{line.text}: a folder cannot be pinned"
                yield Note("local", name, line.at, message)
            elif line.source is None and case.requirements.remote:
                message = f"{line.text} may be pinned by a remote constraint"
                yield Note("unsure", name, line.at, message)
            else:
                message = f"{line.text} {_why(line)}"
                if line.source is None and (found := case.installed(name)):
                    message += f"; {found.version} is installed"
                severity: Severity = "error" if line.origin.file in files else "warning"
                yield finding_about(case, "unpinned", line, message, severity)


def _left_out(case: Case) -> Iterator[Finding]:
    """What lines need and freezes do not list."""
    # A remote constraint may pin it.
    freezes = freezes_of(case) if case.unlisted and not case.requirements.remote else {}
    frozen = {line for lines in freezes.values() for line in lines}
    others = nodes_of(line for line in case.asking if line not in frozen)
    unlisted = {found.name for found in case.unlisted} & case.needed
    # A constraint pins it.
    unlisted -= {name for name in case.limits if any(map(is_pinned, case.limits[name]))}
    # What is not in these is `extra`, or of another platform.
    for file in sorted(freezes.keys() - files_that_list_all(case)):
        needed_by = case.graph.reach(nodes_of(freezes[file]), {*others})
        for name in sorted(needed_by.keys() & unlisted):
            version = case.environment.distributions[name].version
            above = sorted(needed_by[name], key=lambda one: (one not in case.applicable, one))
            message = f"{name} {version} is not pinned; needed by {above[0]}"
            found = finding_at(Location(file), case, "unpinned", name, message)
            yield found._replace(needed_by=tuple(above))
        unlisted -= needed_by.keys()


def freezes_of(case: Case) -> dict[str, set[Requirement]]:
    """The files that list what is installed by all appearance, each with its lines.

    That is a file with what it includes, where all lines are pins or direct references, and that
    lists at least two thirds of the direct dependencies of its packages that are installed. What it
    includes and is a freeze by itself is no part of it.
    """
    if case.policy.unlisted != "auto":
        return {}
    freezes: dict[str, set[Requirement]] = {}
    own: dict[str, set[Requirement]] = {}
    for line in case.asking:
        own.setdefault(line.origin.file, set()).add(line)
    known: dict[str, set[Requirement]] = {}

    def open_lines(file: str) -> set[Requirement]:
        """The lines of a file and of what it includes, without those of `freezes`."""
        if file not in known:
            inner = [below for above, below in case.requirements.includes if above == file]
            lines = own.get(file, set()).union(*map(open_lines, inner))
            if _is_freeze(lines, case):
                freezes[file], lines = lines, set()
            known[file] = lines
        return known[file]

    for read in case.files:
        open_lines(read.path)
    return freezes


def _is_freeze(lines: Collection[Requirement], case: Case) -> bool:
    if not all(line.source or is_pinned(line) for line in lines):
        return False
    needed = {name for node in nodes_of(lines) for name in case.graph.needed_names(node)}
    needed &= case.environment.distributions.keys() - SEED_PACKAGES
    return bool(needed) and 3 * len(needed & case.applicable.keys()) >= 2 * len(needed)


def _why(line: Requirement) -> str:
    """Why the line does not fix one release."""
    source = line.source
    if source is None or source.kind != "vcs" or not source.revision:
        return "allows more than one release"
    if "${" in line.text:
        return "names what can be moved"  # the values of variables are never shown
    if hint := standards.urls.hint_for_scp(line.text):
        return f"is not a URL that pip can install; {hint}"
    if _is_release_tag(source.revision):
        return f"names '{source.revision}', a tag, which can be moved"
    if is_hexadecimal(source.revision):
        return f"names '{source.revision}', which is not a full commit id"
    return f"names '{source.revision}', a branch or a tag, which can be moved"


def _is_release_tag(revision: str) -> bool:
    """Whether a revision looks like the tag of a release: `v1.2`, `release-1.2.0`."""
    name = revision.removeprefix("refs/tags/")
    first, dot, second = name.lstrip(_BEFORE_NUMBERS).partition(".")
    return name != revision or bool(dot and first.isdigit() and second[:1].isdigit())


def conflict(case: Case) -> Iterator[Finding]:
    """Lines that apply here and cannot be satisfied together, and repetitions.

    Of the first, there is one finding for a project. The same line twice in one file is a warning:
    it is harmless, until one of them is edited. pip and uv refuse a lock file with two entries of
    a project that apply, whatever they say.
    """
    for pairs in case.contradictions.values():
        first, last = pairs[0]
        message = f"{last.text} contradicts {first.text} ({_place(first.at, last.at)})"
        yield finding_about(case, "conflict", last, message)
    # A project with one line has no repetition; its specifier need not be parsed.
    for lines in (*case.applicable.values(), *case.limits.values()):
        seen: dict[tuple[object, ...], Requirement] = {}
        for line in lines if len(lines) > 1 else ():
            is_text = isinstance(line.origin, Lines)
            if not is_text and line.name in case.contradictions:
                continue
            first = seen.setdefault(meaning(line) if is_text else (line.origin.file,), line)
            if first is not line:
                message = f"{line.text} repeats {_place(first.at, line.at)}"
                level: Severity = "warning" if is_text else "error"
                yield finding_about(case, "conflict", line, message, level)


def meaning(line: Requirement) -> tuple[object, ...]:
    """What a line and a repetition of it have in common."""
    return (
        *(line.at.file, line.name, line.constraint, line.extras, line.marker, line.source),
        pep440.normal_form(line.specifier),
    )


def _place(at: Location, seen_from: Location) -> str:
    """The location of a line, as seen from another line."""
    if at.file == seen_from.file:
        return f"line {at.line}"
    return f"{os.path.relpath(at.file, os.path.dirname(seen_from.file))}:{at.line}"


def stale(case: Case) -> Iterator[Finding]:
    """Each requirement of a source that a compiled file does not list, or does not satisfy."""
    for compiled, asked, lack in reading.compiled.shortfalls(case.compiled, case.lines):
        file = os.path.relpath(compiled.file, os.path.dirname(asked.origin.file))
        command = compiled.command
        folder = os.path.relpath(os.path.realpath(compiled.folder), os.path.realpath(os.getcwd()))
        where = "" if folder == "." else f" in {folder}"
        how = f"; run{where}: {command}" if command else "; compile it again"
        found = finding_about(case, "stale", asked, f"{file} {lack}{how}")
        yield found._replace(why=f"{file} {lack}", compiled=compiled.file)


def compiled_for(version: str, file: ReadFile, case: Case) -> Case:
    """The case of a file that was compiled for another Python, with a note if that matters.

    What its lines need on this Python only may stay unlisted, except with `--unlisted all`: pip has
    installed it. Where it is not installed, `unmet` says that the file is the reason.

    Args:
        version: the X.Y of that Python.
        file: the file.
        case: the case so far.
    """
    compiled = reading.compiled
    markers = tuple(item for item in case.python.markers if "_version" not in item[0])
    graph = graph_of(case.facts, case.python._replace(version=version, markers=markers))
    listed, inactive = case.applicable.keys(), {*case.inactive}
    lines = [line for line in case.lines if line.origin.file == file.path]
    here = [line for line in lines if line not in inactive]
    there = [line for line in lines if not line.marker or graph.holds(line.marker, "")]
    needs_here, needs_there = _needs(case.graph, here), _needs(graph, there)
    new = needs_here - needs_there
    needed_here, needed_there = ({x.name for _, x in needs} for needs in (needs_here, needs_there))
    unlisted = {found.name for found in case.unlisted} & needed_here - needed_there
    unmet = {edge.name for _, edge in new if not is_met(edge, case.installed(edge.name))}
    absent = {line.name for line in here if line.name and not case.installed(line.name)}
    spared = absent & needed_there - needed_here
    spared |= {line.name for line in there if line.name and line in inactive} - listed
    differences = {"only needed here": unlisted | unmet, "only needed there": spared}
    said = [f"{what}: {some_names(sorted(names))}" for what, names in differences.items() if names]
    if not said:
        return case
    python = "Python {}.{}".format(*case.python.minor)
    command = compiled.generating_command(file.text)
    way_out = f"compile it for {python}"
    if compiled.tool_of(command) == "uv pip compile" and "--universal" not in command:
        way_out += ", or with --universal"
    why = f"compiled for Python {version}"
    message = f"{why}, but this environment has {python} ({'; '.join(said)}); {way_out}"
    note = Note("unsure", None, Location(file.path), message)
    why = f"{os.path.basename(file.path)} was {why}"
    free = unlisted if case.policy.unlisted != "all" else ()
    return case._replace(
        unlisted=tuple(found for found in case.unlisted if found.name not in free),
        notes=(*case.notes, note),
        only_here={**case.only_here, **{(name, edge.text): why for name, edge in new}},
    )


def _needs(graph: Graph, lines: Sequence[Requirement]) -> set[tuple[CanonicalName, Edge]]:
    """All that the packages of lines need, directly or not, each with what needs it."""
    nodes = graph.followed(nodes_of(lines))
    return {(node.name, edge) for node in nodes for edge in graph.needs(node)}
