"""The settings of one run, and what is added to a report that is not clean, or not the only one."""

from __future__ import annotations

import os

from .. import commands, drift, environments, repair, repository, requirements
from ..environments import Situation
from ..errors import UnreadableFilesError, UsageError, print_error
from ..files import is_held, read_regular
from ..kinds import KINDS
from ..options import shell_line
from ..report import advice, place, printable, shown_path
from ..repository import load_settings
from ..requirements import read_requirements
from ..texts import has_secret
from ..values import TYPE_CHECKING, CanonicalName, Lines, Request, Set
from ..values.details import Hint
from . import Run, examine, passed_over, print_choice, read_files
from .project import shares

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ..environments import EnvironmentSource
    from ..values import Environment


def configured(request: Request, *, compares: bool = True) -> Set:
    """The only set to check, by the options from the command line and the project's configuration.

    Raises:
        UsageError: several sets are configured, and no file is named.
    """
    sets = load_settings(request, os.getcwd(), compares=compares).sets
    if request.installed:
        sets = commands.several.with_records(sets, request.installed)
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
        return read_files(one, Request())[1]
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
    """The same for a command, which says if it is a guess, or not the project's own environment.

    Raises:
        EnvironmentReadError: none was found, or it cannot be read.
        UsageError: several sets are configured, and no file is named.
    """
    one = configured(request, compares=False)
    situation = situation_of(one)
    source = commands.find_environment(one, situation, request)
    environment = source.read()
    print_choice(situation, environment)
    if environment.chosen == "guess":
        # What it prints has no place for this.
        shown = f"{environment.prefix} (found by {environment.found_by})"
        print_error(printable(f"reqdrift: the environment is {shown}"))
    return source


def examined(one: Set, request: Request, *, thoroughly: bool = False) -> Run:
    """Both sides of a set, read and compared; see `examine`.

    Raises:
        EnvironmentReadError: no environment was found, or it cannot be read.
    """
    sides = read_files(one, request)
    source = commands.find_environment(one, sides[1], request)
    return examine(one, sides, source, request, thoroughly=thoroughly)


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
        why = drift.undecided.assumed(found.environment, found.hanging)
        raise UsageError(why, consequence)
    return found


# Findings that leave no place on a screen for what is above them.
_MANY = 20


def other_on_disk(found: Run) -> str:
    """The first file of git that is another one on disk, '' if there is none."""
    if not (found.request.staged or found.request.rev):
        return ""
    read = {
        file.path: file.mark + file.text.encode(file.encoding) for file in found.requirements.files
    }
    declaring = {f.at.file for f in found.report.findings if f.kind == "unmet"} - read.keys()
    try:
        for path in (*read, *sorted(declaring)):
            if read_regular(path) != (read.get(path) or found.situation.read(path)):
                return path
    except OSError:
        return path
    return ""


def obstacle_of(found: Run) -> str:
    """Why a plan would not install the files, '' if it would, or if nothing is to be changed."""
    case, environment, plans = found.case, found.environment, repair.plan
    findings, paths = found.report.findings, {file.path for file in case.files}
    dead = (f.message for f in findings if (f.kind, f.project) == ("broken", "python"))
    if message := next(dead, ""):
        return message
    if path := other_on_disk(found):
        return f"the installer reads {shown_path(path)} from disk, where it differs"
    # What a project declares is installed with it, not with the files.
    named = {line.name for line in case.asking}
    due = [f for f in findings if f.at.file in paths or f.required_by in named]
    changing = {f.project: f for f in due if "plan" in KINDS[f.kind].settled_by}
    if not changing:
        lacking = {f.at.file for f in findings if f.kind == "unmet" and f.at.line}
        against = plans.declared_against([*map(os.path.dirname, lacking - paths)], case)
        return next((f"{place(at)}: {why}" for at, why in against), "")
    if environments.site.is_externally_managed(environment):
        what = f"{shown_path(environment.prefix)} is managed by the operating system"
        return f"{what}; create a virtual environment: python3 -m venv .venv"
    repeated = [f for f in findings if f.kind == "conflict" and requirements.is_pylock(f.at.file)]
    if repeated:
        return f"{place(repeated[0].at)}: {repeated[0].message}"
    locked = {line.name for line in case.asking if requirements.is_pylock(line.origin.file)}
    if changing.keys() <= locked:
        return ""
    now = {f.project: f for f in due if plans.is_due(f, case)}
    choice = choice_of(found.request.installer, found.situation)
    is_uv = choice == "uv" or "pip" not in environment.distributions
    installer = is_uv if environment.can.install else None
    files, notes = tuple(map(os.path.abspath, found.situation.files)), found.report.notes
    refused = [*plans.refused(now or changing, case, files, notes, is_uv=installer)]
    # What is compiled first has other pins.
    is_stale = any(finding.kind == "stale" for finding in findings)
    if now and not is_stale and not plans.may_omit_needs(now, case):
        refused += plans.apart(now, case)
    if environment.can.install:
        replaced = [f for f in changing.values() if f.kind != "extra"]
        kept = repair.leave.kept(case, replaced, found.situation, is_uv=is_uv)
        refused += [(changing[name].at, f"{name}: {why}") for name, why in kept.items()]
    # The option is that of plan.
    reasons = (f"{place(at)}: {why.replace('; use --with ', '; use ')}" for at, why in refused)
    return next(reasons, "")


def choice_of(choice: str, situation: Situation) -> str:
    """The installer that was asked for; uv, if its settings say what to install, or from where."""
    return "uv" if choice == "auto" and situation.is_for_uv else choice


def doubts_of(found: Run) -> tuple[str, str]:
    """Why a plan changes nothing, and why it uninstalls nothing, '' if it may."""
    is_own = not passed_over(found.situation, found.environment)
    return repair.doubt.doubts(found.case, found.situation, is_own=is_own)


def files_of_others(found: Run) -> dict[str, str]:
    """The real paths of the files that sets with other environments check, too, unless named.

    Each with why it is not changed, and how it is all the same.
    """
    situation, environment = found.situation, found.environment
    request = found.request._replace(set_name="", python=shown_path(environment.named_path))
    # What only this environment has is not added to a file of all.
    request = request._replace(severity=(*request.severity, ("extra", "off")))
    others: dict[str, str] = {}
    for path, python in situation.beside:
        if shares(situation, environment.prefix, path, python):
            continue
        for file in read_requirements([path], found.one.constraints).files:
            shown, real = shown_path(file.path), os.path.realpath(file.path)
            if real == os.path.realpath(path):
                why = f"another set checks {shown} in its own environment"
                others[real] = f"{why}; fix that set, or name the file"
            elif real not in others:
                naming, named = request, [shown]
                if file.constraints:
                    naming = request._replace(constraints=(*request.constraints, shown))
                    named = [*map(shown_path, situation.files)]
                command = advice.command_line("fix", naming, named)
                why = f"{shown} is of several sets"
                others[real] = f"{why}; to change it for this environment: {command}"
    asked = {*map(os.path.realpath, (*situation.files, *found.request.constraints))}
    return {path: why for path, why in others.items() if path not in asked}


def _beyond_lines(found: Run) -> Iterator[tuple[CanonicalName, str]]:
    """The projects that `fix` lets no line name as they are, and the line that forbids it.

    It is '' if they run from a folder that is gone or outside, from a clone in the environment, or
    from one that changed since.
    """
    case, folder = found.case, found.situation.project_folder
    yield from ((name, "") for name, it in case.facts.editables.items() if it.missing)
    installed_from = ((name, case.source(name)) for name in case.facts.sources)
    yield from ((name, "") for name, it in installed_from if it and drift.sources.is_clone(it))
    for line in case.asking:
        wanted, there = line.source, case.source(line.name) if line.name else None
        is_open = isinstance(line.origin, Lines) and "${" in line.origin.raw.partition(" #")[0]
        has_any = wanted or case.installed(line.name)
        if line.name and has_any and (is_open or has_secret(line.text)):
            yield line.name, f"{place(line.at)} has variables or credentials; edit it by hand"
        if line.name and wanted and there and wanted.kind == there.kind == "archive":
            is_same = drift.sources.same_place(wanted, there)
            if is_same and not (there.hashes or drift.lines.is_pinned(line)):
                yield line.name, f"{place(line.at)} names no release, and no hash is recorded"
            if repair.edits.is_relative(wanted) and not is_same:
                yield line.name, f"{place(line.at)} names an archive by its path; edit it by hand"
        if line.name and wanted and there and drift.sources.is_gone(there):
            yield line.name, ""
        if line.name and line.source and drift.source.is_undetermined(line, case):
            yield line.name, f"{place(line.at)} may mean another commit; install it first"
        if line.name and wanted and there and (wanted.kind, there.kind) == ("folder", "folder"):
            is_inner = not wanted.url.startswith(("..", "/", "file:"))
            is_so = wanted.editable == there.editable and drift.sources.same_place(wanted, there)
            if is_so or (is_inner and not drift.case.is_inside(folder, there)):
                yield line.name, ""
    extras = [f.project for f in found.report.findings if f.kind == "extra"]
    listing = {line.name: line for line in case.lines if not line.constraint} if extras else {}
    for one in filter(None, map(case.installed, extras)):
        if (source := case.source(one.name)) and drift.sources.is_gone(source):
            yield one.name, ""
        if inactive := listing.get(one.name):
            yield one.name, f"{place(inactive.at)} lists {one.name} with another marker"
        for line in case.limits.get(one.name, ()):
            if not drift.sources.allows(line, one, case.source(one.name)):
                yield one.name, f"{place(line.at)} says {line.text}"


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
    environment, other, doubt, asked = found.environment, "", "", request
    has_extras = any(finding.kind == "extra" for finding in report.findings)
    around = os.path.dirname(os.path.realpath(environment.prefix))
    is_next_to = around == os.path.realpath(found.situation.folder)
    if environment.chosen == "guess" or (
        environment.chosen != "named" and (has_extras or not is_next_to)
    ):
        other, doubt = doubts_of(found)
    if other:
        request = request._replace(python=shown_path(environment.named_path))
    obstacle = obstacle_of(found)
    leads = advice.lead_of(report, found.situation, asked, obstacle, other)
    doubted = environment if doubt else None
    hints = () if leads or report.errors else _hints(found, request, obstacle, doubted)
    # On a terminal, the beginning of a long report is out of sight.
    again = leads if len(report.findings) > _MANY else ()
    return found._replace(report=report._replace(leads=leads, hints=(*again, *hints)))


def _hints(
    found: Run, request: Request, obstacle: str, doubted: Environment | None
) -> tuple[Hint, ...]:
    """What to do about findings, the most helpful first.

    Args:
        found: what was compared.
        request: the options of this run, which the commands repeat.
        obstacle: why a plan does not install the files, '' if it does.
        doubted: the environment, if a plan uninstalls nothing unless it is named; if nothing at all
            is changed unless it is, the request names it.
    """
    report, case, environment = found.report, found.case, found.environment
    if found.hanging or any(map(is_held, map(os.path.abspath, request.files))):
        return ()  # no command can change anything, or read what comes from a pipe again
    # A plan leaves a version that is only a warning, and ranges may be meant to be ranges.
    may_be_meant = ("unmet", "unpinned")
    counting = [f for f in report.findings if f.severity == "error" or f.kind not in may_be_meant]
    # What another file lists, with what that brought in: no repair lists it unasked.
    extras = [f for f in counting if f.kind == "extra"]
    kept: Mapping[CanonicalName, str] = {}
    belonging: Mapping[CanonicalName, str] = {}
    elsewhere: Mapping[CanonicalName, str] = {}
    if extras:
        belonging = repair.leave.belonging(case, report.findings, found.situation)
        rest = [f for f in report.findings if f.project not in belonging]
        kept = repair.leave.kept(case, rest, found.situation, is_uv=True)
        elsewhere = repair.leave.of_others(belonging, report.findings, case)
    owned = {f for f in extras if f.project in elsewhere}
    # How compiled files follow the environment, and how those that are stale are compiled.
    ways: Mapping[str, Hint] = {}
    stale: Mapping[str, str] = {}
    if case.compiled:
        recompiled = repair.recompile.recompilations(
            case, [f for f in report.findings if f not in owned]
        )
        ways = {file: way.hint for file, way in recompiled.items()}
        stale = repair.recompile.stale_files(case, report.findings)
    # No plan uninstalls it, nor what the project declares at a line of its own file.
    left = kept.keys() | belonging.keys() | {f.project for f in extras if f.at.line}
    going = repair.plan.unneeded({f.project for f in extras}, left, case) if extras else []
    planned = {f.kind for f in counting if f.kind != "extra" or f.project in going}
    planned &= advice.PLANNED
    # No line can say what is installed there, and none that something needs may go.
    unsaid = dict(_beyond_lines(found))
    others = files_of_others(found)
    shared = [f for f in counting if os.path.realpath(f.at.file) in others]
    unsaid |= {f.project: others[os.path.realpath(f.at.file)] for f in shared}
    compiled = {one.file for one in case.compiled}
    copies = (f for f in counting if f.at.file in compiled and repair.recompile.is_copy(case, f))
    unsaid |= {f.project: "" for f in copies}
    unfixed = {*unsaid, *(f.project for f in report.findings if f.kind == "broken")}
    needed = (f for f in counting if f.kind == "missing" and (f.needed_by or f.installed))
    compiling = {file for file, way in ways.items() if way.command}
    unfixed |= {f.project for f in needed if f.at.file not in compiling}
    fixed = {f.kind for f in counting if f not in owned and f.project not in unfixed}
    fixed &= advice.FIXED
    is_dead = any((f.kind, f.project) == ("broken", "python") for f in report.findings)
    if is_dead:
        planned = fixed = set()  # it is to be created again
    is_refused = bool(obstacle and planned - {"extra"} and environment.can.install)
    is_refused |= bool(planned and other_on_disk(found))
    if is_refused:
        planned = set()
    is_of_git = bool(request.staged or request.rev)
    path = other_on_disk(found) if request.staged and stale else ""
    if path in stale and os.path.isfile(path):
        # It may have been compiled again already.
        adding = shell_line(["git", "add", shown_path(path)])
        return (Hint(f"{shown_path(path)} differs on disk; if that is right", adding),)
    # What is unlisted goes when nothing is to be installed any more.
    uninstalls = planned == {"extra"}
    if uninstalls and is_of_git:
        planned = set()  # files nearby are those on disk
    hints = []
    # Nothing is installed under a misspelled name: another's package may have it, to do harm.
    is_wrong = any(f.meant for f in report.findings)
    is_wrong |= environments.site.is_externally_managed(environment)
    if planned and environment.can.install and not is_wrong:
        planning = request._replace(uninstall=uninstalls)
        named = doubted if request.python or uninstalls else None
        hints.append(advice.for_the_environment(planning, stale, named))
    # Where an editable install runs from is in no file.
    in_files = {f.kind for f in report.findings if f.kind != "source" or f.wanted}
    asked = repair.doubt.asked(case)
    own = {file: names for file, names in asked.by_file.items() if file not in others}
    loss = repair.doubt.heavy_loss(own, dict.fromkeys(own, asked.held))
    if fixed & in_files and not is_of_git:
        unsure = ("found", "guess") if loss else ("guess",)
        named = environment if environment.chosen in unsure else None
        removed = f"{loss.gone} of {loss.asked}" if loss else ""
        hints.append(advice.for_the_file(report, request, ways, named, removed))
    if not planned & {"missing", "version", "source", "unmet"}:
        hints.reverse()  # the more likely one first
    is_refused_too = loss and environment.chosen != "named"
    if owned and report.files and not (is_of_git or is_refused_too):
        hints.append(advice.for_other_files(report, request, len(owned), elsewhere))
    if is_refused:
        hints.append(Hint(f"plan installs nothing: {obstacle}", ""))
    elif counting and not hints and (forbidding := next(filter(None, unsaid.values()), "")):
        hints.append(Hint(f"fix changes nothing: {forbidding}", ""))
    elif not (hints or counting) and any(f.requires for f in report.findings):
        what = "plan leaves what only metadata forbids, because it may be intended"
        hints.append(Hint(f"{what}; install another one by hand", ""))
    if "-" in request.installed:
        # This run has read it to its end.
        hints = [Hint(f"{hint.purpose} (pipe the record again)", hint.command) for hint in hints]
    return tuple(hints)
