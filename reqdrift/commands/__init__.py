"""One run, from a set of files to what was found and printed: read both sides, compare, publish.

This module has what a clean check does; `run` has what all other commands do, `several` what a
plain check does without, `subject` what the functions of the public API take. Each other module is
a command: its function of the public API, and what it prints. Reports go to standard output and
files, other messages to standard error.

- "checking X, not Y" is printed to standard error by every command if the project has a `.venv`
  and another environment was chosen without being named.
"""

from __future__ import annotations

import os
import sys

from .. import commands, drift, environments, repository
from .. import report as reports
from .. import requirements as reading
from .._record import lazy
from ..drift.case import Case, make_case
from ..environments import Disk, Situation
from ..errors import ReqdriftError, UsageError, print_error
from ..files import NO_FILE, append_file, folder_of, is_inside, is_same, read_file, write_file
from ..report import (
    FOR_PEOPLE,
    FORMATS,
    clean_text,
    describe_error,
    describe_problem,
    masked,
    printable,
)
from ..requirements import read_requirements
from ..texts import has_secret, mask, shortened
from ..values import TYPE_CHECKING, CanonicalName, Facts, NamedTuple, Note, Project, Request, Set

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import TextIO

    from ..environments import EnvironmentSource
    from ..values import Environment, FormatName, Policy, Problem, Report, Requirements, Style
    from . import check as check
    from . import crosscheck as crosscheck
    from . import run as run
    from . import several as several
    from . import subject as subject

    # What a set asks for, and where it stands.
    Sides = tuple[Requirements, Situation]
    # Pairs of a format and the file that takes it, '' for standard output.
    Formats = Sequence[tuple[FormatName, str]]

__getattr__ = lazy(__name__)


DEFAULT_FILE = "requirements.txt"
# Where compiled files say what compiled them.
_HEADER = 400
# The first that there is, here or at the top of the repository, is meant if no file is named.
_DEFAULT_FILES = (DEFAULT_FILE, "pylock.toml")


class Run(NamedTuple):
    """A report, with everything that it is based on.

    `hanging` are the projects whose findings depend on a Python version that is only assumed.
    `case` is what the rules looked at. `one` is the set of files, and `request` what was asked for:
    commands in hints repeat it.
    """

    requirements: Requirements
    situation: Situation
    source: EnvironmentSource
    environment: Environment
    policy: Policy
    report: Report
    case: Case
    hanging: tuple[CanonicalName, ...] = ()
    one: Set = Set("", ())
    request: Request = Request()

    @property
    def constraints(self) -> tuple[str, ...]:
        """The files that only limit versions: those of the request, and those of the set."""
        return (*self.request.constraints, *self.one.constraints)

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
        UsageError: the set names no file and there is no default one; there is no repository, or
            it has no such revision.
    """
    cwd = os.getcwd()
    read: Callable[..., bytes] = read_file
    exists: Callable[[str], bool] = os.path.exists
    if staged or rev:
        first = os.path.dirname(os.path.join(cwd, one.files[0])) if one.files else cwd
        read, exists = repository.git.readers(first, rev)
    constraints = (*constraints, *one.constraints)
    for file in (*one.files, *constraints):
        if "://" in file or file.startswith(("http:", "https:")):
            raise UsageError(f"{file} is a URL; reqdrift downloads nothing", "download it")
        shown = reports.shown_path(os.path.join(cwd, file))
        if has_secret(shown) and not exists(os.path.join(cwd, file)):
            # The place of an error is not masked.
            raise UsageError(f"{shown}: {NO_FILE}")
    files = dict.fromkeys(os.path.join(cwd, file) for file in one.files)
    paths = tuple(files) or (_default_file(cwd, exists),)
    top = repository.top_folder(os.path.abspath(folder_of(paths[0], cwd)))
    choices = one.extras, one.groups
    requirements = read_requirements(paths, constraints, top, read=read, choices=choices)
    if one.sources or any("generated by" in file.text[:_HEADER] for file in requirements.files):
        requirements = reading.compiled.with_sources(requirements, read, top, one.sources)
    lines = requirements.requirements
    situation = Situation(
        *(paths, lines, os.environ, cwd, top, one.python, one.configured, one.named_by, one.beside)
    )
    return requirements, situation


def sides_of(sets: Iterable[Set], request: Request) -> list[Sides]:
    """The files of each set; those of sets that differ by their record only are read once."""
    known: dict[Set, Sides] = {}
    found = []
    for one in sets:
        same = one._replace(name="", installed="") if one.installed else one
        if same not in known:
            known[same] = read_files(
                one, request.constraints, staged=request.staged, rev=request.rev
            )
        found.append(known[same])
    return found


def _default_file(cwd: str, exists: Callable[[str], bool]) -> str:
    """The requirements file that is meant when none is named.

    Raises:
        UsageError: there is none.
    """
    folders = (cwd, repository.top_folder(cwd))
    paths = [os.path.join(folder, name) for name in _DEFAULT_FILES for folder in folders if folder]
    # One that is on the disk only is read, too, to say why git does not have it.
    for is_there in dict.fromkeys((exists, os.path.exists)):
        for path in paths:
            if is_there(path):
                return path
    return commands.several.default_of_folder(cwd)


def find_environment(one: Set, situation: Situation, request: Request) -> EnvironmentSource:
    """Where the environment of a set is read.

    Raises:
        EnvironmentReadError: none was found.
    """
    if not one.installed and request.path is None:
        return Disk(environments.locate.locate(situation))
    return commands.several.named_source(one, situation, request)


def passed_over(situation: Situation, environment: Environment) -> str:
    """The project's own `.venv` if another environment was chosen without naming it, else ''."""
    if situation.python or environment.chosen == "named":
        return ""
    if not (own := environments.locate.own_virtualenv(situation)):
        return ""
    return "" if is_same(own, environment.prefix) else own


def examine(
    requirements: Requirements,
    situation: Situation,
    source: EnvironmentSource,
    policy: Policy,
    *,
    thoroughly: bool = False,
) -> Run:
    """Ask the source what the comparison wants to know, then compare.

    Args:
        requirements: the content of the files.
        situation: where the files are.
        source: what reads the environment.
        policy: what counts as drift.
        thoroughly: ask, whatever the comparison wants, what each distribution needs.
    """
    environment, folder = source.read(), situation.project_folder
    asked = drift.questions(requirements, environment, policy)
    if thoroughly:
        asked = asked._replace(requires=True)
    if policy.checkout != "off" and drift.may_run_from_elsewhere(environment):
        own = environments.editables.project_folder(situation.folders_upwards())
        asked = asked._replace(editables=(own, situation.top))
    facts = source.answer(asked, Facts())
    case = make_case(requirements, environment, facts, policy, Project(folder))
    further = drift.further_questions(case, folder)
    if any(further):
        facts = source.answer(further, facts)
        case = make_case(requirements, environment, facts, policy, case.project)
    is_open = case.is_lacking or (case.unlisted and not policy.satisfied)
    is_other = facts.requires is not None and _may_have_metadata_of_uv(situation)
    if is_open or facts.sources or is_other:
        case = case._replace(project=project_of(case, situation, anyway=is_other))
        declared = case.project.declared
        if declared and is_open:
            case = case._replace(errors=(*case.errors, *declared.problems))
        if declared and (declared.metadata or declared.dependencies or declared.parts):
            facts = drift.unmet.with_declarations(case)
            if facts != case.facts:
                case = make_case(requirements, environment, facts, policy, case.project)
    report, hanging = drift.compare(case), tuple[CanonicalName, ...]()
    if environment.gaps:
        report = drift.undecided.decided(case, report, environment.gaps)
    elif hanging := drift.hanging_on_version(case, report):
        note = Note("unsure", None, None, drift.undecided.assumed(environment, hanging))
        report = report._replace(notes=(*report.notes, note))
    environment = report.environment or environment
    return Run(requirements, situation, source, environment, policy, report, case, hanging)


def _may_have_metadata_of_uv(situation: Situation) -> bool:
    """Whether uv may take other metadata than what is installed has: cheap, on the safe side."""
    places = {folder for folder in (situation.folder, situation.top) if folder}
    paths = [os.path.join(x, name) for x in places for name in ("pyproject.toml", "uv.toml")]
    return any("dependency-metadata" in repository.read_text(path) for path in paths)


def project_of(case: Case, situation: Situation, *, anyway: bool = False) -> Project:
    """The project around the files, with its name if something of that name is installed.

    What it declares is read if it is installed itself, if something is to be accounted for, or
    `anyway`.
    """
    gaps, python = case.environment.gaps, case.environment.python
    unlisted = {found.name for found in case.unlisted if not case.policy.satisfied}
    names = unlisted | case.facts.sources.keys()
    if gaps or python.assumed:
        names |= case.environment.distributions.keys()
    is_of_parts = bool(gaps and gaps.sources)
    name, parts = situation.own_projects(names, parts=is_of_parts)
    project = Project(case.project.folder, name, parts)
    is_open = case.is_lacking or not unlisted <= case.needed
    if not case.complete or not (name or is_open or anyway):
        return project
    prefix = case.environment.prefix
    declared = repository.declared.declared(situation.folder, situation.top, prefix)
    if is_open:
        files = dict.fromkeys([*situation.files, *(file.path for file in case.files)])
        beside = [path for path in situation.beside if is_for(prefix, path)]
        nearby = (
            reading.nearby.declared_nearby(files, os.path.dirname(prefix), beside) if files else ()
        )
        declared = declared._replace(others=(*nearby, *declared.others))
    others = []
    for line in case.asking:
        source = case.source(line.name) if line.name and line.source else None
        if source and line.name != name and drift.case.is_inside(project.folder, source):
            part = repository.declared.declared(source.folders[-1], situation.top, prefix)
            others.append(part._replace(name=line.name))
    return project._replace(declared=declared._replace(parts=tuple(others)))


def is_for(prefix: str, file: str) -> bool:
    """Whether a file may be for an environment around it: there is none next to it."""
    folder, (around, name) = os.path.dirname(file), os.path.split(prefix)
    return is_inside(file, around) and not (
        folder != around and os.path.exists(os.path.join(folder, name))
    )


def print_choice(situation: Situation, environment: Environment) -> None:
    """Print to standard error if the project's own environment is not the one that is checked."""
    own = passed_over(situation, environment)
    if own:
        chosen = f"{environment.prefix} (found by {environment.found_by})"
        print_error(printable(f"reqdrift: checking {chosen}, not {own}"))


def failure_lines(
    error: ReqdriftError, problems: Iterable[Problem], part: str = ""
) -> tuple[str, ...]:
    """For standard error: unreadable lines and files, then the error that stops the run."""
    named = printable(f"[{part}] ") if part else ""
    return (*map(describe_problem, problems), f"reqdrift: {named}{describe_error(error)}")


def print_lines(lines: Iterable[str], *, on_stderr: bool = False) -> None:
    """Print lines with credentials masked and control characters escaped."""
    stream = sys.stderr if on_stderr else sys.stdout
    stream.write(shortened("".join(f"{printable(mask(line))}\n" for line in lines)))


def publish(report: Report, style: Style, formats: Formats = ()) -> None:
    """Print or write the report in every requested format.

    Args:
        report: the report.
        style: how people want to see it.
        formats: which formats, and where they go.

    Raises:
        ReqdriftError: a file cannot be written; it is unchanged.
    """
    report = masked(report)
    summary = os.environ.get("GITHUB_STEP_SUMMARY", "")
    wishes: Formats = formats or (("auto", ""),)
    annotated = not in_actions() or ("github", "") in wishes
    for file in [file for _, file in wishes if file]:
        _must_take_a_report(file, report, is_summary=file == summary)
    for name, file in wishes:
        if name == "auto":
            if not (file or annotated):
                _print(_rendered("github", report, style))
                annotated = True
            terminal = sys.stdout.isatty() or is_colored(style.color, sys.stdout)
            name = "rich" if style.color == "always" or (terminal and not file) else "text"
        text = _rendered(name, report, style)
        if file:
            _write(file, text, append=file == summary)
        else:
            _print(text)
    has_page = in_actions() or "github" in dict(wishes)
    if summary and has_page and ("markdown", summary) not in wishes:
        try:
            _must_take_a_report(summary, report, is_summary=True)
            _write(summary, _rendered("markdown", report, style), append=True)
        except ReqdriftError as error:
            # The user did not ask for it, so the exit code does not change.
            print_error(f"reqdrift: {describe_error(error)}")


def _must_take_a_report(file: str, report: Report, *, is_summary: bool) -> None:
    """Raise an error if a report would replace something else, or be appended to it.

    Raises:
        UsageError: it was checked, or is neither a summary nor a report.
    """
    if any(is_same(file, checked.path) for checked in report.files):
        raise UsageError(f"{file} is a file that was checked", "write the report to another file")
    if not (is_summary and os.path.splitext(file)[1] in ("", ".md")):
        reports.former.must_be_replaceable(file)


def is_colored(color: str, stream: TextIO) -> bool:
    """Whether to use color on a stream, as pip, pytest and ruff do.

    `--color` comes first, then NO_COLOR, then FORCE_COLOR, then what the stream is.
    """
    if color != "auto":
        return color == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def in_actions() -> bool:
    """Whether this is a step of a GitHub Actions job."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def _print(text: str) -> None:
    """Print; if the reader closes the pipe, the verdict still counts."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write(path: str, text: str, *, append: bool = False) -> None:
    # A name that is not UTF-8 must not be an error.
    data = text.encode("utf-8", "backslashreplace")
    (append_file if append else write_file)(path, data)


def _rendered(name: FormatName, report: Report, style: Style) -> str:
    if name == "text" and (clean := clean_text(report, style)):
        return shortened(clean)
    if name == "rich":
        style = style._replace(color="always" if is_colored(style.color, sys.stdout) else "never")
    # A clean run prints that text, and loads no format.
    module = __import__(f"reqdrift.report.{FORMATS[name]}", fromlist=("render",))
    render: Callable[[Report, Style], str] = module.render
    text = render(report, style)
    return shortened(text) if name in FOR_PEOPLE else text
