"""`reqdrift.diff`: what a fix would change, as a patch."""

from __future__ import annotations

import os
import shlex

from ..repair.patch import without_secrets
from ..repair.places import patch_folders
from ..report import place, printable
from ..report.advice import command_line
from ..values import TYPE_CHECKING, CanonicalName, NamedTuple, Policy
from . import examine, read_files
from .fix import UNCHANGED, Repaired, repair
from .job import Job, examined_whole, source_of, unconfigured

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..values import KindName, Requirement
    from ..values.report import Report
    from .job import Files, Names, StrPath

# Findings that an installation repairs.
_TO_INSTALL: tuple[KindName, ...] = ("missing", "version", "source")


class Diff(NamedTuple):
    """A patch for one folder, '' if nothing changes.

    `parts` are its bytes, file by file, because files keep their encodings. `elsewhere` are folders
    that it does not cover, with the files there that change, too.
    """

    folder: str
    parts: tuple[bytes, ...]
    elsewhere: tuple[tuple[str, tuple[str, ...]], ...]
    repaired: Repaired

    @property
    def patch(self) -> bytes:
        """The patch, for `git apply` and `patch -p1` in the folder."""
        return b"".join(self.parts)


def diff(
    files: Files = (),
    constraints: Files = (),
    *,
    python: StrPath | None = None,
    path: StrPath | None = None,
    python_version: str | None = None,
    installed: StrPath | None = None,
    platform: str | None = None,
    policy: Policy | None = None,
    keep_missing: bool = False,
    force: bool = False,
    cautious: bool = False,
    extras: Names = (),
    groups: Names = (),
) -> Diff:
    """What `fix` would change, with the same parameters; nothing is written.

    Raises:
        UnreadableFilesError: a file cannot be read completely.
        EnvironmentReadError: no environment was found, or it cannot be read.
        DoubtfulEnvironmentError: the environment may be another project's, and was not named.
        ReqdriftError: a file cannot be replaced, or a patch of it would show credentials.
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
        keep_missing=keep_missing,
        force=force,
        cautious=cautious,
        extras=extras,
        groups=groups,
    )
    return patched(repair(examined_whole(job, UNCHANGED), job, "diff"))


def patched(repaired: Repaired) -> Diff:
    """The patch that changes the files of the working directory's repository, or of the first.

    Raises:
        ReqdriftError: it would show credentials.
    """
    # Links are resolved: neither git nor patch changes a file through a link.
    changed = {os.path.realpath(one.file.path): one for one in repaired.changed}
    places = patch_folders(changed, os.getcwd())
    folders = [(folder, tuple(files)) for folder, files in places.items()]
    if not folders:
        return Diff("", (), (), repaired)
    (folder, files), *elsewhere = folders
    parts = tuple(
        without_secrets(os.path.relpath(file, folder), changed[file].before, changed[file].after)
        for file in files
    )
    return Diff(folder, parts, tuple(elsewhere), repaired)


def where_it_applies(found: Diff, job: Job) -> Iterator[str]:
    """Where the patch applies, if not here, and the commands for the patches of other folders."""
    if found.folder and found.folder != os.path.realpath(os.getcwd()):
        yield f"the patch applies in {found.folder}{_applying(found.folder)}"
    for folder, files in found.elsewhere:
        command = f"cd {shlex.quote(folder)} && {_same_from_anywhere(found.repaired, job)}"
        yield f"{', '.join(files)} is not in this patch, but in one for {folder}: {command}"


def _applying(folder: str) -> str:
    """The `git apply` command; in a subfolder, git silently skips files above it."""
    is_top = os.path.lexists(os.path.join(folder, ".git"))
    return f": git -C {shlex.quote(folder)} apply" if is_top else ""


def _same_from_anywhere(repaired: Repaired, job: Job) -> str:
    """The command that gives the same outcome in another folder."""
    request = job.request
    named = request._replace(
        python=request.python if request.path else repaired.environment.named_path,
        path=request.path and os.path.abspath(request.path),
        constraints=tuple(map(os.path.abspath, job.constraints)),
        set_name="",
        add_to=request.add_to and os.path.abspath(request.add_to),
        rev="",
    )
    return command_line("diff", named, repaired.files)


def not_followed(job: Job) -> list[str]:
    """What changed since a revision and is not installed yet, a line for each.

    Raises:
        UsageError: there is no such revision.
    """
    constraints = job.request.constraints
    before, _ = read_files(job.one, constraints, rev=job.request.rev)
    now, situation = read_files(job.one, constraints)
    report = examine(now, situation, source_of(job, situation), job.policy).report
    return list(_lines_not_followed(before.requirements, report))


def _lines_not_followed(before: tuple[Requirement, ...], report: Report) -> Iterator[str]:
    """The lines that are new or changed, and do not match the environment."""
    texts: dict[CanonicalName | None, list[str]] = {}
    for line in before:
        texts.setdefault(line.name, []).append(line.text)
    for finding in report.findings:
        old = texts.get(finding.project, [])
        if finding.kind in _TO_INSTALL and finding.wanted and finding.wanted not in old:
            was = f"was {', '.join(old)}" if old else "new"
            yield printable(f"{place(finding.at)}: {finding.wanted} ({was})")
