"""`reqdrift.check`: a report, and on demand what explains it."""

from __future__ import annotations

from ..values import TYPE_CHECKING, Policy
from ..values.report import Report
from .completion import counted, explained
from .job import examined, unconfigured

if TYPE_CHECKING:
    from .job import Files, Names, StrPath


def check(
    files: Files = (),
    constraints: Files = (),
    *,
    python: StrPath | None = None,
    path: StrPath | None = None,
    python_version: str | None = None,
    root: StrPath | None = None,
    installed: StrPath | None = None,
    platform: str | None = None,
    policy: Policy | None = None,
    staged: bool = False,
    rev: str = "",
    with_pip: bool = False,
    explain: bool = False,
    extras: Names = (),
    groups: Names = (),
    baseline: bool = False,
) -> Report:
    """Compare an environment with requirements files.

    Args:
        files: requirements files, checked together; by default `requirements.txt` in the working
            directory or at the top of the repository.
        constraints: files that only limit versions, as pip's `-c`.
        python: an interpreter or environment folder; by default the project's environment is found.
        path: a folder made by `pip install --target`, instead of an environment.
        python_version: the Python version of that folder, as X.Y; by default the running one. Of a
            record, what it does not say.
        root: another root file system, in which `python` is a path then.
        installed: the file of a record, instead of an environment: `pip inspect`, a list or a
            freeze; `-` is standard input.
        platform: the `sys.platform` of a record that does not say it.
        policy: what counts as drift; pyproject.toml is not read.
        staged: read the files from git's index.
        rev: read the files from this git revision.
        with_pip: also start the environment's pip and compare its answers (`--cross-check`).
        explain: set `Finding.moved` (which side changed last) and `Report.hints` (what to do).
        extras: the extras of lock files that are installed.
        groups: their dependency groups that are installed; by default their default groups.
        baseline: set the findings apart that the project's `reqdrift-baseline.json` has:
            `Report.baselined`.

    Raises:
        UsageError: no file was named and there is no default one; the baseline cannot be read.
        EnvironmentReadError: no environment was found, or it cannot be read.
    """
    job = unconfigured(
        files,
        constraints,
        policy,
        python=python,
        path=path,
        python_version=python_version,
        root=root,
        installed=installed,
        platform=platform,
        staged=staged,
        rev=rev,
        extras=extras,
        groups=groups,
        no_baseline=not baseline,
    )
    found = examined(job)
    report = counted(found, job.one, job.request, cross_check=with_pip)
    return explained(report, found, job.one, job.request, {}) if explain else report
