"""Compiled files: what they were compiled from, and what that asks for now.

Only what is certain counts: an option that is not understood, a source that is gone, and a marker
that depends on the machine that compiled are notes, or nothing is said about them.
"""

from __future__ import annotations

import os

from ..errors import InvalidLineError, ReqdriftError
from ..files import read_file
from ..standards import canonical_name, pep440
from ..values import (
    TYPE_CHECKING,
    CanonicalName,
    Compiled,
    Lines,
    Location,
    NamedTuple,
    Note,
    Python,
    ReadFile,
    Requirement,
    Requirements,
)
from . import read_requirements
from .generated import generating_command
from .lines import decode
from .recipes import UNSAFE, Recipe, read_recipe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Read = Callable[..., bytes]

# Where pip-compile looks if the command names no source.
_DEFAULTS = ("requirements.in", "setup.py", "pyproject.toml", "setup.cfg")
# The command comes from the file, which is not trusted, and is printed for people to run.
_OF_SHELLS = ";|&$`<>()\n"
# Tables that add options to those of the command.
_TABLES = {"pip-compile": b"tool.pip-tools", "uv pip compile": b"tool.uv.pip"}


class _Source(NamedTuple):
    """What one source asks for, and the projects whose requirements are not what they seem."""

    requirements: tuple[Requirement, ...]
    exempt: frozenset[CanonicalName] = frozenset()


def with_sources(
    requirements: Requirements,
    read: Read = read_file,
    top: str | None = None,
    configured: tuple[str, ...] = (),
) -> Requirements:
    """The requirements, with what the sources of compiled files ask for.

    Args:
        requirements: the content of the files.
        read: returns a file's bytes.
        top: the repository's top folder.
        configured: the sources of files whose headers do not name them.
    """
    compiled, notes = [], list(requirements.notes)
    unnamed = []
    for file in requirements.files:
        command = generating_command(file.text)
        recipe = read_recipe(file.text, _words(command))
        is_piped = os.path.exists(file.path) and not os.path.isfile(file.path)
        if file.constraints or is_piped:
            continue
        if recipe is None:
            unnamed.append((file, command))
            continue
        found, said = _compiled(file, command, recipe, requirements, read, top)
        notes += said
        compiled += found
    if configured and unnamed:
        found, said = _configured(unnamed, configured, requirements, read, top)
        notes += said
        compiled += found
    return requirements._replace(compiled=tuple(compiled), notes=tuple(notes))


def _words(command: str) -> list[str]:
    """The words of a header's command, none if a shell would do more than run it."""
    if any(mark in command for mark in _OF_SHELLS):
        return []
    if not any(mark in command for mark in "'\"\\"):
        return command.split()
    # Few commands have quotes.
    import shlex

    try:
        return shlex.split(command)
    except ValueError:
        return []


def _compiled(
    file: ReadFile,
    command: str,
    recipe: Recipe,
    requirements: Requirements,
    read: Read,
    top: str | None,
) -> tuple[list[Compiled], list[Note]]:
    """A file with a header, if it can be judged, and why not otherwise."""
    base = _base(file.path, recipe, top)
    option = recipe.unknown or _configured_by(recipe, base, read)
    if option:
        why = f"the option {option} of '{recipe.tool}' is not known here"
        return [], [_unsure(file.path, why)]
    paths = [os.path.join(base, source) for source in _sources(recipe, base)]
    limits = [os.path.join(base, path) for path in recipe.values("constraint")]
    try:
        for path in (*paths, *limits):
            _must_be_inside(path, top or os.path.dirname(file.path))
        sources = [_read_source(path, recipe, read, top) for path in paths]
        sources += [_limits(path, read, top) for path in limits]
        sources += [
            _replacing(os.path.join(base, path), read, top) for path in recipe.values("replacing")
        ]
    except ReqdriftError as error:
        return [], [_unsure(file.path, str(error))]
    exempt = _exempt(recipe).union(*(source.exempt for source in sources))
    asked = [line for source in sources for line in source.requirements]
    judged = tuple(line for line in asked if line.name not in exempt and _surely(line, recipe))
    files = _with_included(file.path, requirements)
    one = Compiled(file.path, command, files, judged, tuple(paths), base)
    return [one], list(_unneeded(file, asked, requirements))


def _configured(
    files: list[tuple[ReadFile, str]],
    configured: tuple[str, ...],
    requirements: Requirements,
    read: Read,
    top: str | None,
) -> tuple[list[Compiled], list[Note]]:
    """Files without a header that says it: together they list what the configured sources ask."""
    recipe = Recipe("", (), ())
    file, command = files[0]
    try:
        sources = [_read_source(path, recipe, read, top) for path in configured]
    except ReqdriftError as error:
        return [], [_unsure(file.path, str(error))]
    exempt = _exempt(recipe).union(*(source.exempt for source in sources))
    asked = [line for source in sources for line in source.requirements]
    judged = tuple(line for line in asked if line.name not in exempt and _surely(line, recipe))
    paths = frozenset(read.path for read in requirements.files)
    folder = os.path.dirname(file.path)
    return [Compiled(file.path, command, paths, judged, configured, folder)], []


def _unsure(path: str, why: str) -> Note:
    message = f"whether it is up to date with its sources is not known: {why}"
    return Note("unsure", None, Location(path), message)


def _base(path: str, recipe: Recipe, top: str | None) -> str:
    """The folder in which the command was run: where its output is this file."""
    folders = [*filter(None, (os.getcwd(), top)), os.path.dirname(path)]
    for output in recipe.values("output"):
        for folder in folders:
            if os.path.realpath(os.path.join(folder, output)) == os.path.realpath(path):
                return folder
    for source in recipe.sources:
        for folder in (os.path.dirname(path), *folders):
            if os.path.exists(os.path.join(folder, source)):
                return folder
    return os.path.dirname(path)


def _configured_by(recipe: Recipe, base: str, read: Read) -> str:
    """The table of a pyproject.toml that adds options to the command, '' if there is none."""
    table = _TABLES.get(recipe.tool)
    try:
        text = read(os.path.join(base, "pyproject.toml"), named=False) if table else b""
    except ReqdriftError:
        return ""
    return table.decode() if table and table in text else ""


def _sources(recipe: Recipe, base: str) -> tuple[str, ...]:
    if recipe.tool == "uv export":
        return ("pyproject.toml",)
    if recipe.sources or recipe.tool != "pip-compile":
        return recipe.sources
    there = (name for name in _DEFAULTS if os.path.exists(os.path.join(base, name)))
    return (next(there, _DEFAULTS[0]),)


def _read_source(path: str, recipe: Recipe, read: Read, top: str | None) -> _Source:
    """What a source asks for.

    Raises:
        ReqdriftError: it is gone, cannot be read, or does not say it.
    """
    name = os.path.basename(path)
    if name not in ("pyproject.toml", "setup.cfg", "setup.py"):
        return _Source(_requirements_of([path], [], read, top))
    shown = os.path.relpath(path)
    if name == "setup.py":
        raise ReqdriftError(f"{shown} is a program, which is not run")
    # Requirements files do without readers of TOML and configuration files.
    from .project_tables import Chosen, read_pyproject, read_setup_cfg

    is_export = recipe.tool == "uv export"
    chosen = Chosen(
        frozenset(recipe.values("extra")),
        frozenset(recipe.values("group")),
        recipe.has("all extras"),
        recipe.has("all groups"),
        is_export and not recipe.has("no default groups"),
        frozenset(
            (
                *map(canonical_name, recipe.values("not group")),
                *map(canonical_name, recipe.values("not extra")),
                *(("dev",) if recipe.has("not dev") else ()),
            )
        ),
    )
    reader = read_pyproject if name == "pyproject.toml" else read_setup_cfg
    try:
        table = reader(path, decode(read(path, named=False)).text, chosen)
    except ReqdriftError as error:
        raise ReqdriftError(f"{shown}: {error}") from None
    names = frozenset(map(CanonicalName, (*table.replaced, *filter(None, (table.name,)))))
    return _Source(table.requirements, names)


def _requirements_of(
    files: list[str], constraints: list[str], read: Read, top: str | None
) -> tuple[Requirement, ...]:
    found = read_requirements(files, constraints, top, read=read)
    path = os.path.relpath((files or constraints)[0])
    for error in found.errors:
        # A line may be anything: it is not quoted.
        is_whole = error.at is None or error.at.line is None
        raise ReqdriftError(f"{path}: {error.message if is_whole else 'a line cannot be read'}")
    if found.remote:
        raise ReqdriftError(f"{path}: a constraint is a URL, which is not downloaded")
    return found.requirements


def _must_be_inside(path: str, top: str) -> None:
    """Raises ReqdriftError for a source outside of the project; a header may name any file."""
    if not os.path.realpath(path).startswith(os.path.join(os.path.realpath(top), "")):
        raise ReqdriftError(f"{os.path.relpath(path)} is outside of the project")


def _limits(path: str, read: Read, top: str | None) -> _Source:
    return _Source(_requirements_of([], [path], read, top))


def _replacing(path: str, read: Read, top: str | None) -> _Source:
    """The projects of a file of overrides or exclusions: what else asks for them does not count."""
    lines = _requirements_of([path], [], read, top)
    return _Source((), frozenset(line.name for line in lines if line.name))


def _exempt(recipe: Recipe) -> frozenset[CanonicalName]:
    """The projects that the file does not list, whatever asks for them."""
    names = recipe.values("exempt")
    if recipe.tool == "pip-compile" and not recipe.has("allow unsafe"):
        names += [*UNSAFE, *recipe.values("unsafe")]
    return frozenset(map(canonical_name, names))


def _surely(line: Requirement, recipe: Recipe) -> bool:
    """Whether the requirement surely applied where the file was compiled."""
    if line.marker is None:
        return True
    if not recipe.python or recipe.has("universal") or not _is_about_version(line.marker):
        return False
    python = Python(recipe.python)
    try:
        hangs = pep440.marker_hangs_on_patch(line.marker, python)
        return not hangs and pep440.marker_holds(line.marker, python)
    except InvalidLineError:
        return False


def _is_about_version(marker: str) -> bool:
    """Whether only the version of Python decides the marker."""
    others = ("platform", "os_name", "implementation", "extra", "dependency_groups")
    return not any(variable in marker for variable in others)


def _with_included(path: str, requirements: Requirements) -> frozenset[str]:
    """The file, and all that it includes."""
    found = {path}
    for above, below in requirements.includes:
        if above in found:
            found.add(below)
    return frozenset(found)


def _unneeded(
    file: ReadFile, asked: Iterable[Requirement], requirements: Requirements
) -> Iterator[Note]:
    """What only the sources asked for, as the comments say, and ask for no more."""
    if "# via" not in file.text:
        return
    names = {line.name for line in asked if not line.constraint}
    lines = [*file.text.splitlines(), ""]
    for line in requirements.requirements:
        origin = line.origin
        if origin.file != file.path or line.name in names or not isinstance(origin, Lines):
            continue
        _, is_via, first = lines[origin.last].partition("# via ")
        if is_via and not _is_source(first):
            continue  # another project asks for it, as for most lines
        via = list(_via(lines, origin.last))
        if via and all(map(_is_source, via)):
            message = f"{line.text}: nothing in {', '.join(via)} asks for it any more"
            yield Note("unneeded", line.name, line.at, message)


def _is_source(who: str) -> bool:
    """Whether a comment names a file, as `-r FILE` or `NAME (FILE)`, and not a project."""
    return who.startswith("-r ") or who.endswith(")")


def _via(lines: list[str], last: int) -> Iterator[str]:
    """Who asks for the requirement whose last line is this one, as the comment below it says."""
    for number, line in enumerate(lines[last:]):
        comment = line.strip()
        if not comment.startswith("#") or (number == 0) != comment.startswith("# via"):
            return
        if who := comment.removeprefix("# via").lstrip("# ").strip():
            yield who
