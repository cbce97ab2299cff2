"""`reqdrift diff`: what `reqdrift fix` would change, as a patch."""

from __future__ import annotations

import os
import sys

from .. import commands, repository
from ..errors import ReqdriftError, UnreadableFilesError, UsageError, print_error
from ..options import Options, quoted
from ..repair import patch
from ..repair.rewrite import Repaired, what_is_left, what_stays_unlisted
from ..report import masked_texts, place, plural, printable, shown_path
from ..report.advice import command_line
from ..values import TYPE_CHECKING, CanonicalName, NamedTuple, Request, Set
from . import Run, is_colored, print_choice, print_lines, read_files
from .fix import UNCHANGED, naming, repair
from .run import configured, examined, examined_whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Unpack

    from ..values import KindName
    from .subject import Files, ToRepair


def run(options: Options) -> int:
    """Print a patch that `git apply` and `patch -p1` accept; 1 if there is one, else 0.

    What the patch does not fix, and where it applies, is printed to standard error.
    """
    request = options.request
    one = configured(request)
    if request.rev:
        if lines := list(_not_followed(one, request)):
            what = f"{plural(len(lines), 'package')} to install"
            print_error("\n  ".join([f"reqdrift: since {request.rev}, {what}:", *lines]))
            command = command_line("plan", request._replace(rev=""), request.files)
            print_error(printable(f"to install them: {command} | sh"))
        request = request._replace(rev="")
    found = examined_whole(one, request, UNCHANGED)
    print_choice(found.situation, found.environment)
    diff = patched(repair(found, "diff"), found)
    if diff.parts:
        _print(diff.parts, options.style.color)
    if not options.style.quiet:
        repairs = diff.repaired.repairs
        said = *what_is_left(repairs), *diff.repaired.warnings, *what_stays_unlisted(repairs)
        print_lines(said, on_stderr=True)
    # In a subfolder, git skips files above it.
    if diff.folder and diff.folder != os.path.realpath(os.getcwd()):
        is_top = os.path.lexists(os.path.join(diff.folder, ".git"))
        command = f": git -C {quoted(diff.folder)} apply" if is_top else ""
        print_error(printable(f"reqdrift: the patch applies in {diff.folder}{command}"))
    return 1 if diff.parts else 0


def _print(parts: Sequence[bytes], color: str) -> None:
    """Print a patch as bytes, because the files keep their encodings."""
    # FORCE_COLOR must not break `reqdrift diff | git apply`.
    on_terminal = sys.stdout.isatty() or color == "always"
    in_color = on_terminal and is_colored(color, sys.stdout)
    if in_color or sys.stdout.isatty():
        parts = [patch.inert(part) for part in parts]  # for people, not for `git apply`
    sys.stdout.flush()
    sys.stdout.buffer.write(b"".join(patch.colored(part) if in_color else part for part in parts))
    sys.stdout.flush()


# Findings that an installation repairs.
_TO_INSTALL: tuple[KindName, ...] = ("missing", "version", "source")


class Diff(NamedTuple):
    """A patch for a folder, '' if nothing changes.

    `parts` are its bytes, file by file, because files keep their encodings.
    """

    folder: str
    parts: tuple[bytes, ...]
    repaired: Repaired

    @property
    def patch(self) -> bytes:
        """The patch, for `git apply` and `patch -p1` in the folder."""
        return b"".join(self.parts)


def diff(files: Files = (), constraints: Files = (), **subject: Unpack[ToRepair]) -> Diff:
    """What `fix` would change, with the same parameters; nothing is written.

    Raises:
        UnreadableFilesError: a file cannot be read completely.
        EnvironmentReadError: no environment was found, or it cannot be read.
        DoubtfulEnvironmentError: the environment may be another project's, and was not named.
        ReqdriftError: a file is not in the repository of the working directory, cannot be
            replaced, or a patch of it would show credentials.
    """
    one, request = commands.subject.unconfigured("diff", subject, files, constraints)
    found = examined_whole(one, request, UNCHANGED)
    made = patched(repair(found, "diff"), found)
    repairs = masked_texts(made.repaired.repairs)
    return made._replace(repaired=made.repaired._replace(repairs=repairs))


def patched(repaired: Repaired, found: Run) -> Diff:
    """The patch that changes the files.

    Raises:
        UsageError: a file is not in the repository of the working directory.
        ReqdriftError: it would show credentials.
    """
    # Links are resolved: neither git nor patch changes a file through a link.
    changed = {os.path.realpath(one.file.path): one for one in repaired.changed}
    if not changed:
        return Diff("", (), repaired)
    paths = [one.file.path for one in changed.values()]
    if others := patch.elsewhere(paths, os.getcwd()):
        shown = ", ".join(map(patch.with_what_it_leads_to, others))
        way_out = f"to change all without a patch: {naming(others, repaired, found)}"
        raise UsageError(f"not in the repository of the working directory: {shown}", way_out)
    folder = patch.patch_folder(paths, os.getcwd())
    for real, one in changed.items():
        # git would apply the patch to the text as it keeps it.
        if one.before != one.before.decode("utf-8", "replace").encode() or b"\0" in one.before:
            words = ("check-attr", "-z", "working-tree-encoding", "--", os.path.basename(real))
            answer = repository.git.bytes_of(os.path.dirname(real), *words) or b""
            if answer.split(b"\0")[2:3] not in ([], [b"unspecified"], [b"unset"]):
                why = f"{shown_path(one.file.path)} has a working-tree-encoding"
                what = f"{why}, so that git cannot apply a patch of its bytes"
                raise ReqdriftError(what, "use `reqdrift fix` instead")
    parts = tuple(
        patch.unified_diff(os.path.relpath(real, folder), one.before, one.after)
        for real, one in changed.items()
    )
    return Diff(folder, parts, repaired)


def _not_followed(one: Set, request: Request) -> Iterator[str]:
    """The lines that are new or changed since a revision, and do not match the environment.

    Raises:
        UsageError: there is no such revision.
        UnreadableFilesError: a file is in it, but cannot be read.
    """
    before = read_files(one, request)[0]
    if unread := tuple(x for x in before.errors if f"is not in {request.rev}" not in x.message):
        raise UnreadableFilesError(unread, UNCHANGED)
    texts: dict[CanonicalName | None, list[str]] = {}
    for line in before.requirements:
        texts.setdefault(line.name, []).append(line.text)
    for finding in examined(one, request._replace(rev="")).report.findings:
        old = texts.get(finding.project, [])
        if finding.kind in _TO_INSTALL and finding.wanted and finding.wanted not in old:
            was = f"was {', '.join(old)}" if old else "new"
            yield printable(f"{place(finding.at)}: {finding.wanted} ({was})")
