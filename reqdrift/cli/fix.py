"""`reqdrift fix`: write into the files what the environment holds."""

from __future__ import annotations

import os
import stat
import sys

from .. import repository, session
from ..drift.case import make_case
from ..errors import ReqdriftError, UnreadableFilesError, UsageError
from ..files import replace_files
from ..repair.doubt import (
    asked,
    foreign_refused,
    guess_refused,
    heavy_loss,
    loss_refused,
    why_not_added,
)
from ..repair.places import outside
from ..repair.rewrite import Changed, Rewrite, Wishes, combined, rewrite
from ..report import place, printable, shown_path
from ..report.advice import command_line
from ..report.groups import grouped, inventory
from ..requirements import read_requirements
from ..requirements.lines import decode
from ..standards.urls import redact
from ..values import TYPE_CHECKING, Environment, Finding, NamedTuple, Options, Questions
from .choice import tell_of_choice

if TYPE_CHECKING:
    from typing import TextIO

    from ..drift.case import Case
    from ..environments.candidates import Situation

# One edits, one takes out what thereby repeats, one finds nothing more to do.
_MOST_ROUNDS = 5


def run(options: Options) -> int:
    """Change the files and say what was done; 1 if some findings are left, else 0."""
    rewriting = rewritten(options, written=True)
    outcome = rewriting.outcome
    _must_be_the_projects(rewriting, options)
    replace_files([(changed.file.path, changed.after) for changed in outcome.changed])
    for repair in outcome.repairs:
        if repair.done:
            print(f"{place(repair.finding.at)}: {printable(redact(repair.done))}")
    left = tell_what_is_left(outcome, sys.stdout)
    files = ", ".join(_with_what_it_leads_to(changed.file.path) for changed in outcome.changed)
    done = f"changed {files}" if files else "nothing to change"
    if not options.quiet:
        tell_what_stays_unlisted(outcome, sys.stdout)
        print(f"{done}; {left} left" if left else done)
    elif files:
        print(done)
    return 1 if left else 0


def _with_what_it_leads_to(path: str) -> str:
    """A path, and the file itself where that lies elsewhere."""
    real, shown = shown_path(os.path.realpath(path)), shown_path(path)
    return shown if shown == real else f"{real} (through {shown})"


def _must_be_the_projects(rewriting: Rewriting, options: Options) -> None:
    """Refuse to change what lies outside of the repository and was not named.

    Raises:
        UsageError: which file, and how to name it.
    """
    cwd, situation = os.getcwd(), rewriting.situation
    paths = [changed.file.path for changed in rewriting.outcome.changed]
    named = [*options.files, *options.constraints, *filter(None, [options.add_to])]
    # A file that the configuration names may be another repository's.
    top = situation.top if options.files else repository.top_folder(cwd)
    strangers = outside(paths, named, top, cwd)
    if not strangers:
        return
    shown = ", ".join(_with_what_it_leads_to(path) for path in strangers)
    where = f"the repository {top}" if top else f"the working directory {cwd}"
    files = [
        *situation.files,
        *sorted({*strangers}.difference(map(os.path.abspath, situation.files))),
    ]
    insisting = options._replace(python=options.python or situation.python)
    raise UsageError(
        f"this would change {shown}, outside of {where}",
        f"name it to insist: {command_line('fix', insisting, [*map(shown_path, files)])}",
    )


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


class Rewriting(NamedTuple):
    """How the files should read, what that was made from, and where."""

    outcome: Rewrite
    environment: Environment
    situation: Situation


def rewritten(options: Options, *, written: bool) -> Rewriting:
    """The files as they should read: edited until a comparison finds nothing more to edit.

    Args:
        options: what was asked for.
        written: whether they will be written, so that what is left is found in the new ones.

    Raises:
        UsageError: new requirements are to go into a file that is not read.
        ReqdriftError: a file is not one that can be replaced.
        UnreadableFilesError: a file that cannot be read whole is not edited.
        EnvironmentReadError: no environment was found, or it cannot be read.
        DoubtfulEnvironmentError: it may be another project's, and the user did not name it.
    """
    found = session.examine_whole(options, "nothing was changed")
    situation, environment = found.situation, found.environment
    tell_of_choice(situation, environment)
    if not found.report.findings:
        return Rewriting(Rewrite((), ()), environment, situation)
    if environment.chosen == "guess":
        named = options._replace(python=environment.named_path)
        verb = "fix" if written else "diff"
        raise guess_refused(environment, command_line(verb, named, options.files))
    is_named, wanted = environment.chosen == "named", asked(_case_of(found))
    if options.cautious and not is_named and wanted.is_mostly_absent:
        raise foreign_refused(environment, wanted)
    older: frozenset[tuple[str, int]] = frozenset()
    if options.cautious:
        from ..repository.history import older_lines

        older = older_lines(found.report, environment)
    not_added = why_not_added(environment, wanted)
    add_to = found.policy.add_to
    wishes = Wishes(options.keep_missing, options.force, options.cautious, older, add_to, not_added)
    rounds = [_repaired_once(found, wishes)]
    for changed in rounds[0].changed:
        _must_be_as_read(changed)
    texts: dict[str, str] = {}
    while rounds[-1].changed and len(rounds) < _MOST_ROUNDS:
        texts |= {os.path.realpath(c.file.path): c.text for c in rounds[-1].changed}
        new = read_requirements(situation.files, options.constraints, situation.top, texts)
        found = session.examine(new, situation, found.source, found.policy)
        if found.report.errors:
            raise UnreadableFilesError(found.report.errors, "nothing was changed")
        # git dates the lines of the files that are there, not of those that will be.
        rounds.append(_repaired_once(found, wishes._replace(dated_older=frozenset())))
    if not is_named:
        if loss := heavy_loss(wanted.by_file, asked(_case_of(found)).by_file):
            raise loss_refused(environment, loss)
        if wanted.is_foreign and not options.keep_missing:
            raise foreign_refused(environment, wanted)
    return Rewriting(combined(rounds, written=written), environment, situation)


def _case_of(found: session.Examination) -> Case:
    """The comparison, to look at what the files ask for."""
    values = found.requirements, found.environment, found.facts, found.policy, found.project
    return make_case(*values)


def _repaired_once(found: session.Examination, wishes: Wishes) -> Rewrite:
    """The files with the edits that one comparison leads to."""
    report, environment, facts = found.report, found.environment, found.facts
    if not report.findings:
        return Rewrite((), ())
    if extras := frozenset(f.project for f in report.findings if f.kind == "extra"):
        facts = found.source.answer(Questions(names=extras), facts)
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
