"""`reqdrift verify`: is every installed file still what was installed?"""

from __future__ import annotations

import difflib
import sys
import time

from .. import report as formats
from .. import session
from ..drift.policy import weighed
from ..errors import EnvironmentReadError, UsageError, tell
from ..repair.reinstall import reinstalling
from ..standards.names import canonical_name
from ..values import (
    TYPE_CHECKING,
    CanonicalName,
    Environment,
    Finding,
    Location,
    Note,
    Options,
    Policy,
    Problem,
    Report,
    Verified,
)
from ..verify import findings as modified
from ..verify.integrity import KNOWN, look, sizes
from ..verify.record import Listing, read_listing, told
from ..verify.unowned import strangers
from .check import in_actions, publish
from .choice import tell_of_choice

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from rich.progress import Progress

    from ..verify.integrity import Deviation

    _Share = tuple[int, list[Deviation]]

# Seconds without a sign of life; most environments are through before.
_PATIENCE = 0.5
_OUTSIDE = "outside of the environment"


def run(options: Options) -> int:
    """Print the report; the exit code is 0, 1 (modified), or 3 (nothing that can be verified)."""
    one, policy = session.only_set(options)
    situation = session.situation_of(one)
    try:
        environment = session.find_environment(
            situation, options.path, options.python_version
        ).read()
        if not environment.can.files:
            raise EnvironmentReadError(f"{environment.prefix} has no files to verify")
    except EnvironmentReadError as error:
        if {*options.formats} <= {"auto"} and not in_actions():
            raise
        tell(f"reqdrift: {formats.told(error)}")
        publish(Report(None, errors=(Problem(None, str(error), error.exit_code),)), options)
        return error.exit_code
    tell_of_choice(situation, environment)
    report = _verify(environment, policy, options)
    publish(report, options)
    if report.errors:
        return max(error.exit_code for error in report.errors)
    drift = any(finding.severity == "error" for finding in report.findings)
    return 1 if drift and not options.exit_zero else 0


def _verify(environment: Environment, policy: Policy, options: Options) -> Report:
    listings = list(_listings(environment))
    names = {listing.owner.name for listing in listings}
    selected = _selected(options.select, names, environment)
    chosen = [i for i, listing in enumerate(listings) if listing.owner.name in selected]
    looked_at = [listings[index] for index in chosen]
    size, deviations = 0, []
    shares = look(listings, chosen)
    for read, deviating in _watched(shares, sizes(listings, chosen), options):
        size += read
        deviations += deviating
    found: list[Finding | Note] = [
        *(_contradiction(environment, *b) for b in environment.broken if _concerns(b, options)),
        *modified.unclear(looked_at),
        *modified.deviating(environment, listings, deviations),
        *modified.unlisted_files(looked_at),
    ]
    errors = tuple(_unverifiable(looked_at, options))
    if options.unrecorded and not errors:
        unknown = modified.unrecorded(environment, strangers(listings, environment.folders))
        found += [f for f in unknown if not options.select or f.project in selected]
    judged = list(weighed([item for item in found if isinstance(item, Finding)], policy))
    findings = [item for item in judged if isinstance(item, Finding)]
    findings.sort(key=lambda f: (f.at.file, f.at.line or 0, f.project, f.kind))
    notes = [item for item in (*found, *judged) if isinstance(item, Note)]
    mendable = {listings[i].owner.path for d in deviations if not d.agreeing for i in d.owners}
    mendable |= {listing.owner.path for listing in looked_at if listing.troubles}
    told_of = {finding.project for finding in findings}
    return Report(
        environment,
        findings=tuple(findings),
        notes=(*environment.notes, *notes),
        errors=errors,
        hints=reinstalling(environment, mendable, told_of),
        verified=_counts(looked_at, size),
    )


def _listings(environment: Environment) -> Iterator[Listing]:
    for owner in (*environment.distributions.values(), *environment.hidden):
        if owner.own:
            yield read_listing(owner, environment.prefix)
        elif owner not in environment.hidden:
            yield Listing(owner, listed=False, unlisted=_OUTSIDE)


def _selected(
    wishes: Sequence[str], names: Collection[CanonicalName], environment: Environment
) -> Collection[CanonicalName]:
    """The projects to verify: all, or those that were named.

    Raises:
        UsageError: one of these is not installed.
    """
    for wish in wishes:
        if canonical_name(wish) not in names:
            close = difflib.get_close_matches(canonical_name(wish), sorted(names), n=3)
            hint = f"did you mean {', '.join(close)}?" if close else "reqdrift freeze lists them"
            where = formats.shown_path(environment.prefix)
            raise UsageError(f"--select: '{wish}' is not installed in {where}", hint)
    return {canonical_name(wish) for wish in wishes} or names


def _concerns(broken: tuple[CanonicalName, str], options: Options) -> bool:
    return not options.select or broken[0] in map(canonical_name, options.select)


def _contradiction(environment: Environment, project: CanonicalName, message: str) -> Finding:
    installed = environment.distributions.get(project)
    version = installed.version if installed else None
    at = Location(environment.prefix)
    return Finding("broken", "error", project, at, None, version, message)


def _unverifiable(listings: Sequence[Listing], options: Options) -> Iterator[Problem]:
    """What was asked for and cannot be answered: that must not read as clean."""
    unlisted = [listing for listing in listings if not listing.listed]
    if options.select:
        for listing in unlisted:
            message = f"{told(listing.owner)} lists no files to verify ({listing.unlisted})"
            yield Problem(None, message, EnvironmentReadError.exit_code)
    elif unlisted and len(unlisted) == len(listings):
        message = "no distribution lists its files: nothing can be verified"
        yield Problem(None, message, EnvironmentReadError.exit_code)


def _counts(listings: Sequence[Listing], size: int) -> Verified:
    entries = {entry.path: entry for listing in listings for entry in listing.entries}
    hashed = sum(entry.algorithm in KNOWN for entry in entries.values())
    listed = sum(bool(listing.entries) for listing in listings)
    return Verified(
        listed,
        hashed,
        size,
        len(entries) - hashed,
        sum(listing.bytecode for listing in listings),
        len(listings) - listed,
    )


def _watched(shares: Iterable[_Share], total: int, options: Options) -> Iterator[_Share]:
    """The same, with a bar on standard error if that is a terminal and it takes a while."""
    if options.quiet or not sys.stderr.isatty():
        yield from shares
        return
    begun, done, bar = time.monotonic(), 0, None
    try:
        for share in shares:
            done += share[0]
            if bar is None and time.monotonic() - begun > _PATIENCE:
                bar = _bar(options)
                task = bar.add_task("verifying", total=total)
                bar.start()
            if bar is not None:
                bar.update(task, completed=done)
            yield share
    finally:
        if bar is not None:
            bar.stop()


def _bar(options: Options) -> Progress:
    # rich takes ten times as long to import as a small environment to verify.
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    plain = True if options.color == "never" else None
    console = Console(stderr=True, no_color=plain)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    return Progress(*columns, TimeRemainingColumn(), console=console, transient=True)
