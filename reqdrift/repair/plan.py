"""Report -> the commands that make the environment match the files.

The files are installed as they are. Only so are the options in the files (indexes, hashes,
constraints) those of the installation. The rest is left to the user.

- `plan` installs the files or nothing. Every guard is a refusal with its place: what would
  fail, or would add or change what no finding is about (a project that the user ignores keeps its
  version), keeps the files from being installed. A package from another source is uninstalled first
  by pip, which does not install an equal version again; uv has `--reinstall-package`. uv
  also installs pinned ones again that have files in common with what changes, by their RECORDs;
  with pip, which would have to uninstall them first, a comment names them.
- What is unlisted is uninstalled only if that is asked for (`--uninstall`), and nothing is to be
  installed: it may be needed afterwards. What has files in common with it is installed again in
  its version; if only the files say from where, neither is changed. What stays all the same,
  `leave` says, and the plan why. A Python that the operating system manages is not changed
  (`EXTERNALLY-MANAGED`, PEP 668).
"""

from __future__ import annotations

import os

from .. import repair
from ..drift.absent import obstacles
from ..drift.case import Case, files_that_list_all
from ..drift.graph import Node, body_of, nodes_of
from ..drift.lines import SEED_PACKAGES, is_pinned, names_commit
from ..drift.sources import check_source, checkout_of
from ..environments.site import is_virtualenv
from ..options import shell_line
from ..report import place, printable, shown_path
from ..standards.pep440 import satisfies
from ..standards.versions import is_unsatisfiable
from ..texts import mask
from ..values import TYPE_CHECKING, CanonicalName, Location, NamedTuple, Note, Report, Requirement
from ..values.details import Declared, Finding, some_names
from .installer import (
    FromLock,
    Installer,
    as_before,
    is_of_conda,
    options_apart,
    options_for_uv,
    spelled,
    why_not_by_pip,
    why_not_by_uv,
)
from .leave import is_satisfied_for_pip

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

# How a comment begins that says what the commands do not fix.
LEFT = "# not fixed: "
# The kinds of which an installation of the files may rid the environment.
_INSTALLED = frozenset(("missing", "version", "source", "unmet"))


class _Demand(NamedTuple):
    """A specifier that an installer will follow, and where it is."""

    at: Location
    specifier: str
    is_exact: bool


def plan(
    report: Report,
    case: Case,
    installer: Installer,
    files: Sequence[str],
    constraints: Sequence[str],
    kept: Mapping[CanonicalName, str],
    belonging: Mapping[CanonicalName, str],
    shared: Mapping[CanonicalName, Set[CanonicalName]],
    *,
    locks: Sequence[FromLock],
    later: str,
) -> str:
    """The script that installs the files, '' if there is nothing to do or to say.

    Args:
        report: what is wrong.
        case: what was compared.
        installer: how to call pip or uv.
        files: the paths of the files that were named.
        constraints: the paths of those that only limit versions.
        locks: the commands for lock files.
        kept: the projects that cannot be uninstalled, with the reasons.
        belonging: unlisted ones that are left to another file, each with its path.
        shared: those that may change, each with the others that have files of it.
        later: what the installation of other versions leaves, '' if nothing.
    """
    texts = {file.path for file in case.files if not file.is_lock}
    installed = [path for path in files if path in texts]
    locked = frozenset[CanonicalName]().union(*(lock.projects for lock in locks))
    elsewhere = _elsewhere(report, case)
    found = [f for f in report.findings if f.wanted or f.at.line or f.project not in elsewhere]
    wrong = [f for f in found if f.kind in _INSTALLED and f.project not in locked]
    # What a project of the repository declares is installed with it: by its line, or by itself.
    named = {line.name for line in case.asking if line.origin.file in texts}
    read = {f.at.file for f in wrong if f.required_by in named}.union(f.path for f in case.files)
    of_projects = [f for f in wrong if f.at.file not in read]
    projects = sorted({os.path.dirname(f.at.file) for f in of_projects})
    wrong = [f for f in wrong if f.at.file in read]
    against = dict(declared_against(projects, case))
    projects = projects if not against else []
    changing = {
        f.project: f
        for f in wrong
        if installed and (f.at.file in texts or f.required_by in named) and is_due(f, case)
    }
    refusals, options, said = {}, "", list[str]()
    if changing or projects or case.contradictions:
        refusals = dict(refused(changing, case, files, report.notes, is_uv=installer.is_uv))
        for name, f in ((name, f) for name, f in changing.items() if f.meant):
            refusals[f.at] = f"{name} may mean {f.meant}; fix the line first"
    if changing and (forbidden := dict(apart(changing, case))):
        if may_omit_needs(changing, case):
            options = " --no-deps"
        else:
            refusals.update(forbidden)
    refusals.update((f.at, f"{f.message}; {kept[x]}") for x, f in changing.items() if x in kept)
    if options and not refusals:
        how = "--no-deps installs it, without what it may need in addition"
        said = [f"{place(at)}: {why}; {how}" for at, why in forbidden.items()]
    fixed = set() if refusals else changing.keys() - kept.keys()
    # uv installs again in the same step what shares files.
    listed = _pinned(case) if installer.is_uv and not refusals else set()
    of_locks = {f.project for f in found if f.kind in _INSTALLED and f.project in locked}
    demands = _demands(fixed | of_locks, projects, case)
    said += [*_breaking(demands, fixed, case), *_against_others(demands, case)]
    moving = fixed | of_locks
    damaged = {other for name in moving for other in shared.get(name, ())} & listed - fixed
    misplaced = {name for name in fixed if is_satisfied_for_pip(changing[name], case)}
    removed = {name for lock in locks for name in lock.again - kept.keys()}
    if not installer.is_uv:
        removed |= misplaced
    commands = [f"{installer.uninstall} {' '.join(sorted(removed))}"] if removed else []
    commands += [lock.command for lock in locks]
    start, words = _installing(case, installer, files, constraints)
    if fixed:
        repeated = sorted(damaged | misplaced) if installer.is_uv else ()
        options += "".join(f" --reinstall-package {one}" for one in repeated)
        commands.append(" ".join([f"{start}{options}", *words]))
    commands += _from_folders(elsewhere.values(), installer)
    source = case.source(case.project.name) if case.project.name else None
    editable = "" if source and not source.editable else "-e "
    # With the pins of the files, unless these cannot be installed beside a folder.
    is_beside = not refusals and not any(line.hashes for line in case.asking)
    # Nor if they contradict what their packages need: an installer refuses them together.
    is_beside &= not dict(apart(changing, case))
    pins = words if is_beside else []
    if not (changing or case.contradictions):
        refusals = {}  # the files need not be installed
    for folder in projects:
        install = start if pins else installer.install
        commands.append(" ".join([install, f"{editable}{spelled(folder)}", *pins]))
    staying = {name: why for name, why in kept.items() if name not in changing}
    left = [*_left_installed(report, case, belonging, staying)]
    # What uv installs again is whole, if no text that shares its files follows a lock file.
    touched = {other for name in fixed for other in shared.get(name, ())}
    again = locked - touched | (fixed | damaged if fixed else set())
    whole = again if installer.is_uv else set()
    sharers = {name: shared[name] - whole for name in moving & shared.keys()}
    if sharing := {x for name, others in sharers.items() if others for x in (name, *others)}:
        what = f"{some_names(sorted(sharing))} have files in common, of which some may be lost"
        left.append(f"{what}; afterwards, run: reqdrift verify")
    left += [f.message for f in found if f.kind == "broken" and f.project not in removed]
    left += [f"{place(at)}: {why}" for at, why in (against | refusals).items()]
    # What packages of the files, or a project that declares it by now, need in addition.
    needed = [f for f in wrong if f.kind == "unmet" and f.project in fixed]
    needed += of_projects if projects else []
    needed = [f for f in needed if f.project not in case.binding.keys() | SEED_PACKAGES]
    if needed and (files_that_list_all(case) or is_freeze(case)):
        then = "after the installation, run reqdrift again: {} may have to be listed"
        said += [f"{place(f.at)}: {then.format(f.project)}" for f in needed]
    left += [
        f"{place(f.at)}: {f.message}"
        for f in wrong
        if not (f.project in fixed or f.at in refusals or (fixed and _may_move(f, case)))
    ]
    return _script(left, said, [*commands, *([_comment(later)] if moving and later else [])])


def uninstallation(
    report: Report,
    case: Case,
    installer: Installer,
    files: Sequence[str],
    constraints: Sequence[str],
    kept: Mapping[CanonicalName, str],
    belonging: Mapping[CanonicalName, str],
    shared: Mapping[CanonicalName, Set[CanonicalName]],
    outdated: Mapping[CanonicalName, str],
) -> str:
    """The script that uninstalls what is unlisted, where nothing is to be installed; see `plan`.

    What shares files with that is installed again: by uv from the files, if they pin it.
    `outdated` are editable projects that do not need any more what their metadata says, with the
    folders: they are installed again, too, or what goes would be reported as missing.
    """
    extras = {finding.project for finding in report.findings if finding.kind == "extra"}
    listed = set[CanonicalName]()
    if shared and installer.is_uv:
        refusals = refused({}, case, files, report.notes, is_uv=True)
        is_refused = any(refusals) or any(apart({}, case))
        listed = set() if is_refused else _pinned(case)
    kept = {**dict.fromkeys(belonging, ""), **kept}
    sharers = {name: others - listed for name, others in shared.items()}
    going, staying, torn = _removal(extras, kept, sharers, case, installer)
    folders, commands = _elsewhere(report, case), []
    others = [f for f in report.findings if f.project not in (*going, *folders)]
    if going:
        lost = sorted({other for name in going for other in torn.get(name, ())})
        commands = [f"{installer.uninstall} {' '.join(going)}"]
        if again := {other for name in going for other in shared.get(name, ())} & listed:
            start, words = _installing(case, installer, files, constraints)
            options = [f"--reinstall-package {one}" for one in sorted(again)]
            commands.append(" ".join([start, *options, *words]))
        commands += filter(None, [as_before(lost, case, installer)])
        folders |= outdated
    left = [*_left_installed(report, case, belonging, staying, going)]
    left += [f.message for f in others if f.kind == "broken"]
    left += [f"{place(f.at)}: {f.message}" for f in others if f.kind in _INSTALLED]
    return _script(left, [], [*commands, *_from_folders(folders.values(), installer)])


def _pinned(case: Case) -> set[CanonicalName]:
    """What texts pin, so that installing it again changes no version; not what conda installed."""
    texts = {file.path for file in case.files if not file.is_lock}
    pinned = {x.name for x in case.asking if x.origin.file in texts and is_pinned(x)}
    there = case.environment.distributions.items()
    return {name for name, one in there if name in pinned and not is_of_conda(one)}


def _installing(
    case: Case, installer: Installer, files: Sequence[str], constraints: Sequence[str]
) -> tuple[str, list[str]]:
    """How a command begins that installs the files, and the words for the files."""
    texts = {file.path for file in case.files if not file.is_lock}
    words = [f"-r {spelled(path)}" for path in files if path in texts]
    words += [f"-c {spelled(path)}" for path in constraints]
    options = [x for file in case.files for x in options_for_uv(file)] if installer.is_uv else []
    return " ".join([installer.install, *dict.fromkeys(options)]), words


def _elsewhere(report: Report, case: Case) -> dict[CanonicalName, str]:
    """What runs from another checkout, with the folder here: no line says where from."""
    editables = case.facts.editables.items()
    folders = {name: one.here for name, one in editables if one.here and not one.because}
    found = (f.project for f in report.findings if not (f.wanted or f.at.line))
    return {name: folders[name] for name in found if name in folders}


def _from_folders(folders: Iterable[str], installer: Installer) -> list[str]:
    """The commands that install projects from folders again, and nothing else."""
    at_once = " --reinstall --no-deps" if installer.is_uv else " --no-deps"
    return [f"{installer.install}{at_once} -e {spelled(folder)}" for folder in folders]


def _script(left: Iterable[str], said: Iterable[str], commands: Iterable[str]) -> str:
    """What is left and what there is to say as comments, then the commands."""
    lines = [*(_comment(f"not fixed: {one}") for one in left), *map(_comment, said), *commands]
    return "".join(f"{line}\n" for line in lines)


def _comment(text: str) -> str:
    return f"# {printable(mask(text))}"


def unneeded(
    extras: Set[CanonicalName], staying: Set[CanonicalName], case: Case
) -> list[CanonicalName]:
    """The unlisted packages that nothing needs which stays; none, if that is not known."""
    lines = ((name, line) for name, lines in case.binding.items() for line in lines)
    roots = [Node(name, extra) for name, line in lines for extra in ("", *line.extras)]
    roots += [Node(name) for name in case.environment.distributions.keys() - extras | staying]
    going = sorted(extras - case.graph.reach(roots).keys() - staying)
    # A remaining package may need any of them.
    return going if {found.name for found in case.unknown} <= {*going} else []


def _removal(
    extras: Set[CanonicalName],
    staying: Mapping[CanonicalName, str],
    sharers: Mapping[CanonicalName, Set[CanonicalName]],
    case: Case,
    installer: Installer,
) -> tuple[
    list[CanonicalName], Mapping[CanonicalName, str], dict[CanonicalName, list[CanonicalName]]
]:
    """The unlisted packages that go; those that stay, and why; what loses files with those that go.

    What stays may need others, or share files with them.
    """
    why = "it shares files with {0}; uninstall it by hand, then reinstall {0}"
    of_pip = "it shares files with {0}, and pip cannot reinstall itself; use --with uv"
    while True:
        going = unneeded(extras, staying.keys(), case)
        torn = {name: sorted(others - {*going}) for name, others in sharers.items()}
        stuck = {
            name: (of_pip if "pip" in torn[name] else why).format(", ".join(torn[name]))
            for name in torn.keys() & going
            if torn[name] and not as_before(torn[name], case, installer)
        }
        if not stuck:
            return going, staying, {name: others for name, others in torn.items() if others}
        staying = {**staying, **stuck}


def _left_installed(
    report: Report,
    case: Case,
    belonging: Mapping[CanonicalName, str],
    staying: Mapping[CanonicalName, str],
    going: Iterable[CanonicalName] = (),
) -> Iterator[str]:
    """What is to be compiled first, why unlisted packages stay, and what to do about them."""
    stale = repair.recompile.stale_files(case, report.findings) if case.compiled else {}
    for path, how in stale.items():
        yield f"{shown_path(path)} is stale; compile it, then plan again{how and f': {how}'}"
    for path in sorted({*belonging.values()}):
        names = sorted(name for name, where in belonging.items() if where == path)
        verb = "belongs" if len(names) == 1 else "belong"
        yield f"{some_names(names)} {verb} to {path}: left installed"
    yield from (f"{name} is not uninstalled: {why}" for name, why in sorted(staying.items()) if why)
    compiled = {one.file for one in case.compiled}
    settled = {*going, *belonging, *staying}
    extras = [f for f in report.findings if f.kind == "extra" and f.project not in settled]
    needed = case.graph.dependencies(map(Node, staying)) & {f.project for f in extras}
    if needed:
        verb, them = ("stays", "it") if len(needed) == 1 else ("stay", "them")
        yield f"{some_names(sorted(needed))} {verb}: what is not uninstalled needs {them}"
    for finding in (f for f in extras if f.project not in needed):
        what = "add it, or what needs it, to what it is compiled from"
        what = what if finding.at.file in compiled else "`reqdrift fix` lists it"
        yield f"{finding.message}; {what}"


def is_due(finding: Finding, case: Case) -> bool:
    """Whether an installation is to fix it; a version that is only a warning may be intended."""
    if finding.kind not in _INSTALLED:
        return False
    is_wanted = finding.installed is None or finding.severity == "error"
    return finding.kind != "unmet" or (is_wanted and _may_move(finding, case))


def _may_move(finding: Finding, case: Case) -> bool:
    """Whether it is an `unmet` of what is absent, or not pinned; a pin says the other is right."""
    lines = case.binding.get(finding.project, ()) if finding.installed else ()
    return finding.kind == "unmet" and not any(is_pinned(line) or line.source for line in lines)


def refused(
    changing: Mapping[CanonicalName, Finding],
    case: Case,
    files: Sequence[str],
    notes: Iterable[Note],
    *,
    is_uv: bool | None,
) -> Iterator[tuple[Location, str]]:
    """The places that keep the files from being installed as they are, and why.

    `is_uv` is None if no installer is to be used from here.
    """
    yield from obstacles(case, changing, notes)
    yield from options_apart(case.requirements)
    texts = {file.path: file for file in case.files if not file.is_lock}
    for path in (file.path for file in case.files if file.is_lock and file.path not in files):
        why = "installers read a lock file only if it is named; name it instead of including it"
        yield Location(path), why
    if is_uv is None:
        return
    for file in texts.values():
        for at, why in why_not_by_uv(file) if is_uv else why_not_by_pip(file):
            yield at, f"{why}; use --with {'pip' if is_uv else 'uv'}"
    if not is_uv:
        yield from _without_hash(case, changing.values())
    for line in (line for line in case.asking if line.origin.file in texts):
        finding = changing.get(line.name or CanonicalName(""))
        if line.name not in case.contradictions and (why := _why_not(line, finding, case)):
            yield line.at, why
        if not is_uv and finding and (spelled := _unknown_extras(line, finding, case)):
            why = f"before 23.3, pip does not know [{spelled}] in this spelling"
            yield line.at, f"{why}; use --with uv, or write it with '-'"


def _unknown_extras(line: Requirement, finding: Finding, case: Case) -> str:
    """The extras of a line that pip before 23.3 does not find: it compares their spelling."""
    pip = case.installed(CanonicalName("pip"))
    if finding.kind != "missing" or not (pip and finding.installed and line.name):
        return ""
    written = line.text.partition("[")[2].partition("]")[0]
    known = "".join(edge.marker for edge in case.graph.edges(line.name))
    odd = [one for one in map(str.strip, written.split(",")) if not {*"_."}.isdisjoint(one)]
    unknown = [one for one in odd if f'"{one}"' not in known and f"'{one}'" not in known]
    return ",".join(unknown) if satisfies(pip.version, "<23.3") else ""


def _without_hash(case: Case, changing: Iterable[Finding]) -> Iterator[tuple[Location, str]]:
    """What pip refuses to install because other lines have hashes."""
    texts = {file.path for file in case.files if not file.is_lock}
    lines = [line for line in case.asking if line.origin.file in texts]
    if not any(line.hashes for line in lines):
        return
    for need in changing:
        if need.kind == "unmet" and need.installed is None and need.project not in case.binding:
            why = f"pip requires a hash of {need.project}; compile the file for this environment"
            yield need.at, f"{need.message}; {why}"
    for line in lines:
        if not (line.hashes or (line.source and line.source.hashes)):
            yield line.at, f"{line.text} has no hash, and pip requires one if others have one"


def _why_not(line: Requirement, finding: Finding | None, case: Case) -> str:
    """Why a line must not be installed as it is, '' if it may be."""
    source, there = line.source, case.installed(line.name)
    if source and source.editable and source.kind == "vcs":
        # pip's own checkout is left as it is if that is at the commit. Old pips kept the spelling
        # of the name; without a virtual environment, it is in the working directory.
        is_virtual = is_virtualenv(case.environment.prefix)
        base = os.path.realpath(case.environment.prefix) if is_virtual else os.getcwd()
        base = os.environ.get("PIP_SRC") or os.path.join(base, "src")
        owns = [os.path.join(base, name) for name in (line.name or "", line.written)]
        own = next(filter(os.path.exists, owns), owns[0])
        found = there and case.source(there.name)
        is_editable = found and found.editable
        folder = found.folders[-1] if found and is_editable else own
        is_right = folder == own and names_commit(source) and not finding
        if (is_editable or os.path.exists(own)) and not is_right:
            why = f"pip would discard any uncommitted changes in {own}"
            if folder != own and not os.path.exists(own):
                why = f"pip would clone it to {own}"
            if folder != own:
                why += f" and use that instead of {folder}"
            todo = "to install the rest, use pip with a copy of the file without this line"
            if not finding:
                return f"{why}; {todo}"
            git = case.checkout(checkout_of(source, found, case.project.folder))
            # Of another repository it may not have the commit.
            is_clone = not check_source(source._replace(revision=None), found, git).drift
            if is_editable and source.revision and is_clone:
                todo = f"run: {shell_line(['git', '-C', folder, 'checkout', source.revision])}"
            elif folder == own:
                todo = "move it away"
            return f"{finding.message}; {why}; {todo}"
    return ""


def apart(changing: Mapping[CanonicalName, Finding], case: Case) -> Iterator[tuple[Location, str]]:
    """The lines that a pinned package does not allow, for which an installer refuses all."""
    binding = {**case.limits, **case.binding}
    pins = {name: line for name, lines in binding.items() for line in lines if line.pin}
    for name, line in pins.items():
        # What is changed has metadata of another version.
        nodes = [Node(name, extra) for extra in ("", *line.extras) if name not in changing]
        for edge in (edge for node in nodes for edge in case.graph.needs(node) if edge.specifier):
            for other in binding.get(edge.name, ()):
                both = (other.specifier, edge.specifier)
                is_so = satisfies(other.pin, both[1]) if other.pin else not is_unsatisfiable(both)
                if not is_so:
                    why = f"{line.text} needs {body_of(edge.text)}"
                    yield other.at, f"an installer refuses {other.text}, because {why}"


def declared_against(projects: Sequence[str], case: Case) -> Iterator[tuple[Location, str]]:
    """What projects in folders declare by now and the files forbid: no installer takes both."""
    for name, demands in _demands(frozenset(), projects, case).items():
        for demand in demands:
            for line in (*case.binding.get(name, ()), *case.limits.get(name, ())):
                if is_unsatisfiable((demand.specifier, line.specifier)):
                    what = f"{name}{demand.specifier} is needed, but {place(line.at)} says"
                    yield demand.at, f"{what} {line.text}; change one of them"


def _breaking(
    demands: Mapping[CanonicalName, Sequence[_Demand]],
    going: Set[CanonicalName],
    case: Case,
) -> Iterator[str]:
    """What stays installed, is named by no line, and does not allow what is to be installed."""
    resolved = case.graph.dependencies(nodes_of(case.asking))  # an installer keeps what these need
    for name, found in case.environment.distributions.items():
        edges = (
            case.graph.needs(Node(name)) if name not in case.binding and name not in going else ()
        )
        for edge in (edge for edge in edges if edge.specifier):
            for demand in demands.get(edge.name, ()):
                # What lines need limits a range.
                if _may_break(demand, edge.specifier, is_limiting=name in resolved):
                    # An installer takes another version of what lines need.
                    fate = "may be changed, too" if name in resolved else "stays"
                    needed = f"{found.project} {found.version}, which {fate}, needs {edge.text}"
                    yield f"{place(demand.at)}: {needed}"


def _against_others(
    demands: Mapping[CanonicalName, Sequence[_Demand]], case: Case
) -> Iterator[str]:
    """What the project declares, or other files of it list, and may not allow what is installed.

    An installer of these files does not read it, unless a line is for the project.
    """
    own = case.project.declared or Declared()
    is_read = any(line.name == own.name for line in case.asking)
    for where in filter(None, (own.dependencies, *own.others)):
        is_limiting = is_read and where is own.dependencies
        for needed in where.requirements:
            for demand in demands.get(needed.name, ()) if case.holds(needed.marker) else ():
                is_other = demand.at.file != where.file
                if is_other and _may_break(demand, needed.specifier, is_limiting=is_limiting):
                    at = place(Location(where.file, needed.line, needed.line))
                    what = f"which says {needed.name}{needed.specifier}"
                    yield f"{place(demand.at)}: the new version may not fit {at}, {what}"


def _may_break(demand: _Demand, specifier: str, *, is_limiting: bool = False) -> bool:
    """Whether a specifier allows none of the versions asked for, or not the newest of them.

    An installer takes the newest that a range allows, unless it resolves both (`is_limiting`).
    """
    if is_unsatisfiable((demand.specifier, specifier)):
        return True
    is_capped = any(mark in specifier for mark in ("<", "~=", "=="))
    return is_capped and not is_limiting and "<" not in demand.specifier and not demand.is_exact


def _demands(
    fixed: Set[CanonicalName], folders: Sequence[str], case: Case
) -> dict[CanonicalName, list[_Demand]]:
    """What lines ask for of projects that change, and what projects in folders declare by now."""
    demands = {
        name: [_Demand(x.at, x.specifier, bool(x.pin or x.source)) for x in case.binding[name]]
        for name in fixed & case.binding.keys()
    }
    declared = case.project.declared
    for one in (declared, *declared.parts) if declared else ():
        where = one.dependencies if one.folder in folders else None
        for needed in where.requirements if where else ():
            there = case.installed(needed.name) if case.holds(needed.marker) else None
            is_met = there is None or satisfies(there.version, needed.specifier)
            if where and needed.specifier and not is_met:
                at = Location(where.file, needed.line, needed.line)
                demands.setdefault(needed.name, []).append(_Demand(at, needed.specifier, False))
    return demands


def may_omit_needs(changing: Mapping[CanonicalName, Finding], case: Case) -> bool:
    """Whether the files may be installed without what their packages need: versions of a freeze.

    They need not fit together. What is new may need something that is not listed.
    """
    is_new = any(finding.installed is None for finding in changing.values())
    return not is_new and is_freeze(case)


def is_freeze(case: Case) -> bool:
    """Whether the files pin all that their packages need."""
    lines = case.asking
    is_pinned = all(line.pin or line.source for line in lines)
    return is_pinned and case.graph.reach(nodes_of(lines)).keys() <= {line.name for line in lines}
