"""One run, from settings to a value: read both sides, ask what else must be known, compare.

This module has what every run does. Each other module adds what one command does, and has its
function of the public API.
"""

from __future__ import annotations

import os

from .. import repository
from ..drift import settle
from ..environments import Disk
from ..environments.candidates import Situation
from ..environments.locate import locate, own_virtualenv
from ..errors import EnvironmentReadError, UsageError
from ..files import folder_of, read_file
from ..requirements import read_requirements
from ..values import TYPE_CHECKING, CanonicalName, NamedTuple, Problem
from ..values.report import Report

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..drift.case import Case
    from ..environments.base import EnvironmentSource
    from ..values.environment import Environment
    from ..values.requirements import Requirements
    from ..values.settings import Policy, Set

DEFAULT_FILE = "requirements.txt"


class Examination(NamedTuple):
    """A report, with everything that it is based on.

    `hanging` are the projects whose findings depend on a Python version that is only assumed.
    `case` is what the rules looked at, None if the fast path decided everything.
    """

    requirements: Requirements
    situation: Situation
    source: EnvironmentSource
    environment: Environment
    policy: Policy
    report: Report
    case: Case | None = None
    hanging: tuple[CanonicalName, ...] = ()

    @property
    def folder(self) -> str:
        """The folder of the project: the git top, or that of the first file."""
        return self.situation.top or self.situation.folder


def read_files(
    one: Set, constraints: Sequence[str] = (), *, staged: bool = False, rev: str = ""
) -> tuple[Requirements, Situation]:
    """The requirements of a set, and everything needed to choose an environment for them.

    Args:
        one: the set.
        constraints: files that only limit versions.
        staged: read the files from git's index.
        rev: read the files, and what they include, from this git revision.

    Raises:
        UsageError: the set names no file and there is no default one; there is no such revision.
    """
    cwd = os.getcwd()
    read: Callable[..., bytes] = read_file
    exists: Callable[[str], bool] = os.path.exists
    if staged or rev:
        # What starts git costs more than a clean run.
        from ..repository.tree import existing, open_tree, reader

        first = os.path.dirname(os.path.join(cwd, one.files[0])) if one.files else cwd
        read = reader(open_tree(first, rev))
        exists = existing(read)
    constraints = (*constraints, *one.constraints)
    for file in (*one.files, *constraints):
        if "://" in file or file.startswith(("http:", "https:")):
            raise UsageError(f"{file} is a URL; reqdrift downloads nothing", "download it")
    files = dict.fromkeys(os.path.join(cwd, file) for file in one.files)
    paths = tuple(files) or (_default_file(cwd, exists),)
    top = repository.top_folder(os.path.abspath(folder_of(paths[0], cwd)))
    requirements = read_requirements(paths, constraints, top, read=read)
    lines = requirements.requirements
    situation = Situation(
        paths, lines, os.environ, cwd, top, one.python, one.configured, one.named_by
    )
    return requirements, situation


def _default_file(cwd: str, exists: Callable[[str], bool]) -> str:
    """The requirements file that is meant when none is named.

    Raises:
        UsageError: there is none.
    """
    for folder in (cwd, repository.top_folder(cwd)):
        if folder and exists(path := os.path.join(folder, DEFAULT_FILE)):
            return path
    # Most projects have that file.
    from .default import default_of_folder

    return default_of_folder(cwd)


def find_environment(
    situation: Situation, path: str | None = None, python_version: str | None = None
) -> EnvironmentSource:
    """Where the environment is read.

    Raises:
        EnvironmentReadError: none was found.
    """
    if path is None:
        return Disk(locate(situation))
    # Few checks are of such a folder.
    from ..environments.target import Target

    return Target(path, python_version)


def passed_over(situation: Situation, environment: Environment) -> str:
    """The project's own `.venv` if another environment was chosen without naming it, else ''."""
    own = own_virtualenv(situation)
    if not own or situation.python or environment.chosen == "named":
        return ""
    prefix = environment.prefix
    is_same = own == prefix or os.path.realpath(own) == os.path.realpath(prefix)
    return "" if is_same else own


def examine(
    requirements: Requirements,
    situation: Situation,
    source: EnvironmentSource,
    policy: Policy,
    *,
    thoroughly: bool = False,
) -> Examination:
    """Ask the source what the comparison wants to know, then compare.

    Args:
        requirements: the content of the files.
        situation: where the files are.
        source: what reads the environment.
        policy: what counts as drift.
        thoroughly: ask, whatever the comparison wants, what each distribution needs, so that there
            is always a case.
    """
    environment, facts = source.read(), None
    settled = None if thoroughly else settle(requirements, environment, policy)
    if settled is not None and not isinstance(settled, Report):
        # Only extras need to know more.
        from .asking import settle_with_answers

        settled, facts = settle_with_answers(settled, requirements, source, policy)
    if settled is not None:
        return Examination(requirements, situation, source, environment, policy, settled)
    # What a clean run does without.
    from .comparison import compared

    more = compared(requirements, situation, source, policy, facts, thoroughly=thoroughly)
    return Examination(requirements, situation, source, environment, policy, *more)


def failed_report(requirements: Requirements, error: EnvironmentReadError) -> Report:
    """What can be said when there is no environment to compare with."""
    return Report(
        None, requirements.files, errors=(*requirements.errors, Problem(None, str(error)))
    )
