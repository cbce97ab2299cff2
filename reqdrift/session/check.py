"""`reqdrift.check`, and what a report gets that is not plainly clean."""

from __future__ import annotations

import time

from ..report import shown_path
from ..report.advice import advise
from ..repository import git
from ..repository.history import dated
from ..values import TYPE_CHECKING
from ..values.findings import Part
from ..values.report import Report
from ..values.settings import Policy, Request, Set
from .job import examined, unconfigured

if TYPE_CHECKING:
    from collections.abc import Sequence

    from . import Examination


def check(
    files: Sequence[str] = (),
    constraints: Sequence[str] = (),
    *,
    python: str | None = None,
    path: str | None = None,
    python_version: str | None = None,
    policy: Policy | None = None,
    staged: bool = False,
    rev: str = "",
    with_pip: bool = False,
    explain: bool = False,
    extras: Sequence[str] = (),
    groups: Sequence[str] = (),
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
        staged: read the files from git's index.
        rev: read the files from this git revision.
        with_pip: start the environment's pip, too, and compare what it reads (`--cross-check`).
        explain: find out which side moved, and what to do: `Finding.moved` and `Report.hints`.
        extras: the extras of lock files that are installed.
        groups: their dependency groups that are installed; by default their default groups.

    Raises:
        UsageError: no file was named and there is no default one.
        EnvironmentReadError: no environment was found, or it cannot be read.
    """
    job = unconfigured(
        files,
        constraints,
        policy,
        python=python,
        path=path,
        python_version=python_version,
        staged=staged,
        rev=rev,
        extras=tuple(extras),
        groups=tuple(groups),
    )
    found = examined(job)
    report = found.report
    if with_pip:
        report = seen_by_pip(found)
    return explained(report, found, job.one, job.options) if explain else report


def seen_by_pip(found: Examination) -> Report:
    """The report, compared with what the environment's own pip reads."""
    # Few ask for it, and it starts programs.
    from .cross_check import cross_checked

    return cross_checked(found)


def explained(report: Report, found: Examination, one: Set, request: Request) -> Report:
    """The report with which side moved, and with what to do about it.

    Args:
        report: the report.
        found: what it was made from.
        one: the set of files.
        request: what the run was about.
    """
    if not (report.findings or report.errors):
        return report
    if not (request.staged or request.rev):
        # git dates the lines of the working tree.
        report = dated(report, found.environment, time.time())
    if one.name and not request.files:
        files = tuple(map(shown_path, one.files))
        request = request._replace(files=files, python=one.python and shown_path(one.python))
    return report._replace(hints=advise(report, found.situation.files, request))


def uncommitted(report: Report) -> str:
    """Which of the files differ from what is committed; '' if git does not know."""
    known = {file.path: git.uncommitted(file.path) for file in report.files}
    changed = [shown_path(path) for path, differs in known.items() if differs]
    if changed:
        return f"uncommitted changes in {', '.join(changed)}"
    return "the files have no uncommitted changes" if known and None not in known.values() else ""


def joined(parts: Sequence[tuple[str, Report]]) -> Report:
    """One report of several sets, their names in front of the messages."""
    findings, notes, errors = [], [], []
    for name, part in parts:
        findings += [f._replace(part=name, message=f"[{name}] {f.message}") for f in part.findings]
        notes += [n._replace(message=f"[{name}] {n.message}") for n in part.notes]
        errors += [e._replace(message=f"[{name}] {e.message}") for e in part.errors]
    return Report(
        None,
        tuple(file for _, part in parts for file in part.files),
        tuple(findings),
        tuple(notes),
        tuple(errors),
        sum(part.checked for _, part in parts),
        sum(part.skipped for _, part in parts),
        tuple(dict.fromkeys(hint for _, part in parts for hint in part.hints)),
        tuple(Part(n, p.environment, p.files, p.checked, p.skipped) for n, p in parts),
    )
