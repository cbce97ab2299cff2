"""The project around the requirements files, and what its files declare."""

from __future__ import annotations

import os

from .. import drift, environments, repository, requirements
from ..drift.case import make_case
from ..errors import ReqdriftError
from ..files import is_inside, is_same
from ..values import TYPE_CHECKING, CanonicalName, Project

if TYPE_CHECKING:
    from ..drift.case import Case
    from ..environments import Situation
    from ..values import Requirement


def with_project(
    case: Case, situation: Situation, anyway: bool, *, all_of: bool, is_of_git: bool
) -> Case:
    """The case with the project around the files; see `project_of`.

    What it declares may stand for what metadata says.
    """
    case = case._replace(project=project_of(case, situation, anyway, all_of=all_of))
    declared = case.project.declared
    if declared and (declared.metadata or declared.dependencies or declared.parts):
        facts = drift.unmet.with_declarations(case)
        if facts != case.facts:
            given = case.requirements, case.environment, facts, case.policy
            case = make_case(*given, case.project)
            case = case._replace(project=project_of(case, situation, True, all_of=all_of))
    if declared and declared.problems:
        case = case._replace(errors=(*case.errors, *declared.problems))
    declared = case.project.declared
    if declared and is_of_git:
        # The versions on the disk may be newer than the files.
        parts = tuple(one._replace(version="") for one in declared.parts)
        declared = declared._replace(version="", parts=parts)
        case = case._replace(project=case.project._replace(declared=declared))
    return case


def project_of(
    case: Case, situation: Situation, anyway: bool = False, *, all_of: bool = False
) -> Project:
    """The project around the files, with its name if something of that name is installed.

    What it declares is read if it is installed itself, if something is to be accounted for, or
    `anyway`. What files nearby list is read if something unlisted may be from there, or if `all_of`
    it is asked for.
    """
    gaps, python = case.environment.gaps, case.environment.python
    unlisted = {found.name for found in case.unlisted if not case.policy.satisfied}
    names = unlisted | case.facts.sources.keys()
    if gaps or python.assumed:
        names |= case.environment.distributions.keys()
    root = repository.project_folder(situation.folder, situation.top) or situation.folder
    name = repository.projects.project_among(root, names)
    of_parts = names if gaps and gaps.sources else ()
    inner = frozenset(repository.projects.folders_of(situation.project_folder, of_parts))
    project = Project(case.project.folder, name, inner)
    is_open = case.is_lacking or not unlisted <= case.needed
    others: dict[CanonicalName | None, str] = {}
    for line in case.asking:
        source = case.source(line.name) if line.name and line.source else None
        if source and source.kind == "folder" and source.folders and line.name != name:
            # pip records `file:lib` as `file:///lib`.
            places = [source.folders[-1], *(line.source.folders if line.source else ())]
            if place := next(filter(repository.is_project, places), ""):
                others[line.name] = place
    if not case.complete or not (name or is_open or anyway or others or case.graph.has_urls):
        return project
    prefix, top = case.environment.prefix, situation.top
    declared = repository.declared.declared(situation.folder, top, prefix, situation.read)
    # Each by itself: what is around it, as a workspace, is that of the project.
    parts = [
        repository.declared.declared(folder, folder, prefix, situation.read)._replace(name=part)
        for part, folder in others.items()
    ]
    if not is_open:
        return project._replace(declared=declared._replace(parts=tuple(parts), problems=()))
    files = dict.fromkeys([*situation.files, *(file.path for file in case.files)])
    beside = [path for path, python in situation.beside if shares(situation, prefix, path, python)]
    around = os.path.dirname(prefix)
    find = requirements.nearby.declared_nearby

    def name_of(line: Requirement) -> CanonicalName | None:
        return drift.sources.installed_from(line, case.facts)

    # They account for what is unlisted.
    is_asked = files and (all_of or not unlisted <= case.needed)
    nearby = find(files, around, beside, name_of) if is_asked else ()
    every = (*nearby, *declared.others)
    problems = declared.problems if case.is_lacking or case.declarations_count else ()
    declared = declared._replace(parts=tuple(parts), others=every, problems=problems)
    return project._replace(declared=declared)


def shares(situation: Situation, prefix: str, file: str, python: str) -> bool:
    """Whether the file of another set, for which `python` is configured, is for an environment."""
    if not python:
        # One without another environment next to it may be for the one around it.
        names = (os.path.basename(prefix), *environments.NAMES)
        beside = [os.path.join(os.path.dirname(file), name) for name in names]
        others = [path for path in beside if environments.site.is_environment(path)]
        is_other = bool(others) and not any(is_same(path, prefix) for path in others)
        return not is_other and is_inside(os.path.realpath(file), situation.shared_folder(prefix))
    if python == situation.configured and situation.named_by == "--python":
        return True  # it is found in the same way
    try:
        found = environments.fallbacks.named_environment(python, "", situation.cwd)
    except ReqdriftError:
        return False
    return is_same(found.prefix, prefix)
