"""`pip check` and `uv pip check` against what reqdrift calls `unmet`: pairs of projects."""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Collection, Iterable, Iterator, Set
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import InvalidRequirement, Requirement

from reqdrift.standards import canonical_name
from support import SCRIPTS, clean_environ, reqdrift, run

UV = SCRIPTS / "uv"
Pairs = Set[tuple[str, str]]

_BY_PIP = re.compile(
    r"^(\S+) \S+ (?:requires ([^,;\s\[<>=!~]+), which is not installed"
    r"|has requirement ([A-Za-z0-9._-]+).*, but you have )"
)
_BY_AN_EXTRA = re.compile(r"^\S+ needs |, which (?:is|are) not installed$")
_BY_UV = re.compile(r"The package `([^`]+)` requires `([A-Za-z0-9._-]+)[^`]*`, but ")


class Verdicts(NamedTuple):
    """Who needs what that is not there, or is there in another version, by each tool.

    `extras` are reqdrift's pairs that only an extra asks for: neither pip nor uv looks at these.
    `unread` are the projects that pip does not look at, because it cannot read one requirement.
    """

    pip: Pairs
    uv: Pairs
    reqdrift: Pairs
    extras: Pairs = frozenset()
    unread: Collection[str] = ()

    @property
    def agree(self) -> bool:
        """Whether all three say the same of what all of them look at."""
        ours = self.reqdrift - self.extras
        return self.uv == ours and self.pip == {one for one in ours if one[0] not in self.unread}


def compare(prefix: Path, file: Path) -> Verdicts:
    """What the three say of all that a file asks for."""
    asked = asked_for(prefix, file)
    ours, extras, missing = by_reqdrift(prefix, file)
    said, unread = by_pip(prefix)
    pip = {one for one in said if one[0] in asked and one[1] not in missing}
    uv = {one for one in by_uv(prefix) if one[0] in asked and one[1] not in missing}
    return Verdicts(pip, uv, ours, extras, unread)


def _settings() -> dict[str, str]:
    return {**clean_environ(), "PIP_CONFIG_FILE": os.devnull, "UV_NO_CONFIG": "1"}


def by_pip(prefix: Path) -> tuple[Pairs, set[str]]:
    """The pairs, and the projects that it did not look at."""
    command = (SCRIPTS / "pip", "--python", prefix, "check", "--disable-pip-version-check")
    done = run(*command, cwd=prefix, env=_settings(), check=False)
    lines = [line for line in done.stdout.splitlines() if "No broken requirements" not in line]
    found = [_BY_PIP.match(line) for line in lines]
    assert all(found), lines
    unread = set(re.findall(r"Error parsing dependencies of (\S+):", done.stderr))
    # What it does not look at is absent to it.
    pairs = {(canonical_name(m[1]), canonical_name(m[2] or m[3])) for m in found if m}
    return {pair for pair in pairs if pair[1] not in unread}, unread


def by_uv(prefix: Path) -> Pairs:
    done = run(UV, "pip", "check", "--python", prefix, cwd=prefix, env=_settings(), check=False)
    found = _BY_UV.findall(done.stderr.replace("\n", " "))
    return {(canonical_name(one), canonical_name(other)) for one, other in found}


def by_reqdrift(prefix: Path, file: Path) -> tuple[Pairs, Pairs, set[str]]:
    """The pairs, those of them that an extra asks for, and what is `missing` instead."""
    words = ("--python", prefix, "--unlisted", "orphans", "--format", "json", file.name)
    report = json.loads(reqdrift(*words, cwd=file.parent).stdout)
    assert not report["errors"]
    pairs: Pairs = set()
    extras: Pairs = set()
    missing: set[str] = set()
    for found in report["findings"]:
        if found["kind"] == "missing":
            # What an extra of a line needs; no `unmet` says it again, whoever else needs it.
            missing |= {*_BY_AN_EXTRA.split(found["message"])[1].split(", ")}
        if found["kind"] != "unmet":
            assert found["kind"] in ("unpinned", "extra", "missing"), found
            continue
        needed = {(who, found["project"]) for who in found["needed_by"]}
        pairs |= needed
        if "extra" in found["requires"]:
            extras |= needed
    return pairs, extras, missing


def asked_for(prefix: Path, file: Path) -> set[str]:
    """The installed projects that a file's lines need, read from the metadata independently."""
    metadata = _metadata(prefix)
    queue = [(canonical_name(r.name), frozenset(r.extras)) for r in _lines(file)]
    seen = set()
    while queue:
        name, extras = queue.pop()
        for extra in ("", *extras):
            if (name, extra) in seen or name not in metadata:
                continue
            seen.add((name, extra))
            queue += (
                (canonical_name(needed.name), frozenset(needed.extras))
                for needed in metadata[name]
                if needed.marker is None or needed.marker.evaluate({"extra": extra})
            )
    return {name for name, _ in seen}


def _lines(file: Path) -> Iterator[Requirement]:
    for line in file.read_text().split("\n"):
        if line:
            yield Requirement(line)


def _metadata(prefix: Path) -> dict[str, list[Requirement]]:
    code = (
        "import importlib.metadata as m, json;"
        "print(json.dumps({d.metadata['Name']: d.requires or [] for d in m.distributions()}))"
    )
    python = prefix / "bin" / "python"
    found = json.loads(run(python, "-I", "-c", code, cwd=prefix).stdout)
    return {canonical_name(name): list(_readable(texts)) for name, texts in found.items()}


def _readable(texts: Iterable[str]) -> Iterator[Requirement]:
    for text in texts:
        # As in celery 4: `pytz (>dev)`.
        with contextlib.suppress(InvalidRequirement):
            yield Requirement(text)
