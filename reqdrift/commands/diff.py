"""`reqdrift diff`: what `reqdrift fix` would change, as a patch."""

from __future__ import annotations

import os
import sys

from .. import api, repository
from ..errors import ReqdriftError, tell
from ..formats import place, plural, printable
from ..formats.patch import colored, inert, unified_diff
from ..model import TYPE_CHECKING, CanonicalName, Options
from ..urls import redact
from .fix import rewritten, tell_what_is_left, tell_what_stays_unlisted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..model import Report, Requirement
    from ..repair.rewrite import Changed

# Findings that an installation mends.
_TO_INSTALL = ("missing", "version", "source")


def run(options: Options) -> int:
    """Print a patch that `git apply` and `patch -p1` accept; 1 if there is one, else 0.

    What the patch does not repair, and where else than here it applies, goes to standard error.
    """
    if options.rev:
        _tell_since(options)
    outcome = rewritten(options._replace(rev=""), written=False)
    on_terminal = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    in_color = options.color == "always" or (options.color == "auto" and on_terminal)
    base = _base_outside_git(outcome.changed)
    diff = b""
    for changed in outcome.changed:
        # The file itself: neither git nor patch changes one through a link.
        path = os.path.realpath(changed.file.path)
        name = os.path.relpath(path, repository.top_folder(os.path.dirname(path)) or base)
        part = _without_secrets(name, changed)
        if in_color or sys.stdout.isatty():
            part = inert(part)  # for eyes, not for `git apply`
        diff += colored(part) if in_color else part
    # Bytes, because the files keep their encodings.
    sys.stdout.flush()
    sys.stdout.buffer.write(diff)
    sys.stdout.flush()
    if not options.quiet:
        tell_what_is_left(outcome, sys.stderr)
        tell_what_stays_unlisted(outcome, sys.stderr)
        if base != os.path.realpath(os.getcwd()):
            tell(printable(f"reqdrift: the patch applies in {base}"))
    return 1 if diff else 0


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


def _base_outside_git(changed: Sequence[Changed]) -> str:
    """The nearest folder that holds the working directory and the changed files outside of git."""
    folders = {os.path.dirname(os.path.realpath(c.file.path)) for c in changed}
    outside = [folder for folder in folders if repository.top_folder(folder) is None]
    return os.path.commonpath([os.path.realpath(os.getcwd()), *outside])


def _tell_since(options: Options) -> None:
    """Say on standard error what changed since a revision and is not followed yet.

    Raises:
        UsageError: there is no such revision.
    """
    one, policy = api.only_set(options)
    before, _ = api.read_files(one, options.constraints, rev=options.rev)
    now, situation = api.read_files(one, options.constraints)
    environment = api.find_environment(situation, options.path, options.python_version)
    report = api.examine(now, situation, environment, policy).report
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
