"""`broken`: the environment contradicts itself.

- Constraints with a direct reference limit the source as well as the version, as for pip and
  uv.
- A constraint applies only to projects that a requirement names, and to installed projects that
  listed ones need and that need not be listed.
"""

from __future__ import annotations

from .. import drift
from ..environments.answers import INCOMPLETE
from ..environments.metadata import describe_leftover
from ..standards import canonical_name
from ..values import TYPE_CHECKING, CanonicalName, Location, Note, Unreadable
from ..values.details import Broken, Finding, some_names
from .case import Case
from .graph import Node, nodes_of
from .lines import is_allowed
from .policy import finding_about, finding_at

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from ..values import Distribution, Requirement


def broken(case: Case) -> Iterator[Finding | Note]:
    """Problems found while reading the environment, and answers that could not be read."""
    here, troubles = Location(case.environment.prefix), [*case.environment.broken]
    for name, source in case.facts.sources.items():
        if isinstance(source, Unreadable):
            message = f"{source.path} cannot be read: {source.why}"
            troubles.append(Broken(name, message, unreadable=True))
    for trouble in (one for one in troubles if _counts(one.project, case)):
        if trouble.unreadable and case.policy.satisfied:
            yield Note("unsure", trouble.project, None, trouble.message)
        else:
            yield finding_at(here, case, "broken", trouble.project, trouble.message)
    if case.facts.editables:
        yield from drift.source.gone(case)
    unclear = []
    for found in (one for one in case.unknown if _counts(one.name, case)):
        if is_leftover(found, case):
            message = describe_leftover(found.path, is_only=True)
            yield finding_at(here, case, "broken", found.name, message)
        elif found.name not in case.environment.doubled:  # that is reported already
            unclear.append(f"{found.project} {found.version}")
    if unclear:
        words = ("needs", "its", "it") if len(unclear) == 1 else ("need", "their", "them")
        message = "what {} {} is unknown: {} metadata cannot be read; reinstall {}"
        yield Note("unsure", None, None, message.format(some_names(unclear), *words))


def is_leftover(found: Distribution, case: Case) -> bool:
    """Whether an interrupted installer left it behind."""
    answer = (case.facts.requires or {}).get(found.name)
    return found.own and isinstance(answer, Unreadable) and answer.why in INCOMPLETE


def _counts(project: CanonicalName, case: Case) -> bool:
    """Whether a problem of this project matters: for some, only if the files need it."""
    always = not case.policy.satisfied or project == "python" or project in case.applicable
    return always or project in case.graph.dependencies(nodes_of(case.asking))


# In shorter names, one other letter makes another project.
_SHORTEST = 5
# A comparison takes a microsecond.
_MOST_COMPARED = 100_000


def missing(case: Case) -> Iterator[Finding | Note]:
    """One finding for each absent project, and for each line whose extras lack something."""
    absent = {line: _why_not_needed(line, case) for line in _absent(case)}
    names = [line.name for line, reason in absent.items() if line.name and not reason]
    misspelled = similar_names(names, [found.name for found in case.unlisted])
    needed_by = case.graph.reach(nodes_of(case.asking)) if names else {}
    for line, reason in absent.items():
        # What the folder's own files call the project, if the path does not say it.
        is_told = not line.stated or str(line.name) in canonical_name(line.text)
        what = line.text if is_told else f"{line.text} ({line.name})"
        message, meant = f"{what} is not installed", ""
        if line.name and (meant := misspelled.get(line.name, "")):
            message += f"; did you mean {meant}, which is installed but not listed?"
        elif line.name == "distribute":
            meant = "setuptools"
            message += "; it was merged into setuptools in 2013: remove the line"
        above = tuple(sorted(needed_by.get(line.name, ()))) if line.name else ()
        finding = finding_about(case, "missing", line, message)
        yield reason or finding._replace(meant=meant, needed_by=above)
    # A project with its own line is missing there.
    for line, found in case.comparable:
        # A line gets at most one finding of the kinds `missing`, `source` and `version`.
        if not line.extras or not is_allowed(line, found) or has_other_source(line, found, case):
            continue
        if lacking := _lacking(found.name, line.extras, case):
            names = [name for name in lacking if name not in case.applicable]
            are = "is" if len(names) == 1 else "are"
            extras = ",".join(dict.fromkeys(lacking[name] for name in names))
            what = f"{line.written or found.project}[{extras}] needs {', '.join(names)}"
            if names:
                yield finding_about(case, "missing", line, f"{what}, which {are} not installed")


def _lacking(name: CanonicalName, extras: Iterable[str], case: Case) -> dict[CanonicalName, str]:
    """What the extras of a project need and is not installed, each with the first extra."""
    there, lacking = case.environment.distributions, dict[CanonicalName, str]()
    for extra in extras:
        for edge in case.graph.lacking_for_extra(Node(name, extra), there):
            lacking.setdefault(edge.name, extra)
    return lacking


def similar_names(
    absent: Collection[CanonicalName], unlisted: Collection[CanonicalName]
) -> dict[CanonicalName, CanonicalName]:
    """For names that are not installed, the unlisted project that was probably meant."""
    if len(absent) * len(unlisted) > _MOST_COMPARED:
        return {}
    found = {}
    for name in absent:
        near = [other for other in unlisted if _is_one_slip(name, other)]
        if len(near) == 1:
            found[name] = near[0]
    return found


def _is_one_slip(one: str, other: str) -> bool:
    """Whether a letter is left out, doubled, replaced, or changed places with the next.

    What differs in a number is another project.
    """
    if min(len(one), len(other)) < _SHORTEST or abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while one[start : start + 1] == other[start : start + 1] != "":
        start += 1
    left, right = one[start:], other[start:]
    while left and right and left[-1] == right[-1]:
        left, right = left[:-1], right[:-1]
    if any(map(str.isdigit, left + right)):
        return False
    return max(len(left), len(right)) <= 1 or (len(left) == 2 and left == right[::-1])


def lines_not_needed(case: Case) -> list[Requirement]:
    """The lines that ask for what need not be installed: one for each such project."""
    return [line for line in _absent(case) if _why_not_needed(line, case)]


def may_be_absent(name: CanonicalName, case: Case) -> bool:
    """Whether a project is not installed, and nothing is wrong with that."""
    line = None if case.installed(name) else _line_to_report(case.applicable[name], case)
    return line is not None and _why_not_needed(line, case) is not None


def _absent(case: Case) -> Iterator[Requirement]:
    """The line to report for each project that is asked for and not installed."""
    for name, lines in case.applicable.items():
        if not case.installed(name):
            yield _line_to_report(lines, case)


def _line_to_report(lines: Sequence[Requirement], case: Case) -> Requirement:
    """The first line whose project must be installed, or else the first.

    A line with an ignore comes last, because it does not count for the others.
    """
    asking = (line for line in lines if not line.constraint)
    ordered = sorted(asking, key=lambda line: line.ignore is not None)
    needed = (line for line in ordered if not _why_not_needed(line, case))
    return next(needed, ordered[0])


def _why_not_needed(line: Requirement, case: Case) -> Note | None:
    """Why a line may ask for what is not installed."""
    if line.name == "pkg-resources" and line.specifier == "==0.0.0":
        message = f"{line.text} is an artifact of Debian's virtualenv, not a project"
        return Note("artefact", line.name, line.at, message)
    if case.names_stdlib_module(line):
        python = ".".join(map(str, case.python.minor))
        message = f"{line.written} is part of Python {python}'s standard library"
        return Note("stdlib", line.name, line.at, message)
    return None


def version(case: Case) -> Iterator[Finding]:
    """Each line that does not allow the installed version; a line has `source` or `version`."""
    for line, found in case.comparable:
        if not is_allowed(line, found) and not has_other_source(line, found, case):
            what = "the constraint" if line.constraint else "the file"
            message = f"{found.name} {found.version} is installed, but {what} says {line.text}"
            yield finding_about(case, "version", line, message)


def has_other_source(line: Requirement, found: Distribution, case: Case) -> bool:
    """Whether there is a finding about where the line's project was installed from."""
    if line.source is None and found.name not in case.facts.sources:
        return False
    return drift.source.is_from_elsewhere(line, found, case)


def obstacles(
    case: Case, changing: Collection[CanonicalName], notes: Iterable[Note]
) -> Iterator[tuple[Location, str]]:
    """Why the files are not installed as they are: they contradict themselves, or ask for more.

    Args:
        case: the comparison.
        changing: the projects that findings say are to be installed, or changed.
        notes: those of the report, which say what is ignored.
    """
    for name, pairs in sorted(case.contradictions.items()):
        yield pairs[0][1].at, f"the lines for {name} contradict each other; fix them first"
    for name, editable in case.facts.editables.items():
        if name in changing and (line := drift.source.naming_line(name, editable, case)):
            yield line.at, f"the line names another checkout; name {editable.here}"
        elif name in changing and editable.because:
            why = f"{name} runs from another checkout, because {editable.because}"
            yield Location(case.file), why
    own = case.installed(case.project.name)
    if own and own.name in changing and case.is_local(own):
        why = "is this project itself; an installer would put a release in its place"
        todo = "fix the line, or install it again"
        releases = (line for line in case.binding.get(own.name, ()) if not line.source)
        yield from ((x.at, f"{own.name} {own.version} {why}; {todo}") for x in releases)
    locks = {file.path for file in case.files if file.is_lock}
    for line in case.asking:
        if line.origin.file not in locks and (elsewhere := drift.sources.not_here(line)):
            yield line.at, elsewhere
    settled = {*changing, *case.contradictions}
    paths = {file.path for file in case.files if not file.is_lock}
    todo = "which is ignored; install what is missing by hand"
    for note in (x for x in notes if x.reason == "ignored" and x.at and x.at.file in paths):
        # What a project declares by now, at a line of its own, is not installed with the files.
        project = CanonicalName(note.project or "")
        found = None if project in settled else case.installed(project)
        # What a line pins no need changes.
        is_pinned = any(line.pin for line in case.binding.get(project, ()))
        what = ""
        if note.message.startswith("missing: ") and found:
            extras = {x for line in case.binding.get(project, ()) for x in line.extras}
            lacked = _lacking(project, sorted(extras), case).keys() - settled
            what = f"add {', '.join(sorted(lacked))}" if lacked else ""
        elif note.message.startswith(("unmet: ", "version: ")) and not is_pinned:
            what = f"change {found.name} {found.version}" if found else f"add {project}"
        if what and note.at and project not in settled:
            yield note.at, f"installing the file would {what}, {todo}"
    for line, there in case.unlike:
        is_limit = line.constraint and there is None
        if is_limit or line.origin.file in locks or line.name in settled:
            continue
        if there is None or not is_allowed(line, there) or has_other_source(line, there, case):
            what = f"change {there.name} {there.version}" if there else f"add {line.text}"
            is_needless = there is None and _why_not_needed(line, case)
            todo = "; remove the line" if is_needless else ""
            why = f"installing the file would {what}, which no finding asks for{todo}"
            yield line.at, why
