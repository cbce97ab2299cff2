"""The comparison: requirements and an environment -> findings. Pure.

There is one way through it. `questions` says what must be read of the environment besides its list
of distributions, `make_case` relates lines to distributions, and `compare` applies the rules. Each
kind of finding has a guard, which is all that a clean run asks, and a rule, whose module is loaded
when the guard says that it may find something. A guard is exact, or errs towards yes.
"""

from __future__ import annotations

from .. import drift, standards
from .. import requirements as reading
from .._record import lazy
from ..values import TYPE_CHECKING, NamedTuple, Policy, Questions, Report, Unreadable, listed_names
from .case import Case, files_for_other_pythons, is_wanted, make_case
from .graph import Node
from .lines import HIDDEN_BY_PIP, SEED_PACKAGES, is_allowed, is_pinned, may_repeat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ..values import CanonicalName, Environment, KindName, Location, Note, Python, Requirements
    from ..values.details import Finding
    from . import absent as absent
    from . import extra as extra
    from . import files as files
    from . import policy as policy
    from . import source as source
    from . import sources as sources
    from . import undecided as undecided
    from . import unmet as unmet

__getattr__ = lazy(__name__)

# Every Python version that a folder can be for, including future ones.
_VERSIONS = ("2.7", *(f"3.{minor}" for minor in range(3, 20)))


class Rule(NamedTuple):
    """How one kind is found: by the function of its name in `module`, if `may_find` says so."""

    module: str
    may_find: Callable[[Case], bool]


def _is_in_trouble(case: Case) -> bool:
    sources = case.facts.sources.values()
    is_unreadable = any(isinstance(source, Unreadable) for source in sources)
    is_gone = any(editable.missing for editable in case.facts.editables.values())
    return is_unreadable or is_gone or bool(case.environment.broken or case.unknown)


def _may_be_missing(case: Case) -> bool:
    there, lacking = case.environment.distributions, case.graph.lacking_for_extra
    return any(
        not found or any(lacking(Node(found.name, extra), there) for extra in line.extras)
        for line, found in case.unlike
    )


def _is_beyond_index(case: Case) -> bool:
    return bool(case.facts.editables) or any(
        line.source or (found and found.direct) for line, found in case.unlike
    )


def _is_declared(case: Case) -> bool:
    declared = case.project.declared
    projects = (declared, *declared.parts) if declared else ()
    found = [case.installed(one.name) for one in projects if one.dependencies or one.others]
    return any(one and one.direct for one in found)


def _may_be_stale(case: Case) -> bool:
    is_open = case.complete and bool(case.compiled)
    return is_open and any(True for _ in reading.compiled.shortfalls(case.compiled, case.lines))


def _may_be_unpinned(case: Case) -> bool:
    is_left_out = any(found.name in case.needed for found in case.unlisted)
    return is_left_out or not all(is_pinned(line) for line, _ in case.unlike)


# In the order of the table of kinds.
RULES: Mapping[KindName, Rule] = {
    "broken": Rule("absent", _is_in_trouble),
    "missing": Rule("absent", _may_be_missing),
    "version": Rule(
        "absent", lambda case: any(found and not is_allowed(x, found) for x, found in case.unlike)
    ),
    "source": Rule("source", _is_beyond_index),
    "unmet": Rule(
        "unmet", lambda case: case.is_lacking or case.graph.has_urls or _is_declared(case)
    ),
    "extra": Rule("extra", lambda case: any(x.name not in case.needed for x in case.unlisted)),
    "unpinned": Rule("files", _may_be_unpinned),
    "conflict": Rule("files", lambda case: bool(case.contradictions) or may_repeat(case.applying)),
    "stale": Rule("files", _may_be_stale),
}


def questions(requirements: Requirements, environment: Environment, policy: Policy) -> Questions:
    """What must be read of the environment besides its list of distributions.

    Args:
        requirements: the content of the files.
        environment: what is installed.
        policy: what the user counts as drift.
    """
    lines, distributions = requirements.requirements, environment.distributions
    requires = is_wanted("unmet", policy) or any(line.extras for line in lines)
    if not requires:
        # A line with a marker may list nothing here.
        listed = listed_names(line for line in lines if line.marker is None)
        requires = not distributions.keys() <= listed | SEED_PACKAGES | HIDDEN_BY_PIP
        # What a line wants as a release may be needed by its URL.
        by_url = {name for name, found in distributions.items() if found.direct}
        requires |= any(line.name in by_url for line in lines if not line.source)
    markers = [line.marker for line in lines]
    markers += [marker for scope in requirements.scopes for marker in scope.markers]
    return Questions(
        sources=frozenset([name for name, found in distributions.items() if found.direct]),
        requires=requires,
        exact_python=_hangs_on_patch(markers, environment.python),
    )


def further_questions(case: Case, folder: str) -> Questions:
    """What depends on the answers: the state of checkouts, and the markers of dependencies.

    Args:
        case: the comparison with what is known so far.
        folder: the project's top folder.
    """
    facts, checkouts = case.facts, frozenset[tuple[str, str, str]]()
    if facts.sources and any(line.source for line, _ in case.unlike):
        checkouts = drift.sources.checkouts_of(case.lines, facts, folder) - facts.checkouts.keys()
    is_open = facts.python is None and _hangs_on_patch(case.graph.markers, case.python)
    return Questions(checkouts=checkouts, exact_python=is_open)


def may_run_from_elsewhere(environment: Environment) -> bool:
    """Whether there may be an editable install, or its like: cheap, and on the safe side."""
    found = environment.distributions.values()
    return bool(environment.paths) or any(
        one.may_be_editable for one in found if one.direct or not one.own
    )


def _hangs_on_patch(markers: Iterable[str | None], python: Python) -> bool:
    """Whether a verdict depends on the patch version, which an upgrade may have changed."""
    asked = {marker for marker in markers if marker and "_version" in marker}
    return any(standards.pep440.marker_hangs_on_patch(marker, python) for marker in asked)


def compare(case: Case) -> Report:
    """Apply each rule whose guard says that it may find something, and count what was looked at."""
    case = _with_other_pythons(case)
    found: list[Finding | Note] = []
    findings: tuple[Finding, ...]
    for kind, rule in RULES.items():
        if is_wanted(kind, case.policy) and rule.may_find(case):
            found += rule_of(kind)(case)
    # `# reqdrift: ignore`
    may_ignore = case.policy.ignore or any("reqdrift:" in file.text for file in case.files)
    findings, notes = (), case.notes
    if found or may_ignore:
        findings, more = drift.policy.judged(found, case)
        notes = (*notes, *more)
    skipped = len(case.inactive)
    if any(installed is None for _, installed in case.unlike):
        skipped += len(drift.absent.lines_not_needed(case))
    asked = len(case.lines) - sum([file.constraints for file in case.files])
    environment, facts = case.environment, case.facts
    if facts.python or facts.started:
        started = environment.started or facts.started
        environment = environment._replace(python=case.python, started=started)
    notes = tuple(sorted(notes, key=order_of_notes))
    checked = asked - skipped
    return Report(environment, case.files, findings, notes, case.errors, checked, skipped)


def _with_other_pythons(case: Case) -> Case:
    """The case with what is due to files that were compiled for another Python, if that matters."""
    is_absent = any(found is None for _, found in case.unlike)
    may_matter = case.inactive or case.unlisted or case.is_lacking or is_absent
    if may_matter and case.complete:
        for file, version in files_for_other_pythons(case):
            case = drift.files.compiled_for(version, file, case)
    return case


def rule_of(kind: KindName) -> Callable[[Case], Iterator[Finding | Note]]:
    """The rule that finds one kind; its module is loaded now."""
    found: Callable[[Case], Iterator[Finding | Note]]
    found = getattr(getattr(drift, RULES[kind].module), kind)
    return found


def hanging_on_version(case: Case, report: Report) -> tuple[CanonicalName, ...]:
    """The projects whose findings would differ with another Python version, if it is assumed.

    Args:
        case: the comparison with the assumed Python.
        report: what it found.
    """
    python = case.environment.python
    if not python.assumed:
        return ()
    here, names = _found(report), set()
    for version in _VERSIONS:
        other = case.environment._replace(python=python._replace(version=version))
        facts = case.facts._replace(python=None)
        there = make_case(case.requirements, other, facts, case.policy, case.project)
        names |= {name for name, _, _ in here ^ _found(compare(there))}
    return tuple(sorted(names))


def _found(report: Report) -> set[tuple[CanonicalName, str, Location]]:
    return {(finding.project, finding.kind, finding.at) for finding in report.findings}


def order_of_notes(note: Note) -> tuple[str, int, str, str, str]:
    """The sort key of notes."""
    file, line = (note.at.file, note.at.line or 0) if note.at else ("", 0)
    return (file, line, note.project or "", note.reason, note.message)
