"""How a compiled file follows the environment: what to change in its sources, and the command.

Compiling again keeps the pins that are in the file, so the command names the installed versions.
"""

from __future__ import annotations

import os

from ..drift.case import files_for_other_pythons
from ..drift.graph import body_of, nodes_of
from ..drift.lines import SEED_PACKAGES
from ..options import quoted
from ..report import place, shown_path
from ..repository import read_text
from ..requirements.compiled import generating_command, split_command, tool_of
from ..standards import pep440
from ..texts import has_secret
from ..values import TYPE_CHECKING, NamedTuple
from ..values.details import Finding, Hint, some_names
from . import frozen

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from ..drift.case import Case
    from ..values import CanonicalName, Distribution, Requirement
    from ..values.details import Compiled, Source


# So many are in a hint.
_MOST_STEPS = 4


class Recompilation(NamedTuple):
    """The command for all of a compiled file, and what to do before it about some projects.

    `unlisted` is what stays installed and is not listed any more after it, as far as that is known.
    """

    command: str
    steps: Mapping[CanonicalName, str]
    unlisted: Sequence[CanonicalName]

    @property
    def hint(self) -> Hint:
        """The command, after all that must be done before it."""
        steps = [*dict.fromkeys(self.steps.values())]
        if (more := len(steps) - _MOST_STEPS) > 1:
            steps[_MOST_STEPS:] = [f"take {more} more such steps (reqdrift fix names them)"]
        steps += ["fill in the credentials"] if has_secret(self.command) else []
        before = "".join(f", {step}" for step in steps)
        purpose = f"if the environment is right{before}{', then' if before else ''}"
        if self.unlisted:
            purpose += f" ({some_names(self.unlisted)} will be unlisted)"
        return Hint(purpose, self.command)


def recompilations(case: Case, findings: Sequence[Finding]) -> dict[str, Recompilation]:
    """The way of each compiled file, by its path, as far as its header says how.

    The command is '' if compiling again would lead to the same file.
    """
    others = {file.path: version for file, version in files_for_other_pythons(case)}
    here = "{}.{}".format(*case.python.minor)
    found = {}
    for compiled in case.compiled:
        # A finding may be at the line of a source.
        about = [f for f in findings if (f.compiled or f.at.file) == compiled.file]
        own = [f for f in about if f.kind != "stale"]
        is_stale = own != about
        # `uv sync --no-editable`: no source says that.
        about = about if is_stale else [f for f in about if not is_copy(case, f)]
        forbidden = _unfit(case, own)
        pins = _pins(case, [f for f in own if f.project not in forbidden])
        if not about or not (command := _command(compiled, pins)):
            continue
        steps = {f.project: step for f in own if (step := _step(case, f, compiled))}
        steps |= forbidden
        # What is only needed on another Python is missing until the file is for this one.
        absent = [f for f in own if f.kind == "missing" and f.project not in steps]
        if absent and (other := others.get(compiled.file)):
            command = _for_python(command, other, here)
        elif absent == own and not (is_stale or _are_dropped(case, absent, compiled)):
            command = ""
        going = {f.project for f in own if f.kind == "missing" and f.project in steps}
        # Another Python may need more.
        unlisted = [] if compiled.file in others else _unlisted_then(case, compiled, going)
        found[compiled.file] = Recompilation(command, steps, unlisted)
    return found


def _unlisted_then(
    case: Case, compiled: Compiled, going: Collection[CanonicalName]
) -> list[CanonicalName]:
    """What the sources do not lead to any more: it was needed by something else before."""
    lines = [line for line in (*compiled.asked, *compiled.maybe) if not line.constraint]
    asked = [line for line in lines if line.name not in going]
    led_to = {line.name for line in asked} | case.graph.dependencies(nodes_of(asked))
    if not compiled.asked or not all(map(case.installed, led_to)):
        return []
    listed = {line.name for line in case.asking if line.origin.file in compiled.files}
    left = listed - led_to - SEED_PACKAGES - {case.project.name}
    return sorted(found.name for found in map(case.installed, left) if found)


def _are_dropped(case: Case, absent: Iterable[Finding], compiled: Compiled) -> bool:
    """Whether the sources surely lead to none of these any more."""
    asked = {line.name for line in (*compiled.asked, *compiled.maybe)}
    led_to = asked | case.graph.dependencies(nodes_of(compiled.asked))
    is_known = bool(asked) and all(map(case.installed, led_to))
    return is_known and led_to.isdisjoint(finding.project for finding in absent)


def _unfit(case: Case, findings: Iterable[Finding]) -> dict[CanonicalName, str]:
    """The installed versions that others forbid which stay: no file can list both.

    Each with what has to be installed instead.
    """
    wrong = {finding.project for finding in findings if finding.kind == "version"}
    found = {}
    for node in nodes_of(line for line in case.asking if line.name not in wrong) if wrong else ():
        needing = case.installed(node.name)
        for edge in case.graph.needs(node) if needing else ():
            there = case.installed(edge.name) if edge.name in wrong else None
            if needing and there and not pep440.satisfies(there.version, edge.specifier):
                what = f"{needing.project} {needing.version} needs {body_of(edge.text)}"
                found[edge.name] = f"install another {there.project} ({what})"
    return found


def is_copy(case: Case, finding: Finding) -> bool:
    """Whether an editable line was installed as a copy of the same folder, or the reverse."""
    source = case.source(finding.project) if finding.kind == "source" else None
    lines = case.binding.get(finding.project, ())
    folders = [line.source for line in lines if line.source and line.source.kind == "folder"]
    is_folder = bool(source and source.kind == "folder")
    return is_folder and any(source and one.editable != source.editable for one in folders)


def _for_python(command: str, there: str, here: str) -> str:
    """The command with another Python version in its options; pip-compile has none."""
    words = command.split(" ")
    for number, word in enumerate(words):
        option, equals, value = word.rpartition("=")
        option = option or words[number - 1]
        is_version = value == there or value.startswith(f"{there}.")
        if is_version and option in ("-p", "--python", "--python-version"):
            words[number] = f"{option}={here}" if equals else here
    return " ".join(words)


def stale_files(case: Case, findings: Sequence[Finding]) -> dict[str, str]:
    """The command that compiles each stale file again, by its path; '' if its header has none."""
    names = {finding.compiled for finding in findings if finding.kind == "stale"}
    stale = [one for one in case.compiled if one.file in names]
    return {one.file: _command(one, ()) or one.command for one in stale}


def _pins(case: Case, findings: Iterable[Finding]) -> list[str]:
    """The installed releases that the file does not list so."""
    kinds = ("version", "extra", "source")
    wrong = [case.installed(finding.project) for finding in findings if finding.kind in kinds]
    releases = [found for found in wrong if found and not case.source(found.name)]
    pins = {found.name: pep440.normal_version(found.version) for found in releases}
    return sorted(f"{name}=={version}" for name, version in pins.items() if version)


def _command(compiled: Compiled, pins: Sequence[str]) -> str:
    """The header's command with the versions; '' if the header names none that is known."""
    tool = tool_of(compiled.command)
    if not tool:
        return ""
    before, name, after = split_command(compiled.command)
    option = "-P" if tool == "pip-compile" else "--upgrade-package"
    words = [before, name, *(f"{option} {quoted(pin)}" for pin in pins), after]
    line = " ".join(filter(None, words))
    is_here = os.path.realpath(compiled.folder) == os.path.realpath(os.getcwd())
    return line if is_here else f"cd {quoted(shown_path(compiled.folder))} && {line}"


def _step(case: Case, finding: Finding, compiled: Compiled) -> str:
    """What must be changed in a source before the file can follow."""
    maybe = (line for line in compiled.maybe if case.holds(line.marker or ""))
    asked = [line for line in (*compiled.asked, *maybe) if line.name == finding.project]
    asking = [line for line in asked if not line.constraint]
    found = case.installed(finding.project)
    if finding.kind == "missing":
        rest = (line for line in compiled.asked if line.name != finding.project)
        if finding.project in case.graph.dependencies(nodes_of(rest)):
            return ""  # without its own line, it would still be compiled
        made = [line for line in asking if generating_command(read_text(line.at.file))]
        others = [line for line in asking if line not in made]
        steps = [f"compile {shown_path(x.at.file)} without {finding.project}" for x in made[:1]]
        return " and ".join([*steps, *([f"remove {_named(others)}"] if others else [])])
    if found is None or finding.kind not in ("extra", "version", "source"):
        return ""
    source = case.source(found.name)
    is_release = source is None or source.conda
    refusing = [line for line in asked if not pep440.satisfies(found.version, line.specifier)]
    if finding.kind == "extra" and asked and is_release and refusing:
        return f"change {_named(refusing)} to allow {found.version}"
    # What the sources lead to is compiled with them; what is not installed may need anything.
    brought = case.graph.dependencies(nodes_of(compiled.asked))
    known = all(map(case.installed, {*brought, *(line.name for line in compiled.asked)}))
    if not (compiled.asked and known):
        brought |= case.graph.dependencies(nodes_of(case.asking))
    if finding.kind == "extra" and (finding.brought_by or asked or found.name in brought):
        return ""
    if finding.kind == "extra" or (not asking and not is_release):
        # The command pins a release.
        text = found.name if is_release else frozen(found.name, found, source)
        file = (*compiled.sources, "")[0]
        if not file:
            return f"add `{text}` to what it is compiled from"
        return f"add `{text}` to {shown_path(file)}" if _may_say(text, file) else ""
    if referring := [line for line in asking if line.source or not is_release]:
        return " and ".join(filter(None, (_followed(line, found, source) for line in referring)))
    layers = [x.at.file for x in refusing if generating_command(read_text(x.at.file))]
    if layers:
        return f"compile {shown_path(layers[0])} with {found.name}=={found.version}"
    return f"change {_named(refusing)} to allow {found.version}" if refusing else ""


def _followed(line: Requirement, found: Distribution, source: Source | None) -> str:
    """The change of a line after which it asks for what is installed."""
    extras = f"[{','.join(line.extras)}]" if line.extras else ""
    text = frozen(f"{line.written or found.name}{extras}", found, source)
    text += f" ; {line.marker}" if line.marker else ""
    is_done = text == line.text or not _may_say(text, line.at.file)
    return "" if is_done else f"change {_named([line])} to `{text}`"


def _may_say(text: str, file: str) -> bool:
    """Whether a file can have the requirement: only pip's format has `-e`, without a marker."""
    return not text.startswith("-e ") or not (file.endswith(".toml") or " ; " in text)


def _named(lines: Iterable[Requirement]) -> str:
    return " and ".join(f"`{line.text}` in {place(line.at)}" for line in lines)
