"""`reqdrift fix`: update the files to match the environment."""

from __future__ import annotations

import os
import stat

from .. import repository
from ..errors import ReqdriftError, UnreadableFilesError, UsageError
from ..options import Options
from ..repair.doubt import (
    asked,
    foreign_refused,
    guess_refused,
    heavy_loss,
    loss_refused,
    why_not_added,
)
from ..repair.patch import outside, with_what_it_leads_to
from ..repair.rewrite import (
    Changed,
    Repair,
    Rewrite,
    Wishes,
    combined,
    rewrite,
    what_is_left,
    what_stays_unlisted,
    what_was_done,
)
from ..report import shown_path
from ..report.advice import command_line
from ..repository.dates import older_lines
from ..requirements import read_requirements
from ..requirements.lines import decode
from ..requirements.nearby import named_nearby
from ..values import TYPE_CHECKING, CanonicalName, Environment, NamedTuple, Policy
from ..values.findings import Finding, Questions
from ..writing import replace_files
from . import Examination, examine, passed_over
from .output import print_choice, print_lines
from .run import configured, examined_whole, unconfigured

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..environments import Situation
    from . import Files, Names, StrPath
    from .run import Job


def run(options: Options) -> int:
    """Change the files and print what was done; 1 if some findings were not fixed, else 0."""
    job = configured(options.request)
    found = examined_whole(job, UNCHANGED)
    print_choice(found.situation, found.environment)
    repaired = repair(found, job, "fix")
    write(repaired, found.situation, job)
    print_lines(what_was_done(repaired.repairs))
    print_lines(what_is_left(repaired.repairs))
    files = ", ".join(with_what_it_leads_to(changed.file.path) for changed in repaired.changed)
    done, left = f"changed {files}" if files else "nothing to change", len(repaired.left)
    if not options.style.quiet:
        print_lines(what_stays_unlisted(repaired.repairs))
        print(f"{done}; {left} not fixed" if left else done)
    elif files:
        print(done)
    return 1 if left else 0


# One round edits, one removes lines that are now repeated, one finds nothing more to do.
_MOST_ROUNDS = 5


class Repaired(NamedTuple):
    """How the files should read, and what became of each finding.

    `environment` is the one that they match, `files` are the paths of the checked files.
    """

    changed: tuple[Changed, ...]
    repairs: tuple[Repair, ...]
    environment: Environment
    files: tuple[str, ...]

    @property
    def left(self) -> tuple[Finding, ...]:
        """The findings that were not fixed."""
        return tuple(repair.finding for repair in self.repairs if repair.refused)


def fix(
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
) -> Repaired:
    """Change the files to match the environment; all of them or none.

    Args:
        files: requirements files, as for `check`.
        constraints: files that only limit versions.
        python: an interpreter or environment folder; by default the project's environment is found.
        path: a folder made by `pip install --target`, instead of an environment.
        python_version: the Python version of that folder, as X.Y; by default the running one.
        installed: the file of a record, instead of an environment; `-` is standard input.
        platform: the `sys.platform` of a record that does not say it.
        policy: what counts as drift; `add_to` names the file that takes new requirements.
        keep_missing: keep lines whose project is not installed.
        force: also edit generated files.
        cautious: delete nothing, and rewrite only lines that are older than the installation.
        extras: the extras of lock files that are installed.
        groups: their dependency groups that are installed; by default their default groups.

    Raises:
        UnreadableFilesError: a file cannot be read completely.
        EnvironmentReadError: no environment was found, or it cannot be read.
        DoubtfulEnvironmentError: the environment may be another project's, and was not named.
        ReqdriftError: a file cannot be replaced, or is outside of the project.
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
    found = examined_whole(job, UNCHANGED)
    repaired = repair(found, job, "fix")
    write(repaired, found.situation, job)
    return repaired


UNCHANGED = "nothing was changed"


def repair(found: Examination, job: Job, command: str) -> Repaired:
    """The files as they should read: edited until a comparison finds nothing more to edit.

    Args:
        found: what is wrong with the files.
        job: the settings of the run.
        command: the command that is running. `fix` writes the files, so that what is left is found
            in the new ones.

    Raises:
        UsageError: new requirements are to go into a file that is not read.
        ReqdriftError: a file is not one that can be replaced.
        UnreadableFilesError: a file that cannot be read whole is not edited.
        DoubtfulEnvironmentError: the environment may be another project's, and was not named.
    """
    request, situation, environment = job.request, found.situation, found.environment
    if not found.report.findings:
        return Repaired((), (), environment, situation.files)
    if environment.chosen == "guess":
        named = request._replace(python=environment.named_path)
        raise guess_refused(environment, command_line(command, named, request.files))
    is_own = not passed_over(situation, environment)
    is_named, wanted = environment.chosen == "named", asked(found.case, is_own=is_own)
    if request.cautious and not is_named and wanted.is_mostly_absent:
        raise foreign_refused(environment, wanted)
    wishes = Wishes(
        request.keep_missing,
        request.force,
        request.cautious,
        older_lines(found.report, environment) if request.cautious else frozenset(),
        job.policy.add_to,
        why_not_added(environment, wanted),
        _named_by(found),
    )
    rounds = [_repaired_once(found, wishes)]
    for changed in rounds[0].changed:
        _must_be_as_read(changed)
    texts: dict[str, str] = {}
    while rounds[-1].changed and len(rounds) < _MOST_ROUNDS:
        texts |= {os.path.realpath(c.file.path): c.text for c in rounds[-1].changed}
        choices = job.one.extras, job.one.groups
        new = read_requirements(
            situation.files, job.constraints, situation.top, texts, choices=choices
        )
        found = examine(new, situation, found.source, job.policy)
        if found.report.errors:
            raise UnreadableFilesError(found.report.errors, UNCHANGED)
        # git knows the dates of lines in the existing files, not in the edited text.
        rounds.append(_repaired_once(found, wishes._replace(dated_older=frozenset())))
    # A record may be of another machine than its name says.
    if not (is_named and environment.can.files):
        after = asked(found.case).by_file
        # What is installed may be listed in another file now, or by a path that says no name.
        kept = {file: wanted.held.union(after.get(file, ())) for file in wanted.by_file}
        if loss := heavy_loss(wanted.by_file, kept):
            raise loss_refused(environment, loss)
        if wanted.is_foreign and not request.keep_missing:
            raise foreign_refused(environment, wanted)
    outcome = combined(rounds, written=command == "fix")
    return Repaired(outcome.changed, outcome.repairs, environment, situation.files)


def write(repaired: Repaired, situation: Situation, job: Job) -> None:
    """Replace the files that change.

    Raises:
        UsageError: one is outside of the repository and was not named.
        ReqdriftError: one cannot be written; all are as they were.
    """
    _must_be_the_projects(repaired, situation, job)
    replace_files([(changed.file.path, changed.after) for changed in repaired.changed])


def _named_by(found: Examination) -> dict[CanonicalName, str]:
    """The other file that names a project: what is there need not be in this one, too.

    A file that others are compiled from takes nothing away from them.
    """
    extras = {finding.project for finding in found.report.findings if finding.kind == "extra"}
    files = dict.fromkeys([*found.situation.files, *(file.path for file in found.report.files)])
    others = named_nearby(files, extras)
    return {
        name: path for path, names in others.items() if not path.endswith(".in") for name in names
    }


def _repaired_once(found: Examination, wishes: Wishes) -> Rewrite:
    """The files with the edits that one comparison leads to."""
    report, case = found.report, found.case
    if not report.findings:
        return Rewrite((), ())
    if extras := frozenset(f.project for f in report.findings if f.kind == "extra"):
        case = case._replace(facts=found.source.answer(Questions(names=extras), case.facts))
    return rewrite(report, case, wishes)


def _must_be_as_read(changed: Changed) -> None:
    """Refuse a file that is not regular, or whose bytes are not those of the text that was read.

    Raises:
        ReqdriftError: the file cannot be replaced without changing more than intended.
    """
    path = changed.file.path
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise ReqdriftError(f"{path} cannot be changed: it is not a regular file")
    with open(path, "rb") as file:
        data = file.read()
    if data != changed.before:
        # Some encodings have several byte sequences for one text.
        same = decode(data).text == changed.file.text
        why = "its encoding is not supported" if same else "another program has just changed it"
        raise ReqdriftError(f"{path} cannot be changed: {why}", "nothing was written")


def _must_be_the_projects(repaired: Repaired, situation: Situation, job: Job) -> None:
    """Refuse to change files outside of the repository that were not named.

    Raises:
        UsageError: which file, and how to name it.
    """
    cwd, request = os.getcwd(), job.request
    paths = [changed.file.path for changed in repaired.changed]
    named = [*request.files, *request.constraints, *filter(None, [request.add_to])]
    # A file that the configuration names may be another repository's.
    top = situation.top if request.files else repository.top_folder(cwd)
    beyond = outside(paths, named, top, cwd)
    if not beyond:
        return
    shown = ", ".join(with_what_it_leads_to(path) for path in beyond)
    where = f"the repository {top}" if top else f"the working directory {cwd}"
    raise UsageError(
        f"this would change {shown}, outside of {where}",
        f"to change it anyway, name it: {naming(beyond, repaired, situation, job)}",
    )


def naming(others: Sequence[str], repaired: Repaired, situation: Situation, job: Job) -> str:
    """The command that changes these files too, because it names them."""
    request = job.request
    limits = [
        one.file.path
        for one in repaired.changed
        if one.file.constraints and one.file.path in others
    ]
    insisting = request._replace(
        python=request.python or situation.python,
        constraints=(*request.constraints, *map(shown_path, limits)),
    )
    named = map(os.path.abspath, situation.files)
    files = [*situation.files, *sorted({*others}.difference(limits, named))]
    return command_line("fix", insisting, [*map(shown_path, files)])
