"""The comparison: requirements and an environment -> findings. Pure.

There is one way through it. `questions` says what must be read of the environment besides its list
of distributions, `make_case` relates lines to distributions, and `compare` applies the rules. Each
kind of finding has a guard, which is all that a clean run asks, and a rule, whose module is loaded
when the guard says that it may find something. A guard is exact, or errs towards yes.
"""

from __future__ import annotations

import os

from .. import drift, standards
from .._record import lazy
from ..errors import InvalidLineError
from ..repository import is_commit_id
from ..standards import pep440
from ..values import (
    TYPE_CHECKING,
    CanonicalName,
    Distribution,
    Environment,
    Facts,
    NamedTuple,
    Note,
    Policy,
    Problem,
    Project,
    Python,
    Questions,
    Requirement,
    Requirements,
    Unreadable,
)
from ..values.report import Report
from .graph import Graph, graph_of, nodes_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set

    from ..values import Compiled, KindName, Location, ReadFile
    from ..values.details import Checkout, Source
    from ..values.findings import Finding
    from . import absent as absent
    from . import extra as extra
    from . import files as files
    from . import policy as policy
    from . import source as source
    from . import sources as sources
    from . import undecided as undecided
    from . import unmet as unmet

__getattr__ = lazy(__name__)

# pip never lists these, on any Python (pip's `stdlib_pkgs`), so no freeze ever names them.
HIDDEN_BY_PIP = frozenset(map(CanonicalName, ("argparse", "python", "wsgiref")))
# What new environments have, and `pip install -U pip setuptools wheel` brings.
SEED_PACKAGES = frozenset(map(CanonicalName, ("pip", "setuptools", "wheel", "distribute")))
# Tools that are installed into environments to inspect them.
TOOLS = frozenset(map(CanonicalName, ("uv", "pip-tools", "reqdrift")))
# VCSs with numbers instead of commit ids.
NUMBERING = ("svn", "bzr")
# Every Python version that a folder can be for, including future ones.
_VERSIONS = ("2.7", *(f"3.{minor}" for minor in range(3, 20)))


class Case(NamedTuple):
    """One comparison: what the rules look at.

    `lines` are all requirements and constraints, each with a project: `applicable` those whose
    marker holds here, by project, for projects that a requirement asks for; `limits` the
    constraints that hold here on other projects; `inactive` the requirements whose marker is false
    here. `unlike` are the lines that apply and are more than the plain pin of what is installed,
    each with that: no other line can be wrong by itself. `unlisted` are the distributions that no
    requirement lists and that are not exempt, `unknown` those whose dependencies could not be read.
    `is_lacking` is whether something that the listed packages need is not installed as they need
    it.

    What follows from these: `needed` are the projects that need not be listed, because a listed one
    needs them; `binding` are the lines that what is installed has to satisfy, by project: those
    that apply, and constraints on installed projects that need not be listed; `contradictions` are
    the pairs of them that nothing satisfies together.
    """

    requirements: Requirements
    environment: Environment
    facts: Facts
    policy: Policy
    project: Project
    python: Python
    lines: tuple[Requirement, ...]
    applicable: Mapping[CanonicalName, Sequence[Requirement]]
    limits: Mapping[CanonicalName, Sequence[Requirement]]
    inactive: tuple[Requirement, ...]
    unlike: tuple[tuple[Requirement, Distribution | None], ...]
    unlisted: tuple[Distribution, ...]
    unknown: tuple[Distribution, ...]
    graph: Graph
    is_lacking: bool
    notes: tuple[Note, ...]
    errors: tuple[Problem, ...]
    needed: frozenset[CanonicalName] = frozenset()
    binding: Mapping[CanonicalName, Sequence[Requirement]] = {}
    contradictions: Mapping[CanonicalName, Sequence[tuple[Requirement, Requirement]]] = {}

    @property
    def files(self) -> tuple[ReadFile, ...]:
        """The files that were read."""
        return self.requirements.files

    @property
    def file(self) -> str:
        """The path of the first requirements file."""
        return self.files[0].path if self.files else ""

    @property
    def compiled(self) -> tuple[Compiled, ...]:
        """The files that tools compiled from others."""
        return self.requirements.compiled

    @property
    def complete(self) -> bool:
        """Whether everything could be read; else it is unknown what is unlisted or unpinned."""
        return not self.errors

    @property
    def comparable(self) -> Iterator[tuple[Requirement, Distribution]]:
        """The lines that can be compared with an installed distribution, with that."""
        doubled = self.environment.doubled
        for name, lines in self.binding.items():
            found = self.installed(name)
            if found is None or name in doubled:
                continue  # it is unknown which copy counts; `broken` reports it
            disputed = {line for pair in self.contradictions.get(name, ()) for line in pair}
            yield from ((line, found) for line in lines if line not in disputed)

    @property
    def asking(self) -> list[Requirement]:
        """The requirements that apply here."""
        groups = self.applicable.values()
        return [line for lines in groups for line in lines if not line.constraint]

    def is_local(self, found: Distribution) -> bool:
        """Whether the project is the user's own: installed from this repository, or of its name."""
        if found.name == self.project.name:
            return True
        return is_inside(self.project.folder, self.source(found.name))

    def installed(self, name: CanonicalName | None) -> Distribution | None:
        """The distribution of a project, None if it is not installed."""
        return self.environment.distributions.get(name) if name else None

    def source(self, name: CanonicalName) -> Source | None:
        """Where an installed project came from; None for an index, or if it cannot be read."""
        source = self.facts.sources.get(name)
        return None if isinstance(source, Unreadable) else source

    def checkout(self, asked: tuple[str, str, str] | None) -> Checkout | None:
        """The git repository that was asked for; None if there is none."""
        return self.facts.checkouts.get(asked) if asked else None

    def names_stdlib_module(self, line: Requirement) -> bool:
        """Whether the line names a module of the checked Python's standard library."""
        if line.source is not None or not line.written.isidentifier():
            return False
        return standards.stdlib.is_stdlib_module(line.written, self.python.minor, self.policy.live)


class Rule(NamedTuple):
    """How one kind is found: by the function of its name in `module`, if `may_find` says so."""

    module: str
    may_find: Callable[[Case], bool]


def _is_in_trouble(case: Case) -> bool:
    sources = case.facts.sources.values()
    is_unreadable = any(isinstance(source, Unreadable) for source in sources)
    return is_unreadable or bool(case.environment.broken or case.unknown)


def _is_beyond_index(case: Case) -> bool:
    return any(line.source or (found and found.direct) for line, found in case.unlike)


def _may_be_unpinned(case: Case) -> bool:
    is_left_out = any(found.name in case.needed for found in case.unlisted)
    return is_left_out or not all(is_pinned(line) for line, _ in case.unlike)


# In the order of the table of kinds.
RULES: Mapping[KindName, Rule] = {
    "broken": Rule("absent", _is_in_trouble),
    "missing": Rule("absent", lambda case: any(not f or x.extras for x, f in case.unlike)),
    "version": Rule(
        "absent", lambda case: any(found and not is_allowed(x, found) for x, found in case.unlike)
    ),
    "source": Rule("source", _is_beyond_index),
    "unmet": Rule("unmet", lambda case: case.is_lacking),
    "extra": Rule("extra", lambda case: any(x.name not in case.needed for x in case.unlisted)),
    "unpinned": Rule("files", _may_be_unpinned),
    "conflict": Rule("files", lambda case: bool(case.contradictions) or may_repeat(case.lines)),
    "stale": Rule("files", lambda case: bool(case.compiled) and case.complete),
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
        never = SEED_PACKAGES | HIDDEN_BY_PIP
        requires = not distributions.keys() <= {line.name for line in lines} | never
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


def _hangs_on_patch(markers: Iterable[str | None], python: Python) -> bool:
    """Whether a verdict depends on the patch version, which an upgrade may have changed."""
    asked = {marker for marker in markers if marker and "_version" in marker}
    return any(pep440.marker_hangs_on_patch(marker, python) for marker in asked)


def make_case(
    requirements: Requirements,
    environment: Environment,
    facts: Facts,
    policy: Policy,
    project: Project,
) -> Case:
    """Relate the lines that apply here to what is installed.

    Args:
        requirements: the content of the files.
        environment: what is installed.
        facts: the answers to questions about it.
        policy: what the user counts as drift.
        project: the project that the requirements file belongs to.
    """
    python = facts.python or environment.python
    distributions, lines = environment.distributions, requirements.requirements
    if not all(line.name for line in lines):
        lines = drift.sources.with_projects(requirements, environment, facts)
    notes: list[Note] = []
    errors: list[Problem] = []
    inactive: list[Requirement] = []
    unlike: list[tuple[Requirement, Distribution | None]] = []
    by_project: dict[CanonicalName, list[Requirement]] = {}
    for line in lines:
        try:
            applies = line.marker is None or pep440.marker_holds(line.marker, python)
        except InvalidLineError as error:
            errors.append(Problem(line.at, str(error)))
            continue
        name = line.name
        if applies and name:
            by_project.setdefault(name, []).append(line)
            found = distributions.get(name)
            if found is None or found.version != line.pin or found.direct or line.extras:
                unlike.append((line, found))
        elif not line.constraint:
            inactive.append(line)
            notes.append(inactive_note(line))
    limits: dict[CanonicalName, Sequence[Requirement]] = {}
    if sum([file.constraints for file in requirements.files]):
        for name, group in tuple(by_project.items()):
            if all(line.constraint for line in group):
                limits[name] = by_project.pop(name)
        unlike = [(line, found) for line, found in unlike if line.name not in limits]
    if requirements.scopes:
        errors += drift.files.outside_scopes(requirements.scopes, by_project, python)
    others, exempt = unlisted_projects(environment, by_project.keys(), requirements.unsafe)
    if requirements.errors or errors:
        why = "what is unlisted or unpinned is not reported while lines cannot be read"
        notes.append(Note("unsure", None, None, why))
    graph = graph_of(facts, python)
    asked = nodes_of(line for group in by_project.values() for line in group)
    case = Case(
        requirements,
        environment,
        facts,
        policy,
        project,
        python,
        lines,
        by_project,
        limits,
        tuple(inactive),
        tuple(unlike),
        others,
        tuple([distributions[name] for name in graph.unreadable]),
        graph,
        is_wanted("unmet", policy) and not graph.is_whole(asked, distributions),
        (*requirements.notes, *environment.notes, *notes, *exempt),
        (*requirements.errors, *errors),
    )
    return _with_binding(case)


def _with_binding(case: Case) -> Case:
    """The case with what follows from it."""
    there, needed = case.environment.distributions, frozenset[CanonicalName]()
    if case.unlisted or not there.keys().isdisjoint(case.limits):
        needed = drift.extra.need_not_be_listed(case)
    binding = {**case.applicable}
    binding.update((name, x) for name, x in case.limits.items() if name in needed and name in there)
    bound = (
        (there[name], line) for name in case.limits if name in binding for line in binding[name]
    )
    contradictions = {}
    for name, group in binding.items():
        if len(group) > 1 and not _fits_all(there.get(name), group) and may_contradict(group):
            contradictions[name] = drift.sources.contradicting(tuple(group))
    return case._replace(
        unlike=(*case.unlike, *((line, found) for found, line in bound)),
        needed=needed,
        binding=binding,
        contradictions={name: pairs for name, pairs in contradictions.items() if pairs},
    )


def _fits_all(found: Distribution | None, lines: Sequence[Requirement]) -> bool:
    """Whether what is installed shows that the lines do not contradict each other."""
    if found is None or any(line.source for line in lines):
        return False
    return all(is_allowed(line, found) for line in lines)


def compare(case: Case) -> Report:
    """Apply each rule whose guard says that it may find something, and count what was looked at."""
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
    return Report(
        environment,
        case.files,
        findings,
        tuple(sorted(notes, key=order_of_notes)),
        case.errors,
        asked - skipped,
        skipped,
    )


def rule_of(kind: KindName) -> Callable[[Case], Iterator[Finding | Note]]:
    """The rule that finds one kind; its module is loaded now."""
    found: Callable[[Case], Iterator[Finding | Note]]
    found = getattr(getattr(drift, RULES[kind].module), kind)
    return found


def is_wanted(kind: KindName, policy: Policy) -> bool:
    """Whether the user wants such findings at all."""
    return dict(policy.severity).get(kind) != "off"


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


def inactive_note(line: Requirement) -> Note:
    """What is said of a line that does not apply here."""
    message = f"{line.text} does not apply here: its marker is false"
    return Note("marker", line.name, line.at, message)


def is_allowed(line: Requirement, found: Distribution) -> bool:
    """Whether the line allows the installed version."""
    version = found.version
    if line.pin == version or (line.limits == f"=={version}" and version[-1] != "*"):
        return True
    return pep440.satisfies(version, line.specifier)


def is_pinned(line: Requirement) -> bool:
    """Whether the line fixes one release."""
    if line.pin is not None:
        return True
    if line.source is None:
        return pep440.is_pinned(line.specifier)
    if line.source.kind == "archive":
        # A wheel's or sdist's file name says its version.
        return bool(line.hashes or line.source.hashes) or pep440.is_pinned(line.specifier)
    return line.source.kind == "vcs" and names_commit(line.source)


def names_commit(source: Source) -> bool:
    """Whether the revision is a fixed commit, not a branch, a tag or a short id."""
    if source.vcs in NUMBERING:
        return (source.revision or "").isdigit()
    return is_commit_id(source.revision)


def may_contradict(lines: Sequence[Requirement]) -> bool:
    """Whether no version satisfies all these lines of one project, or their sources may differ."""
    if sum(line.source is not None for line in lines) > 1:
        return True
    pins = {line.pin for line in lines}
    if len(pins) == 1 and None not in pins:
        return False
    return pep440.is_unsatisfiable({line.specifier for line in lines})


def may_repeat(lines: Sequence[Requirement]) -> bool:
    """Whether two lines of a file might say the same."""
    if len({line.name for line in lines}) == len(lines):
        return False
    different = {
        (line.origin.file, line.name, line.constraint, line.extras, line.marker) for line in lines
    }
    return len(different) < len(lines)


def is_inside(folder: str, source: Source | Unreadable | None) -> bool:
    """Whether a project was installed from a folder that is a part of the user's own project.

    A checkout that an installer cloned into an environment in the project's folder does not count.
    """
    if source is None or isinstance(source, Unreadable) or source.kind != "folder":
        return False
    top = os.path.realpath(folder) + os.sep
    if source.environment.startswith(top):
        return False
    return any(f"{place}{os.sep}".startswith(top) for place in source.folders)


def unlisted_projects(
    environment: Environment,
    listed: Set[CanonicalName],
    unsafe: frozenset[CanonicalName],
) -> tuple[tuple[Distribution, ...], tuple[Note, ...]]:
    """The installed projects that are not `listed`: those that are not exempt, notes on the others.

    `unsafe` are the projects that pip-compile's comment in the file names.
    """
    others = [found for name, found in environment.distributions.items() if name not in listed]
    exempt = {found: _exemption(found, unsafe) for found in others}
    notes = [note for note in exempt.values() if note]
    return tuple([found for found, note in exempt.items() if not note]), tuple(notes)


def _exemption(found: Distribution, unsafe: frozenset[CanonicalName]) -> Note | None:
    name = found.name
    if not found.own:
        return Note("system", name, None, f"{name} is outside the environment's own folders")
    if name in HIDDEN_BY_PIP:
        return Note("stdlib", name, None, f"{name} is installed, but pip freeze never lists it")
    if name in SEED_PACKAGES:
        return Note("tool", name, None, f"{name} is never counted as extra")
    if name in unsafe:
        return Note("tool", name, None, f"{name} is omitted by pip-compile as unsafe")
    return None
