"""What to do about a report: commands that fix the drift."""

from __future__ import annotations

import os

from .. import requirements
from ..drift.lines import SEED_PACKAGES
from ..environments import NAMES, is_in_cache, program
from ..environments.site import library_folders
from ..files import is_inside
from ..kinds import KINDS
from ..options import shell_line, words_of
from ..values import TYPE_CHECKING, Environment, Report, Request
from ..values.details import Hint, some_names
from . import plural, shown_path

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from ..environments import Situation
    from ..values import CanonicalName, ReadFile


PLANNED = frozenset(name for name, kind in KINDS.items() if "plan" in kind.settled_by)
FIXED = frozenset(name for name, kind in KINDS.items() if "fix" in kind.settled_by)

# Fewer say nothing about an environment as a whole.
_FEWEST = 10
# "Most": this share, in tenths.
_MOST = 8
# Distributions that an environment has from the beginning; Debian adds the last one.
_SEEDS = SEED_PACKAGES | {"pip", "pkg-resources"}


def for_the_environment(
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


def for_the_file(
    report: Report,
    request: Request,
    recompilations: Mapping[str, Hint],
    named: Environment | None,
    removed: str,
) -> Hint:
    """How the file follows the environment; without a command where only its maker knows.

    Args:
        report: a report with findings.
        request: the options of this run, which the command repeats.
        recompilations: how compiled files follow the environment, by their paths.
        named: the environment, if it is followed only if it is named.
        removed: how many of the required projects no line would name any more, if that is most.
    """
    paths = [file.path for file in report.files]
    wrong = {f.compiled or f.at.file for f in report.findings if f.kind in FIXED or f.compiled}
    # What pyproject.toml declares is to be listed in a requirements file.
    wrong = {path if path in (*paths, *recompilations) else paths[0] for path in wrong if paths}
    way = recompilations.get(next(iter(wrong))) if len(wrong) == 1 else None
    if way and way.command:
        return way
    made = (requirements.compiled.generating_command(file.text) for file in report.files)
    commands = filter(None, made)
    if report.files and all(file.is_lock for file in report.files):
        return Hint("if the environment is right, regenerate the lock file", next(commands, ""))
    names = some_names(sorted(map(shown_path, wrong)))
    if wrong and all(path.endswith(".in") for path in wrong):
        return Hint(f"if the environment is right, edit {names} by hand, then compile it", "")
    if wrong <= {file.path for file in report.files if _is_generated(file)}:
        what = f"change what {names} is compiled from, then compile it"
        if not any("--hash=" in file.text for file in report.files) and not any(commands):
            what = f"change what {names} is generated from (fix --force edits it)"
        return Hint(f"if the environment is right, {what}", "")
    if named:
        request = request._replace(python=shown_path(named.named_path))
    loss = f", and {removed} requirements are to be removed" if removed else ""
    return Hint(f"if the environment is right{loss}", command_line("fix", request, request.files))


def for_other_files(
    report: Report, request: Request, number: int, elsewhere: Mapping[CanonicalName, str]
) -> Hint:
    """How so many projects are listed that are from other files, which `elsewhere` names."""
    adding, command = request, ""
    written = [x.path for x in report.files if not (x.constraints or _is_generated(x))]
    if request.add_to or written:
        adding = request._replace(add_to=request.add_to or shown_path(written[0]))
        command = command_line("fix", adding, request.files)
    names = sorted({*elsewhere.values()})
    are, them = ("is", "it") if number == 1 else ("are", "them")
    what = f"{number} of these {are} from {some_names(names)}"
    if not command and all(name.endswith(".txt") for name in names):
        files = request.files or [shown_path(report.files[0].path)]
        return Hint(f"{what}; to check them together", command_line("", request, [*files, *names]))
    how = f"; to list {them} here, too" if command else f"; list {them} in its sources, too"
    return Hint(what + how, command)


def _is_generated(file: ReadFile) -> bool:
    """Whether `fix` does not edit the file, because a tool writes it, or its hashes."""
    # One for each line, or several.
    if file.is_lock or 0 < file.requirements <= file.text.count("--hash="):
        return True
    return "#" in file.text and requirements.compiled.is_generated(file.text)


def command_line(name: str, request: Request, files: Sequence[str]) -> str:
    """The command with the options of this run."""
    words = [shown_path(x) if os.path.isabs(x) else x for x in program()]
    words += [name] if name else []
    paths = (f"./{path}" if path.startswith("-") and path != "-" else path for path in files)
    return shell_line([*words, *words_of(name, request), *paths])


def lead_of(
    report: Report, situation: Situation, request: Request, obstacle: str, other: str
) -> tuple[Hint, ...]:
    """The reason that most findings have, with the one thing to do; () if there is none.

    Args:
        report: a report with findings.
        situation: the files that were named or meant.
        request: what the run was about; the command repeats its options.
        obstacle: why a plan does not install the files, '' if it does.
        other: why the environment may be another project's, '' if it is not.
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
        if other or obstacle:
            return (Hint(f"nothing is installed in {where}; {other or obstacle}", ""),)
        what = f"nothing is installed in {where}"
        minor = ".".join(map(str, environment.python.minor))
        others = (requirements.compiled.other_python(file.text, minor) for file in report.files)
        if wanted := next(filter(None, others), ""):
            what += f", which has Python {minor}, and the file was compiled for Python {wanted}"
        what += "; to install what the files list"
        return (Hint(what, _installing(report, environment, situation, request)),)
    return () if obstacle else _mismatch(report, environment, situation, request, other)


def _installing(
    report: Report, environment: Environment, situation: Situation, request: Request
) -> str:
    """The command that installs the files; a plan, if an installer cannot read them as they are."""
    chosen = (*request.extras, *request.groups, request.set_name)
    given = (request.staged, request.rev, request.path, request.ignore, *chosen)
    is_lock = any(map(requirements.is_pylock, situation.files))
    odd = {"stdlib", "artefact", "outdated", "dropped"} & {note.reason for note in report.notes}
    if any(given) or odd or is_lock or not environment.can.install or situation.is_for_uv:
        return f"{command_line('plan', request, request.files)} | sh"
    words = [word for file in situation.files for word in ("-r", shown_path(file))]
    words += [word for file in situation.constraints for word in ("-c", shown_path(file))]
    python = os.path.join(environment.prefix, "bin", "python")
    if not os.path.exists(python):
        python = environment.python.interpreter or python
    python = shown_path(python)
    if "pip" in environment.distributions:
        return shell_line([python, "-m", "pip", "install", *words])
    return shell_line(["uv", "pip", "install", "--python", python, *words])


def remedy(
    report: Report,
    environment: Environment,
    situation: Situation,
    request: Request,
    listed: Collection[CanonicalName],
) -> str:
    """The one command after which an environment satisfies the files, '' if there is none.

    Args:
        report: a report with findings.
        environment: what they are about.
        situation: the files.
        request: the options of this run.
        listed: the projects that the files install, with what these declare by now.
    """
    named = tuple(map(shown_path, situation.files))
    request = request._replace(files=named, python=shown_path(environment.prefix))
    kinds = {finding.kind for finding in report.findings}
    # In a PEX, on AWS Lambda: what is installed elsewhere is not imported.
    is_bundle = any(
        one.entry.endswith(".dist-info") and not one.folder.endswith("-packages")
        for name, one in environment.distributions.items()
        if name in listed
    )
    is_wrong = any(finding.meant for finding in report.findings) or is_in_cache(environment.prefix)
    if is_bundle or is_wrong or kinds.isdisjoint(PLANNED):
        return ""
    # What a project declares is nothing that the files ask for.
    places = {os.path.basename(f.at.file) for f in report.findings if f.required_by not in listed}
    of_projects = places & {"pyproject.toml", "setup.cfg"}
    if not of_projects and kinds <= {"missing", "version", "unmet"}:
        return _installing(report, environment, situation, request)
    return f"{command_line('plan', request, request.files)} | sh"


def _mismatch(
    report: Report, environment: Environment, situation: Situation, request: Request, other: str
) -> tuple[Hint, ...]:
    """Most of what is listed is missing or has another version: it was made from another file."""
    about_lines = [f for f in report.findings if f.kind in ("missing", "version")]
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
    # One in a folder around the file, of an own name: others are not to be recreated.
    folder, name = os.path.split(os.path.realpath(environment.prefix))
    is_own = name in NAMES and is_inside(os.path.realpath(situation.files[0]), folder)
    is_own = is_own and not environment.is_conda and request.path is None
    is_own = is_own and environment.python.interpreter is not None and not other
    if is_own and not wanted:
        plan = f"{command_line('plan', request, request.files)} | sh"
        return (Hint(f"{what}: {why}; to install what the files list", plan),)
    if not is_own:
        command = command_line("env", request, request.files)
        return (Hint(f"{what}: {why}; to see why it is checked", command),)
    # Clones in it may have changes, and it may have an installer's configuration.
    create = shell_line([f"python{wanted}", "-m", "venv", where])
    install = _installing(report, environment, situation, request)
    return (Hint(f"{what}: {why}; move {where} away, then", f"{create} && {install}"),)
