"""Where an editable install runs from, and whether that is this checkout.

Installers leave a direct_url.json or an egg-link, which says where the project was when it was
installed. What Python imports is what a `.pth` file of the distribution, a finder module or a link
leads to. Where they differ (an environment was copied together with its checkout, or edited), the
latter counts, because it is the code that tests run. The first folder on the path that has the code
of this project counts, even if a `.pth` file of no distribution put it there (`conda develop`).
"""

from __future__ import annotations

import os

from .. import repository
from ..files import entries_of, is_same, lines_of, read_regular, upwards
from ..standards import canonical_name
from ..values import TYPE_CHECKING, CanonicalName, Distribution, Environment, NamedTuple
from ..values.details import Editable, Source
from .metadata import egg_link_folders, read_inside, read_source

if TYPE_CHECKING:
    from collections.abc import Iterator


_NAMED_BY = "%s names it first; remove its line"
# The lines of finder modules that have paths: of setuptools, and of `editables` (hatchling).
_FINDING = ("MAPPING", "NAMESPACES", "F.map_module(", "F.add_to_path(")


class Root(NamedTuple):
    """The project's folder that an editable install runs from; `missing` is the path that is gone.

    `cloned` is whether the folder is inside an environment, where pip clones what it installs.
    `place` is the path of its code, '' if that is not known.
    """

    folder: str
    missing: str = ""
    cloned: bool = False
    place: str = ""


def read_editables(
    environment: Environment, project: str, top: str | None
) -> dict[CanonicalName, Editable]:
    """The editable installs of this project and repository that do not run from this checkout.

    Those of other projects are among them if their folder is gone.

    Args:
        environment: what is installed.
        project: the folder of the project, '' if there is none.
        top: the top of the repository, None if there is none.
    """
    name = canonical_name(repository.projects.project_name(project) if project else "")
    found: dict[CanonicalName, Editable] = {}
    elsewhere: dict[CanonicalName, Root] = {}
    if name and name not in environment.distributions:
        first, file = _first_on_path(environment, name, Root(os.path.realpath(project)))
        if not is_same(first.folder, project):
            found[name] = Editable(first.folder, "", project, own=True, because=_NAMED_BY % file)
    for one in environment.distributions.values():
        root = editable_root(one) if one.may_be_editable or one.name == name else None
        if root is None:
            continue
        is_own, file, because = one.name == name, "", ""
        # A link in the site folder (flit) comes before that.
        if is_own and not os.path.islink(f"{one.folder}/{os.path.basename(root.place)}"):
            root, file = _first_on_path(environment, name, root)
        here = project if is_own else _in_this_checkout(root.folder, top or "")
        is_own = is_own or is_same(here, project)
        if not root.missing and is_same(root.folder, here):
            continue
        if is_own or root.missing or (here and not root.cloned):
            here = here if repository.is_project(here) else ""
            link = os.path.join(here, os.path.relpath(root.place or root.folder, root.folder))
            if here and is_same(link, root.place):
                because = f"{link} leads there; replace it"
            elif not (one.entry.endswith(".egg-link") or os.path.basename(file) in _record(one)):
                because = _NAMED_BY % file
            found[one.name] = Editable(root.folder, root.missing, here, is_own, because=because)
        if top and not (here or root.cloned):
            elsewhere[one.name] = root
    # Another clone, or a folder that was moved.
    for other_name, folder in repository.projects.folders_of(top or "", elsewhere).items():
        other = elsewhere[other_name]
        if not is_same(other.folder, folder):
            found[other_name] = Editable(other.folder, other.missing, folder)
    return found


def _first_on_path(environment: Environment, name: CanonicalName, root: Root) -> tuple[Root, str]:
    """The root whose code is found first, and the `.pth` file that names it; `root` if none does.

    Args:
        environment: what is installed.
        name: the name of the project.
        root: the root by what is installed. Another checkout has its code at the same place.
    """
    code = root.place or os.path.join(root.folder, "src")
    if not os.path.isdir(code) or os.path.isfile(os.path.join(code, "__init__.py")):
        code = os.path.dirname(code)
    for file, path in environment.paths:
        place = os.path.realpath(path)
        folder = _root_of(place)
        if place != os.path.normpath(os.path.join(folder, os.path.relpath(code, root.folder))):
            continue
        named = name if folder == root.folder else repository.projects.project_name(folder)
        if canonical_name(named) == name:
            return Root(folder, place=place), file
    return root, ""


def editable_root(found: Distribution) -> Root | None:
    """The root of the project that an editable install runs from, None for a copy."""
    recorded, cloned = "", False
    try:
        if found.entry.endswith(".egg-link"):
            imported, *others = egg_link_folders(found.path) or ("",)
            recorded, paths = (others or [imported])[0], [imported] if imported else []
        elif not found.direct and found.may_be_editable:
            paths = [found.folder]
        else:
            source = read_source(found) if found.direct else None
            if isinstance(source, Source) and source.editable and source.folders:
                recorded, cloned = source.folders[-1], bool(source.environment)
            # tox installs a wheel that it built: the archive is recorded, and nothing else.
            paths = list(_imported(found))
    except OSError:
        return None
    if not (recorded or paths):
        return None
    there = [path for path in paths if not _is_gone(path)]
    if not paths or any(_is_in(path, recorded) for path in there or paths):
        root = recorded
    else:
        root = _root_of((there or paths)[0])
    if there or not (paths or _is_gone(recorded)):
        return Root(root, cloned=cloned, place=next(iter(there), ""))
    return Root(root, root if _is_gone(root) else paths[0], cloned)


def _imported(found: Distribution) -> Iterator[str]:
    """The paths outside of the site folder that Python imports a distribution from.

    Its RECORD says which files are its own. The one of Poetry has absolute paths, which are those
    of another environment if this one is a copy.
    """
    for row in _record(found).splitlines():
        name = row.partition(",")[0].strip('"')
        name = os.path.basename(name) if name.endswith(".pth") else name
        path = os.path.join(found.folder, name)
        if "/" in name or not name:
            continue
        if name.endswith(".pth"):
            lines = _lines(path)
            places = [line.strip() for line in lines if line[:1] not in ("", "#")]
            found_here = [one for one in places if not one.startswith(("import ", "import\t"))]
        elif name.endswith(".py") and "editable" in name:
            lines = [line for line in _lines(path) if line.startswith(_FINDING)]
            texts = [one for line in lines for one in _texts(line) if os.path.isabs(one)]
            found_here = [*map(_module_at, texts)]
        elif os.path.islink(path):
            found_here = [os.path.realpath(path)]
        else:
            continue
        for one in found_here:
            place = os.path.realpath(os.path.join(found.folder, one))
            if place and not _is_in(place, os.path.realpath(found.folder)):
                yield place


def _record(found: Distribution) -> str:
    return (read_inside(found.path, "RECORD") or b"").decode("utf-8", "replace")


def _module_at(path: str) -> str:
    """A package's folder, or a module's file, which setuptools' finder has without its suffix."""
    if os.path.lexists(path):
        return path
    folder, name = os.path.split(path)
    files = (one for one in entries_of(folder) if one.partition(".")[0] == name)
    return next((f"{folder}/{one}" for one in files if one.endswith((".py", ".so", ".pyd"))), path)


def _lines(path: str) -> list[str]:
    try:
        return lines_of(read_regular(path))
    except FileNotFoundError:
        return []


def _texts(line: str) -> Iterator[str]:
    """The texts in a line of Python, as `repr` writes them; the line is never executed."""
    quote, text, escaped = "", "", False
    for mark in line:
        if not quote:
            quote, text = (mark, "") if mark in "'\"" else ("", "")
        elif escaped or mark not in ("\\", quote):
            text, escaped = text + mark, False
        elif mark == "\\":
            escaped = True
        else:
            yield text
            quote = ""


def _root_of(path: str) -> str:
    """The nearest project's root at or above a path of its code, which may be gone.

    The search ends at an environment: the project around it has nothing to do with what is in it.
    """
    for folder in upwards(path):
        if repository.is_project(folder):
            return folder
        if os.path.exists(os.path.join(folder, "pyvenv.cfg")):
            break
    return path


def _in_this_checkout(folder: str, top: str) -> str:
    """The folder of this checkout that is at the place of a folder of the same repository.

    That is the folder itself if it is in this checkout, and '' if it is of another repository, or
    if there is no project at this place. A submodule's own repository is in that of its project.
    """
    own = ""
    for place in upwards(folder) if top else ():
        if is_same(place, top):
            return folder
        if os.path.lexists(os.path.join(place, ".git")):
            own = own or repository.shared_folder(top)
            if repository.shared_folder(place) == own:
                here = os.path.normpath(os.path.join(top, os.path.relpath(folder, place)))
                return here if repository.is_project(here) else ""
    return ""


def _is_in(path: str, folder: str) -> bool:
    return bool(folder) and f"{path}/".startswith(f"{folder}/")


def _is_gone(path: str) -> bool:
    """Whether nothing is there; what may not be looked at is not gone."""
    try:
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return True
    except OSError:
        return False
    return False
