"""Verdicts that depend on what the record of an environment does not say.

Nothing is guessed: such a finding is not reported, and neither is that there is none. The run fails
with the option, or the kind of record, that says what is missing.
"""

from __future__ import annotations

from ..requirements.generated import generating_command
from ..values import TYPE_CHECKING, CanonicalName, Location, Note, Problem, Python, Requirements
from ..values.facts import Facts, Project
from ..values.findings import Finding
from ..values.records import Gaps
from ..values.report import Report
from .case import Case
from .compare import compare
from .graph import is_unmet_wanted_everywhere
from .worlds import Worlds, markers_of, signature, worlds_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_EXIT_CODE = 3  # as if the environment could not be read
_MOST_NAMED = 3
_WITH_DEPENDENCIES = "use pip inspect, which reports dependencies"
# These bring dependencies that are not `extra` either.
_TOOLS = frozenset(map(CanonicalName, ("pip-tools", "reqdrift")))
# Dimension -> what it is in words, and what says it.
_DIMENSIONS = {
    "version": ("the Python version", "--python-version X.Y"),
    "patch": ("the patch version of Python", "--python-version X.Y.Z"),
    "platform": ("the platform", "--platform NAME"),
    "implementation": ("the implementation of Python", ""),
}


def decided(
    requirements: Requirements, case: Case, report: Report, gaps: Gaps, project: Project
) -> Report:
    """The report with only what is certain; what is not is an error.

    Args:
        requirements: the content of the files.
        case: the comparison.
        report: what it found.
        gaps: what the record does not say.
        project: the project around the files.
    """
    problems = [*_depending_on_python(requirements, case, report.findings, gaps, project)]
    depending = {name for names, _ in problems for name in names}
    # The same with every Python; the others are those of the Python that was assumed.
    findings = [finding for finding in report.findings if finding.project not in depending]
    problems += [
        *_hidden(findings, gaps),
        *_unversioned(findings, gaps),
        *_perhaps_local(findings, gaps, project),
        *_depending_on_dependencies(case, findings, gaps),
    ]
    undecided = {name for names, _ in problems for name in names}
    errors = {problem: None for _, problem in problems}
    notes = [note for note in report.notes if not _is_guess(note, case, gaps)]
    notes += _extras(case, gaps) if gaps.dependencies else []
    return report._replace(
        findings=tuple(f for f in report.findings if f.project not in undecided),
        notes=tuple(notes),
        errors=(*report.errors, *errors),
    )


def _is_guess(note: Note, case: Case, gaps: Gaps) -> bool:
    """Whether a note says of a marker that it is false, and the record does not say that."""
    if note.reason != "marker":
        return False
    markers = [line.marker for line in case.lines if line.at == note.at and line.marker]
    return any(variable in marker for marker in markers for variable in gaps.variables)


def _problem(names: Iterable[str], why: str, way_out: str) -> tuple[frozenset[str], Problem]:
    return frozenset(names), Problem(None, f"{why}; {way_out}", _EXIT_CODE)


def _some(names: Iterable[str]) -> str:
    listed = sorted(names)
    more = len(listed) - _MOST_NAMED
    return ", ".join(listed[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _depending_on_python(
    requirements: Requirements,
    case: Case,
    findings: Iterable[Finding],
    gaps: Gaps,
    project: Project,
) -> Iterator[tuple[frozenset[str], Problem]]:
    """What is not the same with every Python that the environment may have."""
    worlds = worlds_of(case.environment.python, gaps.variables, markers_of(requirements))
    if not worlds.worlds:
        why = f"the markers in the files ask for more than {gaps.record} says"
        everything = {finding.project for finding in findings}
        options = _options(_different(worlds.dimensions))
        passed = f"pass {' and '.join(filter(None, options))}, or " if any(options) else ""
        yield _problem(everything, why, f"{passed}use pip inspect, which reports it")
    if len(worlds.worlds) < 2:
        return
    known: dict[tuple[object, ...], frozenset[_Found]] = {}
    outcomes = {}
    for world in worlds.worlds:
        seen = signature(world.python, requirements, case.policy)
        if seen not in known:
            known[seen] = _found_with(world.python, requirements, case, project)
        outcomes[world.choices] = known[seen]
    differing = frozenset[_Found]().union(*outcomes.values())
    differing -= frozenset.intersection(*outcomes.values())
    if not differing:
        return
    names = {project for project, _, _ in differing}
    dimensions = _different(_dimensions(worlds, outcomes))
    what = [_DIMENSIONS.get(one, (f"'{one}'", ""))[0] for one in dimensions]
    options = _options(dimensions)
    way_out = f"pass {' '.join(options)}" if all(options) else "use pip inspect, which reports it"
    about = f"about {_some(filter(None, names))} " if any(names) else ""
    yield _problem(
        names,
        f"the findings {about}depend on {' and '.join(what)}, which {gaps.record} does not say",
        way_out,
    )


def _different(dimensions: Sequence[str]) -> list[str]:
    """The dimensions without the version, if the patch version says it."""
    return [one for one in dimensions if one != "version" or "patch" not in dimensions]


def _options(dimensions: Iterable[str]) -> list[str]:
    """What says each, '' if no option does."""
    return [_DIMENSIONS.get(one, ("", ""))[1] for one in dimensions]


def _found_with(
    python: Python, requirements: Requirements, case: Case, project: Project
) -> frozenset[_Found]:
    environment = case.environment._replace(python=python)
    facts: Facts = case.facts._replace(python=None)
    report = compare(requirements, environment, facts, case.policy, project)
    found = {(f.project, f.kind, f.at) for f in report.findings}
    # A version in a message is that of this Python.
    return frozenset(found | {("", "error", e.at) for e in report.errors if e.at})


def _dimensions(worlds: Worlds, outcomes: dict[tuple[str, ...], frozenset[_Found]]) -> list[str]:
    """The dimensions in which a step changes the outcome."""
    changing = []
    for index, dimension in enumerate(worlds.dimensions):
        others: dict[tuple[str, ...], frozenset[_Found]] = {}
        for choices, outcome in outcomes.items():
            rest = choices[:index] + choices[index + 1 :]
            if others.setdefault(rest, outcome) != outcome:
                changing.append(dimension)
                break
    return changing


def _hidden(findings: Iterable[Finding], gaps: Gaps) -> Iterator[tuple[frozenset[str], Problem]]:
    names = {f.project for f in findings if f.kind == "missing" and f.project in gaps.hidden}
    if names:
        are = "is" if len(names) == 1 else "are"
        why = f"whether {_some(names)} {are} installed is unknown: pip freeze omits {_them(names)}"
        yield _problem(names, why, "use pip freeze --all")


def _unversioned(
    findings: Iterable[Finding], gaps: Gaps
) -> Iterator[tuple[frozenset[str], Problem]]:
    names = {f.project for f in findings if f.kind == "version" and f.project in gaps.unversioned}
    if names:
        why = f"which version of {_some(names)} is installed is unknown: {gaps.record} has only"
        yield _problem(names, f"{why} {_them(names, 'its URL', 'their URLs')}", "use pip inspect")


def _perhaps_local(
    findings: Iterable[Finding], gaps: Gaps, project: Project
) -> Iterator[tuple[frozenset[str], Problem]]:
    """What is not extra if it was installed from this project."""
    if not gaps.sources:
        return
    extras = sorted({f.project for f in findings if f.kind == "extra"} & project.parts)
    if extras:
        are = "is" if len(extras) == 1 else "are"
        why = f"whether {_some(extras)} {are} installed from a folder of this project is unknown"
        ignoring = " ".join(f"--ignore {name}" for name in extras)
        way_out = f"use pip inspect, which reports sources, or {ignoring}"
        yield _problem(extras, f"{why}: {gaps.record} does not say it", way_out)


def _them(names: Iterable[str], one: str = "it", several: str = "them") -> str:
    return one if len(list(names)) == 1 else several


def _depending_on_dependencies(
    case: Case, findings: Iterable[Finding], gaps: Gaps
) -> Iterator[tuple[frozenset[str], Problem]]:
    """What only the dependencies of the distributions decide."""
    if not gaps.dependencies:
        return
    if is_unmet_wanted_everywhere(case.policy):
        why = f"'unmet' cannot be judged: {gaps.record} has no dependencies"
        yield _problem((), why, _WITH_DEPENDENCIES)
    extras = {finding.project for finding in findings if finding.kind == "extra"}
    has_tools = not _TOOLS.isdisjoint(case.environment.distributions)
    lists_all = case.policy.unlisted == "all" or _are_freezes(case)
    if extras and (has_tools or not lists_all):
        are = "is a dependency" if len(extras) == 1 else "are dependencies"
        why = f"whether {_some(extras)} {are} of something else is unknown"
        way_out = _WITH_DEPENDENCIES
        if not has_tools:
            way_out += ", or --unlisted all if the file lists every package"
        yield _problem(extras, f"{why}: {gaps.record} has no dependencies", way_out)
    if not lists_all:
        for line in case.asking:
            if line.extras and case.installed(line.name):
                why = f"what {line.text} needs is unknown: {gaps.record} has no dependencies"
                name = str(line.name)
                yield (
                    frozenset({name}),
                    Problem(line.at, f"{why}; {_WITH_DEPENDENCIES}", _EXIT_CODE),
                )


def _are_freezes(case: Case) -> bool:
    """Whether each file that asks for something surely lists all packages."""
    files = {file.path: file for file in case.files}
    lines: dict[str, list[bool]] = {}
    for line in case.asking:
        lines.setdefault(line.origin.file, []).append(bool(line.hashes))
    return all(
        all(hashed) or (file in files and _is_compiled(files[file].text, files[file].is_lock))
        for file, hashed in lines.items()
    )


def _is_compiled(text: str, is_lock: bool) -> bool:
    return is_lock or bool(generating_command(text))


def _extras(case: Case, gaps: Gaps) -> list[Note]:
    """What extras need is not looked up where the files list all packages."""
    return [
        Note(
            "unsure", line.name, line.at, f"{gaps.record} does not say what {line.text} needs", True
        )
        for line in case.asking
        if line.extras
    ]


_Found = tuple[str, str, Location]
