"""The settings of one run, and what is added to a report that is not clean."""

from __future__ import annotations

import os

from .. import commands, environments, repair, repository
from ..environments import Situation
from ..errors import EnvironmentReadError, UnreadableFilesError, UsageError
from ..report import advice, shown_path
from ..repository import load_settings
from ..values import (
    TYPE_CHECKING,
    NamedTuple,
    Policy,
    Problem,
    Request,
    Set,
    Settings,
)
from . import Examination, examine, read_files
from .comparison import assumed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from ..environments import EnvironmentSource
    from ..values import Report
    from ..values.findings import Hint

    StrPath = str | os.PathLike[str]
    # One, or several.
    Files = StrPath | Sequence[StrPath]
    Names = str | Sequence[str]


class Job(NamedTuple):
    """A set of files with its environment, what counts as drift, and the request.

    Commands in hints repeat `request`.
    """

    one: Set
    policy: Policy
    request: Request

    @property
    def constraints(self) -> tuple[str, ...]:
        """The files that only limit versions: those of the request, and those of the set."""
        return (*self.request.constraints, *self.one.constraints)


def settings(files: Files = ()) -> Settings:
    """The `[tool.reqdrift]` table of pyproject.toml: sets of files, and a policy.

    Args:
        files: requirements files; the search starts in their folder, or in the working directory.

    Raises:
        UsageError: the table cannot be understood.
    """
    return load_settings(Request(paths_of(files)), os.getcwd())


def paths_of(files: Files) -> tuple[str, ...]:
    """The paths or names of a parameter; a text is one, not a sequence of characters."""
    named = (files,) if isinstance(files, str | os.PathLike) else files
    return tuple(os.fspath(name) for name in named)


def configured(request: Request) -> Job:
    """The options from the command line, completed by the project's configuration.

    Raises:
        UsageError: several sets are configured, and no file is named.
    """
    sets = load_settings(request, os.getcwd()).sets
    if request.installed:
        sets = commands.several.with_records(sets, request.installed)
    if len(sets) > 1:
        names = ", ".join(one.name for one in sets)
        if request.installed:
            raise UsageError(f"there are several environments ({names})", "pass one record")
        if len({one.base for one in sets}) > 1:
            raise UsageError(f"several sets are configured ({names})", "pass --set NAME")
        pythons = ", ".join(one.python or "" for one in sets)
        base = sets[0].base
        raise UsageError(f"set {base} has several environments: {pythons}", "pass --python PATH")
    return Job(sets[0], sets[0].policy, request)


def unconfigured(files: Files, constraints: Files, policy: Policy | None, **others: Any) -> Job:
    """The parameters of a function; the project's configuration is not read.

    Raises:
        UsageError: some of them are mutually exclusive.
    """
    for name in ("python", "path", "installed"):
        if others.get(name) is not None:
            others[name] = os.fspath(others[name])
    for name in ("extras", "groups"):
        others[name] = paths_of(others.get(name, ()))
    installed = others.pop("installed", None)
    policy = policy or Policy()
    request = Request(
        paths_of(files),
        paths_of(constraints),
        unlisted="" if policy.unlisted == "auto" else policy.unlisted,
        ignore=tuple(item for item in policy.ignore if isinstance(item, str)),
        severity=policy.severity,
        stdlib=tuple(sorted(policy.live)),
        add_to=policy.add_to,
        installed=() if installed is None else (installed,),
        **others,
    )
    check_subject(request, str)
    one = Set("", request.files, request.python, extras=request.extras, groups=request.groups)
    one = one._replace(installed=installed or "")
    return Job(one, policy, request)


def check_subject(request: Request, spell: Callable[[str], str]) -> None:
    """Raises UsageError if what names the environment or the files does not fit together.

    Args:
        request: what was asked for.
        spell: how a field is written where it was given: `--python-version` or `python_version`.
    """
    given = [name for name in ("path", "installed") if getattr(request, name) not in (None, ())]
    if given and request.python:
        given.append("python")
    if request.staged and request.rev:
        given = ["staged", "rev"]
    if len(given) > 1:
        raise UsageError(f"{' and '.join(map(spell, given))} are mutually exclusive", "pass one")
    if request.python_version is not None and not given:
        why = "an environment has its own Python"
        needed = f"{spell('path')} or {spell('installed')}"
        raise UsageError(f"{spell('python_version')} requires {needed}", f"leave it out: {why}")
    if request.platform is not None and not request.installed:
        why = "an environment on this disk is for this platform"
        what = f"{spell('platform')} requires {spell('installed')}"
        raise UsageError(what, f"leave it out: {why}")


def situation_of(one: Set) -> Situation:
    """Everything needed to choose an environment; without files, the working directory."""
    cwd = os.getcwd()
    try:
        return read_files(one)[1]
    except UsageError:
        top = repository.top_folder(cwd)
        return Situation((), (), os.environ, cwd, top, one.python, one.configured, one.named_by)


def source_of(job: Job, situation: Situation) -> EnvironmentSource:
    """The source of the environment of a job.

    Raises:
        EnvironmentReadError: none was found.
    """
    return commands.find_environment(job.one, situation, job.request)


def examined(job: Job, *, thoroughly: bool = False) -> Examination:
    """Both sides of a job, read and compared; see `examine`.

    Raises:
        EnvironmentReadError: no environment was found, or it cannot be read.
    """
    request = job.request
    requirements, situation = read_files(
        job.one, request.constraints, staged=request.staged, rev=request.rev
    )
    source = source_of(job, situation)
    return examine(requirements, situation, source, job.policy, thoroughly=thoroughly)


def examined_whole(job: Job, consequence: str) -> Examination:
    """A comparison for a command that changes something.

    Raises:
        UnreadableFilesError: a line or file cannot be read; `consequence` says what is not done.
        UsageError: the result depends on a Python version that is unknown.
        EnvironmentReadError: no environment was found, or it cannot be read.
    """
    found = examined(job)
    if found.report.errors:
        raise UnreadableFilesError(found.report.errors, consequence)
    if found.hanging:
        raise UsageError(assumed(found.environment.python, found.hanging), consequence)
    return found


# Findings that leave no place on a screen for what is above them.
_MANY = 20


def explained(report: Report, found: Examination, one: Set, request: Request) -> Report:
    """The report with what to do.

    Args:
        report: what was found.
        found: what it is based on.
        one: the set.
        request: what the run was about.
    """
    if not (report.findings or report.errors):
        return report
    if one.installed:
        request = request._replace(installed=(one.installed,), set_name=one.base)
    elif one.name and not request.files:
        # A set with several environments has one for each of them.
        python = one.python if one.name != one.base else request.python
        request = request._replace(set_name=one.base, python=python and shown_path(python))
    named = found.situation.files
    leads = advice.lead_of(report, named, request)
    rest = advice.beyond_lead(report) if leads else report
    hints: tuple[Hint, ...] = ()
    if rest.findings or not leads:
        hints = advice.advise(rest, request, *_about_compiled(found, rest))
    # On a terminal, the beginning of a long report is out of sight.
    again = leads if len(report.findings) > _MANY else ()
    return report._replace(leads=leads, hints=(*again, *hints))


def _about_compiled(
    found: Examination, report: Report
) -> tuple[Mapping[str, Hint], Mapping[str, str]]:
    """How compiled files follow the environment, and how those that are stale are compiled."""
    if not found.case.compiled:
        return {}, {}
    ways = repair.recompile.recompilations(found.case, report.findings)
    hints = {file: way.hint for file, way in ways.items()}
    return hints, repair.recompile.stale_files(found.case, report.findings)


def cross_checked(found: Examination) -> Report:
    """The report, with what pip and pip-api read: notes, and errors (exit code 3).

    The environment's pip is started; without one, its importlib.metadata.
    """
    # Few ask for it, and it starts programs.
    from ..crosscheck import compare_installed, compare_lines, read_through_pip

    environment, report = found.environment, found.report
    interpreter = environment.python.interpreter
    # This Python reads the folders of an environment that never had one; a lost one is an error.
    has_python = environment.can.install or any(b.project == "python" for b in environment.broken)
    folders = () if has_python else environment.folders
    # pip-api does not read lock files.
    texts = ["" if file.is_lock else file.text for file in found.requirements.files]
    try:
        if interpreter and environment.started:
            # pyenv's shims choose by the working directory, in which pip must not run.
            interpreter = environments.asking.ask(interpreter)["executable"]
        reader, installed, lines = read_through_pip(interpreter, folders, texts)
    except EnvironmentReadError as error:
        problem = Problem(None, f"cross-check: {error}", error.exit_code)
        return report._replace(errors=(*report.errors, problem))
    agreed, unlike = compare_installed(environment, reader, installed)
    read, misread = compare_lines(found.requirements, lines)
    return report._replace(
        environment=environment._replace(started=True),
        notes=(*report.notes, agreed, read),
        errors=(*report.errors, *unlike, *misread),
    )
