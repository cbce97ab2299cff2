"""What to do about a report: the ways out of the drift, as commands to type."""

from __future__ import annotations

import os
import sys
from itertools import islice

from ..environments.candidates import owning_tool
from ..files import read_regular
from ..kinds import KINDS
from ..repository import top_folder
from ..requirements import read_requirements
from ..values import TYPE_CHECKING, Hint, Options, Report
from . import shown_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence, Set

    from ..values import CanonicalName, KindName

_PLANNED = frozenset(name for name, kind in KINDS.items() if kind.planned)
_FIXED = frozenset(name for name, kind in KINDS.items() if kind.fixed)

# Neighbouring files that are read for a hint, and how long they may be together, in bytes.
_MOST_NEIGHBOURS = 8
_LONGEST_NEIGHBOURS = 1 << 17

# A word of these needs no quotes in a shell.
_PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@%+=:,./_-"

# pre-commit sets one of these after a checkout, a merge or a rewrite; prek names the stage.
_AFTER_THE_FACT = (
    "PRE_COMMIT_CHECKOUT_TYPE",
    "PRE_COMMIT_IS_SQUASH_MERGE",
    "PRE_COMMIT_REWRITE_COMMAND",
)


def advise(report: Report, files: Sequence[str], options: Options) -> tuple[Hint, ...]:
    """The hints for a report with findings, the most helpful first.

    Args:
        report: the report.
        files: absolute paths of the requirements files that were named or meant.
        options: what was typed, for the commands to repeat.
    """
    if report.errors:
        return ()
    # What is installed in another version than its metadata wants, no command mends.
    kinds = {f.kind for f in report.findings if f.kind != "unmet" or f.installed is None}
    hints = list(_other_files(report, files, options)) if "extra" in kinds else []
    return (*hints, *_ways_out(report, kinds, options))


def _ways_out(report: Report, kinds: set[KindName], options: Options) -> Iterator[Hint]:
    """The file follows the environment, or the environment the file; the likely one first."""
    if kinds & _PLANNED and _is_after_the_fact():
        command = command_line("plan", options, options.files) + " | sh"
        return iter([Hint("the environment is stale: the files changed under it", command)])
    moved = [finding.moved for finding in report.findings]
    environment, file = moved.count("environment"), moved.count("file")
    fix = Hint("if the environment is right", _fixing(report, options))
    plan = Hint("if the file is right", command_line("plan", options, options.files) + " | sh")
    broken = any(f.kind == "broken" and f.project == "python" for f in report.findings)
    installable = report.environment and report.environment.can.install and not broken
    editable = kinds & _FIXED and not (options.staged or options.rev)
    ways = [(plan, kinds & _PLANNED and installable), (fix, editable)]
    if environment > file or (
        environment == file and not kinds & {"missing", "version", "source", "unmet"}
    ):
        ways.reverse()
    return (hint for hint, applies in ways if applies)


def _fixing(report: Report, options: Options) -> str:
    """`reqdrift fix`, which follows a guess only if it is named."""
    if report.environment and report.environment.chosen == "guess":
        options = options._replace(python=report.environment.named_path)
    return command_line("fix", options, options.files)


def command_line(name: str, options: Options, files: Sequence[str]) -> str:
    """The command with what was typed for this run."""
    words = [_program(), name] if name else [_program()]
    words += [word for file in options.constraints for word in ("-c", file)]
    for option, value in (
        ("--python", options.python),
        ("--path", options.path),
        ("--python-version", options.python_version),
    ):
        words += [option, value] if value else []
    if options.unlisted:
        words += ["--unlisted", options.unlisted]
    if name != "fix":
        words += ["--staged"] if options.staged else []
        words += ["--rev", options.rev] if options.rev else []
    severity = (f"{kind}={level}" for kind, level in options.severity)
    for option, values in (
        ("--ignore", options.ignore),
        ("--severity", severity),
        ("--stdlib", options.stdlib),
    ):
        words += [word for value in values for word in (option, value)]
    for option, is_given in (
        ("--keep-missing", options.keep_missing),
        ("--cautious", options.cautious),
        ("--force", options.force),
    ):
        words += [option] if is_given else []
    words += ["--add-to", options.add_to] if options.add_to else []
    return " ".join(map(_quoted, [*words, *files]))


def _quoted(word: str) -> str:
    """The word as a shell needs it."""
    if word and not word.strip(_PLAIN):
        return word
    # Few words of a command need quotes, and it loads `re`.
    from shlex import quote

    return quote(word)


def _is_after_the_fact() -> bool:
    """Whether this is a hook that runs after git has changed the files."""
    refs = (os.environ.get("PRE_COMMIT_FROM_REF"), os.environ.get("PRE_COMMIT_TO_REF"))
    if None not in refs and refs[0] == refs[1]:
        return False  # `git checkout -b` moves nothing
    stage = os.environ.get("PREK_HOOK_STAGE", "")
    return stage.startswith("post-") or any(name in os.environ for name in _AFTER_THE_FACT)


def _program() -> str:
    """What to type for reqdrift: inside a hook's environment, the whole path."""
    if owning_tool(sys.prefix, os.environ) not in ("pre-commit", "prek"):
        return "reqdrift"
    # Only a hook's environment is not on PATH.
    import shutil

    others = os.environ.get("PATH", "").split(os.pathsep)
    others = [folder for folder in others if not folder.startswith(sys.prefix)]
    return "reqdrift" if shutil.which("reqdrift", path=os.pathsep.join(others)) else sys.argv[0]


def _other_files(report: Report, files: Sequence[str], options: Options) -> Iterator[Hint]:
    """Requirements files nearby that name some of the extra packages."""
    extra = {finding.project for finding in report.findings if finding.kind == "extra"}
    known = {os.path.realpath(file.path) for file in report.files}
    for path in _nearby(os.path.dirname(files[0]), known, extra):
        named = extra & {line.name for line in read_requirements([path]).requirements}
        if named:
            command = command_line("", options, [*map(shown_path, files), shown_path(path)])
            purpose = f"{shown_path(path)} names {len(named)} of these: check both together"
            yield Hint(purpose, command)


def _nearby(folder: str, known: Set[str], names: Set[CanonicalName]) -> Iterator[str]:
    """The files nearby that may name some of the projects; no more than a report can wait for."""
    others = (path for path in _requirements_files(folder) if os.path.realpath(path) not in known)
    left = _LONGEST_NEIGHBOURS
    for path in islice(others, _MOST_NEIGHBOURS):
        try:
            left -= os.stat(path).st_size
            text = read_regular(path).decode("utf-8", "replace").lower() if left >= 0 else ""
        except OSError:
            continue
        text = "\n" + text.replace("_", "-").replace(".", "-").replace("\r", "\n")
        # What it includes may name them, too; NULs are UTF-16's.
        if any(words in text for words in ("\n-r", "\n--r", "\0", *names)):
            yield path


def _requirements_files(folder: str) -> Iterator[str]:
    """Text files with `requirements` in their name here, or in a folder of that name."""
    folders = [folder, os.path.join(folder, "requirements")]
    if top_folder(folder) != folder:
        folders.append(os.path.dirname(folder))
    for place in folders:
        try:
            names = sorted(os.listdir(place))
        except OSError:
            continue
        in_folder = "requirements" in os.path.basename(place)
        for name in names:
            path = os.path.join(place, name)
            is_named = name.endswith((".txt", ".in")) and (in_folder or "requirements" in name)
            if is_named and os.path.isfile(path):
                yield path
