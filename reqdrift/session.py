"""One check from beginning to end: read both sides, ask what else must be known, compare."""

from __future__ import annotations

import os

from . import repository
from .drift import compare, hanging_on_version, questions, settle
from .environments.candidates import Situation
from .environments.disk import Disk
from .environments.locate import locate, own_virtualenv
from .errors import EnvironmentReadError, ReqdriftError, UnreadableFilesError, UsageError
from .files import folder_of, read_file
from .repository.config import Set, load
from .requirements import read_requirements
from .standards.names import canonical_name
from .values import (
    TYPE_CHECKING,
    CanonicalName,
    Environment,
    Facts,
    NamedTuple,
    Note,
    Options,
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

    from .environments.base import EnvironmentSource

DEFAULT_FILE = "requirements.txt"
_MOST_NAMED = 3


class Examination(NamedTuple):
    """A report, with all that it was made from.

    `hanging` are the projects whose findings hang on a Python version that is only assumed.
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


def check(
    files: Sequence[str] = (),
    constraints: Sequence[str] = (),
    *,
    python: str | None = None,
    path: str | None = None,
    python_version: str | None = None,
    policy: Policy | None = None,
) -> Report:
    """Compare an environment with requirements files.

    Args:
        files: requirements files, taken as one set; by default `requirements.txt` in the working
            directory or at the git top.
        constraints: files that only limit versions, as pip's `-c`.
        python: an interpreter or an environment's folder; by default the project's own is found.
        path: a folder that `pip install --target` filled, instead of an environment.
        python_version: the X.Y of the Python that this folder is for, by default this one's.
        policy: what counts as drift; the configuration of pyproject.toml is not read.

    Raises:
        UsageError: no file was named and there is no default one.
        EnvironmentReadError: no environment was found, or it cannot be read.
    """
    requirements, situation = read_files(Set("", tuple(files), python), constraints)
    source = find_environment(situation, path, python_version)
    return examine(requirements, situation, source, policy or Policy()).report


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
        from .repository.tree import open_tree, reader

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
    from .repository.tree import AbsentError

    def exists(path: str) -> bool:
        try:
            read(path, named=True)
        except AbsentError:
            return False
        except ReqdriftError:
            return True
        return True

    return exists


def situation_of(one: Set) -> Situation:
    """All that choosing an environment depends on; without files, only on the working directory."""
    cwd = os.getcwd()
    try:
        return read_files(one)[1]
    except UsageError:
        top = repository.top_folder(cwd)
        return Situation((), (), os.environ, cwd, top, one.python, one.configured, one.named_by)


def only_set(options: Options) -> tuple[Set, Policy]:
    """The one set of files that a command is about, and what counts as drift.

    Raises:
        UsageError: several sets are configured, and no file is named.
    """
    settings = load(options, os.getcwd())
    if len(settings.sets) > 1:
        names = ", ".join(one.name for one in settings.sets)
        first = " ".join(map(os.path.relpath, settings.sets[0].files)) or DEFAULT_FILE
        hint = f"name the files of one of them (here: {first})"
        raise UsageError(f"several sets are configured ({names})", hint)
    return settings.sets[0], settings.policy


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
    from .environments.target import Target

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
    requirements: Requirements, situation: Situation, source: EnvironmentSource, policy: Policy
) -> Examination:
    """Ask the source what the comparison wants to know, then compare."""
    environment = source.read()
    folder = situation.top or situation.folder
    hanging: tuple[CanonicalName, ...] = ()
    if report := settle(requirements, environment, policy):
        facts, project = Facts({}), Project(folder)
    else:
        from .repository.projects import project_name

        facts = _ask(requirements, source, folder, policy)
        # The project's name decides nothing but what an unlisted stranger is.
        name = project_name(situation.folder) if facts.requires is not None else ""
        project = Project(folder, canonical_name(name) or None)
        report = compare(requirements, environment, facts, policy, project)
        if hanging := hanging_on_version(report, requirements, facts, policy, project):
            note = Note("unsure", None, None, _assumed(environment.python, hanging))
            report = report._replace(notes=(*report.notes, note))
    found = (requirements, situation, source, environment, facts, policy, project, report)
    return Examination(*found, hanging)


def _assumed(python: Python, hanging: Sequence[CanonicalName]) -> str:
    """What is said of verdicts that another Python would change."""
    names = ", ".join(hanging[:_MOST_NAMED])
    if len(hanging) > _MOST_NAMED:
        names += f" and {len(hanging) - _MOST_NAMED} more"
    minor = ".".join(map(str, python.minor))
    return (
        f"the folder does not say which Python it is for: {minor} is assumed, and for another the"
        f" findings about {names} would differ; pass --python-version X.Y"
    )


def cross_checked(found: Examination) -> Report:
    """The report, with what a second witness says of both sides: notes, and errors (exit code 3).

    The environment's pip is started; without one, its importlib.metadata.
    """
    from .crosscheck.compare import cross_check
    from .crosscheck.worker import read_through_pip
    from .environments.asking import ask

    environment, report = found.environment, found.report
    interpreter = environment.python.interpreter
    # This Python reads the folders of an environment that never had one; a lost one is an error.
    has_python = environment.can.install or any(b.project == "python" for b in environment.broken)
    folders = () if has_python else environment.folders
    texts = [file.text for file in found.requirements.files]
    try:
        if interpreter and environment.started:
            # pyenv's shims choose by the working directory, in which pip must not run.
            interpreter = ask(interpreter)["executable"]
        witness = read_through_pip(interpreter, folders, texts)
    except EnvironmentReadError as error:
        problem = Problem(None, f"cross-check: {error}", error.exit_code)
        return report._replace(errors=(*report.errors, problem))
    direct = frozenset(d.name for d in environment.distributions.values() if d.direct)
    sources = found.source.answer(Questions(sources=direct), Facts({})).sources
    outcome = cross_check(environment, sources, found.requirements, witness)
    return report._replace(
        environment=environment._replace(started=True),
        notes=(*report.notes, *outcome.notes),
        errors=(*report.errors, *outcome.problems),
    )


def _ask(
    requirements: Requirements, source: EnvironmentSource, folder: str, policy: Policy
) -> Facts:
    """The answers to all that the comparison wants to know."""
    facts = Facts({})
    while any(asked := questions(requirements, source.read(), folder, facts, policy)):
        facts = source.answer(asked, facts)
    return facts


def examine_whole(options: Options, consequence: str) -> Examination:
    """A comparison that something is to be done about.

    Raises:
        UnreadableFilesError: a line or file cannot be read; `consequence` says what is not done.
        UsageError: what is to be done hangs on a version that nothing says.
        EnvironmentReadError: no environment was found, or it cannot be read.
    """
    one, policy = only_set(options)
    requirements, situation = read_files(
        one, options.constraints, staged=options.staged, rev=options.rev
    )
    source = find_environment(situation, options.path, options.python_version)
    found = examine(requirements, situation, source, policy)
    if found.report.errors:
        raise UnreadableFilesError(found.report.errors, consequence)
    if found.hanging:
        raise UsageError(_assumed(found.environment.python, found.hanging), consequence)
    return found


def failed_report(requirements: Requirements, error: EnvironmentReadError) -> Report:
    """What can be said when there is no environment to compare with."""
    return Report(
        None, requirements.files, errors=(*requirements.errors, Problem(None, str(error)))
    )
