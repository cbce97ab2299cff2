"""The settings of one run, and what is added to a report that is not clean, or not the only one."""

from __future__ import annotations

import os

from .. import commands, environments, repair, repository
from ..environments import Situation
from ..errors import EnvironmentReadError, UnreadableFilesError, UsageError
from ..report import advice, shown_path
from ..repository import load_settings
from ..requirements.nearby import named_nearby
from ..values import TYPE_CHECKING, CanonicalName, Location, Problem, Request, Set
from ..values.findings import Finding, Hint, Part, some_names
from ..values.report import Report
from . import Run, examine, print_choice, read_files
from .comparison import assumed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from typing import TypeVar

    from ..environments import EnvironmentSource
    from ..values import Environment

    _T = TypeVar("_T")


def configured(request: Request) -> Set:
    """The only set to check, by the options from the command line and the project's configuration.

    Raises:
        UsageError: several sets are configured, and no file is named.
    """
    sets = load_settings(request, os.getcwd()).sets
    if len(sets) > 1:
        names = ", ".join(one.name for one in sets)
        if request.installed:
            raise UsageError(f"there are several environments ({names})", "pass one record")
        if len({one.base for one in sets}) > 1:
            raise UsageError(f"several sets are configured ({names})", "pass --set NAME")
        pythons = ", ".join(one.python or "" for one in sets)
        what = f"set {sets[0].base} has several environments: {pythons}"
        raise UsageError(what, "pass --python PATH")
    return sets[0]


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


def source_of(one: Set, request: Request) -> EnvironmentSource:
    """Where the environment of a set is read, for functions that read no more of the files.

    Raises:
        EnvironmentReadError: none was found.
    """
    return commands.find_environment(one, situation_of(one), request)


def chosen_source(request: Request) -> EnvironmentSource:
    """The same for a command, which says if it is not the project's own environment.

    Raises:
        EnvironmentReadError: none was found, or it cannot be read.
        UsageError: several sets are configured, and no file is named.
    """
    one = configured(request)
    situation = situation_of(one)
    source = commands.find_environment(one, situation, request)
    print_choice(situation, source.read())
    return source


def examined(one: Set, request: Request, *, thoroughly: bool = False) -> Run:
    """Both sides of a set, read and compared; see `examine`.

    Raises:
        EnvironmentReadError: no environment was found, or it cannot be read.
    """
    requirements, situation = read_files(
        one, request.constraints, staged=request.staged, rev=request.rev
    )
    source = commands.find_environment(one, situation, request)
    found = examine(requirements, situation, source, one.policy, thoroughly=thoroughly)
    return found._replace(one=one, request=request)


def examined_whole(one: Set, request: Request, consequence: str) -> Run:
    """A comparison for a command that changes something.

    Raises:
        UnreadableFilesError: a line or file cannot be read; `consequence` says what is not done.
        UsageError: the result depends on a Python version that is unknown.
        EnvironmentReadError: no environment was found, or it cannot be read.
    """
    found = examined(one, request)
    if found.report.errors:
        raise UnreadableFilesError(found.report.errors, consequence)
    if found.hanging:
        raise UsageError(assumed(found.environment.python, found.hanging), consequence)
    return found


def files_with_extras(found: Run) -> Mapping[str, Collection[CanonicalName]]:
    """The other requirements files nearby that name what is not listed in these, with the names."""
    extras = {finding.project for finding in found.report.findings if finding.kind == "extra"}
    files = dict.fromkeys([*found.situation.files, *(file.path for file in found.report.files)])
    return named_nearby(files, extras)


# Findings that leave no place on a screen for what is above them.
_MANY = 20


def explained(found: Run) -> Run:
    """The report with what to do."""
    report, one, request = found.report, found.one, found.request
    if not (report.findings or report.errors):
        return found
    if one.installed:
        request = request._replace(installed=(one.installed,), set_name=one.base)
    elif one.name and not request.files:
        # A set with several environments has one for each of them.
        python = one.python if one.name != one.base else request.python
        request = request._replace(set_name=one.base, python=python and shown_path(python))
    named = found.situation.files
    if advice.may_be_wrong_as_a_whole(report):
        leads = advice.lead_of(report, named, request)
    else:
        leads = advice.about_ranges(report, request)
    rest = advice.beyond_lead(report) if leads else report
    hints: tuple[Hint, ...] = ()
    if rest.findings or not leads:
        # How compiled files follow the environment, and how those that are stale are compiled.
        ways: Mapping[str, Hint] = {}
        stale: Mapping[str, str] = {}
        if found.case.compiled:
            recompiled = repair.recompile.recompilations(found.case, rest.findings)
            ways = {file: way.hint for file, way in recompiled.items()}
            stale = repair.recompile.stale_files(found.case, rest.findings)
        hints = advice.advise(rest, named, request, ways, stale)
    # On a terminal, the beginning of a long report is out of sight.
    again = leads if len(report.findings) > _MANY else ()
    return found._replace(report=report._replace(leads=leads, hints=(*again, *hints)))


def cross_checked(found: Run) -> Run:
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
        return found._replace(report=report._replace(errors=(*report.errors, problem)))
    agreed, unlike = compare_installed(environment, reader, installed)
    read, misread = compare_lines(found.requirements, lines)
    report = report._replace(
        environment=environment._replace(started=True),
        notes=(*report.notes, agreed, read),
        errors=(*report.errors, *unlike, *misread),
    )
    return found._replace(report=report)


def joined(parts: Sequence[tuple[Set, Report]], *, verbose: bool = False) -> Report:
    """The report about all sets; their names, or those of the environments, precede the messages.

    Args:
        parts: each set with its report.
        verbose: name all environments in messages, not only the first.
    """
    groups: dict[str, list[tuple[Set, Report]]] = {}
    for one, report in parts:
        # Sets without a name in the configuration are one for each record.
        name = one.base if one.installed else one.base or one.name
        groups.setdefault(name, []).append((one, report))
    whole = [_group(base, group, verbose) for base, group in groups.items()]
    return Report(
        None,
        _once(file for part in whole for file in part.files),
        tuple(finding for part in whole for finding in part.findings),
        tuple(note for part in whole for note in part.notes),
        tuple(error for part in whole for error in part.errors),
        sum(part.checked for part in whole),
        sum(part.skipped for part in whole),
        _once(hint for part in whole for hint in part.hints),
        tuple(one for part in whole for one in part.parts),
        leads=tuple(lead for part in whole for lead in part.leads),
    )


def _once(items: Iterable[_T]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(items))


def _group(base: str, group: Sequence[tuple[Set, Report]], verbose: bool) -> Report:
    """The report about one set, in one environment or several.

    Each message is in it once, after the names of the environments that it is about.
    """
    reports = [report for _, report in group]
    several = len(group) > 1
    first_with: dict[object, str] = {}
    first: dict[Finding, Finding] = {}
    parts = []
    for one, report in group:
        said = _said_by(report.environment)
        anywhere = [_anywhere(finding, report.environment) for finding in report.findings]
        for same, finding in zip(anywhere, report.findings, strict=True):
            first.setdefault(same, finding)
        # Equal versions may need other packages, or come from other commits.
        key = (said, frozenset(anywhere), report.verdict)
        same_as = first_with.setdefault(key, one.name) if said else one.name
        parts.append(
            Part(
                one.name,
                report.environment,
                report.files,
                report.checked,
                report.skipped,
                base if several else None,
                report.verdict,
                "" if same_as == one.name else same_as,
            )
        )

    def each(items: Callable[[Report], Iterable[_T]]) -> Iterator[tuple[_T, list[str], str]]:
        """Each item, the names of its environments, and how a message has them."""
        where: dict[_T, list[str]] = {}
        for one, report in group:
            for item in items(report):
                where.setdefault(item, []).append(one.name)
        for item, names in where.items():
            yield item, names, some_names(names, total=len(group), verbose=verbose)

    return Report(
        None,
        _once(file for report in reports for file in report.files) if several else reports[0].files,
        tuple(
            first[same]._replace(
                part=base if several else names[0],
                environments=tuple(names) if several else (),
                label=label,
                message=f"[{label}] {first[same].message}",
            )
            for same, names, label in each(
                lambda r: dict.fromkeys(_anywhere(one, r.environment) for one in r.findings)
            )
        ),
        tuple(
            note._replace(message=f"[{label}] {note.message}")
            for note, _, label in each(lambda report: report.notes)
        ),
        tuple(
            error._replace(message=f"[{label}] {error.message}")
            for error, _, label in each(lambda report: report.errors)
        ),
        sum(report.checked for report in reports),
        sum(report.skipped for report in reports),
        # What makes the file match one record makes it differ from the next.
        () if several and group[0][0].installed else _once(h for r in reports for h in r.hints),
        tuple(parts),
        leads=tuple(
            lead._replace(purpose=f"[{label}] {lead.purpose}")
            for lead, _, label in each(lambda report: report.leads)
        ),
    )


def _said_by(environment: Environment | None) -> object:
    """What is installed, whatever the file or folder that says so."""
    if environment is None:
        return None
    found, python = environment.distributions.values(), environment.python
    # Not by its markers: the kernel's version, too, is one of them.
    return python[:2], frozenset((one.name, one.version, one.direct) for one in found)


def _anywhere(finding: Finding, environment: Environment | None) -> Finding:
    """The finding, without the place of the environment if it is about that."""
    if environment is None or finding.at.file != environment.prefix:
        return finding
    message = finding.message.replace(environment.prefix, "")
    return finding._replace(at=Location(""), message=message)
