"""`reqdrift plan`: shell commands that make the environment match the files."""

from __future__ import annotations

import os
import shutil
import sys

from .. import commands, repair
from ..drift import compare
from ..drift.case import make_case
from ..drift.graph import graph_of
from ..errors import UsageError, print_error
from ..integrity import sharing
from ..options import Options, quoted, shell_line
from ..repair import installer as installers
from ..report import place, plural, printable, shown_path
from ..report.advice import command_line
from ..requirements import is_pylock, read_requirements
from ..standards.versions import is_unsatisfiable
from ..values import TYPE_CHECKING, CanonicalName, Facts, NamedTuple, Questions
from ..values.details import some_names
from . import Run, print_choice
from .project import project_of, shares
from .run import choice_of, configured, doubts_of, examined_whole, other_on_disk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Set
    from typing import Unpack

    from ..repair.installer import FromLock
    from ..values import Report, Request, Requirement
    from .subject import Files, Subject


def run(options: Options) -> int:
    """Print the commands, nothing if there is nothing to do; always 0."""
    request = options.request
    found = examined_whole(configured(request), request, UNPLANNED)
    print_choice(found.situation, found.environment)
    plan = planned(found)
    sys.stdout.write(plan.script)
    if not sys.stdout.isatty():
        # A shell that reads the script does not show its comments.
        for line in (x for x in plan.script.splitlines() if x.startswith("# ")):
            print_error(f"reqdrift: {line.removeprefix('# ')}")
    if plan.needs_uv:
        print_error(f"reqdrift: uv is not on PATH: {plan.needs_uv}")
    return 0


UNPLANNED = "no commands were printed"


class Plan(NamedTuple):
    """A shell script, '' if there is nothing to do or to say.

    If the script calls uv and uv is not on PATH, `needs_uv` says what to do.
    """

    script: str
    needs_uv: str = ""

    @property
    def left(self) -> tuple[str, ...]:
        """What the commands do not fix; comments in the script."""
        lines = self.script.splitlines()
        return tuple(line.removeprefix("# ") for line in lines if line.startswith(repair.plan.LEFT))


def plan(
    files: Files = (),
    constraints: Files = (),
    *,
    staged: bool = False,
    rev: str = "",
    uninstall: bool = False,
    installer: str = "auto",
    **subject: Unpack[Subject],
) -> Plan:
    """The commands that make the environment match the files; none is run.

    Args:
        files: requirements files, as for `check`.
        constraints: files that only limit versions.
        staged: read the files from git's index.
        rev: read the files from this git revision.
        uninstall: also uninstall what is not listed, once nothing is to be installed.
        installer: `pip`, `uv`, or `auto` for what the environment has.
        **subject: the environment, and what counts; see `Subject`.

    Raises:
        UnreadableFilesError: a file cannot be read completely.
        UsageError: the installer would refuse a file; or nothing can be installed from here: there
            are findings, and the environment is a record or a folder.
        EnvironmentReadError: no environment was found, or it cannot be read.
    """
    one, request = commands.subject.unconfigured(
        "plan",
        subject,
        files,
        constraints,
        staged=staged,
        rev=rev,
        uninstall=uninstall,
        installer=installer,
    )
    return planned(examined_whole(one, request, UNPLANNED))


def planned(found: Run) -> Plan:
    """The commands that fix the findings.

    Raises:
        UsageError: the installer would refuse a file or read another one, or a path cannot be in a
            script.
    """
    if not found.report.findings:
        return Plan("")
    files, environment, request = found.requirements.files, found.environment, found.request
    has_extras = any(finding.kind == "extra" for finding in found.report.findings)
    if has_extras and request.uninstall and (request.staged or request.rev):
        todo = "check out the intended files, then run plan without --staged and --rev"
        raise UsageError("what is listed nearby is read from disk", todo)
    if not (environment.can.files or environment.can.install):
        situation = found.situation
        named = [word for path in situation.files for word in ("-r", shown_path(path))]
        named += [word for path in situation.constraints for word in ("-c", shown_path(path))]
        what = f"{shown_path(environment.prefix)} is a record; plan needs the environment itself"
        install = shell_line(["pip", "install", *named])
        for at, why in installers.options_apart(found.requirements):
            raise UsageError(what, f"{place(at)}: {why}")
        raise UsageError(what, f"in that environment, run: {install}")
    choice = choice_of(request.installer, found.situation)
    installer = installers.installer_for(environment, choice)
    for file in files:
        if not file.is_lock:
            installers.must_be_readable(file, environment, installer)
    if found.case.facts.requires is None:
        # The comparison had no need to ask.
        facts = found.source.answer(Questions(requires=True), found.case.facts)
        graph = graph_of(facts, found.case.python)
        found = found._replace(case=found.case._replace(graph=graph))
    other, doubt = doubts_of(found)
    may_act = (
        f.kind == "extra" or repair.plan.is_due(f, found.case) for f in found.report.findings
    )
    if other and any(may_act):
        number = plural(len(found.report.findings), "finding")
        how = _insisting(request._replace(python=environment.named_path))
        return Plan(f"{repair.plan.LEFT}{printable(f'{number}: {other}; {how}')}\n")
    if dead := [f for f in found.report.findings if (f.kind, f.project) == ("broken", "python")]:
        return Plan("".join(f"{repair.plan.LEFT}{printable(f.message)}\n" for f in dead))
    report, left = _without_extras(found, doubt)
    belonging = repair.leave.belonging(
        found.case, report.findings, found.situation, is_far=request.uninstall
    )
    others = [finding for finding in report.findings if finding.project not in belonging]
    kept = repair.leave.kept(
        found.case, others, found.situation, is_uv=installer.is_uv, is_far=True
    )
    kinds = ("version", "source", "unmet", "extra")
    going = {finding.project for finding in report.findings if finding.kind in kinds}
    shared = sharing(environment, going - kept.keys() - belonging.keys())
    said = [*_against_other_sets(found)]
    left += "".join(f"# {printable(text)}\n" for text in said)
    paths = tuple(map(os.path.abspath, found.situation.files))
    constraints = tuple(map(os.path.abspath, found.situation.constraints))
    read = (report, found.case, installer, paths, constraints)
    given = (*read, kept, belonging, shared)
    if any(finding.kind == "extra" and not finding.at.line for finding in report.findings):
        script = repair.plan.uninstallation(*given, _outdated(found))
    else:
        locks, later = tuple(_from_locks(found, shared)), _left_over(found)
        script = repair.plan.plan(*given, locks=locks, later=later)
    script = left + script
    calls = [line for line in script.splitlines() if not line.startswith("# ")]
    if calls and request.installer == "pip" and found.situation.is_for_uv:
        what = "pip reads no settings of uv, and these say what to install, or from where"
        script = f"# {what}\n{script}"
    if calls and (other := other_on_disk(found)):
        what = f"the installer reads {shown_path(other)} from disk, where it differs"
        todo = "check out the intended files, then run plan without --staged and --rev"
        raise UsageError(what, todo)
    if not any(line.startswith("uv ") for line in calls) or shutil.which("uv"):
        return Plan(script)
    if choice == "uv" and "pip" in environment.distributions:
        return Plan(script, "install uv, or use --with pip")
    ensure = f"{quoted(environment.python.interpreter or '')} -m ensurepip"
    return Plan(script, f"install uv, or install pip: {ensure}")


def _against_other_sets(found: Run) -> Iterator[str]:
    """The lines of sets with the same environment that forbid what is to be installed."""
    situation, prefix = found.situation, found.environment.prefix
    due = {f.project for f in found.report.findings if repair.plan.is_due(f, found.case)}
    lines = [line for name in due for line in found.case.binding.get(name, ())]
    for path, python in situation.beside if lines else ():
        if shares(situation, prefix, path, python):
            lines_there = read_requirements([path]).requirements
            for other in (x for x in lines_there if found.case.holds(x.marker or "")):
                rivals = (x for x in lines if x.name == other.name and x.at != other.at)
                if any(is_unsatisfiable((x.specifier, other.specifier)) for x in rivals):
                    yield f"{place(other.at)} says {other.text}, in the same environment"


def _without_extras(found: Run, doubt: str) -> tuple[Report, str]:
    """The report without what is unlisted, and a comment, if that is not uninstalled now."""
    report, case, request = found.report, found.case, found.request
    # No plan uninstalls what the project declares.
    extras = [f for f in report.findings if f.kind == "extra" and not f.at.line]
    if not extras:
        return report, ""
    them, stays = ("it", "stays") if len(extras) == 1 else ("them", "stay")
    if not request.uninstall:
        planning = request._replace(uninstall=True, staged=False, rev="")
        command = command_line("plan", planning, request.files)
        kept = repair.leave.kept(case, extras, found.situation, is_uv=True, is_far=True)
        staying = {*kept, *repair.leave.belonging(case, extras, found.situation)}
        goes = repair.plan.unneeded({finding.project for finding in extras}, staying, case)
        why = f"to uninstall {them}: {command}" if goes else f"to see why: {command}"
    elif doubt:
        why = f"{doubt}; {_insisting(request._replace(python=found.environment.named_path))}"
    elif any(repair.plan.is_due(finding, case) for finding in report.findings):
        why = "first install the rest, then plan again"
    else:
        return report, ""
    roots_first = sorted(extras, key=lambda finding: bool(finding.brought_by))
    names = some_names([finding.project for finding in roots_first])
    what = f"{plural(len(extras), 'unlisted package')} {stays} installed ({names}); {why}"
    report = report._replace(findings=tuple(f for f in report.findings if f not in extras))
    return report, f"{repair.plan.LEFT}{printable(what)}\n"


def _insisting(request: Request) -> str:
    return f"if it is the right environment: {command_line('plan', request, request.files)}"


def _from_locks(
    found: Run, shared: Mapping[CanonicalName, Set[CanonicalName]]
) -> Iterator[FromLock]:
    """The commands for what is wrong with the projects of lock files, or may lose files.

    Raises:
        UsageError: no installer can install from one.
    """
    findings = found.report.findings
    for finding in findings:
        if finding.kind == "conflict" and is_pylock(finding.at.file):
            raise UsageError(f"{place(finding.at)}: {finding.message}", "lock it again")
    wrong = {f.project for f in findings if f.kind in ("missing", "version", "source")}
    wrong = wrong.union(*shared.values())
    misplaced = {finding.project for finding in findings if finding.kind == "source"}
    misplaced = misplaced.union(shared, *shared.values())
    by_file: dict[str, list[Requirement]] = {}
    for line in found.case.asking:
        if is_pylock(line.origin.file):
            by_file.setdefault(line.origin.file, []).append(line)
    choices = found.request.installer, found.one.extras, found.one.groups
    for path, entries in by_file.items():
        if not wrong.isdisjoint(entry.name for entry in entries):
            yield installers.from_lock(path, entries, misplaced, found.environment, *choices)


def _outdated(found: Run) -> dict[CanonicalName, str]:
    """The projects whose metadata still has what they do not declare any more, with the folders."""
    case, installed = found.case, found.environment.distributions
    before = found.source.answer(Questions(requires=True), Facts()).requires or {}
    now, declared = case.facts.requires or {}, case.project.declared
    found_in = {}
    for name in [one.name for one in (declared, *declared.parts)] if declared else []:
        source = case.source(name) if name and name in installed else None
        if name and source and source.editable and before.get(name) != now.get(name):
            found_in[name] = source.folders[-1]
    return found_in


def _left_over(found: Run) -> str:
    """What nothing needs any more once other versions are installed, if they do not need it.

    Which of it they need is not known before they are there.
    """
    case, report = found.case, found.report
    wrong = [f for f in report.findings if f.kind in ("version", "source") and f.installed]
    if not (wrong and case.unlisted and case.facts.requires):
        return ""
    requires = {**case.facts.requires, **{finding.project: () for finding in wrong}}
    facts = case.facts._replace(requires=requires)
    after = make_case(found.requirements, case.environment, facts, case.policy, case.project)
    after = after._replace(project=project_of(after, found.situation))
    known = {finding.project for finding in report.findings if finding.kind == "extra"}
    extras = (finding.project for finding in compare(after).findings if finding.kind == "extra")
    names = sorted({*extras} - known)
    why = f"the new {wrong[0].project} may not need {some_names(names)}"
    return (
        f"{place(wrong[0].at)}: after the installation, run reqdrift again: {why}" if names else ""
    )
