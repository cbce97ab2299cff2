"""`reqdrift fix`: update the files to match the environment.

- `fix` prints the name of every file that it changed, and of the file to which a link leads. A
  file outside of the repository (of the first FILE; of the working directory if there is none;
  without git, outside of the working directory) must be named, as FILE, by `-c` or by `--add-to`.
  Otherwise `fix` refuses (exit code 2, nothing is written). A file that only the configuration or
  an include names is not named by the user. The same applies to a file that is included by files of
  other folders as well, as by those of other services.
"""

from __future__ import annotations

import os

from .. import commands, environments, repository
from ..errors import ReqdriftError, UnreadableFilesError, UsageError
from ..files import read_regular
from ..options import Options
from ..repair import doubt, leave, patch, rewrite
from ..repair.rewrite import Changed, Repaired, Wishes
from ..report import masked_texts, plural, shown_path
from ..report.advice import command_line
from ..repository import FAR, OF_PROJECTS, folders_in
from ..repository.dates import newer_installs, older_lines
from ..requirements import nearby, read_requirements
from ..requirements.lines import decode
from ..values import TYPE_CHECKING, CanonicalName, Questions
from . import Run, examine, passed_over, print_choice, print_lines
from .run import configured, doubts_of, examined_whole, files_of_others
from .writing import replace_files

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence, Set
    from typing import Unpack

    from ..values.details import Finding
    from .subject import Files, ToRepair


def run(options: Options) -> int:
    """Change the files and print what was done; 1 if some findings were not fixed, else 0."""
    request = options.request
    found = examined_whole(configured(request), request, UNCHANGED)
    print_choice(found.situation, found.environment)
    repaired = repair(found, "fix")
    write(repaired, found)
    print_lines(rewrite.what_was_done(repaired.repairs))
    print_lines(rewrite.what_is_left(repaired.repairs))
    files = ", ".join(patch.with_what_it_leads_to(one.file.path) for one in repaired.changed)
    done, left = f"changed {files}" if files else "nothing to change", len(repaired.left)
    if not options.style.quiet:
        print_lines(repaired.warnings)
        print_lines(rewrite.what_stays_unlisted(repaired.repairs))
        number = sum(finding.kind == "unpinned" for finding in _warnings(found))
        if number and not request.cautious:
            pinning = request._replace(severity=(*request.severity, ("unpinned", "error")))
            what = f"{plural(number, 'requirement')} not pinned, which is a warning"
            print_lines([f"{what}; to pin: {command_line('fix', pinning, request.files)}"])
        print(f"{done}; {left} not fixed" if left else done)
    elif files:
        print(done)
    return 1 if left else 0


# One round edits, one removes lines that are now repeated, one finds nothing more to do.
_MOST_ROUNDS = 5


def fix(files: Files = (), constraints: Files = (), **subject: Unpack[ToRepair]) -> Repaired:
    """Change the files to match the environment; all of them or none.

    Args:
        files: requirements files, as for `check`.
        constraints: files that only limit versions.
        **subject: the environment, and what counts; see `Subject`. With `keep_missing`, lines
            whose project is not installed are kept; with `force`, generated files are edited, too;
            with `cautious`, nothing is deleted, and only lines are rewritten that are older than
            the installation.

    Raises:
        UnreadableFilesError: a file cannot be read completely.
        EnvironmentReadError: no environment was found, or it cannot be read.
        DoubtfulEnvironmentError: the environment may be another project's, and was not named.
        ReqdriftError: a file cannot be replaced, or is outside of the project.
    """
    one, request = commands.subject.unconfigured("fix", subject, files, constraints)
    found = examined_whole(one, request, UNCHANGED)
    repaired = repair(found, "fix")
    write(repaired, found)
    return repaired._replace(repairs=masked_texts(repaired.repairs))


UNCHANGED = "nothing was changed"


def repair(found: Run, command: str) -> Repaired:
    """The files as they should read: edited until a comparison finds nothing more to edit.

    Args:
        found: what is wrong with the files.
        command: the command that is running. `fix` writes the files, so that what is left is found
            in the new ones.

    Raises:
        UsageError: new requirements are to go into a file that is not read.
        ReqdriftError: a file is not one that can be replaced.
        UnreadableFilesError: a file that cannot be read whole is not edited.
        DoubtfulEnvironmentError: the environment may be another project's, and was not named.
    """
    request, situation, environment = found.request, found.situation, found.environment
    if not found.report.findings:
        return Repaired((), ())
    other, _ = doubts_of(found)
    real = os.path.realpath(environment.prefix)
    if request.cautious and environments.locate.is_of_other_worktree(real, situation):
        other = "" if request.python else "it is that of another worktree"
    if other:
        named = request._replace(python=environment.named_path)
        insisting = command_line(command, named, request.files)
        raise doubt.doubt_refused(environment, insisting, other)
    is_own = not passed_over(situation, environment)
    is_named = environment.chosen == "named"
    wanted = doubt.asked(found.case, is_own=is_own)
    if request.cautious and not is_named and wanted.is_mostly_absent:
        raise doubt.foreign_refused(environment, wanted)
    belonging = leave.belonging(found.case, found.report.findings, situation)
    wishes = Wishes(
        request,
        older_lines(found.report, environment) if request.cautious else frozenset(),
        _newer_installs(found) if request.cautious else frozenset(),
        found.one.policy.add_to,
        doubt.why_not_added(environment, wanted),
        leave.of_others(belonging, found.report.findings, found.case),
        files_of_others(found),
    )
    rounds = [_repaired_once(found, wishes)]
    for changed in rounds[0].changed:
        _must_be_as_read(changed)
    texts: dict[str, str] = {}
    while rounds[-1].changed and len(rounds) < _MOST_ROUNDS:
        texts |= {os.path.realpath(c.file.path): c.text for c in rounds[-1].changed}
        choices = found.one.extras, found.one.groups
        new = read_requirements(
            situation.files, situation.constraints, situation.top, texts, choices=choices
        )
        found = examine(found.one, (new, situation), found.source, request)
        if found.report.errors:
            raise UnreadableFilesError(found.report.errors, UNCHANGED)
        # git knows the dates of lines in the existing files, not in the edited text.
        rounds.append(_repaired_once(found, wishes._replace(dated_older=frozenset())))
    # A record may be of another machine than its name says.
    if not (is_named and environment.can.files):
        after = doubt.asked(found.case).by_file
        # What is installed may be listed in another file now, or by a path that says no name.
        kept = {file: wanted.held.union(after.get(file, ())) for file in wanted.by_file}
        if loss := doubt.heavy_loss(wanted.by_file, kept):
            raise doubt.loss_refused(environment, loss)
        if wanted.is_foreign and not request.keep_missing:
            raise doubt.foreign_refused(environment, wanted)
    outcome = rewrite.combined(rounds, written=command == "fix")
    unmet = [f for f in _warnings(found) if f.kind == "unmet"] if outcome.changed else []
    return outcome._replace(unmet=masked_texts(tuple(unmet)))


def _warnings(found: Run) -> list[Finding]:
    return [finding for finding in found.report.findings if finding.severity == "warning"]


def _newer_installs(found: Run) -> frozenset[CanonicalName]:
    """See `newer_installs`; any project of the repository may declare a package."""
    situation = found.situation
    folders = {*folders_in(situation.project_folder), situation.folder}
    folders |= {os.path.join(situation.folder, name) for name in nearby.INNER}
    paths = [os.path.join(x, name) for x in folders for name in (*OF_PROJECTS, "Pipfile")]
    paths += [path for folder in folders for path in nearby.texts_of(folder, any_name=True)]
    return newer_installs(found.report, found.environment, paths)


def write(repaired: Repaired, found: Run) -> None:
    """Replace the files that change.

    Raises:
        UsageError: one was not named, and is outside of the repository, or is included by another
            folder's file as well.
        ReqdriftError: one cannot be written; all are as they were.
    """
    cwd, request, situation = os.getcwd(), found.request, found.situation
    paths = [changed.file.path for changed in repaired.changed]
    named = [*request.files, *request.constraints, *filter(None, [request.add_to])]
    # A file that the configuration names may be another repository's.
    top = found.situation.top if request.files else repository.top_folder(cwd)
    if beyond := patch.outside(paths, named, top, cwd):
        shown = ", ".join(map(patch.with_what_it_leads_to, beyond))
        where = f"the repository {top}" if top else f"the working directory {cwd}"
        way_out = f"to change it anyway, name it: {naming(beyond, repaired, found)}"
        raise UsageError(f"this would change {shown}, outside of {where}", way_out)
    read = {*map(os.path.realpath, (*situation.files, *paths))}
    inner = {*map(os.path.realpath, paths)}.difference(map(os.path.realpath, named))
    inner.difference_update(map(os.path.realpath, situation.files))
    for path, other in _included_by_others(inner, read, top):
        what = f"this would change {shown_path(path)}, which {shown_path(other)} includes, too"
        way_out = f"to change it anyway, name it: {naming([path], repaired, found)}"
        raise UsageError(what, way_out)
    replace_files([(changed.file.path, changed.after) for changed in repaired.changed])


def _included_by_others(
    paths: Set[str], read: Set[str], top: str | None
) -> Iterator[tuple[str, str]]:
    """Those of the files that a file of another folder includes, too, each with that."""
    own = {os.path.dirname(path) for path in read}
    own |= {os.path.join(folder, name) for folder in own for name in nearby.INNER}
    for folder in leave.folders_around(os.path.realpath(top), FAR) if top and paths else ():
        for other in nearby.texts_of(folder, any_name=True) if folder not in own else ():
            found = read_requirements([other])
            # By itself, not because it includes a file that is checked.
            inner = {os.path.realpath(file.path) for file in found.files}
            if inner.isdisjoint(read - paths):
                yield from ((path, other) for path in paths & inner)


def _repaired_once(found: Run, wishes: Wishes) -> Repaired:
    """The files with the edits that one comparison leads to."""
    report, case = found.report, found.case
    unlisted = case.environment.distributions.keys() - case.applicable.keys()
    if names := frozenset(unlisted & {finding.project for finding in report.findings}):
        case = case._replace(facts=found.source.answer(Questions(names=names), case.facts))
    return rewrite.rewrite(report, case, wishes)


def _must_be_as_read(changed: Changed) -> None:
    """Refuse a file that is not regular, or whose bytes are not those of the text that was read.

    Raises:
        ReqdriftError: the file cannot be replaced without changing more than intended.
    """
    path = changed.file.path
    if not os.path.isfile(path):
        raise ReqdriftError(f"{path} cannot be changed: it is not a regular file")
    data = read_regular(path)
    if data != changed.before:
        # Some encodings have several byte sequences for one text.
        same = decode(data).text == changed.file.text
        why = "its encoding is not supported" if same else "another program has just changed it"
        raise ReqdriftError(f"{path} cannot be changed: {why}", "nothing was written")


def naming(others: Sequence[str], repaired: Repaired, found: Run) -> str:
    """The command that changes these files too, because it names them."""
    request, situation = found.request, found.situation
    changed = [one.file for one in repaired.changed if one.file.path in others]
    limits = [file.path for file in changed if file.constraints]
    constraints = (*request.constraints, *map(shown_path, limits))
    python = request.python or situation.python
    insisting = request._replace(python=python, constraints=constraints)
    named = map(os.path.abspath, situation.files)
    files = [*situation.files, *sorted({*others}.difference(limits, named))]
    return command_line("fix", insisting, [*map(shown_path, files)])
