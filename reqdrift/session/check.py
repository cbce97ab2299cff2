"""`reqdrift.check`, and what a report gets that is not plainly clean."""

from __future__ import annotations

import time

from ..report import shown_path
from ..repository.changes import TrackedFile
from ..values import TYPE_CHECKING, Part, Policy, Report
from .job import Job, examined, unconfigured

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from . import Examination

# So many processes are started together.
_AT_ONCE = 4


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
    )
    found = examined(job)
    report = found.report
    if with_pip:
        # It starts a program, and most callers do not want that.
        from .cross_check import cross_checked

        report = cross_checked(found)
    return explained(report, found, job) if explain else report


def explained(
    report: Report,
    found: Examination,
    job: Job,
    files: Mapping[str, TrackedFile] | None = None,
) -> Report:
    """The report with which side moved, and with what to do about it.

    Args:
        report: the report.
        found: what it was made from.
        job: what the run was about.
        files: those that git is asked about already.
    """
    one, options = job.one, job.options
    if not (report.findings or report.errors):
        return report
    asked = None
    if not (options.staged or options.rev):
        # git dates the lines of the working tree.
        from ..repository.history import ask, dated

        asked = ask(report, found.environment, files)
    # A clean run gives no advice; git is at work while this is loaded.
    from ..report.advice import advise

    if asked:
        try:
            report = dated(report, asked, time.time())
        finally:
            stop(asked.files)
    if one.name and not options.files:
        paths = tuple(map(shown_path, one.files))
        options = options._replace(files=paths, python=one.python and shown_path(one.python))
    return report._replace(hints=advise(report, found.situation.files, options))


def ask_git(report: Report) -> Mapping[str, TrackedFile]:
    """The files, with git at work to say whether they are as committed."""
    files = {file.path: TrackedFile(file.path) for file in report.files}
    for file in [*files.values()][:_AT_ONCE]:
        file.ask_state()
    return files


def stop(files: Mapping[str, TrackedFile]) -> None:
    """End what was started to say more of the files."""
    for file in files.values():
        file.end()


def uncommitted(files: Mapping[str, TrackedFile]) -> str:
    """Which of the files differ from what is committed; '' if git does not know."""
    known = {path: file.is_changed() for path, file in files.items()}
    changed = [shown_path(path) for path, differs in known.items() if differs]
    if changed:
        return f"with uncommitted changes: {', '.join(changed)}"
    return "the files are as committed" if known and None not in known.values() else ""


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
