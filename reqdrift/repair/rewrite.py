"""Requirements + findings -> the files as they should read. Pure.

The environment is taken to be right. Every edit touches only the lines that it is about, and is
kept only if the edited line, read again, says what is installed; what cannot be edited truthfully
is left, with the reason.
"""

from __future__ import annotations

from ..errors import InvalidLineError
from ..model import (
    TYPE_CHECKING,
    Distribution,
    Environment,
    Facts,
    Finding,
    NamedTuple,
    ReadFile,
    Report,
    Requirement,
    Requirements,
    Source,
)
from .edits import Deletion, Edit, Insertion, Replacement, apply_edits, insertion_point
from .frozen import exact, frozen
from .generated import generating_command
from .line import respecified, with_reference

if TYPE_CHECKING:
    from collections.abc import Mapping


class Wishes(NamedTuple):
    """How far the user wants the repair to go.

    `cautious` deletes nothing, and rewrites only the lines (file, line) that are `dated_older`
    than the installation. `force` edits generated files.
    """

    keep_missing: bool = False
    force: bool = False
    cautious: bool = False
    dated_older: frozenset[tuple[str, int]] = frozenset()


class Repair(NamedTuple):
    """What was done about one finding, or why nothing could be: exactly one of them is set."""

    finding: Finding
    done: str = ""
    refused: str = ""


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


def rewrite(
    requirements: Requirements,
    report: Report,
    environment: Environment,
    facts: Facts,
    wishes: Wishes,
) -> Rewrite:
    """Edit the files so that they say what the environment holds.

    Args:
        requirements: the files as they were read.
        report: what is wrong with them.
        environment: what is installed, taken to be right.
        facts: the sources and the spelled names of every project that may have to be written.
        wishes: how far to go.
    """
    scribe = _Scribe(requirements, report, environment, facts, wishes)
    repairs: list[Repair] = []
    edits: dict[str, list[Edit]] = {}
    for finding in report.findings:
        try:
            made = scribe.edits(finding)
        except _RefusedError as refusal:
            repairs.append(Repair(finding, refused=str(refusal)))
            continue
        for edit in made:
            if edit not in edits.setdefault(edit.file, []):
                edits[edit.file].append(edit)
        repairs.append(Repair(finding, done="; ".join(edit.summary for edit in made)))
    changed = []
    for file in {file.path: file for file in requirements.files}.values():
        text = apply_edits(file.text, edits.get(file.path, []))
        if text != file.text:
            changed.append(Changed(file, text))
    return Rewrite(tuple(changed), tuple(repairs))


class _RefusedError(Exception):
    """Why a finding cannot be repaired by editing."""


class _Scribe:
    """Knows everything that an edit depends on."""

    def __init__(
        self,
        requirements: Requirements,
        report: Report,
        environment: Environment,
        facts: Facts,
        wishes: Wishes,
    ) -> None:
        self._environment = environment
        self._files: Mapping[str, ReadFile] = {file.path: file for file in requirements.files}
        self._first = requirements.files[0] if requirements.files else None
        self._facts = facts
        self._wishes = wishes
        self._lines = requirements.requirements
        self._inactive = {note.at for note in report.notes if note.reason == "marker"}

    def edits(self, finding: Finding) -> list[Edit]:
        """The edits that repair a finding.

        Raises:
            _RefusedError: why there are none.
        """
        if finding.kind == "broken":
            raise _RefusedError("the environment itself must be mended")
        if finding.kind == "extra":
            return [self._addition(finding)]
        line = next(line for line in self._lines if line.at == finding.at)
        if finding.kind == "conflict":
            if finding.severity == "error":
                raise _RefusedError("only you can say which of the lines is meant")
            return [self._deletion(line)]
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
            self._deletion(other)
            for other in self._lines
            if other is line
            or (
                other.name is not None
                and other.name == line.name
                and not other.constraint
                and other.at not in self._inactive
            )
        ]

    def _deletion(self, line: Requirement) -> Deletion:
        if self._wishes.cautious:
            raise _RefusedError("a cautious repair deletes nothing")
        self._may_edit(line)
        return Deletion(line.at.file, *_span(line), summary=f"took out {line.text}")

    def _replacement(self, finding: Finding, line: Requirement) -> Replacement:
        found = self._environment.distributions[finding.project]
        self._may_edit(line)
        if self._wishes.cautious and (line.at.file, line.at.line) not in self._wishes.dated_older:
            raise _RefusedError("the line is not known to be older than the installation")
        source = self._source(found)
        try:
            raw = self._reworded(finding, line, found, source)
        except InvalidLineError as error:
            raise _RefusedError(str(error)) from None
        return Replacement(line.at.file, *_span(line), raw=raw, summary=self._summary(line, raw))

    def _reworded(
        self, finding: Finding, line: Requirement, found: Distribution, source: Source | None
    ) -> str:
        if finding.kind == "source" or (finding.kind == "unpinned" and line.source):
            return with_reference(line, found, source)
        if line.source:
            raise InvalidLineError("the version is part of the line's URL")
        return respecified(line, exact(found.version))

    def _summary(self, line: Requirement, raw: str) -> str:
        from ..requirements.lines import logical_lines

        text = next(iter(logical_lines(raw))).text
        return f"{line.text} is now {text}"

    def _addition(self, finding: Finding) -> Insertion:
        found = self._environment.distributions[finding.project]
        if self._first is None:
            raise _RefusedError("there is no file to add it to")
        self._may_change_file(self._first)
        in_file = [line for line in self._lines if line.at.file == self._first.path]
        if in_file and all(line.hashes for line in in_file):
            raise _RefusedError("the file lists hashes, which the environment does not know")
        name = (self._facts.names or {}).get(found.name, found.project)
        text = frozen(name, found, self._source(found))
        place = insertion_point(self._first.text, in_file, found.name, text)
        return Insertion(self._first.path, place, text, summary=f"added {text}")

    def _may_edit(self, line: Requirement) -> None:
        if line.hashes:
            raise _RefusedError("a line with hashes cannot be edited truthfully")
        self._may_change_file(self._files[line.at.file])

    def _may_change_file(self, file: ReadFile) -> None:
        command = generating_command(file.text)
        if command and not self._wishes.force:
            raise _RefusedError(f"the file is generated; run: {command}")

    def _source(self, found: Distribution) -> Source | None:
        source = self._facts.sources.get(found.name)
        return source if isinstance(source, Source) and not source.conda else None


def _span(line: Requirement) -> tuple[int, int]:
    """The first and last physical line, counted from 1."""
    first = line.at.line or 1
    return first, line.at.end_line or first
