"""Read what a project declares: its name, its dependencies, extras, groups, and limits for uv.

Of pyproject.toml (PEP 621 and 735, Poetry, uv, PDM, Hatch), setup.cfg and Pipfile. Nothing is
executed. What a file with a syntax error declares is not known: it is reported if it may matter.
"""

from __future__ import annotations

import os

from .. import repository
from ..errors import InvalidLineError, ReqdriftError
from ..files import is_inside, matches, read_regular, upwards
from ..standards import canonical_name, checked_name, pep440, plain_toml, versions
from ..values import TYPE_CHECKING, CanonicalName, Location, Problem
from ..values.details import Declaration, Declared, DeclaredRequirement

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from typing import Any

    # Reads a file; raises OSError or ReqdriftError if it cannot be read.
    Read = Callable[..., bytes]

# In bytes; it takes a second to read one.
_LONGEST = 1 << 18
_PYPROJECT = "pyproject.toml"

_OF_PYPROJECT = (
    *("project", "project.optional-dependencies", "dependency-groups", "build-system", "tool"),
    *("tool.uv", "tool.uv.", "tool.poetry", "tool.poetry.", "tool.rye", "tool.pdm"),
    *("tool.pdm.dev-dependencies", "tool.hatch", "tool.hatch.envs", "tool.hatch.envs."),
    *("tool.setuptools", "tool.setuptools.dynamic", "tool.setuptools.dynamic."),
)
_EXTRAS = "optional-dependencies"
# All other tables of a Pipfile are categories of packages.
_NO_CATEGORIES = frozenset(("source", "requires", "scripts", "pipenv"))
# What Poetry asks for before it installs one of the dependencies.
_CONDITIONS = frozenset(("optional", "python", "platform"))


def declared(
    folder: str,
    top: str | None,
    environment: str = "",
    read: Read = read_regular,
) -> Declared:
    """What is declared for the requirements files in a folder.

    A uv workspace has one environment, so that all that its members declare may be in it, and one
    table of what uv resolves by: that of its root.

    Args:
        folder: an absolute path.
        top: the top of the repository, None outside of git.
        environment: the folder of what is checked. One in the folder of a member is its own.
        read: reads a file; raises OSError if it cannot be read.
    """

    @versions.remembered
    def file_in(place: str, name: str) -> File:
        return File(place, name, read)

    root = repository.project_folder(folder, top)
    place = root or folder
    file, cfg, pipfile = (file_in(place, name) for name in (_PYPROJECT, "setup.cfg", "Pipfile"))
    hatch, project = file_in(place, "hatch.toml"), file.table("project")
    parts = workspace(place, top, file_in)
    of_uv, uv = settings_of_uv(parts[0], file_in)
    if parts[0] != place and is_inside(environment, place):
        parts = [place]
    name = _name_in(file) or cfg.table().get("name")
    of_poetry = file.table("tool", "poetry", "dependencies").items()
    poetry = {one: wanted for one, wanted in of_poetry if one.lower() != "python"}
    sometimes = {one: wanted for one, wanted in poetry.items() if _is_conditional(wanted)}
    always = {one: wanted for one, wanted in poetry.items() if one not in sometimes}
    wanted = project.get("dependencies")
    if "dependencies" in _texts(project.get("dynamic")):
        wanted = file.lines_of(file.table("tool", "setuptools", "dynamic").get("dependencies"))
    own = file.declarations([("pyproject.toml", wanted)])
    found = own + file.declarations([("pyproject.toml", always)])
    found += cfg.declarations([("setup.cfg", cfg.lines_of(cfg.table().get("dependencies")))])
    # With a table [project], what another one says is not sure to be what is built.
    judged = next(iter(own if project else found), None)
    building = file.table("build-system").get("requires")
    found += file.declarations([("pyproject.toml", sometimes), ("[build-system]", building)])
    found += file.declarations(_groups(file))
    of_cfg = [*_of_each(cfg.table(_EXTRAS), "extra"), ("setup.cfg", cfg.table().get("tests"))]
    found += cfg.declarations((place, cfg.lines_of(wanted)) for place, wanted in of_cfg)
    found += hatch.declarations(_of_hatch(hatch, "envs"))
    categories = [x for name, x in pipfile.table().items() if name not in _NO_CATEGORIES]
    found += pipfile.declarations(("Pipfile", wanted) for wanted in categories)
    members = [file_in(one, _PYPROJECT) for one in parts if one != place]
    for member in members:
        lists = [("", member.table("project").get("dependencies")), *_groups(member)]
        where = os.path.relpath(member.path, place)
        found += member.declarations((where, wanted) for _, wanted in lists)
    files = (file, cfg, pipfile, hatch, of_uv, *members)
    return Declared(
        root,
        checked_name(name) if isinstance(name, str) else None,
        judged,
        tuple(one for one in found if one is not judged),
        of_uv.requirements(uv.get("override-dependencies")),
        frozenset(one.name for one in of_uv.requirements(uv.get("exclude-dependencies"))),
        tuple(_metadata(uv.get("dependency-metadata"))),
        problems=tuple(filter(None, dict.fromkeys(one.problem for one in files))),
        version=version if isinstance(version := project.get("version"), str) else "",
    )


def settings_of_uv(folder: str, file_in: Callable[[str, str], File]) -> tuple[File, dict[str, Any]]:
    """Uv's settings in a folder, with their file: those in a uv.toml are instead of all others."""
    own, project = file_in(folder, "uv.toml"), file_in(folder, _PYPROJECT)
    return (own, own.table()) if own.is_there else (project, project.table("tool", "uv"))


def workspace(folder: str, top: str | None, file_in: Callable[[str, str], File]) -> list[str]:
    """The folders of the uv workspace that a project is in, the root first; else its own.

    As for uv, the next pyproject.toml above that of the project decides.
    """
    for place in upwards(folder, top):
        above = file_in(place, _PYPROJECT)
        if "workspace" in above.table("tool", "uv"):
            table = above.table("tool", "uv", "workspace")
            below = dict.fromkeys((folder, *repository.folders_in(place)))
            found = [one for one in below if _is_member(os.path.relpath(one, place), table)]
            return [place, *found] if folder in (place, *found) else [folder]
        if place != folder and os.path.isfile(above.path):
            break
    return [folder]


def _is_member(path: str, workspace: dict[str, Any]) -> bool:
    """Whether a folder, relative to the root of a workspace, is one of its members."""

    def is_in(key: str) -> bool:
        patterns = map(os.path.normpath, _texts(workspace.get(key)))
        near = (one for one in patterns if "**" in one or one.count("/") == path.count("/"))
        return any(matches(path, one) for one in near)

    return path != "." and is_in("members") and not is_in("exclude")


def _metadata(tables: object) -> Iterator[tuple[CanonicalName, str, tuple[str, ...]]]:
    """What uv takes for the metadata of projects: name, version ('' is all), Requires-Dist."""
    listed = tables if isinstance(tables, list) else ()
    for table in (one for one in listed if isinstance(one, dict)):
        name, version = table.get("name"), table.get("version", "")
        if isinstance(name, str) and isinstance(version, str):
            yield canonical_name(name), version, tuple(_texts(table.get("requires-dist")))


def _texts(value: object) -> list[str]:
    """The texts in a list; none if it is something else."""
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def project_name(folder: str) -> str:
    """The project's name in a folder's pyproject.toml, '' if it has none or cannot be read."""
    return _name_in(File(folder))


def _name_in(file: File) -> str:
    names = (file.table(*path).get("name") for path in (("project",), ("tool", "poetry")))
    return next((str(name) for name in names if isinstance(name, str)), "")


def is_project_of_uv(folder: str) -> bool:
    """Whether uv manages a project in the folder: a uv.lock, or a `[project]` it may manage."""
    file, is_locked = File(folder), os.path.isfile(os.path.join(folder, "uv.lock"))
    is_managed = file.table("tool", "uv").get("managed") is not False
    return is_locked or (is_managed and "project" in file.table())


# Settings by which uv may install something else than pip, which reads none of them.
_DECIDING = frozenset(
    (
        *("index-url", "extra-index-url", "find-links", "no-index", "prerelease", "resolution"),
        *("exclude-newer", "exclude-newer-package", "override-dependencies"),
        *("constraint-dependencies", "exclude-dependencies", "dependency-metadata"),
    )
)


def decides_for_uv(folder: str, installed: Collection[str]) -> bool:
    """Whether uv's settings in a folder say what it installs, or from where.

    Sources count for what a project needs, if its folder is `installed`, or one of its workspace.
    """
    _, uv = settings_of_uv(folder, File)
    pip = uv.get("pip")
    tables = (uv, pip if isinstance(pip, dict) else {})
    listed = (table.get("index") for table in tables)
    indexes = [one for found in listed if isinstance(found, list) for one in found]
    # For what has no source in the settings, uv asks no explicit index.
    asked = [one for one in indexes if not (isinstance(one, dict) and one.get("explicit") is True)]
    is_so = bool(asked) or any(not _DECIDING.isdisjoint(table) for table in tables)
    is_of_all = "workspace" in uv and any(is_inside(one, folder) for one in installed)
    return is_so or ((is_of_all or folder in installed) and bool(uv.get("sources")))


def _groups(file: File) -> Iterator[tuple[str, Any]]:
    """The extras, groups and environments of a pyproject.toml, and what is in each.

    An included group is one of them itself, so nothing is resolved.
    """
    yield from _of_each(file.table("project", _EXTRAS), "extra")
    for extra, wanted in file.table("tool", "setuptools", "dynamic", _EXTRAS).items():
        yield f"the {extra} extra", file.lines_of(wanted)
    yield from _of_each(file.table("dependency-groups"), "group")
    yield from _of_each(file.table("tool", "pdm", "dev-dependencies"), "group")
    yield from _of_each(file.table("tool", "poetry", "extras"), "extra")
    for group in file.table("tool", "poetry", "group"):
        yield f"the {group} group", file.table("tool", "poetry", "group", group, "dependencies")
    for tool in ("poetry", "uv", "rye"):
        yield "the dev group", file.table("tool", tool).get("dev-dependencies")
    yield from _of_hatch(file, "tool", "hatch", "envs")


def _of_each(table: dict[str, Any], what: str) -> list[tuple[str, Any]]:
    return [(f"the {name} {what}", wanted) for name, wanted in table.items()]


def _of_hatch(file: File, *path: str) -> Iterator[tuple[str, Any]]:
    for name in file.table(*path):
        for key in ("dependencies", "extra-dependencies"):
            yield f"the {name} environment", file.table(*path, name).get(key)


def _is_conditional(wanted: object) -> bool:
    """Whether Poetry may not install a dependency.

    An optional one is installed for an extra; other conditions, as in a list, are not PEP 508's.
    """
    return isinstance(wanted, list) or (
        isinstance(wanted, dict) and not wanted.keys().isdisjoint(_CONDITIONS)
    )


class File:
    """A file with tables, and the requirements in them."""

    def __init__(self, folder: str, name: str = _PYPROJECT, read: Read = read_regular) -> None:
        self.path = path = os.path.join(folder, name)
        self._read = read
        self.text = ""
        self.is_there = False
        self._content: dict[str, Any] = {}
        self._lines: dict[str, int | None] | None = None
        self.problem: Problem | None = None
        try:
            data = read(path, named=False)
            self.is_there = True
            # Most setup.cfg are for linters.
            is_other = name == "setup.cfg" and b"[options" not in data and b"[metadata" not in data
            if len(data) <= _LONGEST and not is_other:
                self.text = data.decode().removeprefix("\ufeff")
                self._content = _PARSERS[name](self.text)
        except (OSError, ReqdriftError):
            pass
        except (ValueError, RecursionError) as error:
            number = str(error).partition("at line ")[2].partition(",")[0]
            line = int(number) if number.isdigit() else None
            what = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
            why = f"cannot be read: {what}; what it declares is not known"
            self.problem = Problem(Location(path, line, line), why)

    def table(self, *path: str) -> dict[str, Any]:
        """A table of the file, empty if there is none."""
        table = self._content
        for name in path:
            inner = table.get(name)
            table = inner if isinstance(inner, dict) else {}
        return table

    def declarations(self, lists: Iterable[tuple[str, object]]) -> list[Declaration]:
        """What is asked for at each place, if it is anything."""
        found = []
        for place, wanted in lists:
            if requirements := self.requirements(wanted):
                problem = Problem(Location(self.path), f"an entry of {place} cannot be read")
                unread = problem if len(requirements) < len(_texts(wanted)) else None
                found.append(Declaration(place, self.path, requirements, unread))
        return found

    def lines_of(self, wanted: object) -> list[str]:
        """A list of requirements, or the lines of the files that setuptools reads it from.

        These are at the line that names their file.
        """
        if not isinstance(wanted, dict):
            return _texts(wanted)
        names = wanted.get("file")
        start = max(0, *map(self.text.find, ("setuptools.dynamic", "[options")))
        found: list[str] = []
        for name in filter(None, _texts(names if isinstance(names, list) else [names])):
            naming = self.text.count("\n", 0, max(self.text.find(name, start), 0)) + 1
            try:
                data = self._read(os.path.join(os.path.dirname(self.path), name))
            except OSError:
                continue
            lines = data.decode("utf-8", "replace").splitlines()
            for line in (f" {line}".partition(" #")[0].strip() for line in lines):
                text = plain_toml.Text(line)
                text.line = naming
                found += [text] if line else []
        return found

    def requirements(self, wanted: object) -> tuple[DeclaredRequirement, ...]:
        """The requirements in a list of texts, or in a table of names (Poetry, Pipfile)."""
        if isinstance(wanted, dict):
            pairs = [(name, _as_requirement(name, value), value) for name, value in wanted.items()]
        else:
            pairs = [(text, _as_pep508(text), text) for text in _texts(wanted)]
        found = []
        for written, text, value in pairs:
            try:
                parsed = pep440.parse_requirement(text)
            except InvalidLineError:
                continue
            shown = value.get("version") if isinstance(value, dict) else value
            line = shown.line if isinstance(shown, plain_toml.Text) else self._line_of(written)
            parts = (parsed.extras, parsed.specifier, parsed.marker, line, parsed.url or "")
            found.append(DeclaredRequirement(canonical_name(parsed.name), *parts))
        return tuple(found)

    def _line_of(self, written: str) -> int | None:
        """The only line with such a string, such a key, or nothing else."""
        if self._lines is None:
            self._lines = {}
            for number, line in enumerate(map(str.strip, self.text.split("\n")), 1):
                if not line.startswith("#"):
                    strings = (*line.split('"')[1::2], *line.split("'")[1::2])
                    for text in {line, line.partition("=")[0].strip(" \"'"), *strings}:
                        self._lines[text] = None if text in self._lines else number
        return self._lines.get(written)


def _setup_cfg(text: str) -> dict[str, Any]:
    if not (found := repository.setuptools_files.setup_cfg(text)):
        raise ValueError("it has a syntax error")
    return found


_PARSERS: Mapping[str, Callable[[str], dict[str, Any]]] = {
    "pyproject.toml": lambda text: plain_toml.tables(text, _OF_PYPROJECT),
    "Pipfile": lambda text: plain_toml.tables(text, ("",)),
    "hatch.toml": lambda text: plain_toml.tables(text, ("envs", "envs.")),
    "uv.toml": lambda text: plain_toml.tables(text, ("",)),
    "setup.cfg": _setup_cfg,
}


def _as_pep508(text: str) -> str:
    """PDM has `-e file:///folder#egg=name`, too, and Hatch `name @ {root:uri}/folder`."""
    name, at, url = text.partition("@")
    if at and "{" in url:
        return name
    return text.rpartition("#egg=")[2] if text[:3] == "-e " else text


def _as_requirement(name: str, value: object) -> str:
    """An entry of Poetry or of a Pipfile as PEP 508; without the version if that is not PEP 440."""
    details = value if isinstance(value, dict) else {"version": value}
    if isinstance(value, list):  # for several Pythons or platforms
        every = [one.get("extras") or () for one in value if isinstance(one, dict)]
        details = {"extras": [extra for extras in every for extra in extras]}
    version, extras = details.get("version"), details.get("extras")
    text = name
    if isinstance(extras, list):
        text += f"[{','.join(map(str, extras))}]"
    if isinstance(version, str) and versions.parse_specifier(version):
        text += version
    return f"{text}; {details['markers']}" if "markers" in details else text
