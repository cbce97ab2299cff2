"""The case that the rules look at: lines that apply here, related to what is installed."""

from __future__ import annotations

import os

from .. import drift, standards, values
from .. import requirements as reading
from ..errors import InvalidLineError
from ..values import TYPE_CHECKING, CanonicalName, NamedTuple, Note, Problem, Unreadable
from .graph import Graph, Node, graph_of, nodes_of
from .lines import is_allowed, may_contradict, outside_scopes, unlisted_projects

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from ..values import (
        Distribution,
        Environment,
        Facts,
        KindName,
        Policy,
        Project,
        Python,
        ReadFile,
        Requirement,
        Requirements,
    )
    from ..values.details import Checkout, Compiled, Source


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
    the pairs of them that nothing satisfies together. `only_here` are needs (a project, and a text
    in its metadata) of lines in files that were compiled for another Python, where there is no such
    need, each with how that is said.
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
    only_here: Mapping[tuple[CanonicalName, str], str] = {}

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
    def declarations_count(self) -> bool:
        """Whether what the project declares accounts for what is installed.

        Not in a record, a folder or an image: what is for developers does not belong there.
        """
        return self.environment.can.install and self.policy.unlisted != "all"

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

    @property
    def applying(self) -> list[Requirement]:
        """The requirements and constraints that apply here."""
        groups = (*self.applicable.values(), *self.limits.values())
        return [line for lines in groups for line in lines]

    def is_local(self, found: Distribution) -> bool:
        """Whether the project is the user's own: of this repository, or of its name."""
        editable = self.facts.editables.get(found.name)
        if found.name == self.project.name or (editable and editable.here):
            return True
        return not (editable and editable.missing) and is_inside(
            self.project.folder, self.source(found.name)
        )

    def holds(self, marker: str) -> bool:
        """Whether a marker of what is declared holds here; one that cannot be read does not."""
        try:
            return not marker or standards.pep440.marker_holds(marker, self.python)
        except InvalidLineError:
            return False

    def installed(self, name: CanonicalName | None) -> Distribution | None:
        """The distribution of a project, None if it is not installed."""
        return self.environment.distributions.get(name) if name else None

    def source(self, name: CanonicalName) -> Source | None:
        """Where an installed project came from; None for an index, or if it cannot be read."""
        source = self.facts.sources.get(name)
        return None if isinstance(source, Unreadable) else source

    def declared_version(self, name: CanonicalName, folders: Collection[str]) -> str:
        """The version that a project in one of the folders declares, '' if it is not known."""
        declared = self.project.declared
        projects = (declared, *declared.parts) if declared else ()
        named = (one for one in projects if one.name == name and one.folder)
        known = (x.version for x in named if os.path.realpath(x.folder or "") in folders)
        return next((one for one in known if standards.pep440.is_specifier(f"=={one}")), "")

    def checkout(self, asked: tuple[str, str, str] | None) -> Checkout | None:
        """The git repository that was asked for; None if there is none."""
        return self.facts.checkouts.get(asked) if asked else None

    def names_stdlib_module(self, line: Requirement) -> bool:
        """Whether the line names a module of the checked Python's standard library."""
        if line.source is not None or not line.written.isidentifier():
            return False
        return standards.markers.is_stdlib_module(line.written, self.python.minor, self.policy.live)


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
            applies = line.marker is None or standards.pep440.marker_holds(line.marker, python)
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
            message = f"{line.text} does not apply here: its marker is false"
            notes.append(Note("marker", line.name, line.at, message))
    limits: dict[CanonicalName, Sequence[Requirement]] = {}
    if sum([file.constraints for file in requirements.files]):
        for name, group in tuple(by_project.items()):
            if all(line.constraint for line in group):
                limits[name] = by_project.pop(name)
        unlike = [(line, found) for line, found in unlike if line.name not in limits]
    if requirements.scopes:
        errors += outside_scopes(requirements.scopes, by_project, python)
    others, exempt = unlisted_projects(environment, by_project.keys(), requirements.omitted)
    errors = sorted([*requirements.errors, *errors], key=_order_of_errors)
    # Without any file, nothing is judged at all.
    if errors and requirements.files and not policy.satisfied:
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
        tuple(errors),
    )
    return _with_binding(case)


def _order_of_errors(error: Problem) -> tuple[str, int]:
    return (error.at.file, error.at.line or 0) if error.at else ("", 0)


def _with_binding(case: Case) -> Case:
    """The case with what follows from it."""
    there, needed = case.environment.distributions, frozenset[CanonicalName]()
    may_be_extra = case.unlisted and not case.policy.satisfied
    if may_be_extra or not there.keys().isdisjoint(case.limits):
        needed, elsewhere = need_not_be_listed(case)
        if names := sorted({found.name for found in case.unlisted} & elsewhere):
            why = "not listed, because only some platforms or Pythons need it"
            what = f"{why}: {values.details.some_names(names)}"
            case = case._replace(notes=(*case.notes, Note("unlisted", None, None, what)))
    limits = {name: x for name, x in case.limits.items() if name in needed and name in there}
    bound = [(line, there[name]) for name, lines in limits.items() for line in lines]
    binding, contradictions = {**case.applicable, **limits}, {}
    for name, lines in binding.items():
        if len(lines) > 1 and sum(line.source is not None for line in lines) > 1:
            binding[name] = lines = _with_editables(lines, case)
        may_be = len(lines) > 1 and not _fits_all(there.get(name), lines) and may_contradict(lines)
        if may_be and (pairs := drift.sources.contradicting(tuple(lines))):
            contradictions[name] = pairs
    unlike = (*case.unlike, *bound)
    return case._replace(
        unlike=unlike, needed=needed, binding=binding, contradictions=contradictions
    )


def _with_editables(lines: Sequence[Requirement], case: Case) -> Sequence[Requirement]:
    """The lines, of which those on a copy mean the editable that another line installs.

    A constraint cannot say that it is editable. Of two requirements, uv installs the editable, and
    pip refuses both.
    """
    has_pip = "pip" in case.environment.distributions
    editables = [x.source for x in lines if x.source and x.source.editable]

    def of_editable(line: Requirement) -> Requirement:
        source = line.source
        if not source or source.editable or not (line.constraint or not has_pip):
            return line
        same = (x for x in editables if drift.sources.same_place(source, x))
        found = next((x for x in same if source.revision == x.revision), None)
        return line._replace(source=found) if found else line

    return list(map(of_editable, lines))


def _fits_all(found: Distribution | None, lines: Sequence[Requirement]) -> bool:
    """Whether what is installed shows that the lines do not contradict each other."""
    if found is None or any(line.source for line in lines):
        return False
    return all(is_allowed(line, found) for line in lines)


def is_wanted(kind: KindName, policy: Policy) -> bool:
    """Whether the user wants such findings at all."""
    if policy.satisfied and kind in ("extra", "unpinned", "stale"):
        return False
    return dict(policy.severity).get(kind) != "off"


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


def files_that_list_all(case: Case) -> frozenset[str]:
    """The paths of the files that must list all that is installed, even if a line needs it."""
    if case.policy.unlisted == "all":
        return frozenset(file.path for file in case.files)
    if case.policy.unlisted == "orphans":
        return frozenset()
    unhashed = {line.origin.file for line in case.asking if not line.hashes}
    hashed = {line.origin.file for line in case.asking} - unhashed
    complete = set()
    for file in case.files:
        is_compiled = "generated by" in file.text
        command = reading.compiled.generating_command(file.text) if is_compiled else ""
        is_of_group = bool(command) and reading.compiled.is_of_groups(file.text)
        if file.is_lock or (not is_of_group and (command or file.path in hashed)):
            complete.add(file.path)
    return frozenset(complete)


def files_for_other_pythons(case: Case) -> list[tuple[ReadFile, str]]:
    """The files that were compiled for another Python than the environment's, each with its X.Y."""
    if case.environment.python.assumed:
        return []
    here = "{}.{}".format(*case.python.minor)
    compiled = [file for file in case.files if "generated by" in file.text]
    versions = ((file, reading.compiled.other_python(file.text, here)) for file in compiled)
    return [(file, version) for file, version in versions if version]


def need_not_be_listed(case: Case) -> tuple[frozenset[CanonicalName], set[CanonicalName]]:
    """What listed packages need, directly or not, and what may be left out of a file therefore.

    What the lines of a file that lists all need must be listed, even if something else needs it,
    too, up to what the line of another file asks for: the dependencies of that belong to its file.
    But where the file was compiled, what they need on this machine only may not be needed: that is
    the second set.
    """
    complete = files_that_list_all(case)
    free = nodes_of(line for line in case.asking if line.origin.file not in complete)
    if any(" --prune" in file.text for file in case.files):
        free += map(Node, case.requirements.omitted)  # it omits what these need, too
    bound = nodes_of(line for line in case.asking if line.origin.file in complete)
    needed = case.graph.dependencies(free)
    listed = case.graph.dependencies(bound, {*free})
    is_open = any(found.name in listed for found in case.unlisted)
    if not is_open or case.policy.unlisted == "all":
        return frozenset(needed - listed), set()
    variables = [*reading.compiled.OF_MACHINES]
    if not all(reading.compiled.python_of(x.text) for x in case.files if x.path in complete):
        variables.append("_version")
    surely = case.graph.without(variables).dependencies(bound, {*free})
    elsewhere = case.graph.dependencies(bound) - surely - needed
    return frozenset(needed - surely | elsewhere), elsewhere
