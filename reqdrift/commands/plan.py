"""`reqdrift plan`: the shell commands that bring the environment back to the files."""

from __future__ import annotations

import os
import re
import sys

from .. import api
from ..graph import Node
from ..model import TYPE_CHECKING, Options, canonical_name
from ..repair.plan import Sources, installer_for, plan
from ..requirements.lines import logical_lines
from ..rules.case import make_case

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..model import ReadFile

_FIND_LINKS = re.compile(r"(-f|--find-links)[ =]?\s*(?P<value>\S+)$")


def run(options: Options) -> int:
    """Print the commands, nothing if there is nothing to do; always 0."""
    found = api.examine_whole(options, "nothing is planned")
    requirements, environment = found.requirements, found.environment
    if not found.report.findings:
        return 0
    case = make_case(requirements, environment, found.facts, found.policy, found.project)
    kept = [
        Node(name, extra)
        for name, asking in case.applicable.items()
        for line in asking
        for extra in ("", *line.extras)
    ]
    kept += [
        Node(canonical_name(note.project))
        for note in found.report.notes
        if note.project and note.reason in ("local", "tool")
    ]
    sources = Sources(
        tuple(option for file in requirements.files for option in _options(file)),
        tuple(dict.fromkeys(f.path for f in requirements.files if f.constraints)),
        found.situation.files,
    )
    installer = installer_for(environment, options.installer)
    sys.stdout.write(plan(found.report, case.lines, case.graph, kept, sources, installer))
    return 0


def _options(file: ReadFile) -> Iterator[str]:
    """The option lines of a file, but for the includes and editables, which are read already."""
    for line in logical_lines(file.text):
        words = line.text.split()
        remote = any(word.startswith(("http://", "https://")) for word in words)
        includes = line.text.startswith(("-r", "-c", "--requirement", "--constraint"))
        if line.text.startswith(("-e", "--editable")) or (includes and not remote):
            continue
        if line.text.startswith("-"):
            yield _absolute(line.text, os.path.dirname(file.path))


def _absolute(option: str, folder: str) -> str:
    """A `--find-links` folder beside the file, named so that it is found from anywhere."""
    found = _FIND_LINKS.match(option)
    if found and os.path.exists(path := os.path.join(folder, found["value"])):
        return f"--find-links {path}"
    return option
