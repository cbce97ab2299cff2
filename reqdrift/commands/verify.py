"""`reqdrift verify`: does every installed file match its RECORD?"""

from __future__ import annotations

import difflib

from .. import commands, integrity
from ..drift.policy import weighed
from ..errors import EnvironmentReadError, UsageError, print_error
from ..integrity import Listing
from ..options import Options
from ..repair.installer import reinstalling
from ..report import describe_error, shown_path
from ..standards import canonical_name
from ..values import TYPE_CHECKING, Location, Note, Problem, Report
from ..values.details import Finding, Verified
from . import in_actions, print_choice, publish
from .run import configured, situation_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from typing import Unpack

    from ..environments import Situation
    from ..values import CanonicalName, Environment, Policy
    from .subject import Files, PlaceOrRecord


def run(options: Options) -> int:
    """Print the report; the exit code is 0, 1 (modified), or 3 (nothing to verify)."""
    one, request = configured(options.request, compares=False), options.request
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
    report = verified(environment, situation, one.policy, options.select)
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
    one, request = commands.subject.unconfigured("verify", place, files, policy=policy)
    situation = situation_of(one)
    environment = commands.find_environment(one, situation, request).read()
    return verified(environment, situation, one.policy, select)


def verified(
    environment: Environment, situation: Situation, policy: Policy, select: Sequence[str]
) -> Report:
    """The report of `verify` about an environment.

    Args:
        environment: what is installed.
        situation: the files with whose options a package is installed again.
        policy: what counts as drift.
        select: the projects to verify; all if there are none.

    Raises:
        UsageError: a selected project is not installed.
    """
    if not environment.can.files:
        message = f"{environment.prefix} is a record, which has no files to verify"
        raise EnvironmentReadError(message, "run reqdrift verify where the environment is")
    listings = []
    for owner in (*environment.distributions.values(), *environment.hidden):
        if owner.own:
            listings.append(integrity.read_listing(owner, environment.prefix))
        elif owner not in environment.hidden:
            listings.append(Listing(owner, listed=False, unlisted="outside of the environment"))
    selected = _selected(select, {listing.owner.name for listing in listings}, environment)
    chosen = [i for i, listing in enumerate(listings) if listing.owner.name in selected]
    looked_at = [listings[index] for index in chosen]
    looks = [*integrity.look(listings, chosen)]
    size, deviations = sum(read for read, _ in looks), [one for _, one in looks if one]
    found: list[Finding | Note] = [
        *integrity.unclear(looked_at),
        *integrity.modified(environment, listings, deviations),
        *integrity.unlisted_files(looked_at),
    ]
    for project, message, _ in environment.broken:
        if not select or project in selected:
            there, at = environment.distributions.get(project), Location(environment.prefix)
            version = there.version if there else None
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
        hints=reinstalling(environment, situation, reinstallable, told_of),
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
        message = f"{integrity.release_of(one.owner)} lists no files to verify ({one.unlisted})"
        yield Problem(None, message, code)
    if unlisted and len(unlisted) == len(listings) and not select:
        yield Problem(None, "no distribution lists its files: nothing can be verified", code)


def _counts(listings: Sequence[Listing], size: int) -> Verified:
    entries = {entry.path: entry for listing in listings for entry in listing.entries}
    hashed = sum(entry.algorithm in integrity.KNOWN for entry in entries.values())
    listed = sum(bool(listing.entries) for listing in listings)
    bytecode = sum(listing.bytecode for listing in listings)
    unhashed, skipped = len(entries) - hashed, len(listings) - listed
    return Verified(listed, hashed, size, unhashed, bytecode, skipped)
