"""`reqdrift fix`: write into the files what the environment holds."""

from __future__ import annotations

import os
import stat
import sys

from .. import api
from ..errors import ReqdriftError, UnreadableFilesError
from ..files import replace_files
from ..findings import Finding
from ..formats import place, printable, shown_path
from ..formats.groups import grouped, inventory
from ..model import TYPE_CHECKING, Options, Questions
from ..repair.rewrite import Changed, Rewrite, Wishes, combined, rewrite
from ..requirements import read_requirements
from ..requirements.lines import decode
from ..rules.case import make_case
from ..urls import redact

if TYPE_CHECKING:
    from typing import TextIO

# One edits, one takes out what thereby repeats, one finds nothing more to do.
_MOST_ROUNDS = 5


def run(options: Options) -> int:
    """Change the files and say what was done; 1 if some findings are left, else 0."""
    outcome = rewritten(options, written=True)
    replace_files([(changed.file.path, changed.after) for changed in outcome.changed])
    for repair in outcome.repairs:
        if repair.done:
            print(f"{place(repair.finding.at)}: {printable(redact(repair.done))}")
    left = tell_what_is_left(outcome, sys.stdout)
    if not options.quiet:
        tell_what_stays_unlisted(outcome, sys.stdout)
        files = ", ".join(shown_path(changed.file.path) for changed in outcome.changed)
        done = f"changed {files}" if files else "nothing to change"
        print(f"{done}; {left} left" if left else done)
    return 1 if left else 0


def tell_what_is_left(outcome: Rewrite, stream: TextIO) -> int:
    """Print the findings that no editing repairs, each with the reason; how many they are."""
    left: dict[str, list[Finding]] = {}
    for repair in outcome.repairs:
        if repair.refused:
            left.setdefault(repair.refused, []).append(repair.finding)
    groups = {group.finding: group for found in left.values() for group in grouped(found)}
    for repair in outcome.repairs:
        if repair.refused and (group := groups.get(repair.finding)):
            what = f"{repair.finding.kind} left: {inventory(group)}: {repair.refused}"
            print(f"{place(repair.finding.at)}: {printable(what)}", file=stream)
    return sum(map(len, left.values()))


def tell_what_stays_unlisted(outcome: Rewrite, stream: TextIO) -> None:
    """Print what was not added because something that was needs it."""
    unlisted: dict[tuple[str, str], list[str]] = {}
    for repair in outcome.repairs:
        if repair.root:
            where = place(repair.finding.at)
            unlisted.setdefault((where, repair.root), []).append(repair.finding.project)
    for (where, root), names in sorted(unlisted.items()):
        needs = f"{root} needs {'it' if len(names) == 1 else 'them'}"
        what = f"left unlisted, because {needs}: {', '.join(names)}"
        print(f"{where}: {printable(what)}", file=stream)


def rewritten(options: Options, *, written: bool) -> Rewrite:
    """The files as they should read: edited until a comparison finds nothing more to edit.

    Args:
        options: what was asked for.
        written: whether they will be written, so that what is left is found in the new ones.

    Raises:
        UsageError: new requirements are to go into a file that is not read.
        ReqdriftError: a file is not one that can be replaced.
        UnreadableFilesError: a file that cannot be read whole is not edited.
        EnvironmentReadError: no environment was found, or it cannot be read.
    """
    found = api.examine_whole(options, "nothing was changed")
    older: frozenset[tuple[str, int]] = frozenset()
    if options.cautious:
        from ..history import older_lines

        older = older_lines(found.report, found.environment)
    add_to = found.policy.add_to
    wishes = Wishes(options.keep_missing, options.force, options.cautious, older, add_to)
    rounds = [_repaired_once(found, wishes)]
    for changed in rounds[0].changed:
        _must_be_as_read(changed)
    texts: dict[str, str] = {}
    while rounds[-1].changed and len(rounds) < _MOST_ROUNDS:
        texts |= {os.path.realpath(c.file.path): c.text for c in rounds[-1].changed}
        situation = found.situation
        new = read_requirements(situation.files, options.constraints, situation.top, texts)
        found = api.examine(new, situation, found.environment, found.policy)
        if found.report.errors:
            raise UnreadableFilesError(found.report.errors, "nothing was changed")
        # git dates the lines of the files that are there, not of those that will be.
        rounds.append(_repaired_once(found, wishes._replace(dated_older=frozenset())))
    return combined(rounds, written=written)


def _repaired_once(found: api.Examination, wishes: Wishes) -> Rewrite:
    """The files with the edits that one comparison leads to."""
    report, environment, facts = found.report, found.environment, found.facts
    if not report.findings:
        return Rewrite((), ())
    if extras := frozenset(f.project for f in report.findings if f.kind == "extra"):
        from ..environment.facts import answer

        facts = facts._replace(names=answer(Questions(names=extras), environment).names)
    case = make_case(found.requirements, environment, facts, found.policy, found.project)
    requirements = found.requirements._replace(requirements=case.lines)
    return rewrite(requirements, report, environment, facts, wishes, case.limits)


def _must_be_as_read(changed: Changed) -> None:
    """Refuse what is no regular file, or has other bytes than the text that was read would give.

    Raises:
        ReqdriftError: the file could not be replaced truthfully.
    """
    path = changed.file.path
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise ReqdriftError(f"{path} cannot be changed: it is not a regular file")
    with open(path, "rb") as file:
        data = file.read()
    if data != changed.before:
        # Some encodings write one text in several ways.
        same = decode(data).text == changed.file.text
        why = "its encoding is too unusual" if same else "something else has just changed it"
        raise ReqdriftError(f"{path} cannot be changed: {why}", "nothing was written")
