"""The outcome of a repair: files that change, and what became of each finding."""

from __future__ import annotations

from ..values import TYPE_CHECKING, NamedTuple, ReadFile
from ..values.findings import Finding, Hint

if TYPE_CHECKING:
    from collections.abc import Sequence


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


class Rewrite(NamedTuple):
    """The outcome: files that change, and what became of each finding."""

    changed: tuple[Changed, ...]
    repairs: tuple[Repair, ...]


def combined(rounds: Sequence[Rewrite], *, written: bool) -> Rewrite:
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
            repair = repair._replace(
                finding=repair.finding if written else known.finding,
                refused=known.refused or repair.refused,
                hint=known.hint if known.refused else repair.hint,
            )
        left.append(repair)
    described = {_subject(repair) for repair in (*done, *left)}
    unlisted = (r for r in rounds[0].repairs if r.root and _subject(r) not in described)
    changed_in_the_end = (file for file in files.values() if file.text != file.file.text)
    return Rewrite(tuple(changed_in_the_end), (*done, *left, *unlisted))


def _subject(repair: Repair) -> tuple[str, str, str | None]:
    finding = repair.finding
    return finding.kind, finding.project, finding.wanted
