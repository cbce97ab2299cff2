"""One check from beginning to end: read both sides, ask what else must be known, compare."""

from __future__ import annotations

import os
import sys

from . import git
from .compare import compare, questions
from .environment.locate import Situation, locate, own_virtualenv
from .environment.read import read_environment, read_target_folder
from .errors import EnvironmentReadError, UsageError
from .excuses import listed_names
from .model import (
    TYPE_CHECKING,
    CanonicalName,
    Environment,
    Facts,
    Policy,
    Problem,
    Project,
    Report,
    Requirements,
    canonical_name,
)
from .requirements.files import read_requirements

if TYPE_CHECKING:
    from collections.abc import Sequence

DEFAULT_FILE = "requirements.txt"


def check(
    files: Sequence[str] = (),
    constraints: Sequence[str] = (),
    *,
    python: str | None = None,
    path: str | None = None,
    policy: Policy | None = None,
) -> Report:
    """Compare an environment with requirements files.

    Args:
        files: requirements files, taken as one set; by default `requirements.txt` in the working
            directory or at the git top.
        constraints: files that only limit versions, as pip's `-c`.
        python: an interpreter or an environment's folder; by default the project's own is found.
        path: a folder that `pip install --target` filled, instead of an environment.
        policy: what counts as drift.

    Raises:
        UsageError: no file was named and there is no default one.
        EnvironmentReadError: no environment was found, or it cannot be read.
    """
    requirements, situation = read_files(files, constraints, python)
    return compare_with(requirements, find_environment(situation, path), situation, policy)


def read_files(
    files: Sequence[str], constraints: Sequence[str] = (), python: str | None = None
) -> tuple[Requirements, Situation]:
    """The requirements, and all that choosing an environment for them depends on.

    Raises:
        UsageError: no file was named and there is no default one.
    """
    cwd = os.getcwd()
    paths = tuple(os.path.join(cwd, file) for file in files) or (_default_file(cwd),)
    top = git.top_folder(os.path.dirname(os.path.abspath(paths[0])))
    requirements = read_requirements(paths, constraints, top)
    required = listed_names(requirements.requirements)
    return requirements, Situation(paths, required, os.environ, cwd, top, python)


def _default_file(cwd: str) -> str:
    for folder in (cwd, git.top_folder(cwd)):
        if folder and os.path.exists(path := os.path.join(folder, DEFAULT_FILE)):
            return path
    raise UsageError(
        f"there is no {DEFAULT_FILE} here or at the git top", "name the file: reqdrift FILE"
    )


def find_environment(situation: Situation, path: str | None = None) -> Environment:
    """The environment, read; one line on stderr if it is not the project's own `.venv`.

    Raises:
        EnvironmentReadError: none was found, or it cannot be read.
    """
    if path is not None:
        return read_target_folder(path)
    candidate = locate(situation)
    own = own_virtualenv(situation)
    if own and not situation.python and os.path.realpath(own) != os.path.realpath(candidate.prefix):
        print(
            f"reqdrift: checking {candidate.prefix} (found by {candidate.found_by}), not {own}",
            file=sys.stderr,
        )
    return read_environment(candidate)


def compare_with(
    requirements: Requirements,
    environment: Environment,
    situation: Situation,
    policy: Policy | None = None,
) -> Report:
    """Ask the environment what the comparison wants to know, then compare."""
    asked = questions(requirements, environment)
    facts = Facts({})
    name: CanonicalName | None = None
    if asked.sources or asked.requires or asked.exact_python:
        from .environment.facts import answer
        from .pyproject import project_name

        facts = answer(asked, environment)
        name = canonical_name(project_name(situation.folder)) or None
    project = Project(situation.top or situation.folder, name)
    return compare(requirements, environment, facts, policy or Policy(), project)


def failed_report(requirements: Requirements, error: EnvironmentReadError) -> Report:
    """What can be said when there is no environment to compare with."""
    return Report(
        None, requirements.files, errors=(*requirements.errors, Problem(None, str(error)))
    )
