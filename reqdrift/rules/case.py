"""The case that the rules look at: every line with its project known, and those that apply here."""

from __future__ import annotations

import os

from .. import versions
from ..errors import InvalidLineError
from ..excuses import listed_names, unlisted
from ..findings import Checkout, Finding
from ..graph import Graph
from ..model import (
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
    Requirement,
    Requirements,
    Source,
    Unreadable,
    canonical_name,
)
from .sources import same_place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Case(NamedTuple):
    """One comparison.

    `file` is the first requirements file. `lines` are all requirements and constraints;
    `applicable` those whose marker holds here, by project, for projects that a requirement asks
    for. `unknown` are the distributions whose metadata was asked what they need, and could not
    say it. `complete` is False when a line or file could not be read: then nobody knows what is
    unlisted or unpinned.
    """

    file: str
    lines: tuple[Requirement, ...]
    applicable: Mapping[CanonicalName, tuple[Requirement, ...]]
    environment: Environment
    facts: Facts
    python: Python
    policy: Policy
    project: Project
    unlisted: tuple[Distribution, ...]
    graph: Graph
    unknown: tuple[Distribution, ...]
    notes: tuple[Note, ...]
    errors: tuple[Problem, ...]
    complete: bool
    remote: bool

    def installed(self, name: CanonicalName | None) -> Distribution | None:
        """The distribution of a project, None if it is not installed."""
        return self.environment.distributions.get(name) if name else None

    def source(self, name: CanonicalName) -> Source | None:
        """Where an installed project came from; None for an index, or where it cannot be read."""
        source = self.facts.sources.get(name)
        return source if isinstance(source, Source) else None

    def checkout(self, asked: tuple[str, str] | None) -> Checkout | None:
        """The git repository that was asked for; None if there is none."""
        return (self.facts.checkouts or {}).get(asked) if asked else None

    def finding(
        self, kind: str, line: Requirement, message: str, severity: str = "error"
    ) -> Finding:
        """A finding about a line."""
        found = self.installed(line.name)
        return Finding(
            kind,
            severity,
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
    """Give every line its project, and set aside the lines whose marker is false here."""
    python = facts.python or environment.python
    lines = tuple(
        line if line.name else _with_project(line, facts) for line in requirements.requirements
    )
    lines = _paired(lines, requirements, environment)
    notes: list[Note] = []
    errors: list[Problem] = []
    applicable: dict[CanonicalName, list[Requirement]] = {}
    for line in lines:
        try:
            applies = line.marker is None or versions.marker_holds(line.marker, python)
        except InvalidLineError as error:
            errors.append(Problem(line.at, str(error)))
            continue
        if applies and line.name:
            applicable.setdefault(line.name, []).append(line)
        elif not line.constraint:
            message = f"{line.text} does not apply here: its marker is false"
            notes.append(Note("marker", line.name, line.at, message))
    listed = listed_names(line for group in applicable.values() for line in group)
    others, excuses = unlisted(environment, listed, requirements.unsafe)
    return Case(
        requirements.files[0].path if requirements.files else "",
        lines,
        {name: tuple(group) for name, group in applicable.items() if name in listed},
        environment,
        facts,
        python,
        policy,
        project,
        others,
        _graph(facts, python),
        tuple(_with_unknown_needs(environment, facts)),
        (*requirements.notes, *environment.notes, *notes, *excuses),
        (*requirements.errors, *errors),
        not requirements.errors and not errors,
        requirements.remote,
    )


def _with_unknown_needs(environment: Environment, facts: Facts) -> Iterator[Distribution]:
    for name, requires in sorted((facts.requires or {}).items()):
        if isinstance(requires, Unreadable):
            yield environment.distributions[name]


def _graph(facts: Facts, python: Python) -> Graph:
    """Who needs whom, as far as the metadata could be read."""

    def holds(marker: str, extra: str) -> bool:
        try:
            return versions.marker_holds(marker, python, extra)
        except InvalidLineError:
            return True  # rather needed than not

    requires = (facts.requires or {}).items()
    return Graph({n: r for n, r in requires if not isinstance(r, Unreadable)}, holds)


def _with_project(line: Requirement, facts: Facts) -> Requirement:
    """A bare path or URL with its project, and its version where the name of the file says one."""
    name, source, specifier = _project_of(line, facts), line.source, ""
    if source and source.kind == "archive":
        sdist = versions.sdist_name(os.path.basename(source.url))
        if sdist and canonical_name(sdist[0]) == name:
            specifier = f"=={sdist[1]}"
    return line._replace(name=name, limits=specifier)


def _paired(
    lines: tuple[Requirement, ...], requirements: Requirements, environment: Environment
) -> tuple[Requirement, ...]:
    """The lines, the only one of an unknown project paired with the only egg-info that is unlisted.

    Both have no record of the other: `setup.py install`, which pip ran before 23.1, left none.
    """
    open_lines = [
        at
        for at, (line, written) in enumerate(zip(lines, requirements.requirements, strict=True))
        if not (written.name or written.stated) and line.name not in environment.distributions
    ]
    if len(open_lines) != 1:
        return lines
    at = open_lines[0]
    named = listed_names((*lines[:at], *lines[at + 1 :]))
    others, _ = unlisted(environment, named, requirements.unsafe)
    fitting = [found.name for found in others if found.entry.endswith(".egg-info")]
    if len(fitting) != 1:
        return lines
    return (*lines[:at], lines[at]._replace(name=fitting[0]), *lines[at + 1 :])


def _project_of(line: Requirement, facts: Facts) -> CanonicalName:
    """The project of a bare path or URL: that of the distribution installed from it, or a guess."""
    guess = canonical_name(line.hint)
    there = [
        name
        for name, source in facts.sources.items()
        if line.source and isinstance(source, Source) and same_place(line.source, source)
    ]
    # One repository or folder may hold several.
    return guess if guess in there or not there else min(there)
