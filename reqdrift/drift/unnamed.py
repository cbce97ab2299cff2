"""The projects of bare paths and URLs."""

from __future__ import annotations

import os

from ..standards import canonical_name, pep440
from ..values import TYPE_CHECKING, Environment, Requirement, Requirements, listed_names
from ..values.details import Source
from . import unlisted_projects
from .sources import same_place

if TYPE_CHECKING:
    from ..values import CanonicalName
    from ..values.findings import Facts


def with_projects(
    requirements: Requirements, environment: Environment, facts: Facts
) -> tuple[Requirement, ...]:
    """All lines, each with a project: its own, or the most likely one."""
    lines = tuple(
        line if line.name else _with_project(line, facts) for line in requirements.requirements
    )
    return _paired(lines, requirements, environment)


def _with_project(line: Requirement, facts: Facts) -> Requirement:
    """A bare path or URL with its project, and its version if the file name has one."""
    name, source, specifier = _project_of(line, facts), line.source, ""
    if source and source.kind == "archive":
        sdist = pep440.sdist_name(os.path.basename(source.url))
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
    others, _ = unlisted_projects(environment, named, requirements.unsafe)
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
    # One repository or folder may contain several.
    return guess if guess in there or not there else min(there)
