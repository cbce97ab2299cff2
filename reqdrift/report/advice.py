"""What to do about a report: commands that fix the drift."""

from __future__ import annotations

import os
import sys

from .. import requirements
from ..drift.lines import SEED_PACKAGES
from ..environments import owning_tool
from ..environments.site import library_folders
from ..files import is_inside
from ..kinds import KINDS
from ..options import shell_line, words_of
from ..values import TYPE_CHECKING, Environment, Report, Request
from ..values.details import Hint, some_names
from . import plural, shown_path

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from ..values import CanonicalName, KindName, ReadFile


_PLANNED = frozenset(name for name, kind in KINDS.items() if "plan" in kind.settled_by)
_FIXED = frozenset(name for name, kind in KINDS.items() if "fix" in kind.settled_by)

# The kinds of finding that say that the environment is another than a line asks for.
_ABOUT_LINES = frozenset(("missing", "version"))
# Fewer say nothing about an environment as a whole.
_FEWEST = 10
# "Most": this share, in tenths.
_MOST = 8
# Distributions that an environment has from the beginning; Debian adds the last one.
_SEEDS = SEED_PACKAGES | {"pip", "pkg-resources"}


# Where a project declares what it needs.
_OF_PROJECTS = ("pyproject.toml", "setup.cfg")


def advise(
    report: Report,
    request: Request,
    recompilations: Mapping[str, Hint] = {},
    stale: Mapping[str, str] = {},
    elsewhere: Mapping[CanonicalName, str] = {},
    obstacle: str = "",
    unsaid: Mapping[CanonicalName, str] = {},
    doubted: Environment | None = None,
    kept: Collection[CanonicalName] = (),
    is_heavy: bool = False,
) -> tuple[Hint, ...]:
    """The hints for a report with findings, the most helpful first.

    Args:
        report: the report.
        request: the options of this run, which the commands repeat.
        recompilations: how compiled files follow the environment, by their paths.
        stale: the commands that compile stale files again, by their paths.
        elsewhere: what is unlisted and from other files, or was brought in by it, with where.
        obstacle: why a plan does not install the files, '' if it does.
        unsaid: the projects that `fix` lets no line name, with the line that forbids it.
        kept: the projects that no plan uninstalls.
        is_heavy: whether `fix` would remove so many lines that the environment must be named.
        doubted: the environment, if a plan uninstalls nothing unless it is named; if nothing at all
            is changed unless it is, the request names it.
    """
    if report.errors or "/dev/stdin" in request.files:  # no command can read it again
        return ()
    # A plan leaves a version that is only a warning, and ranges may be meant to be ranges.
    may_be_meant = ("unmet", "unpinned")
    counting = [f for f in report.findings if f.severity == "error" or f.kind not in may_be_meant]
    # What another file lists, with what that brought in: no repair lists it unasked.
    extras = [f for f in counting if f.kind == "extra"]
    owned = {f for f in extras if f.project in elsewhere}
    # No plan uninstalls it, nor what the project declares at a line of its own file.
    going = {f.project: f for f in extras if not (f in owned or f.at.line or f.project in kept)}
    # Nor what something needs that stays.
    while staying := [f for f in going.values() if not going.keys() >= {*f.needed_by}]:
        going = {name: f for name, f in going.items() if f not in staying}
    left = {f for f in extras if f.project not in going}
    planned = {f.kind for f in counting if f not in left} & _PLANNED
    # No line can say what is installed there, and none that something needs may go.
    unfixed = {*unsaid, *(f.project for f in report.findings if f.kind == "broken")}
    needed = (f for f in counting if f.kind == "missing" and (f.needed_by or f.installed))
    unfixed |= {f.project for f in needed if f.at.file not in recompilations}
    fixed = {f.kind for f in counting if f not in owned and f.project not in unfixed} & _FIXED
    is_refused = bool(obstacle and planned - {"extra"})
    if is_refused:
        planned = set()
    # What is unlisted goes when nothing is to be installed any more.
    uninstalls = planned == {"extra"}
    is_of_git = bool(request.staged or request.rev)
    named = doubted if request.python or uninstalls else None
    hints = []
    is_planned, is_fixed = _ways_out(report, planned, set() if is_of_git else fixed)
    if is_planned:
        planning = request._replace(uninstall=uninstalls)
        hints.append(_for_the_environment(planning, stale, named))
    if is_fixed:
        hints.append(_for_the_file(report, request, recompilations, is_heavy=is_heavy))
    if not planned & {"missing", "version", "source", "unmet"}:
        hints.reverse()  # the more likely one first
    written = [x.path for x in report.files if not (x.constraints or _is_generated(x))]
    if owned and report.files and not is_of_git:
        adding, command = request, ""
        if request.add_to or written:
            adding = request._replace(add_to=request.add_to or shown_path(written[0]))
            command = command_line("fix", adding, request.files)
        where = some_names(sorted({*elsewhere.values()}))
        are, them = ("is", "it") if len(owned) == 1 else ("are", "them")
        what = f"{len(owned)} of these {are} from {where}"
        how = f"; to list {them} here, too" if command else f"; list {them} in its sources, too"
        hints.append(Hint(what + how, command))
    if is_refused:
        hints.append(Hint(f"plan installs nothing: {obstacle}", ""))
    elif counting and not hints and (forbidding := next(filter(None, unsaid.values()), "")):
        hints.append(Hint(f"fix changes nothing: {forbidding}", ""))
    if "-" in request.installed:
        # This run has read it to its end.
        hints = [Hint(f"{hint.purpose} (pipe the record again)", hint.command) for hint in hints]
    return tuple(hints)


def _ways_out(report: Report, planned: set[KindName], fixed: set[KindName]) -> tuple[bool, bool]:
    """Whether a plan helps, and whether edits of the files do, which are about these kinds."""
    # Nothing is installed under a misspelled name: another's package may have it, to do harm.
    misspelled = any(finding.meant for finding in report.findings)
    broken = any(f.kind == "broken" and f.project == "python" for f in report.findings)
    can_install = bool(report.environment and report.environment.can.install)
    # Where an editable install runs from is in no file.
    in_files = {f.kind for f in report.findings if f.kind != "source" or f.wanted}
    is_planned = bool(planned) and can_install and not (broken or misspelled)
    return is_planned, bool(fixed & in_files)


def _for_the_environment(
    request: Request, stale: Mapping[str, str], doubted: Environment | None
) -> Hint:
    """How the environment follows the file, which must be compiled before if it is stale.

    From a `doubted` environment a plan uninstalls only if it is named.
    """
    if doubted:
        request = request._replace(python=shown_path(doubted.named_path))
    plan = command_line("plan", request, request.files) + " | sh"
    if doubted and not stale:
        where = shown_path(doubted.prefix)
        return Hint(f"if the file is right, and {where} is its environment", plan)
    if not stale or request.staged or request.rev:
        return Hint("if the file is right", plan)
    if not all(stale.values()):
        return Hint("if the file is right, compile it again, then", plan)
    # The plan is for this folder.
    steps = [f"({one})" if one.startswith("cd ") else one for one in stale.values()]
    return Hint("if the file is right, compile it first", " && ".join([*steps, plan]))


def _for_the_file(
    report: Report, request: Request, recompilations: Mapping[str, Hint], *, is_heavy: bool
) -> Hint:
    """How the file follows the environment; without a command where only its maker knows."""
    wrong = {f.compiled or f.at.file for f in report.findings if f.kind in _FIXED or f.compiled}
    way = recompilations.get(next(iter(wrong))) if len(wrong) == 1 else None
    if way and way.command:
        return way
    if report.files and all(file.is_lock for file in report.files):
        commands = [requirements.compiled.generating_command(file.text) for file in report.files]
        command = next(filter(None, commands), "")
        return Hint("if the environment is right, regenerate the lock file", command)
    names = some_names(sorted(map(shown_path, wrong)))
    if wrong and all(path.endswith(".in") for path in wrong):
        return Hint(f"if the environment is right, edit {names} by hand, then compile it", "")
    if wrong <= {file.path for file in report.files if _is_generated(file)}:
        what = f"change what {names} is compiled from, then compile it"
        return Hint(f"if the environment is right, {what}", "")
    if report.environment and (report.environment.chosen == "guess" or is_heavy):
        # It is followed only if it is named.
        request = request._replace(python=shown_path(report.environment.named_path))
    return Hint("if the environment is right", command_line("fix", request, request.files))


def _is_generated(file: ReadFile) -> bool:
    """Whether `fix` does not edit the file, because a tool writes it, or its hashes."""
    # One for each line, or several.
    if file.is_lock or 0 < file.requirements <= file.text.count("--hash="):
        return True
    is_compiled = "generated by" in file.text
    return is_compiled and bool(requirements.compiled.generating_command(file.text))


def command_line(name: str, request: Request, files: Sequence[str]) -> str:
    """The command with the options of this run."""
    words = [*_program(), name] if name else _program()
    return shell_line([*words, *words_of(name, request), *files])


def _program() -> list[str]:
    """How to start this reqdrift: by its name if that is on PATH."""
    folders = os.environ.get("PATH", "").split(os.pathsep)
    if owning_tool(sys.prefix) in ("pre-commit", "prek"):
        # A hook's environment is on PATH only while the hook runs.
        folders = [folder for folder in folders if not folder.startswith(sys.prefix)]
    names = [os.path.join(folder, "reqdrift") for folder in folders]
    if any(os.path.isfile(name) or os.path.isfile(f"{name}.exe") for name in names):
        return ["reqdrift"]
    if os.path.basename(sys.argv[0]).startswith("reqdrift"):
        return [shown_path(os.path.abspath(sys.argv[0]))]
    script = os.path.join(os.path.dirname(sys.executable), "reqdrift")
    if os.path.isfile(script):
        return [shown_path(script)]
    return [shown_path(sys.executable), "-m", "reqdrift"]


# The names of a project's own environment: one that can be created again.
_OWN = (".venv", "venv", "env")


def lead_of(
    report: Report, files: Sequence[str], request: Request, obstacle: str = ""
) -> tuple[Hint, ...]:
    """The reason that most findings have, with the one thing to do; () if there is none.

    Args:
        report: a report with findings.
        files: absolute paths of the requirements files that were named or meant.
        request: what the run was about; the command repeats its options.
        obstacle: why a plan does not install the files, '' if it does.
    """
    environment = report.environment
    # Nothing installs into another machine's.
    if environment is None or report.errors or not environment.can.files:
        return ()
    absent = sum(finding.kind == "missing" for finding in report.findings)
    if absent > 1 and environment.distributions.keys() <= _SEEDS:
        # There may be a folder of another Python, with packages.
        is_only = len(library_folders(environment.prefix)) < 2
        where = shown_path(environment.prefix if is_only else environment.folders[0])
        if obstacle:
            return (Hint(f"nothing is installed in {where}; {obstacle}", ""),)
        what = f"nothing is installed in {where}; to install what the files list"
        return (Hint(what, _installing(report, environment, files, request)),)
    return () if obstacle else _mismatch(report, environment, files, request)


def _installing(
    report: Report, environment: Environment, files: Sequence[str], request: Request
) -> str:
    """The command that installs the files; a plan, if an installer cannot read them as they are."""
    given = (request.staged, request.rev, request.path, request.ignore, request.set_name)
    odd = {"stdlib", "artefact", "outdated", "dropped"} & {note.reason for note in report.notes}
    if any(given) or odd or not environment.can.install:
        return f"{command_line('plan', request, request.files)} | sh"
    words = [word for file in files for word in ("-r", shown_path(file))]
    words += [word for file in request.constraints for word in ("-c", file)]
    return _pip_install(environment, *words)


def remedy(
    report: Report,
    environment: Environment,
    files: Sequence[str],
    request: Request,
    listed: Collection[CanonicalName],
) -> str:
    """The one command after which an environment satisfies the files, '' if there is none.

    Args:
        report: a report with findings.
        environment: what they are about.
        files: the paths of the files.
        request: the options of this run.
        listed: the projects that the files install, with what these declare by now.
    """
    named = tuple(map(shown_path, files))
    request = request._replace(files=named, python=shown_path(environment.prefix))
    kinds = {finding.kind for finding in report.findings}
    if any(finding.meant for finding in report.findings) or kinds.isdisjoint(_PLANNED):
        return ""
    # What a project declares is nothing that the files ask for.
    places = {os.path.basename(f.at.file) for f in report.findings if f.required_by not in listed}
    if places.isdisjoint(_OF_PROJECTS) and kinds <= {"missing", "version", "unmet"}:
        return _installing(report, environment, files, request)
    return f"{command_line('plan', request, request.files)} | sh"


def _pip_install(environment: Environment, *words: str) -> str:
    """The command of pip or uv that installs something."""
    python = os.path.join(environment.prefix, "bin", "python")
    if not os.path.exists(python):
        python = environment.python.interpreter or python
    python = shown_path(python)
    if "pip" in environment.distributions:
        return shell_line([python, "-m", "pip", "install", *words])
    return shell_line(["uv", "pip", "install", "--python", python, *words])


def _mismatch(
    report: Report, environment: Environment, files: Sequence[str], request: Request
) -> tuple[Hint, ...]:
    """Most of what is listed is missing or has another version: it was made from another file."""
    about_lines = [finding for finding in report.findings if finding.kind in _ABOUT_LINES]
    listed = sum(file.requirements for file in report.files)
    if len(about_lines) < _FEWEST or len(about_lines) * 10 < listed * _MOST:
        return ()
    minor = ".".join(map(str, environment.python.minor))
    where = shown_path(environment.prefix)
    drifted = f"{len(about_lines)} of {plural(listed, 'requirement')}"
    what = f"{drifted} are missing or have another version in {where}"
    others = (requirements.compiled.other_python(file.text, minor) for file in report.files)
    wanted = next(filter(None, others), "")
    missing = sum(finding.kind == "missing" for finding in about_lines)
    if not wanted and missing * 2 < len(about_lines):
        return ()  # the same projects in other versions: everything was upgraded, or is to be
    why = f"it was probably made from another file, or for another Python than {minor}"
    if wanted:
        why = f"the file was compiled for Python {wanted}, and this is Python {minor}"
    is_own = _is_own(environment, files[0]) and request.path is None
    if is_own and not wanted:
        plan = f"{command_line('plan', request, request.files)} | sh"
        return (Hint(f"{what}: {why}; to install what the files list", plan),)
    if not is_own:
        command = command_line("env", request, request.files)
        return (Hint(f"{what}: {why}; to see why it is checked", command),)
    # Clones in it may have changes, and it may have an installer's configuration.
    create = shell_line([f"python{wanted}", "-m", "venv", where])
    install = _installing(report, environment, files, request)
    return (Hint(f"{what}: {why}; move {where} away, then", f"{create} && {install}"),)


def _is_own(environment: Environment, file: str) -> bool:
    """Whether the environment is in a folder around the file: others are not to be recreated."""
    folder, name = os.path.split(os.path.realpath(environment.prefix))
    is_around = is_inside(os.path.realpath(file), folder) and not environment.is_conda
    return name in _OWN and is_around and environment.python.interpreter is not None
