"""`reqdrift diff`: what `reqdrift fix` would change, as a patch."""

from __future__ import annotations

import os
import shlex
import sys

from .. import session
from ..errors import ReqdriftError, tell
from ..repair.patch import colored, inert, unified_diff
from ..repair.places import patch_folders
from ..report import place, plural, printable
from ..report.advice import command_line
from ..standards.urls import redact
from ..values import TYPE_CHECKING, CanonicalName, Options
from .fix import Rewriting, rewritten, tell_what_is_left, tell_what_stays_unlisted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..repair.rewrite import Changed
    from ..values import Report, Requirement

# Findings that an installation mends.
_TO_INSTALL = ("missing", "version", "source")


def run(options: Options) -> int:
    """Print a patch that `git apply` and `patch -p1` accept; 1 if there is one, else 0.

    What the patch does not repair, where else than here it applies, and how to see the patches of
    other folders goes to standard error.
    """
    if options.rev:
        _tell_since(options)
    rewriting = rewritten(options._replace(rev=""), written=False)
    # The files themselves: neither git nor patch changes one through a link.
    changed = {os.path.realpath(c.file.path): c for c in rewriting.outcome.changed}
    patches = list(patch_folders(changed, os.getcwd()).items())
    for folder, files in patches[:1]:
        _print([_without_secrets(os.path.relpath(f, folder), changed[f]) for f in files], options)
    if not options.quiet:
        tell_what_is_left(rewriting.outcome, sys.stderr)
        tell_what_stays_unlisted(rewriting.outcome, sys.stderr)
    for folder, _ in patches[:1]:
        if folder != os.path.realpath(os.getcwd()):
            tell(printable(f"reqdrift: the patch applies in {folder}{_applying(folder)}"))
    for folder, files in patches[1:]:
        command = f"cd {shlex.quote(folder)} && {_same_from_anywhere(rewriting, options)}"
        what = f"{', '.join(files)} is not in this patch; its own applies in {folder}: {command}"
        tell(printable(f"reqdrift: {what}"))
    return 1 if patches else 0


def _print(parts: Sequence[bytes], options: Options) -> None:
    """Print a patch as bytes, because the files keep their encodings."""
    on_terminal = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    in_color = options.color == "always" or (options.color == "auto" and on_terminal)
    if in_color or sys.stdout.isatty():
        parts = [inert(part) for part in parts]  # for eyes, not for `git apply`
    sys.stdout.flush()
    sys.stdout.buffer.write(b"".join(colored(part) if in_color else part for part in parts))
    sys.stdout.flush()


def _applying(folder: str) -> str:
    """The command for a repository: in a subfolder git silently skips files above that."""
    is_top = os.path.lexists(os.path.join(folder, ".git"))
    return f": git -C {shlex.quote(folder)} apply" if is_top else ""


def _same_from_anywhere(rewriting: Rewriting, options: Options) -> str:
    """The command that gives the same outcome in another folder."""
    target = None if options.path else rewriting.environment.named_path
    named = options._replace(
        python=target,
        path=options.path and os.path.abspath(options.path),
        constraints=tuple(map(os.path.abspath, options.constraints)),
        add_to=options.add_to and os.path.abspath(options.add_to),
        rev="",
    )
    return command_line("diff", named, rewriting.situation.files)


def _without_secrets(name: str, changed: Changed) -> bytes:
    """The diff of a file, with as little context as keeps credentials out of it.

    Raises:
        ReqdriftError: they stand beside what changes.
    """
    for context in (3, 2, 1):
        diff = unified_diff(name, changed.before, changed.after, context)
        text = diff.replace(b"\0", b"").decode("utf-8", "replace")
        if redact(text) == text:
            return diff
    raise ReqdriftError(
        f"a patch of {name} would show credentials", "let `reqdrift fix` change the file"
    )


def _tell_since(options: Options) -> None:
    """Say on standard error what changed since a revision and is not followed yet.

    Raises:
        UsageError: there is no such revision.
    """
    one, policy = session.only_set(options)
    before, _ = session.read_files(one, options.constraints, rev=options.rev)
    now, situation = session.read_files(one, options.constraints)
    source = session.find_environment(situation, options.path, options.python_version)
    report = session.examine(now, situation, source, policy).report
    lines = list(_not_followed(before.requirements, report))
    if lines:
        what = f"{plural(len(lines), 'package')} to install"
        tell("\n  ".join([f"reqdrift: since {options.rev}, {what}:", *lines]))
        tell("to follow the files: reqdrift plan | sh")


def _not_followed(before: tuple[Requirement, ...], report: Report) -> Iterator[str]:
    """The lines that are new or other than before, and not what is installed."""
    texts: dict[CanonicalName | None, list[str]] = {}
    for line in before:
        texts.setdefault(line.name, []).append(line.text)
    for finding in report.findings:
        old = texts.get(finding.project, [])
        if finding.kind in _TO_INSTALL and finding.wanted and finding.wanted not in old:
            was = f"was {', '.join(old)}" if old else "new"
            yield printable(f"{place(finding.at)}: {finding.wanted} ({was})")
