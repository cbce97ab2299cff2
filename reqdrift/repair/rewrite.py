"""Requirements + findings -> the files as they should read. Pure.

The environment is taken to be right. Every edit touches only the lines that it is about, and is
kept only if the edited line, read again, says what is installed; what cannot be edited truthfully
is left, with the reason.
"""

from __future__ import annotations

import os

from ..drift.conflict import meaning
from ..drift.sources import allows, is_recorded
from ..errors import InvalidLineError, UsageError
from ..report import place, shown_path
from ..requirements.generated import generating_command
from ..requirements.lines import logical_lines
from ..values import TYPE_CHECKING, NamedTuple, Source
from ..values.environment import Distribution
from ..values.facts import Unreadable
from ..values.findings import Finding
from ..values.report import Report
from ..values.requirements import Lines, ReadFile, Requirement
from .edits import Deletion, Edit, Insertion, Replacement, apply_edits, insertion_point
from .frozen import exact, frozen
from .line import lines_of, read_again, respecified, with_reference

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..drift.case import Case


class Wishes(NamedTuple):
    """How far the user wants the repair to go.

    `cautious` deletes nothing, and rewrites only the lines (file, line) that are `dated_older`
    than the installation. `force` edits generated files. `add_to` is the path of the file that
    takes new requirements; by default the first. `not_added` is why nothing may be added, ''
    if it may.
    """

    keep_missing: bool = False
    force: bool = False
    cautious: bool = False
    dated_older: frozenset[tuple[str, int]] = frozenset()
    add_to: str | None = None
    not_added: str = ""


class Repair(NamedTuple):
    """What came of one finding; one is set. `root` is a project that was added and brought it."""

    finding: Finding
    done: str = ""
    refused: str = ""
    root: str = ""


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


class Rewrite(NamedTuple):
    """The outcome: files that change, and what became of each finding."""

    changed: tuple[Changed, ...]
    repairs: tuple[Repair, ...]


def rewrite(report: Report, case: Case, wishes: Wishes) -> Rewrite:
    """Edit the files so that they say what the environment holds.

    What one edit leads to is not looked at: two ranges become two equal pins, of which one is a
    repetition; what an added project brought must be listed too, or not. Repairing the new texts
    once more settles that; see `combined`.

    Args:
        report: what is wrong with the files.
        case: what was compared, with the sources and the spelled names of every project that may
            have to be written. What is installed is taken to be right.
        wishes: how far to go.
    """
    scribe = _Scribe(report, case, wishes)
    repairs: list[Repair] = []
    edits: dict[str, list[Edit]] = {}
    roots: dict[str, Repair] = {}
    for finding in sorted(report.findings, key=lambda finding: bool(finding.brought_by)):
        if finding.kind == "unmet" and finding.severity == "warning":
            continue  # a file that its team lives with must not fail a hook that fixes
        if brought := _with_its_root(finding, roots):
            repairs.append(brought)
            continue
        try:
            made = scribe.edits(finding)
            repair = Repair(finding, done="; ".join(edit.summary for edit in made))
        except _RefusedError as refusal:
            made, repair = [], Repair(finding, refused=str(refusal))
        for edit in made:
            # One file may have been reached by two names.
            edit = edit._replace(file=os.path.realpath(edit.file))
            if edit not in edits.setdefault(edit.file, []):
                edits[edit.file].append(edit)
        repairs.append(repair)
        if finding.kind == "extra":
            roots[finding.project] = repair
    changed = []
    for path, file in {os.path.realpath(file.path): file for file in case.files}.items():
        text = apply_edits(file.text, edits.get(path, []))
        if text != file.text:
            changed.append(Changed(file, text))
    return Rewrite(tuple(changed), tuple(repairs))


def _with_its_root(finding: Finding, roots: Mapping[str, Repair]) -> Repair | None:
    """What a root brought waits for what becomes of the root; None where no root is a finding."""
    known = [roots[name] for name in finding.brought_by if name in roots]
    if added := next((root for root in known if root.done), None):
        return Repair(finding, root=added.finding.project)
    return Repair(finding, refused=known[0].refused) if known else None


def combined(rounds: Sequence[Rewrite], *, written: bool) -> Rewrite:
    """One outcome out of several, each the repair of what the one before it made.

    What was refused at first and is settled in the end is no longer spoken of.

    Args:
        rounds: the outcomes; the last one changes nothing.
        written: whether what is left is looked up in the new files or in the old ones.
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
            # The first reason is the truest: git knows nothing of lines that nobody wrote yet.
            repair = Repair(
                repair.finding if written else known.finding,
                refused=known.refused or repair.refused,
            )
        left.append(repair)
    told = {_subject(repair) for repair in (*done, *left)}
    unlisted = (r for r in rounds[0].repairs if r.root and _subject(r) not in told)
    changed_in_the_end = (file for file in files.values() if file.text != file.file.text)
    return Rewrite(tuple(changed_in_the_end), (*done, *left, *unlisted))


def _subject(repair: Repair) -> tuple[str, str, str | None]:
    finding = repair.finding
    return finding.kind, finding.project, finding.wanted


class _RefusedError(Exception):
    """Why a finding cannot be repaired by editing."""


class _Scribe:
    """Knows everything that an edit depends on."""

    def __init__(self, report: Report, case: Case, wishes: Wishes) -> None:
        self._environment = case.environment
        self._files: Mapping[str, ReadFile] = {file.path: file for file in case.files}
        self._open = _file_for_additions(case.files, wishes.add_to)
        self._facts = case.facts
        self._wishes = wishes
        self._limits = case.limits
        self._lines = case.lines
        self._by_place = {line.at: line for line in reversed(self._lines)}
        self._broken = {finding.project for finding in report.findings if finding.kind == "broken"}
        self._inactive = {line.at for line in case.inactive}

    def edits(self, finding: Finding) -> list[Edit]:
        """The edits that repair a finding.

        Raises:
            _RefusedError: why there are none.
        """
        if finding.kind == "broken":
            raise _RefusedError("the environment itself must be repaired")
        if finding.kind == "unmet":
            raise _RefusedError("no line of the file can fix it; install what is needed")
        if finding.kind == "extra":
            return [self._addition(finding)]
        line = self._by_place[finding.at]
        if finding.kind == "conflict":
            # Not by its severity, which the user sets.
            same = (other for other in self._lines if meaning(other) == meaning(line))
            if next(same) is line:
                raise _RefusedError("only you can say which of the lines is meant")
            return [self._deletion(line, finding)]
        if finding.kind == "missing":
            return self._removal(finding, line)
        return [self._replacement(finding, line)]

    def _removal(self, finding: Finding, line: Requirement) -> list[Edit]:
        """An absent project goes from every line that asks for it here."""
        if finding.installed is not None:
            raise _RefusedError("install what the extra needs, or take the extra out")
        if self._wishes.keep_missing:
            raise _RefusedError("kept, as asked")
        return [
            self._deletion(other, finding)
            for other in self._lines
            if other is line
            or (
                other.name is not None
                and other.name == line.name
                and not other.constraint
                and other.at not in self._inactive
            )
        ]

    def _deletion(self, line: Requirement, finding: Finding) -> Deletion:
        if self._wishes.cautious:
            raise _RefusedError("a cautious repair deletes nothing")
        self._may_edit(line)
        span = self._lines_of(line)
        elsewhere = "" if span.file == finding.at.file else f" from {shown_path(span.file)}"
        summary = f"took out {line.text}{elsewhere}"
        return Deletion(span.file, span.first, span.last, summary=summary)

    def _replacement(self, finding: Finding, line: Requirement) -> Replacement:
        found = self._installed(finding)
        if line.at in self._inactive:
            raise _RefusedError("it does not apply here, so what is installed says nothing of it")
        self._may_edit(line)
        if self._wishes.cautious and (line.at.file, line.at.line) not in self._wishes.dated_older:
            raise _RefusedError("the line is not known to be older than the installation")
        source = self._source(found)
        if line.source and source is None and not is_recorded(found, self._environment):
            raise _RefusedError("where it was installed from is not recorded")
        try:
            raw = self._reworded(finding, line, found, source)
        except InvalidLineError as error:
            raise _RefusedError(str(error)) from None
        span = self._lines_of(line)
        if raw == span.raw:
            raise _RefusedError("no line says it better; edit it by hand")
        self._must_be_encodable(raw, span.file)
        summary = _summary(line, raw)
        return Replacement(span.file, span.first, span.last, raw=raw, summary=summary)

    def _reworded(
        self, finding: Finding, line: Requirement, found: Distribution, source: Source | None
    ) -> str:
        if finding.kind == "source" or line.source:
            return with_reference(line, found, source)
        return respecified(line, exact(found.version))

    def _addition(self, finding: Finding) -> Insertion:
        found = self._installed(finding)
        if self._wishes.not_added:
            raise _RefusedError(self._wishes.not_added)
        if (file := self._open) is None:
            raise _RefusedError("there is no file to add it to")
        self._may_change_file(file)
        if hashed := next((line for line in self._lines if line.hashes), None):
            raise _RefusedError(
                f"{place(hashed.at)} has a hash, so pip wants one of every line, and the"
                " environment does not know them; write the line with its hashes (pip hash)"
            )
        source = self._source(found)
        for limit in self._limits.get(found.name, ()):
            if not allows(limit, found, source):
                raise _RefusedError(
                    f"{place(limit.at)} says {limit.text}; change the constraint, or install what"
                    " it allows"
                )
        name = (self._facts.names or {}).get(found.name, found.project)
        text = frozen(name, found, source)
        try:
            if read_again(text, file.path, False).name != found.name:
                raise InvalidLineError("no line can say where it comes from")
        except InvalidLineError as error:
            raise _RefusedError(str(error)) from None
        self._must_be_encodable(text, file.path)
        in_file = [line for line in self._lines if line.origin.file == file.path]
        spot = insertion_point(file.text, in_file, found.name, name, text)
        here = file.path == finding.at.file
        elsewhere = "" if here else f" to {shown_path(file.path)}"
        return Insertion(file.path, *spot, text, summary=f"added {text}{elsewhere}")

    def _installed(self, finding: Finding) -> Distribution:
        found = self._environment.distributions.get(finding.project)
        if found is None:
            raise _RefusedError("it is not installed here, so there is no version to pin")
        if finding.project in self._broken:
            raise _RefusedError("what is installed is in doubt; repair the environment first")
        return found

    def _may_edit(self, line: Requirement) -> None:
        file = self._files[self._lines_of(line).file]
        if line.hashes:
            command = generating_command(file.text) or "what wrote the hashes"
            raise _RefusedError(f"a line with hashes cannot be edited truthfully; run: {command}")
        self._may_change_file(file)

    def _may_change_file(self, file: ReadFile) -> None:
        if file.path.endswith(".in") and not self._wishes.force:
            raise _RefusedError("the file is what others are compiled from; compile it again")
        command = generating_command(file.text)
        if command and not self._wishes.force:
            raise _RefusedError(f"the file is generated; run: {command}")

    def _lines_of(self, line: Requirement) -> Lines:
        try:
            return lines_of(line)
        except InvalidLineError as error:
            raise _RefusedError(str(error)) from None

    def _must_be_encodable(self, text: str, file: str) -> None:
        encoding = self._files[file].encoding
        try:
            text.encode(encoding)
        except UnicodeEncodeError:
            raise _RefusedError(f"the file's encoding, {encoding}, lacks a character") from None

    def _source(self, found: Distribution) -> Source | None:
        source = self._facts.sources.get(found.name)
        if isinstance(source, Unreadable):
            raise _RefusedError("where it was installed from cannot be read")
        return source if isinstance(source, Source) and not source.conda else None


def _file_for_additions(files: Sequence[ReadFile], wanted: str | None) -> ReadFile | None:
    """The file that takes new requirements, None where there is no file at all.

    Raises:
        UsageError: it is none of the files, or holds constraints.
    """
    if wanted is None:
        return files[0] if files else None
    for file in files:
        if os.path.realpath(file.path) == os.path.realpath(wanted) and not file.constraints:
            return file
    raise UsageError(f"{wanted} is none of the requirements files", "name one that is read")


def _summary(line: Requirement, raw: str) -> str:
    text = next(iter(logical_lines(raw))).text
    return f"{line.text} is now {text}"
