"""`reqdrift verify`: does every installed file match its RECORD?"""

from __future__ import annotations

import difflib
import sys
import time
from functools import partial

from .. import commands
from ..drift.policy import weighed
from ..errors import EnvironmentReadError, UsageError, print_error
from ..integrity import (
    KNOWN,
    Listing,
    look,
    modified,
    read_listing,
    release_of,
    sizes,
    unclear,
    unlisted_files,
)
from ..options import Options
from ..repair.installer import reinstalling
from ..report import describe_error, shown_path
from ..standards import canonical_name
from ..values import TYPE_CHECKING, Location, Note, Problem, Report
from ..values.details import Finding, Verified
from . import in_actions, is_colored, print_choice, publish
from .run import configured, situation_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from typing import Unpack

    from rich.progress import Progress

    from ..integrity import Deviation
    from ..values import CanonicalName, Environment, Policy, Style
    from .subject import Files, PlaceOrRecord

    Share = tuple[int, list[Deviation]]
    Watch = Callable[[Iterable[Share], int], Iterable[Share]]


def run(options: Options) -> int:
    """Print the report; the exit code is 0, 1 (modified), or 3 (nothing to verify)."""
    one, request = configured(options.request), options.request
    situation = situation_of(one)
    try:
        environment = commands.find_environment(one, situation, request).read()
    except EnvironmentReadError as error:
        if {*options.formats} <= {("auto", "")} and not in_actions():
            raise
        print_error(f"reqdrift: {describe_error(error)}")
        failed = Report(None, errors=(Problem(None, str(error), error.exit_code),))
        publish(failed, options.style, options.formats)
        return error.exit_code
    print_choice(situation, environment)
    report = verified(
        environment,
        situation.files,
        (*request.constraints, *one.constraints),
        one.policy,
        options.select,
        watch=partial(watched, style=options.style),
    )
    publish(report, options.style, options.formats)
    code = report.exit_code
    return 0 if code == 1 and options.exit_zero else code


def verify(
    files: Files = (),
    *,
    policy: Policy | None = None,
    select: Sequence[str] = (),
    **place: Unpack[PlaceOrRecord],
) -> Report:
    """Compare every installed file with its distribution's RECORD.

    Args:
        files: requirements files, to find the environment, and for the options with which a
            package is installed again.
        policy: what counts as drift.
        select: the projects to verify, by default all.
        **place: the environment, as in `Subject`. A record is an error: it has no files.

    Raises:
        UsageError: a selected project is not installed.
        EnvironmentReadError: no environment was found, it cannot be read, or it is a record.
    """
    takes = commands.subject.PlaceOrRecord
    one, request = commands.subject.unconfigured("verify", place, files, (), takes, policy=policy)
    situation = situation_of(one)
    environment = commands.find_environment(one, situation, request).read()
    return verified(environment, situation.files, (), one.policy, select)


def verified(
    environment: Environment,
    files: Sequence[str],
    constraints: Sequence[str],
    policy: Policy,
    select: Sequence[str] = (),
    *,
    watch: Watch = lambda shares, _: shares,
) -> Report:
    """The report of `verify` about an environment.

    Args:
        environment: what is installed.
        files: the paths of the requirements files.
        constraints: the paths of files that only limit versions.
        policy: what counts as drift.
        select: the projects to verify, by default all.
        watch: wraps the iterator over shares of the work; also gets the total number of bytes.

    Raises:
        UsageError: a selected project is not installed.
    """
    if not environment.can.files:
        message = f"{environment.prefix} is a record, which has no files to verify"
        raise EnvironmentReadError(message, "run reqdrift verify where the environment is")
    listings = []
    for owner in (*environment.distributions.values(), *environment.hidden):
        if owner.own:
            listings.append(read_listing(owner, environment.prefix))
        elif owner not in environment.hidden:
            listings.append(Listing(owner, listed=False, unlisted="outside of the environment"))
    selected = _selected(select, {listing.owner.name for listing in listings}, environment)
    chosen = [i for i, listing in enumerate(listings) if listing.owner.name in selected]
    looked_at = [listings[index] for index in chosen]
    size, deviations = 0, []
    for read, deviating in watch(look(listings, chosen), sizes(listings, chosen)):
        size += read
        deviations += deviating
    found: list[Finding | Note] = [
        *unclear(looked_at),
        *modified(environment, listings, deviations),
        *unlisted_files(looked_at),
    ]
    for project, message, _ in environment.broken:
        if not select or project in selected:
            one, at = environment.distributions.get(project), Location(environment.prefix)
            version = one.version if one else None
            found.append(Finding("broken", "error", project, at, None, version, message))
    judged = list(weighed([item for item in found if isinstance(item, Finding)], policy))
    findings = [item for item in judged if isinstance(item, Finding)]
    findings.sort(key=lambda f: (f.at.file, f.at.line or 0, f.project, f.kind))
    notes = [item for item in (*found, *judged) if isinstance(item, Note)]
    reinstallable = {listings[i].owner.path for d in deviations if not d.agreeing for i in d.owners}
    reinstallable |= {listing.owner.path for listing in looked_at if listing.troubles}
    told_of = {finding.project for finding in findings}
    return Report(
        environment,
        findings=tuple(findings),
        notes=(*environment.notes, *notes),
        errors=tuple(_unverifiable(looked_at, select)),
        hints=reinstalling(environment, reinstallable, told_of, files, constraints),
        verified=_counts(looked_at, size),
    )


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
            hint = f"did you mean {', '.join(close)}?" if close else ""
            hint = hint or "to list what is installed: reqdrift freeze"
            where = shown_path(environment.prefix)
            raise UsageError(f"--select: '{wish}' is not installed in {where}", hint)
    return {canonical_name(wish) for wish in wishes} or names


def _unverifiable(listings: Sequence[Listing], select: Sequence[str]) -> Iterator[Problem]:
    """Projects that cannot be verified: the report must not be clean."""
    code, unlisted = EnvironmentReadError.exit_code, [one for one in listings if not one.listed]
    for one in unlisted if select else ():
        message = f"{release_of(one.owner)} lists no files to verify ({one.unlisted})"
        yield Problem(None, message, code)
    if unlisted and len(unlisted) == len(listings) and not select:
        yield Problem(None, "no distribution lists its files: nothing can be verified", code)


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


# Most environments are done before.
_PATIENCE = 0.5


def watched(
    shares: Iterable[Share], total: int, style: Style, patience: float = _PATIENCE
) -> Iterator[Share]:
    """The same, with a progress bar on standard error if that is a terminal.

    Args:
        shares: what is done, a part at a time.
        total: how much there is to do.
        style: how people want to see it.
        patience: the seconds without a bar.
    """
    if style.quiet or not sys.stderr.isatty():
        yield from shares
        return
    begun, done, bar = time.monotonic(), 0, None
    try:
        for share in shares:
            done += share[0]
            if bar is None and time.monotonic() - begun > patience:
                bar = make_bar(style)
                task = bar.add_task("verifying", total=total)
                bar.start()
            if bar is not None:
                bar.update(task, completed=done)
            yield share
    finally:
        if bar is not None:
            bar.stop()


def make_bar(style: Style) -> Progress:
    """A progress bar on standard error."""
    # It takes longer to load than most environments to verify.
    from rich import console, progress

    where = console.Console(stderr=True, no_color=not is_colored(style.color, sys.stderr))
    columns = (progress.BarColumn(), progress.DownloadColumn(), progress.TimeRemainingColumn())
    text = progress.TextColumn("{task.description}")
    return progress.Progress(text, *columns, console=where, transient=True)
