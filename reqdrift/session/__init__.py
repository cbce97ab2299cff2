"""One run from settings to a value: read both sides, ask what else must be known, compare.

Here is what every run does; the modules of the package do what one command does on top, and have
the function of the public API that gives its result.
"""

from __future__ import annotations

import os

from .. import repository
from ..drift import settle
from ..environments import Disk
from ..environments.candidates import Situation
from ..environments.locate import locate, own_virtualenv
from ..errors import EnvironmentReadError, ReqdriftError, UsageError
from ..files import folder_of, read_file
from ..requirements import read_requirements
from ..values import (
    TYPE_CHECKING,
    CanonicalName,
    Environment,
    Facts,
    NamedTuple,
    Note,
    Policy,
    Problem,
    Project,
    Python,
    Questions,
    Report,
    Requirements,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..drift.case import Case
    from ..environments.base import EnvironmentSource
    from ..repository.config import Set

DEFAULT_FILE = "requirements.txt"
_MOST_NAMED = 3


class Examination(NamedTuple):
    """A report, with all that it was made from.

    `hanging` are the projects whose findings hang on a Python version that is only assumed. `case`
    is what the rules looked at, None where the fast path settled all.
    """

    requirements: Requirements
    situation: Situation
    source: EnvironmentSource
    environment: Environment
    facts: Facts
    policy: Policy
    project: Project
    report: Report
    hanging: tuple[CanonicalName, ...] = ()
    case: Case | None = None


def read_files(
    one: Set, constraints: Sequence[str] = (), *, staged: bool = False, rev: str = ""
) -> tuple[Requirements, Situation]:
    """The requirements of a set, and all that choosing an environment for them depends on.

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
        from ..repository.tree import open_tree, reader

        first = os.path.dirname(os.path.join(cwd, one.files[0])) if one.files else cwd
        read = reader(open_tree(first, rev))
        exists = _existing(read)
    for file in (*one.files, *constraints):
        if "://" in file or file.startswith(("http:", "https:")):
            raise UsageError(f"{file} is a URL, and nothing is fetched", "download it")
    files = dict.fromkeys(os.path.join(cwd, file) for file in one.files)
    paths = tuple(files) or (_default_file(cwd, exists),)
    top = repository.top_folder(os.path.abspath(folder_of(paths[0], cwd)))
    requirements = read_requirements(paths, constraints, top, read=read)
    lines = requirements.requirements
    situation = Situation(
        paths, lines, os.environ, cwd, top, one.python, one.configured, one.named_by
    )
    return requirements, situation


def _existing(read: Callable[..., bytes]) -> Callable[[str], bool]:
    """Whether there is something to read, be it unreadable, as a question about a path."""
    from ..repository.tree import AbsentError

    def exists(path: str) -> bool:
        try:
            read(path, named=True)
        except AbsentError:
            return False
        except ReqdriftError:
            return True
        return True

    return exists


def _default_file(cwd: str, exists: Callable[[str], bool]) -> str:
    """The requirements file that is meant when none is named.

    Raises:
        UsageError: there is none.
    """
    for folder in (cwd, repository.top_folder(cwd)):
        if folder and exists(path := os.path.join(folder, DEFAULT_FILE)):
            return path
    raise UsageError(
        f"there is no {DEFAULT_FILE} here or at the git top", "name the file: reqdrift FILE"
    )


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
        requirements: what the files say.
        situation: where the files are.
        source: what reads the environment.
        policy: what counts as drift.
        thoroughly: ask, whatever the comparison wants, what each distribution needs, so that there
            is always a case.
    """
    environment = source.read()
    folder = situation.top or situation.folder
    hanging: tuple[CanonicalName, ...] = ()
    case: Case | None = None
    facts, project = Facts({}), Project(folder)
    settled = None if thoroughly else settle(requirements, environment, policy, facts)
    while isinstance(settled, Questions):
        facts = source.answer(settled, facts)
        settled = settle(requirements, environment, policy, facts)
    report = settled
    if report is None:
        # What a clean run does without.
        from ..drift.compare import compare_case, hanging_on_version, perhaps_unlisted

        facts = _ask(requirements, source, folder, policy, facts, Questions(requires=thoroughly))
        # The project's name decides nothing but what an unlisted stranger is.
        if facts.requires is not None:
            from ..repository.projects import project_among

            strangers = {found.name for found in perhaps_unlisted(requirements, environment)}
            project = Project(folder, project_among(situation.folder, strangers))
        case, report = compare_case(requirements, environment, facts, policy, project)
        if hanging := hanging_on_version(report, requirements, facts, policy, project):
            note = Note("unsure", None, None, assumed(environment.python, hanging))
            report = report._replace(notes=(*report.notes, note))
    found = (requirements, situation, source, environment, facts, policy, project, report)
    return Examination(*found, hanging, case)


def assumed(python: Python, hanging: Sequence[CanonicalName]) -> str:
    """What is said of verdicts that another Python would change."""
    names = ", ".join(hanging[:_MOST_NAMED])
    if len(hanging) > _MOST_NAMED:
        names += f" and {len(hanging) - _MOST_NAMED} more"
    minor = ".".join(map(str, python.minor))
    return (
        f"the folder does not say which Python it is for: {minor} is assumed, and for another the"
        f" findings about {names} would differ; pass --python-version X.Y"
    )


def _ask(
    requirements: Requirements,
    source: EnvironmentSource,
    folder: str,
    policy: Policy,
    facts: Facts,
    always: Questions,
) -> Facts:
    """The answers so far, and those to all that is asked always or for the comparison."""
    from ..drift.compare import questions

    if any(always):
        facts = source.answer(always, facts)
    while any(asked := questions(requirements, source.read(), folder, facts, policy)):
        facts = source.answer(asked, facts)
    return facts


def failed_report(requirements: Requirements, error: EnvironmentReadError) -> Report:
    """What can be said when there is no environment to compare with."""
    return Report(
        None, requirements.files, errors=(*requirements.errors, Problem(None, str(error)))
    )
