"""Requirements + findings -> the files as they should read. Pure.

The environment is assumed to be right. Every edit changes only its own lines, and is kept only if
the edited line, read again, matches what is installed. What cannot be edited reliably is left, with
the reason.

- `fix` adds no line for a project that another line names with a marker that is false here
  (without the marker, the new line would apply everywhere). With `--unlisted all`, it adds none
  that the project declares elsewhere (`requirements-dev.txt`; `--add-to FILE` adds it anyway). A
  relative path in a line stays relative, and a folder of the project is never replaced by one
  outside of it.
"""

from __future__ import annotations

import os

from ..drift.files import meaning
from ..drift.lines import is_pinned
from ..drift.source import is_undetermined
from ..drift.sources import allows, is_clone, is_gone, is_recorded, same_place
from ..errors import InvalidLineError, UsageError
from ..files import is_inside
from ..report import place, shown_path, text_line
from ..report.text import grouped, inventory
from ..repository import OF_PROJECTS, git, top_folder
from ..requirements.compiled import generating_command, is_generated, maker_of
from ..requirements.lines import logical_lines
from ..texts import has_secret
from ..values import TYPE_CHECKING, CanonicalName, NamedTuple, Unreadable
from ..values.details import Finding, Hint, Source, some_names
from . import NOT_WRITTEN, edits, exact, frozen, is_secret
from .edits import Edit
from .recompile import recompilations

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ..drift.case import Case
    from ..values import Distribution, ReadFile, Report, Request, Requirement


class Wishes(NamedTuple):
    """How far a repair goes: what was asked for, and what follows from the environment.

    If the request is `cautious`, nothing is deleted, only the lines (file, line) are rewritten that
    are `dated_older` than the installation, and only what is `newer` than the file is added.
    `add_to` is the path of the file that takes new requirements; by default the first. `not_added`
    is why nothing may be added, '' if it may; `named_by` says where else a project is declared,
    which then is not added here. `of_others` are the paths of files that are not changed,
    because a set with another environment checks them, too, each with the reason.
    """

    request: Request
    dated_older: frozenset[tuple[str, int]] = frozenset()
    newer: frozenset[CanonicalName] = frozenset()
    add_to: str | None = None
    not_added: str = ""
    named_by: Mapping[CanonicalName, str] = {}
    of_others: Mapping[str, str] = {}


def rewrite(report: Report, case: Case, wishes: Wishes) -> Repaired:
    """Edit the files to match the environment.

    Consequences of an edit are not considered: two ranges can become two equal pins, one of which
    is a repetition; what an added project brought in may have to be listed too. Another round with
    the new texts fixes these; see `combined`.

    Args:
        report: what is wrong with the files.
        case: what was compared, with the sources and the spelled names of every project that may
            have to be written. What is installed is assumed to be right.
        wishes: how far to go.
    """
    scribe = _Scribe(report, case, wishes)
    repairs: list[Repair] = []
    by_file: dict[str, list[Edit]] = {}
    roots: dict[str, Repair] = {}
    for finding in sorted(report.findings, key=lambda finding: bool(finding.brought_by)):
        is_of_line = finding.kind != "source" or finding.at.line is not None
        is_optional = finding.kind in ("unmet", "unpinned") or not is_of_line
        if is_optional and finding.severity == "warning":
            continue  # it may be meant to be so, and must not fail the hook that fixes
        if brought := _with_its_root(finding, roots):
            repairs.append(brought)
            continue
        try:
            made = scribe.edits(finding)
            repair = Repair(finding, done="; ".join(edit.summary for edit in made))
        except InvalidLineError as refusal:
            way = refusal.way if isinstance(refusal, _RefusedError) else None
            made, repair = [], Repair(finding, refused=str(refusal), hint=way)
        for edit in made:
            # One file may have been reached by two names.
            edit = edit._replace(file=os.path.realpath(edit.file))
            if edit not in by_file.setdefault(edit.file, []):
                by_file[edit.file].append(edit)
        repairs.append(repair)
        if finding.kind == "extra":
            roots[finding.project] = repair
    changed = []
    for path, file in {os.path.realpath(file.path): file for file in case.files}.items():
        text = edits.apply_edits(file.text, by_file.get(path, []))
        if text != file.text:
            changed.append(Changed(file, text))
    return Repaired(tuple(changed), tuple(repairs))


def _with_its_root(finding: Finding, roots: Mapping[str, Repair]) -> Repair | None:
    """The outcome for an extra depends on its root; None if no root is a finding."""
    known = [roots[name] for name in finding.brought_by if name in roots]
    if added := next((root for root in known if root.done), None):
        return Repair(finding, root=added.finding.project)
    return known[0]._replace(finding=finding) if known else None


def _must_exist(source: Source | None) -> None:
    """Raises _RefusedError for an archive from which no one can install any more."""
    if source and is_gone(source):
        raise _RefusedError(f"{source.folders[0]} does not exist any more; install it again")


class _RefusedError(InvalidLineError):
    """Why a finding cannot be fixed by an edit, and the command that regenerates the file."""

    def __init__(self, why: str, way: Hint | None = None) -> None:
        super().__init__(why)
        self.way = way


class _Scribe:
    """Knows everything that an edit depends on."""

    def __init__(self, report: Report, case: Case, wishes: Wishes) -> None:
        self._case = case
        self._files: Mapping[str, ReadFile] = {file.path: file for file in case.files}
        self._open = _file_for_additions(case.files, wishes.add_to)
        self._wishes, self._request = wishes, wishes.request
        self._lines = case.lines
        self._by_place = {line.at: line for line in reversed(self._lines)}
        self._broken = {finding.project for finding in report.findings if finding.kind == "broken"}
        self._inactive = {line.at for line in case.inactive}
        self._named = wishes.named_by if wishes.add_to is None else {}
        own = [finding for finding in report.findings if finding.project not in self._named]
        self._recompilations = recompilations(case, own)
        self._about = CanonicalName("")

    def edits(self, finding: Finding) -> list[Edit]:
        """The edits that repair a finding.

        Raises:
            InvalidLineError: why there are none.
        """
        if finding.kind == "broken":
            raise _RefusedError("repair the environment")
        if finding.kind == "unmet":
            raise _RefusedError("no change of the file can fix it; install what is needed")
        if finding.kind == "stale":
            raise self._regenerated("compile it again", self._files[finding.compiled])
        if finding.kind == "extra":
            return [self._addition(finding, self._open)]
        if finding.kind == "unpinned" and finding.at.line is None:
            freeze = self._files[finding.at.file]
            return [self._addition(finding, freeze if self._wishes.add_to is None else self._open)]
        if finding.kind == "source" and finding.at.line is None:
            raise _RefusedError("no edit of the file can fix it")
        line = self._by_place[finding.at]
        if finding.kind == "conflict":
            # Not by its severity, which the user sets.
            same = (other for other in self._lines if meaning(other) == meaning(line))
            if next(same) is line:
                raise _RefusedError("only you can decide which line is right")
            return [self._deletion(line, finding)]
        self._about = finding.project
        if finding.kind == "missing":
            return self._removal(finding, line)
        return [self._replacement(finding, line)]

    def _removal(self, finding: Finding, line: Requirement) -> list[Edit]:
        """Remove a missing project from every line that asks for it here."""
        if finding.installed is not None:
            raise _RefusedError("install what the extra needs, or remove the extra")
        if finding.needed_by:
            raise _RefusedError(f"{some_names(finding.needed_by)} needs it; install it")
        if self._request.keep_missing:
            raise _RefusedError("kept because of --keep-missing")
        same = [x for x in self._lines if x.name and x.name == line.name and not x.constraint]
        also = [x for x in same if not x.ignore and x.at not in self._inactive]
        return [self._deletion(x, finding) for x in self._lines if x is line or x in also]

    def _deletion(self, line: Requirement, finding: Finding) -> Edit:
        if self._request.cautious:
            raise _RefusedError("--cautious deletes nothing")
        self._may_edit(line)
        span = edits.lines_of(line)
        elsewhere = "" if span.file == finding.at.file else f" from {shown_path(span.file)}"
        return Edit(*span._replace(raw=""), summary=f"removed {line.text}{elsewhere}")

    def _replacement(self, finding: Finding, line: Requirement) -> Edit:
        found = self._installed(finding)
        if line.at in self._inactive:
            why = "it does not apply here, so the environment does not show what is right"
            raise _RefusedError(why)
        self._may_edit(line)
        if self._request.cautious and (line.at.file, line.at.line) not in self._wishes.dated_older:
            raise _RefusedError("the line is not known to be older than the installation")
        source, is_open = self._source(found), self._has_ranges(line.at.file, finding, line)
        if line.source and source is None and not is_recorded(found, self._case.environment):
            raise _RefusedError("where it was installed from is not recorded")
        if finding.kind == "unpinned" and is_undetermined(line, self._case):
            raise _RefusedError("it may mean another commit than the installed one; install it")
        if finding.kind == "source" and line.source and source and source.kind == "folder":
            is_copy = not (line.source.editable or source.editable)
            if is_copy and same_place(line.source, source):
                raise _RefusedError("the line is right")
        if line.source and source and source.kind == "vcs" and same_place(line.source, source):
            # Others may not have the same access to the repository: ssh stays ssh.
            source = source._replace(url=line.source.url)
        if finding.kind == "source" or line.source:
            _must_exist(source)
            raw = edits.with_reference(line, found, source)
        else:
            wanted = edits.widened(line.specifier, found.version) if is_open else ""
            raw = edits.respecified(line, wanted or exact(found.version))
        span = edits.lines_of(line)
        if raw == span.raw:
            raise _RefusedError("no automatic edit is possible; edit it by hand")
        self._may_be_written(raw, span.file, source, is_open=is_open)
        summary = f"{line.text} is now {next(iter(logical_lines(raw))).text}"
        return Edit(*span._replace(raw=raw), summary=summary)

    def _addition(self, finding: Finding, file: ReadFile | None) -> Edit:
        found = self._installed(finding)
        self._about = finding.project
        if self._wishes.not_added:
            raise _RefusedError(self._wishes.not_added)
        if file is None:
            raise _RefusedError("there is no file to add it to")
        self._may_be_added(found, file)
        if self._request.cautious and found.name not in self._wishes.newer:
            # A branch, or a colleague, may have removed the line.
            why = "it is not known to be newer than the branch, the file, and what may declare it"
            raise _RefusedError(why)
        if self._request.cautious and self._case.unknown:
            unread = self._case.unknown[0].project
            raise _RefusedError(f"{unread}, whose metadata cannot be read, may need it")
        source = self._source(found)
        for limit in self._case.limits.get(found.name, ()):
            if not allows(limit, found, source):
                todo = "change the constraint, or install what it allows"
                raise _RefusedError(f"{place(limit.at)} says {limit.text}; {todo}")
        name = self._case.facts.names.get(found.name, found.project)
        _must_exist(source)
        in_file = [line for line in self._lines if line.origin.file == file.path]
        is_open = self._has_ranges(file.path, finding)
        text = frozen(name, found, source, at_least=is_open)
        if edits.read_again(text, file.path, False).name != found.name:
            raise _RefusedError("its source cannot be written as a requirement")
        self._may_be_written(text, file.path, source, is_open=is_open)
        after, order = edits.insertion_point(file.text, in_file, found.name, name, text)
        elsewhere = "" if file.path == finding.at.file else f" to {shown_path(file.path)}"
        return Edit(file.path, after + 1, after, text, f"added {text}{elsewhere}", order)

    def _has_ranges(self, file: str, finding: Finding, line: Requirement | None = None) -> bool:
        """Whether no line of the file is a pin: one would make errors of its warnings."""
        level = dict(self._case.policy.severity).get("unpinned")
        if finding.kind == "unpinned" or level == "error" or (line and line.constraint):
            return False
        inside = [x for x in self._lines if x.origin.file == file]
        binding = self._case.binding
        pinned = {name for name, lines in binding.items() if any(map(is_pinned, lines))}
        ranges = (x for x in inside if x is not line and not x.source)
        return any(x.name not in pinned for x in ranges) and not any(map(is_pinned, inside))

    def _may_be_added(self, found: Distribution, file: ReadFile) -> None:
        where = self._named.get(found.name)
        if where and (file.is_lock or (is_generated(file.text) and not self._request.force)):
            how = "if it is needed here, too, list it in its sources"
            raise _RefusedError(f"{where} lists it; {how}")
        self._may_change_file(file)
        if hashed := next((line for line in self._lines if line.hashes), None):
            why = f"{place(hashed.at)} has a hash, so pip requires hashes on every line"
            todo = "add the line with its hashes (pip hash)"
            raise _RefusedError(f"{why}, and the environment does not record them; {todo}")
        for line in self._lines:
            # It does not apply here; a line without a marker would apply everywhere.
            if line.name == found.name and not line.constraint:
                why = f"{place(line.at)} asks for {found.name} under another marker"
                raise _RefusedError(f"{why}; write the line with its marker by hand")
        if where:
            anyway = f"--add-to {shown_path(file.path)}"
            raise _RefusedError(f"{where} lists it; to add it anyway: {anyway}")

    def _installed(self, finding: Finding) -> Distribution:
        found = self._case.installed(finding.project)
        if found is None:
            raise _RefusedError("it is not installed here, so there is no version to pin")
        if finding.project in self._broken:
            raise _RefusedError("what is installed is in doubt; repair the environment first")
        return found

    def _may_edit(self, line: Requirement) -> None:
        file = self._files[line.origin.file]
        if line.hashes and not file.is_lock:
            tool = "the tool that wrote the hashes"
            raise self._regenerated("lines with hashes are not edited", file, tool)
        self._may_change_file(file)

    def _may_change_file(self, file: ReadFile) -> None:
        if why := self._wishes.of_others.get(os.path.realpath(file.path)):
            raise _RefusedError(why)
        if file.is_lock:
            raise self._regenerated("a lock file is not edited", file, maker_of(file.text))
        if file.path.endswith(".in") and not self._request.force:
            why = "a .in file is not edited (--force edits it)"
            raise _RefusedError(f"{why}; edit it by hand and compile it")
        if is_generated(file.text) and not self._request.force:
            is_surely = bool(generating_command(file.text))
            why = (
                "the file is generated"
                if is_surely
                else "its comments say that it is generated, or not to be edited"
            )
            raise self._regenerated(why, file, "its tool (--force edits it)")

    def _regenerated(self, why: str, file: ReadFile, tool: str = "its tool") -> _RefusedError:
        """A refusal to edit a file, with the command, or the tool, that makes it follow."""
        found = self._recompilations.get(file.path)
        if step := found and found.steps.get(self._about):
            why = f"{why}; {step} first"
        commands = {one.file: one.command for one in self._case.compiled}
        command = commands.get(file.path, generating_command(file.text))
        command = found.command if found else command
        if found and not command:
            return _RefusedError(f"{why}; change what it is compiled from")
        if not command:
            return _RefusedError(f"{why}; regenerate it with {tool}")
        filled = "fill in the credentials, then " if has_secret(command) else ""
        how = f"to regenerate {shown_path(file.path)}, {filled}run"
        return _RefusedError(why, Hint(how, command))

    def _may_be_written(
        self, text: str, file: str, source: Source | None, *, is_open: bool
    ) -> None:
        is_judged = is_open and "unpinned" not in dict(self._case.policy.severity)
        if is_judged and is_pinned(edits.read_again(text, file, False)):
            why = "it would be a pin, and make errors of the ranges in the file"
            raise _RefusedError(f"{why}; write it by hand, or pin all (--severity unpinned=error)")
        if self._request.cautious and source and (source.local or "file:" in source.url):
            written = next(iter(logical_lines(text))).text
            folder = self._case.project.folder
            is_absolute = any(map(written.count, ("file:", *source.folders)))
            if is_absolute or not any(is_inside(path, folder) for path in source.folders):
                raise _RefusedError(f"{source.url} may be another path on other machines")
            if not _is_tracked(source.folders, folder):
                raise _RefusedError(f"git does not track {source.url}, which others will not have")
        encoding = self._files[file].encoding
        try:
            text.encode(encoding)
        except UnicodeEncodeError:
            raise _RefusedError(f"the file's encoding, {encoding}, cannot encode it") from None

    def _source(self, found: Distribution) -> Source | None:
        source = self._case.facts.sources.get(found.name)
        if isinstance(source, Unreadable):
            raise _RefusedError("where it was installed from cannot be read")
        if source and source.local and not (source.folders or self._case.environment.can.files):
            raise _RefusedError(f"{source.url} is a path of another machine")
        if source and is_secret(source):
            raise _RefusedError(NOT_WRITTEN)
        if source and is_clone(source):
            why = "it runs from a clone in the environment"
            raise _RefusedError(f"{why}; write its URL and commit by hand")
        return source if isinstance(source, Source) and not source.conda else None


def _is_tracked(paths: Sequence[str], folder: str) -> bool:
    """Whether git tracks an archive, or the project in a folder; without git, that is unknown."""
    if top_folder(folder) is None:
        return True
    _, exists = git.readers(folder, "")
    files = (os.path.join(path, name) for path in paths for name in OF_PROJECTS)
    return any(map(exists, (*paths, *files)))


def _file_for_additions(files: Sequence[ReadFile], wanted: str | None) -> ReadFile | None:
    """The file that takes new requirements, None where there is no file at all.

    Raises:
        UsageError: it is not one of the files, or has constraints.
    """
    if wanted is None:
        return files[0] if files else None
    for file in files:
        if os.path.realpath(file.path) == os.path.realpath(wanted) and not file.constraints:
            return file
    raise UsageError(f"{wanted} is not one of the requirements files", "pass one that is checked")


class Repair(NamedTuple):
    """The outcome for one finding; `done`, `refused` or `root` is set.

    `root` was added and brought it in. `hint` is the command that regenerates a file instead.
    """

    finding: Finding
    done: str = ""
    refused: str = ""
    root: str = ""
    hint: Hint | None = None


class Changed(NamedTuple):
    """A file as it was read, and its new text."""

    file: ReadFile
    text: str

    @property
    def before(self) -> bytes:
        """The file's bytes as they were read."""
        return self.file.mark + self.file.text.encode(self.file.encoding)

    @property
    def after(self) -> bytes:
        """The bytes that it should have."""
        return self.file.mark + self.text.encode(self.file.encoding)


class Repaired(NamedTuple):
    """How the files should read, and what became of each finding.

    `unmet` are versions that what is listed does not allow: an installer may refuse the changed
    files.
    """

    changed: tuple[Changed, ...]
    repairs: tuple[Repair, ...]
    unmet: tuple[Finding, ...] = ()

    @property
    def left(self) -> tuple[Finding, ...]:
        """The findings that were not fixed."""
        return tuple(repair.finding for repair in self.repairs if repair.refused)

    @property
    def warnings(self) -> list[str]:
        """A line for each of `unmet`."""
        return [text_line(place(f.at), "unmet (warning)", f.message) for f in self.unmet]


def combined(rounds: Sequence[Repaired], *, written: bool) -> Repaired:
    """One outcome of several rounds, each of which edits the result of the one before.

    Findings that were refused first and fixed later are not reported as refused.

    Args:
        rounds: the outcomes; the last one changes nothing.
        written: whether the locations of what is left are in the new files or in the old ones.
    """
    files: dict[str, Changed] = {}
    for changed in (changed for outcome in rounds for changed in outcome.changed):
        first = files.setdefault(changed.file.path, changed)
        files[changed.file.path] = first._replace(text=changed.text)
    at_first: dict[tuple[str, str, str | None], list[Repair]] = {}
    for repair in rounds[0].repairs:
        at_first.setdefault(_subject(repair), []).append(repair)
    done = [repair for outcome in rounds for repair in outcome.repairs if repair.done]
    left = []
    for repair in (repair for repair in rounds[-1].repairs if repair.refused):
        if before := at_first.get(_subject(repair)):
            known = before.pop(0)
            # The first reason counts: git knows nothing about lines that are not written yet.
            reason = known if known.refused else repair
            finding = repair.finding if written else known.finding
            repair = repair._replace(finding=finding, refused=reason.refused, hint=reason.hint)
        left.append(repair)
    # In a freeze, another round adds what a root brought in.
    described = {repair.finding.project for repair in (*done, *left)}
    unlisted = (r for r in rounds[0].repairs if r.root and r.finding.project not in described)
    changed_in_the_end = (file for file in files.values() if file.text != file.file.text)
    return Repaired(tuple(changed_in_the_end), (*done, *left, *unlisted))


def _subject(repair: Repair) -> tuple[str, str, str | None]:
    finding = repair.finding
    return finding.kind, finding.project, finding.wanted


def what_was_done(repairs: Iterable[Repair]) -> Iterator[str]:
    """A line for each edit; one edit may repair several findings."""
    done = (f"{place(r.finding.at)}: {r.done}" for r in repairs if r.done)
    yield from dict.fromkeys(done)


def what_is_left(repairs: Iterable[Repair]) -> Iterator[str]:
    """A line for each finding, or group of them, that was not fixed, with the reason.

    Then, once each, the commands that help, alone at the end of their lines.
    """
    left: dict[str, list[Finding]] = {}
    refused = [repair for repair in repairs if repair.refused]
    for repair in refused:
        left.setdefault(repair.refused, []).append(repair.finding)
    groups = {group.finding: group for found in left.values() for group in grouped(found)}
    for repair in refused:
        if group := groups.get(repair.finding):
            finding = repair.finding
            what = finding.why if finding.kind == "stale" else inventory(group)
            yield f"{place(finding.at)}: {finding.kind} not fixed: {what}: {repair.refused}"
    for hint in dict.fromkeys(repair.hint for repair in refused if repair.hint):
        yield ": ".join(filter(None, hint.in_one_line))


def what_stays_unlisted(repairs: Iterable[Repair]) -> Iterator[str]:
    """A line for what was not added because a project that was added needs it."""
    unlisted: dict[tuple[str, str], list[str]] = {}
    for repair in repairs:
        if repair.root:
            where = place(repair.finding.at)
            unlisted.setdefault((where, repair.root), []).append(repair.finding.project)
    for (where, root), names in sorted(unlisted.items()):
        needs = f"{root} needs {'it' if len(names) == 1 else 'them'}"
        yield f"{where}: not added, because {needs}: {', '.join(names)}"
