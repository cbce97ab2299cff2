"""What stays installed: what a plan does not uninstall, and why.

- What another file of the project or of its repository lists or declares, what a file asks for that
  is not compiled yet, and what any of these brought in.
- What runs git's hooks, what manages environments, and what pip loads to reach an index.
- What may be listed in a declaration whose lines cannot be read, or outside of git's sparse
  checkout.
- What the code of the repository imports, or names in a text (Django's apps); and what is named,
  by its project, a module or a program of it, in settings and programs of other tools, in git's
  configuration, and by what an editable install runs.
- What was installed in a way that no installer can uninstall.
"""

from __future__ import annotations

import os
from itertools import chain, islice

from .. import requirements
from ..drift.graph import Node
from ..drift.sources import installed_from
from ..environments.site import is_environment
from ..files import entries_of, is_inside, is_same, upwards
from ..options import shell_line
from ..report import shown_path
from ..repository import (
    FAR,
    NEAR,
    OF_PROJECTS,
    config_files,
    declared,
    folders_in,
    read_text,
    top_folder,
)
from ..requirements import is_pylock, nearby, read_requirements
from ..requirements.nearby import is_for_development
from ..standards import canonical_name
from ..standards.pep440 import satisfies
from ..values import TYPE_CHECKING, CanonicalName
from ..values.details import Declared
from .installer import is_of_conda, linked_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

    from ..drift.case import Case
    from ..environments import Situation
    from ..values import Distribution
    from ..values.details import Finding

# What runs git's hooks, manages environments, or lets pip log in to an index or trust its
# certificate; `keyrings.*`, too.
_TOOLS = (
    *("pre-commit", "prek", "lefthook", "hatch", "pdm", "pipenv", "poetry"),
    *("artifacts-keyring", "keyring", "pip-system-certs"),
)
_NO_PROJECTS = ("node_modules", "site-packages")
# Code, and settings of other tools.
_CODE = (".py", ".pyx", ".ipynb")
_SETTINGS = (".toml", ".cfg", ".ini", ".yml", ".yaml", ".sh", ".bat", ".ps1", ".pip")
_PROGRAMS = ("dockerfile", "containerfile", "makefile", "justfile", "procfile")
# A check looks for so many names, in so many files; a plan in so many, which take a second or two.
_MOST_NAMES = 8
_MOST_FILES = 100
_MOST_FAR = 20_000
# Folders that some distributions install by mistake.
_NO_MODULES = frozenset(("tests", "test", "docs", "examples", "scripts", "src"))
_BETWEEN_WORDS = str.maketrans({**dict.fromkeys("!\"#$%&'()*+,/:;<=>?@[\\]^`{|}~", " "), "_": "-"})
_HIDDEN_OF_TOOLS = (".git", ".hg", ".svn", ".tox", ".nox", ".eggs", ".direnv", ".pixi")
# The kinds of finding because of which something is uninstalled.
_GOING = ("extra", "source", "version")


def belonging(
    case: Case, findings: Iterable[Finding], situation: Situation, *, is_far: bool = False
) -> dict[CanonicalName, str]:
    """The unlisted projects that are declared elsewhere, or that these brought in, with where.

    With `is_far`, a large repository is searched as a whole: that takes about a second.
    """
    extras = {finding.project: finding for finding in findings if finding.kind == "extra"}
    if not extras:
        return {}
    own = case.project.declared or Declared()
    # What builds a project that a line installs from its folder may run when it is imported.
    named = {
        line.name: one.place if one.place.startswith("the ") else shown_path(one.file)
        for one in (*own.others, *(one for part in own.parts for one in part.others))
        for line in one.requirements
        if line.name in extras and case.holds(line.marker)
    }
    named.update((name, shown_path(f.at.file)) for name, f in extras.items() if f.at.line)
    base = situation.shared_folder(case.environment.prefix)
    around = _listed_around(folders_around(base, FAR if is_far else NEAR), case, situation)
    # What developers of a repository need may be in the environments of all of its services.
    root = os.path.realpath(situation.project_folder)
    above = upwards(os.path.dirname(base), root) if is_inside(base, root) else ()
    of_all = (x for x in _listed_around(above, case, situation) if is_for_development(x[2]))
    for name, parts, file in chain(around, of_all):
        reached = case.graph.reach([Node(name, part) for part in parts]) if name and parts else {}
        for one in extras.keys() & {name, *reached}:
            # A compiled file says more than its source.
            if named.get(one, ".in").endswith(".in"):
                named[one] = shown_path(file)
        if named.keys() >= extras.keys() and not any(x.endswith(".in") for x in named.values()):
            break
    # What a source asks for may not be compiled yet.
    for line in (line for one in case.compiled for line in one.asked):
        if line.name in extras:
            named.setdefault(line.name, shown_path(line.at.file))
    brought = {
        name: named[root]
        for name, finding in extras.items()
        for root in map(CanonicalName, finding.brought_by)
        if root in named
    }
    return {**brought, **named}


def of_others(
    places: Mapping[CanonicalName, str], findings: Iterable[Finding], case: Case
) -> dict[CanonicalName, str]:
    """Those of `belonging` that need not be listed in the checked files as well.

    What a finding is about at its own place must be, with what that brought in, and what is not
    compiled from its source, or for a project that a line installs, yet.
    """
    findings = [*findings]
    parts = case.project.declared.parts if case.project.declared else ()
    installed = {shown_path(x.dependencies.file) for x in parts if x.dependencies}
    own = {finding.project for finding in findings if finding.at.line}
    own |= {finding.project for finding in findings if not own.isdisjoint(finding.brought_by)}
    found = ((name, at) for name, at in places.items() if at not in installed)
    return {name: at for name, at in found if name not in own and not at.endswith(".in")}


def _listed_around(
    folders: Iterable[str], case: Case, situation: Situation
) -> Iterator[tuple[CanonicalName | None, tuple[str, ...], str]]:
    """What other projects of a repository list or declare, which may have the same environment.

    Each with its extras, and the file.
    """
    checked = {*map(os.path.realpath, situation.files)}
    prefix, own = case.environment.prefix, (case.project.declared or Declared()).folder
    for folder in folders:
        inside, other = {*entries_of(folder)}, os.path.join(folder, ".venv")
        if ".venv" in inside and is_environment(other):
            is_own = is_same(folder, os.path.dirname(prefix)) or is_same(other, prefix)
            # Above a service with an environment of its own, `.venv` is for others.
            is_own |= not is_inside(prefix, folder) and any(is_inside(x, folder) for x in checked)
            if not is_own:
                continue
        lock = [os.path.join(folder, name) for name in inside & {"pylock.toml"}]
        for path in (*nearby.texts_of(folder, any_name=True), *lock):
            if os.path.realpath(path) not in checked:
                for line in read_requirements([path]).requirements:
                    # What is for another Python or system is not why it is installed. Which
                    # extras and groups of a lock file are installed is not known.
                    is_open = path in lock and any(requirements.pylock.choices_in(line.text))
                    if not line.constraint and (is_open or case.holds(line.marker or "")):
                        yield line.name or installed_from(line, case.facts), line.extras, path
        if folder != own and inside & {"Pipfile", *OF_PROJECTS}:
            one = declared.declared(folder, folder)
            for where in filter(None, (*one.others, one.dependencies)):
                yield from ((x.name, x.extras, where.file) for x in where.requirements)
            # In a merge, it may declare anything.
            for path in (problem.at.file for problem in one.problems if problem.at):
                if "\n<<<<<<<" in "\n" + read_text(path):
                    unread = f"{path} (which has conflicts)"
                    yield from ((found.name, (), unread) for found in case.unlisted)


def folders_around(base: str, reach: tuple[int, int] = NEAR) -> Iterator[str]:
    """The folders of a repository in which something may be listed, the nearest first."""
    yield from folders_in(base, _NO_PROJECTS, reach)
    # `.devcontainer`, `.github/workflows`: what is in them is for the whole repository.
    names = (x for x in entries_of(base) if x.startswith(".") and x not in _HIDDEN_OF_TOOLS)
    hidden = (os.path.join(base, name) for name in names if "cache" not in name)
    for path in (path for path in hidden if not is_environment(path)):
        yield from folders_in(path, _NO_PROJECTS, reach)


def _is_tool(name: CanonicalName, case: Case) -> bool:
    """Whether it is a tool or a plugin of one: keyring's backend, an exporter of poetry."""
    if name in _TOOLS or name.startswith("keyrings-"):
        return True
    needed = {edge.name for edge in case.graph.edges(name)} & {*_TOOLS}
    if needed and name.startswith(tuple(f"{tool}-" for tool in _TOOLS)):
        return True
    there = case.installed(name) if needed else None
    lines = read_text(f"{there.path}/entry_points.txt").split("\n") if there else ()
    return any(line.startswith(f"[{tool}") for tool in needed for line in lines)


def kept(
    case: Case,
    findings: Iterable[Finding],
    situation: Situation,
    *,
    is_uv: bool,
    is_far: bool = False,
) -> dict[CanonicalName, str]:
    """The projects that a plan does not uninstall, not to replace them either, with the reasons.

    Without `is_far`, as in a check, little code is searched, and no RECORD is read for links.
    """
    declaring, reasons = case.project.declared, {}
    unread = [
        f"lines of {one.place} cannot be read, and may list it; fix them"
        for one in (declaring.others if declaring else ())
        if one.unread
    ]
    top = top_folder(os.path.dirname(case.file))
    configs = config_files(top) if top else ()
    if any("sparsecheckout = true" in read_text(path).lower() for path in configs):
        unread.append("a file outside of the sparse checkout may list it; uninstall it by hand")
    going = [finding for finding in findings if finding.kind in _GOING]
    extras = {finding.project for finding in going if finding.kind == "extra"}
    base = situation.shared_folder(case.environment.prefix)
    is_here = bool(extras) and case.environment.can.install
    named = _named(extras, case, [*configs], base, is_far=is_far) if is_here else {}
    for finding in going:
        name, there = finding.project, case.installed(finding.project)
        if finding.kind == "extra" and _is_tool(name, case):
            reasons[name] = "pip, git's hooks or the environment may need it; list it, or ignore it"
        elif finding.kind == "extra" and unread:
            reasons[name] = unread[0]
        elif finding.kind == "extra" and name in named:
            reasons[name] = f"{shown_path(named[name])} names it; list it, or uninstall it by hand"
        elif finding.kind == "source" and name == "pip" and not is_uv:
            reasons[name] = "pip cannot uninstall itself first; use --with uv"
        elif there and (why := _why_not_removable(there, finding, case, is_uv=is_uv)):
            reasons[name] = why
        elif there and is_far and (linked := linked_folder(there)):
            reasons[name] = f"{shown_path(linked)} is a link to {os.path.realpath(linked)}"
    return reasons


def _named(
    extras: Set[CanonicalName], case: Case, configs: Sequence[str], base: str, *, is_far: bool
) -> dict[CanonicalName, str]:
    """The unlisted projects that files name which list nothing, each with the first such file."""
    if len(extras) > _MOST_NAMES and not is_far:
        return {}  # hardly all of them are named
    checked = {os.path.realpath(file.path) for file in case.files}
    # What an editable install runs: meson-python's calls ninja.
    paths = [*configs, *_editables(case)]
    folders = folders_around(base, FAR if is_far else NEAR)
    inside = (f"{folder}/{name}" for folder in folders for name in entries_of(folder))
    searched = islice(filter(_is_searched, inside), _MOST_FAR if is_far else _MOST_FILES)
    names = {name: name for name in extras}
    for one in extras:
        names |= dict.fromkeys(_called(case.environment.distributions[one]), one)
    starts = {name.partition("-")[0] for name in names}
    found: dict[CanonicalName, str] = {}
    for path in chain(paths, searched):
        is_list = is_pylock(path) or os.path.realpath(path) in checked
        text = "" if is_list else read_text(path)
        lower = text.lower()
        if any(map(lower.__contains__, starts)):
            is_code = path.endswith(_CODE) and not path.endswith("setup.py") and path not in paths
            for word in names.keys() & (_words_of_code(text) if is_code else _words(lower)):
                found.setdefault(names[word], path)
        if len(found) == len(extras):
            break
    return found


def _is_searched(path: str) -> bool:
    name = os.path.basename(path).lower()
    return name.endswith((*_CODE, *_SETTINGS)) or name.startswith(_PROGRAMS)


def _editables(case: Case) -> list[str]:
    folders = case.environment.folders
    names = ((folder, name) for folder in folders for name in entries_of(folder))
    return [f"{x}/{name}" for x, name in names if "editable" in name and name.endswith(".py")]


def _called(found: Distribution) -> set[CanonicalName]:
    """The names of the modules and programs of a distribution."""
    rows = [row.partition(",")[0] for row in read_text(f"{found.path}/RECORD").split("\n")]
    inside = {row.partition("/")[0].partition(".")[0] for row in rows if row[:1] not in (".", "/")}
    programs = {os.path.basename(row) for row in rows if row.startswith("../") and "/bin/" in row}
    modules = read_text(f"{found.path}/top_level.txt").split()
    return {*map(canonical_name, inside | programs | {*modules})} - _NO_MODULES - {""}


def _words(text: str) -> set[CanonicalName]:
    """The words of a text in lower case, as canonical names."""
    words = [word.strip("-.") for word in text.translate(_BETWEEN_WORDS).split()]
    whole = {word.replace(".", "-") for word in words}
    return {*map(CanonicalName, whole.union(*(word.split(".") for word in words if "." in word)))}


def _words_of_code(text: str) -> set[CanonicalName]:
    """The modules that are imported, and the texts that begin with the name of one."""
    lines = (line.partition("#")[0].lstrip(' \t"') for line in text.split("\n"))
    imports = " ".join(line for line in lines if line.startswith(("import ", "from ")))
    parts = (part.partition(".")[0] for part in text.replace("'", '"').split('"')[1:])
    texts = " ".join(filter(str.isidentifier, parts))
    return _words(f"{imports.replace('.', ' ')} {texts}".lower())


def is_satisfied_for_pip(finding: Finding, case: Case) -> bool:
    """Whether pip would leave what is installed: a version that fits, but from another source."""
    lines = case.applicable.get(finding.project, ())
    is_folder = any(line.source and line.source.kind == "folder" for line in lines)
    found = case.installed(finding.project)
    fits = all(found and satisfies(found.version, line.specifier) for line in lines)
    return finding.kind == "source" and not is_folder and fits


def _why_not_removable(found: Distribution, finding: Finding, case: Case, *, is_uv: bool) -> str:
    """Why pip and uv refuse to uninstall a distribution, or should; '' if they do not.

    They replace what conda installed where a line asks for another version.

    As pip's `UninstallPathSet.from_dist`: a wheel's installation needs its RECORD, and what
    distutils installed has an egg-info file that lists nothing. They would uninstall what conda
    installed, which would not know.
    """
    is_extra = finding.kind == "extra"
    if is_extra and is_of_conda(found):
        removing = ["conda", "remove", "-p", case.environment.prefix, found.project]
        return f"conda installed it: {shell_line(removing)}"
    if not found.own and not is_uv and is_satisfied_for_pip(finding, case):
        # It would have to uninstall it before.
        return "it is outside of the environment; use --with uv"
    if not found.own:
        # pip and uv install another one beside it.
        return "it is outside of the environment" if is_extra else ""
    if found.path.endswith(".dist-info"):
        if not os.path.exists(os.path.join(found.path, "RECORD")):
            return "it has no RECORD, so no installer knows its files"
    elif found.path.endswith(".egg-info") and os.path.isfile(found.path):
        return "distutils installed it, so no installer knows its files"
    elif found.path.endswith(".egg-info") and not any(
        os.path.exists(f"{found.path}/{name}") for name in ("installed-files.txt", "RECORD")
    ):
        # pip deletes all folders that its top_level.txt names, with the files of other packages.
        return "it has no list of its files"
    return ""
