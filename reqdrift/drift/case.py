"""The case that the rules look at: lines with known projects, and those that apply here."""

from __future__ import annotations

import os

from .. import drift, standards
from ..errors import InvalidLineError
from ..kinds import KINDS
from ..standards import canonical_name, pep440
from ..values import (
    TYPE_CHECKING,
    CanonicalName,
    Compiled,
    Distribution,
    Environment,
    NamedTuple,
    Note,
    Policy,
    Problem,
    Python,
    ReadFile,
    Requirement,
    Requirements,
    listed_names,
)
from ..values.findings import Facts, Finding, Project, Unreadable
from . import unlisted_projects
from .graph import TOOLS, Graph, Omissions, graph_of, omissions_of
from .lines import inactive_note, is_allowed, may_contradict, outside_scopes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..values import KindName, Severity
    from ..values.details import Checkout, Source


class Case(NamedTuple):
    """One comparison.

    `files` are the files that were read. `lines` are all requirements and constraints: `applicable`
    those whose marker holds here, by project, for projects that a requirement asks for; `limits`
    the constraints that hold here on other projects; `inactive` the requirements whose marker is
    false here. `unlisted` are the distributions that no requirement lists and that are not exempt;
    `unknown` those whose dependencies were asked for and could not be read. `complete` is
    False when a line or file could not be read: then it is unknown what is unlisted or unpinned.
    `remote` is whether a constraints URL was passed over.

    What follows from these: `omissions` need not be listed; `binding` are the lines that what is
    installed has to satisfy, by project: those that apply, and constraints on installed projects
    that may be unlisted; `contradictions` are the pairs of them that nothing satisfies together.
    """

    files: tuple[ReadFile, ...]
    lines: tuple[Requirement, ...]
    applicable: Mapping[CanonicalName, tuple[Requirement, ...]]
    limits: Mapping[CanonicalName, tuple[Requirement, ...]]
    inactive: tuple[Requirement, ...]
    environment: Environment
    facts: Facts
    python: Python
    policy: Policy
    project: Project
    unlisted: tuple[Distribution, ...]
    unknown: tuple[Distribution, ...]
    graph: Graph
    notes: tuple[Note, ...]
    errors: tuple[Problem, ...]
    complete: bool
    remote: bool
    compiled: tuple[Compiled, ...] = ()
    omissions: Omissions = Omissions()
    binding: Mapping[CanonicalName, tuple[Requirement, ...]] = {}
    contradictions: Mapping[CanonicalName, tuple[tuple[Requirement, Requirement], ...]] = {}

    @property
    def file(self) -> str:
        """The path of the first requirements file."""
        return self.files[0].path if self.files else ""

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

    def may_omit_dependencies(self, file: str) -> bool:
        """Whether what the requirements of this file need may be installed without being listed."""
        return file in self.omissions.files

    def may_be_unlisted(self, name: CanonicalName) -> bool:
        """Whether the project need not be listed: it is a dependency, and of no freeze."""
        return name in self.omissions.projects

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
        return (self.facts.checkouts or {}).get(asked) if asked else None

    def names_stdlib_module(self, line: Requirement) -> bool:
        """Whether the line names a module of the checked Python's standard library."""
        if line.source is not None or not line.written.isidentifier():
            return False
        return standards.markers.is_stdlib_module(line.written, self.python.minor, self.policy.live)

    def finding(
        self, kind: KindName, line: Requirement, message: str, severity: Severity | None = None
    ) -> Finding:
        """A finding about a line."""
        found = self.installed(line.name)
        return Finding(
            kind,
            severity or KINDS[kind].severity,
            line.name or canonical_name(line.written or line.hint),
            line.at,
            line.text,
            found.version if found else None,
            message,
        )


def make_case(
    requirements: Requirements,
    environment: Environment,
    facts: Facts,
    policy: Policy,
    project: Project,
) -> Case:
    """Find the project of every line, and separate lines whose marker is false here."""
    python = facts.python or environment.python
    lines = requirements.requirements
    if not all(line.name for line in lines):
        lines = drift.sources.with_projects(requirements, environment, facts)
    notes: list[Note] = []
    errors: list[Problem] = []
    inactive: list[Requirement] = []
    by_project: dict[CanonicalName, list[Requirement]] = {}
    for line in lines:
        try:
            applies = line.marker is None or pep440.marker_holds(line.marker, python)
        except InvalidLineError as error:
            errors.append(Problem(line.at, str(error)))
            continue
        if applies and line.name:
            by_project.setdefault(line.name, []).append(line)
        elif not line.constraint:
            inactive.append(line)
            notes.append(inactive_note(line))
    groups = {name: tuple(group) for name, group in by_project.items()}
    if requirements.scopes:
        errors += outside_scopes(requirements.scopes, groups, python)
    listed = listed_names(line for group in groups.values() for line in group)
    others, exempt = unlisted_projects(environment, listed, requirements.unsafe)
    case = Case(
        requirements.files,
        lines,
        {name: group for name, group in groups.items() if name in listed},
        {name: group for name, group in groups.items() if name not in listed},
        tuple(inactive),
        environment,
        facts,
        python,
        policy,
        project,
        others,
        tuple(_with_unknown_needs(environment, facts)),
        graph_of(facts, python),
        (*requirements.notes, *environment.notes, *notes, *exempt),
        (*requirements.errors, *errors),
        not requirements.errors and not errors,
        requirements.remote,
        requirements.compiled,
    )
    case = case._replace(omissions=_omissions(case, requirements))
    binding = _binding(case)
    doubtful = {
        name: group
        for name, group in binding.items()
        if len(group) > 1 and not _fits_all(case.installed(name), group) and may_contradict(group)
    }
    return case._replace(binding=binding, contradictions=_contradictions(doubtful))


def _contradictions(
    groups: Mapping[CanonicalName, tuple[Requirement, ...]],
) -> dict[CanonicalName, tuple[tuple[Requirement, Requirement], ...]]:
    if not groups:
        return {}
    pairs = {name: drift.sources.contradicting(group) for name, group in groups.items()}
    return {name: found for name, found in pairs.items() if found}


def _fits_all(found: Distribution | None, lines: tuple[Requirement, ...]) -> bool:
    """Whether what is installed shows that the lines do not contradict each other."""
    if found is None or any(line.source for line in lines):
        return False
    return all(is_allowed(line, found) for line in lines)


def _binding(case: Case) -> dict[CanonicalName, tuple[Requirement, ...]]:
    """The lines that apply, and constraints on installed projects that may be unlisted."""
    there = case.environment.distributions
    free = {
        name: lines
        for name, lines in case.limits.items()
        if name in there and case.may_be_unlisted(name)
    }
    return {**case.applicable, **free}


def _omissions(case: Case, requirements: Requirements) -> Omissions:
    """What need not be listed, by the policy or by the form of the files."""
    if case.policy.unlisted == "all" or not case.complete:
        return Omissions()
    unlisted = {f.name for f in case.unlisted if f.name not in TOOLS and not case.is_local(f)}
    is_judged = unlisted and case.facts.requires is not None
    if case.policy.unlisted != "orphans" and not is_judged:
        return Omissions()
    listed = case.applicable.keys() & case.environment.distributions.keys()
    asked = case.policy, case.asking, case.graph
    return omissions_of(requirements, *asked, listed, unlisted)


def _with_unknown_needs(environment: Environment, facts: Facts) -> Iterator[Distribution]:
    for name, requires in sorted(facts.needs.items()):
        if isinstance(requires, Unreadable):
            yield environment.distributions[name]


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
