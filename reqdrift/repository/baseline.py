"""reqdrift-baseline.json: the findings that a project had when it began to use reqdrift."""

from __future__ import annotations

import json

from ..errors import UsageError
from ..values import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

_VERSION = 1
_RECREATE = "recreate it: delete the file, then run reqdrift baseline"


class Entry(NamedTuple):
    """A recorded finding.

    `part` is the name of its set, '' without sets. `file` is relative to the folder of the
    baseline, with `/`; it is '' for a finding about the environment.
    """

    part: str
    file: str
    kind: str
    project: str
    installed: str
    severity: str

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What a finding must have in common with it, besides its set and severity."""
        return self.file, self.kind, self.project, self.installed


def read_entries(data: bytes, path: str) -> tuple[Entry, ...]:
    """The entries of a baseline.

    Raises:
        UsageError: it is not one; a baseline that cannot be read must not pass for an empty one.
    """
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path} is not JSON: {error}", _RECREATE) from None
    version = document.get("version") if isinstance(document, dict) else None
    if version != _VERSION:
        why = f"{path} is not a baseline of version {_VERSION}"
        raise UsageError(why, _RECREATE)
    items = document.get("findings")
    if not isinstance(items, list):
        raise UsageError(f"{path} has no list of findings", _RECREATE)
    return tuple(_entry(item, number, path) for number, item in enumerate(items, 1))


def _entry(item: Any, number: int, path: str) -> Entry:
    if isinstance(item, dict):
        values = {"part": item.get("set", ""), **{k: v for k, v in item.items() if k != "set"}}
        values.setdefault("installed", "")
        values.setdefault("severity", "error")
        if values.keys() == set(Entry._fields) and all(isinstance(v, str) for v in values.values()):
            return Entry(**values)
    raise UsageError(f"{path}: finding {number} is not an entry of a baseline", _RECREATE)


def text_of(entries: Iterable[Entry]) -> str:
    """The text of a baseline: sorted, one entry on a line, so that diffs and merges are small."""
    lines = ",\n".join(f"    {json.dumps(dict(_items(entry)))}" for entry in sorted(entries))
    findings = f"[\n{lines}\n  ]" if lines else "[]"
    return f'{{\n  "version": {_VERSION},\n  "findings": {findings}\n}}\n'


def _items(entry: Entry) -> Iterator[tuple[str, str]]:
    """The keys of an entry; those that have their usual value are left out."""
    usual = {"part": "", "installed": "", "severity": "error"}
    for name, value in entry._asdict().items():
        if value != usual.get(name):
            yield "set" if name == "part" else name, value
