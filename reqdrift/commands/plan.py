"""`reqdrift plan`: shell commands that make the environment match the files."""

from __future__ import annotations

import os
import shlex
import shutil
import sys

from ..drift.graph import graph_of
from ..errors import UsageError, print_error
from ..files import read_regular
from ..options import Options
from ..repair import plan as commands
from ..repair.doubt import asked, doubt
from ..repair.installer import (
    FromLock,
    Installer,
    from_lock,
    installer_for,
    must_be_readable,
    why_not_removable,
)
from ..report import shown_path
from ..report.advice import command_line
from ..requirements import is_pylock
from ..requirements.nearby import named_nearby
from ..values import TYPE_CHECKING, CanonicalName, NamedTuple, Policy
from ..values.findings import Questions
from . import passed_over
from .output import print_choice
from .run import Job, configured, examined_whole, unconfigured

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..drift.case import Case
    from ..drift.graph import Graph
    from ..values import ReadFile, Requirement
    from . import Examination, Files, Names, StrPath


def run(options: Options) -> int:
    """Print the commands, nothing if there is nothing to do; always 0."""
    job = configured(options.request)
    found = examined_whole(job, UNPLANNED)
    print_choice(found.situation, found.environment)
    plan = planned(found, job)
    sys.stdout.write(plan.script)
    if not sys.stdout.isatty():
        # A shell that reads the script does not show its comments.
        for line in plan.left:
            print_error(f"reqdrift: {line}")
    if plan.needs_uv:
        print_error(f"reqdrift: uv is not on PATH: install uv, or install pip: {plan.needs_uv}")
    return 0


UNPLANNED = "no commands were printed"


class Plan(NamedTuple):
    """A shell script, '' if there is nothing to do or to say.

    If the script calls uv and uv is not on PATH, `needs_uv` is the command that installs pip.
    """

    script: str
    needs_uv: str = ""

    @property
    def left(self) -> tuple[str, ...]:
        """What the commands do not fix; comments in the script."""
        lines = self.script.splitlines()
        return tuple(line.removeprefix("# ") for line in lines if line.startswith(commands.LEFT))


def plan(
    files: Files = (),
    constraints: Files = (),
    *,
    python: StrPath | None = None,
    path: StrPath | None = None,
    python_version: str | None = None,
    installed: StrPath | None = None,
    platform: str | None = None,
    policy: Policy | None = None,
    staged: bool = False,
    rev: str = "",
    installer: str = "auto",
    extras: Names = (),
    groups: Names = (),
) -> Plan:
    """The commands that make the environment match the files; none is run.

    Args:
        files: requirements files, as for `check`.
        constraints: files that only limit versions.
        python: an interpreter or environment folder; by default the project's environment is found.
        path: a folder made by `pip install --target`, instead of an environment.
        python_version: the Python version of that folder, as X.Y; by default the running one.
        installed: the file of a record, instead of an environment; `-` is standard input.
        platform: the `sys.platform` of a record that does not say it.
        policy: what counts as drift.
        staged: read the files from git's index.
        rev: read the files from this git revision.
        installer: `pip`, `uv`, or `auto` for what the environment has.
        extras: the extras of lock files that are installed.
        groups: their dependency groups that are installed; by default their default groups.

    Raises:
        UnreadableFilesError: a file cannot be read completely.
        UsageError: the installer would refuse a file; or nothing can be installed from here: there
            are findings, and the environment is a record or a folder.
        EnvironmentReadError: no environment was found, or it cannot be read.
    """
    job = unconfigured(
        files,
        constraints,
        policy,
        python=python,
        path=path,
        python_version=python_version,
        installed=installed,
        platform=platform,
        staged=staged,
        rev=rev,
        installer=installer,
        extras=extras,
        groups=groups,
    )
    return planned(examined_whole(job, UNPLANNED), job)


def planned(found: Examination, job: Job) -> Plan:
    """The commands that fix the findings.

    Raises:
        UsageError: the installer would refuse a file or read another one, or a path cannot be in a
            script.
    """
    if not found.report.findings:
        return Plan("")
    files, environment, request = found.requirements.files, found.environment, job.request
    if not (environment.can.files or environment.can.install):
        named = [word for path in found.situation.files for word in ("-r", shown_path(path))]
        raise UsageError(
            f"{shown_path(environment.prefix)} is a record; plan needs the environment itself",
            f"in that environment, run: {shlex.join(['pip', 'install', *named])}",
        )
    installer = installer_for(environment, request.installer)
    for file in files:
        if not file.is_lock:
            must_be_readable(file, environment, installer)
    script = commands.plan(
        found.report,
        found.case,
        _needs(found, found.case),
        installer,
        tuple(map(os.path.abspath, found.situation.files)),
        constraints=map(os.path.abspath, job.constraints),
        locks=tuple(_from_locks(found, found.case, job)),
        stay=_why_nothing_goes(found, found.case, job),
        kept=_kept(found, installer),
        belonging=_belonging(found),
    )
    calls = [line for line in script.splitlines() if not line.startswith(commands.LEFT)]
    if (request.staged or request.rev) and not all(
        line.startswith(installer.uninstall) for line in calls
    ):
        for file in filter(_is_other_on_disk, files):
            raise UsageError(
                f"the installer reads {shown_path(file.path)} from disk, where it differs",
                "check out the intended files, then run plan without --staged and --rev",
            )
    if not any(line.startswith("uv ") for line in calls) or shutil.which("uv"):
        return Plan(script)
    return Plan(script, f"{shlex.quote(environment.python.interpreter or '')} -m ensurepip")


def _is_other_on_disk(file: ReadFile) -> bool:
    try:
        return read_regular(file.path) != file.mark + file.text.encode(file.encoding)
    except OSError:
        return True


def _from_locks(found: Examination, case: Case, job: Job) -> Iterator[FromLock]:
    """The commands for what is wrong with the projects of lock files.

    Raises:
        UsageError: no installer can install from one.
    """
    findings = found.report.findings
    wrong = {f.project for f in findings if f.kind in ("missing", "version", "source")}
    misplaced = {finding.project for finding in findings if finding.kind == "source"}
    by_file: dict[str, list[Requirement]] = {}
    for line in case.asking:
        if is_pylock(line.origin.file):
            by_file.setdefault(line.origin.file, []).append(line)
    choices = job.request.installer, job.one.extras, job.one.groups
    for path, entries in by_file.items():
        if not wrong.isdisjoint(entry.name for entry in entries):
            yield from_lock(path, entries, misplaced, found.environment, *choices)


def _needs(found: Examination, case: Case) -> Graph:
    """What each installed project needs, whether or not the comparison asked for it."""
    if case.facts.requires is not None:
        return case.graph
    facts = found.source.answer(Questions(requires=True), case.facts)
    return graph_of(facts, case.python)


def _why_nothing_goes(found: Examination, case: Case, job: Job) -> str:
    """Why nothing is uninstalled, with the command that does it; '' if it may be."""
    environment, situation = case.environment, found.situation
    is_own = not passed_over(situation, environment)
    why = doubt(environment, asked(case, is_own=is_own), situation.files)
    named = job.request._replace(python=environment.named_path)
    command = command_line("plan", named, job.request.files)
    return f"{why}; if it is the right environment: {command}" if why else ""


def _kept(found: Examination, installer: Installer) -> dict[CanonicalName, str]:
    """The unlisted or misplaced projects that cannot be uninstalled, with the reasons."""
    installed = found.environment.distributions
    going = {f.project for f in found.report.findings if f.kind in ("extra", "source")}
    reasons = {name: why_not_removable(installed[name]) for name in going & installed.keys()}
    if "pip" in going and not installer.is_uv:
        reasons[CanonicalName("pip")] = "it would have to install itself; use --with uv"
    return {name: reason for name, reason in reasons.items() if reason}


def _belonging(found: Examination) -> dict[CanonicalName, str]:
    """The unlisted projects that a file nearby names, or that these brought in, with that file."""
    extras = [finding for finding in found.report.findings if finding.kind == "extra"]
    files = dict.fromkeys([*found.situation.files, *(file.path for file in found.report.files)])
    nearby = named_nearby(files, {finding.project for finding in extras})
    named = {name: shown_path(path) for path, names in nearby.items() for name in names}
    brought = {
        finding.project: named[root]
        for finding in extras
        for root in map(CanonicalName, finding.brought_by)
        if root in named
    }
    return {**brought, **named}
