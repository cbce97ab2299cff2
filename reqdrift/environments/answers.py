"""Answer the questions of the comparison: the only reading after the first."""

from __future__ import annotations

import os

from .. import environments, repository
from ..errors import EnvironmentReadError
from ..files import LARGEST_FILE, is_inside
from ..standards import canonical_name, is_project_name
from ..values import TYPE_CHECKING, Distribution, Environment, Facts, Questions, Unreadable
from .site import open_folder, version_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..values import CanonicalName, Python


# In bytes: the headers of nearly every distribution.
_START = 1 << 14
_FIRST = ("Metadata-Version:", "Name:", "Version:")
# What lines begin with that need not be looked at one by one; what continues a line is of that one,
# mostly the text of a license.
_USUAL = (
    *("Classifier:", "Project-URL:", " ", "Provides-Extra:", "License-File:", *_FIRST, "Summary:"),
    *("Author-email:", "License-Expression:", "Requires-Python:", "Keywords:", "License:"),
    *("Description-Content-Type:", "Author:", "Home-page:", "Dynamic:", "Maintainer-email:"),
    *("Maintainer:", "Platform:", "Download-URL:", "\t"),
)
# A pipe in its place would block; on Windows, text would be shorter than its file.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


# On Windows there is none, and no pipes in folders either.
_read_at = getattr(os, "pread", lambda handle, most, _: os.read(handle, most))

_DANGLING = "it is a link to a file that does not exist"
# A process may open few files: 256 on macOS.
_MOST_OPEN = 8
# Why metadata cannot be read that an interrupted installer left behind; `reqdrift_inspect` says so.
INCOMPLETE = ("there is no such file", "it has no name or no version")
_REQUIRES_TXT = ("requires.txt", "EGG-INFO/requires.txt")
DOUBLED = "another distribution of the project is in the same folder"


def answer(questions: Questions, environment: Environment, known: Facts) -> Facts:
    """Read what was asked, and add it to what is `known`.

    What cannot be read is answered as Unreadable, never omitted.

    Args:
        questions: what is asked.
        environment: what is installed.
        known: the answers so far.
    """
    distributions, facts = environment.distributions, known
    if questions.requires:
        facts = facts._replace(requires=_read_all_requires(environment))
    if questions.sources:
        read = environments.metadata.read_source
        found = {name: read(distributions[name]) for name in questions.sources}
        facts = facts._replace(sources={**known.sources, **found})
    if questions.checkouts:
        read_checkout = environments.checkouts.read_checkout
        checkouts = {asked: read_checkout(*asked) for asked in sorted(questions.checkouts)}
        facts = facts._replace(checkouts={**known.checkouts, **checkouts})
    if questions.names:
        names = {name: read_name(distributions[name]) for name in questions.names}
        facts = facts._replace(names=names)
    if questions.editables:
        editables = environments.editables.read_editables(environment, *questions.editables)
        facts = facts._replace(editables=editables)
    if questions.exact_python:
        exact, started = exact_version(environment.python, environment.prefix)
        python = environment.python._replace(version=exact or environment.python.version)
        facts = facts._replace(python=python, started=started)
    return facts


def _read_all_requires(
    environment: Environment,
) -> dict[CanonicalName, tuple[str, ...] | Unreadable]:
    doubled = environment.doubled
    found: dict[CanonicalName, tuple[str, ...] | Unreadable] = {}
    # Most environments have one or two folders.
    folders: dict[str, int | None] = {}
    try:
        for name, distribution in environment.distributions.items():
            folder = distribution.folder
            if name in doubled:
                found[name] = Unreadable(distribution.path, DOUBLED)
                continue
            if folder not in folders:
                folders[folder] = open_folder(folder) if len(folders) < _MOST_OPEN else None
            found[name] = read_requires(distribution, folders[folder])
    finally:
        for handle in folders.values():
            if handle is not None:
                os.close(handle)
    return found


def read_name(distribution: Distribution) -> str:
    """The project's name as spelled in its metadata, or in the folder name if that is missing."""
    name = environments.metadata.identity(distribution.path)[0]
    same = canonical_name(name) == distribution.name
    return name if same and is_project_name(name) else distribution.project


def read_requires(
    distribution: Distribution, folder: int | None = None
) -> tuple[str, ...] | Unreadable:
    """The requirements in the distribution's metadata (Requires-Dist, or requires.txt).

    Metadata without a name or a version is damaged (uv: "broken or incomplete"), so that it may
    lack requirements as well.

    Args:
        distribution: the distribution.
        folder: a descriptor of the folder that it is in, with which reading takes less time.
    """
    path = distribution.path
    if path.endswith(".dist-info"):
        plain = plain_requires(f"{path if folder is None else distribution.entry}/METADATA", folder)
        if plain or (plain is not None and not os.path.lexists(f"{path}/requires.txt")):
            return plain
    try:
        if path.endswith(".egg-link"):
            path = metadata_beside(path, distribution)
        headers = environments.metadata.read_metadata(path)
        needs = tuple(value for key, value in headers or () if key == "requires-dist")
        # The other file counts only if the metadata says nothing, as for pip.
        for name in () if needs else _REQUIRES_TXT:
            if (data := environments.metadata.read_inside(path, name)) is not None:
                return tuple(_from_requires_txt(data.decode("utf-8", "replace")))
            if os.path.islink(f"{path}/{name}"):
                return Unreadable(f"{path}/{name}", _DANGLING)
    except OSError as error:
        return Unreadable(error.filename or path, error.strerror or str(error))
    if headers is None:
        path = f"{path}/{'METADATA' if path.endswith('.dist-info') else 'PKG-INFO'}"
        # `uv cache clean` deletes the targets of uv's symbolic links.
        return Unreadable(path, _DANGLING if os.path.islink(path) else INCOMPLETE[0])
    if not {"name", "version"} <= {key for key, _ in headers}:
        return Unreadable(path, INCOMPLETE[1])
    return needs


def plain_requires(path: str, folder: int | None = None) -> tuple[str, ...] | None:
    """The Requires-Dist of a METADATA without anything odd in its headers.

    There are hundreds to read. None: `read_metadata` has to look at it.

    Args:
        path: the file.
        folder: a descriptor of the folder that the path is relative to.
    """
    try:
        handle = os.open(path, _FLAGS, dir_fd=folder)
    except OSError:
        return None
    try:
        # A pipe has no positions, so that nothing is taken from it.
        data = _read_at(handle, _START, 0)
        if len(data) == _START:
            if os.fstat(handle).st_size > LARGEST_FILE:
                return None
            if b"\n\n" not in data:  # the texts of licenses
                data += _read_at(handle, LARGEST_FILE, _START)
    except OSError:
        return None
    finally:
        os.close(handle)
    end = data.find(b"\n\n")
    if end < 0 or b"\r" in data[:end]:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        end = data.find(b"\n\n")
    return None if end < 0 else _plain_requires(data[:end].decode("utf-8", "replace"))


def _plain_requires(headers: str) -> tuple[str, ...] | None:
    """The values of Requires-Dist if each is one line, and nothing before them ends the headers."""
    first, *parts = headers.split("\nRequires-Dist: ")
    lines = first.split("\n")
    if len(lines) < len(_FIRST) or not all(map(str.startswith, lines, _FIRST)):
        return None
    if not parts and "requires-dist" not in headers.lower():
        return ()  # many need nothing; what else there is does not matter then
    values = []
    for part in parts:
        value, newline, rest = part.partition("\n")
        values.append(value.strip())
        if newline:
            if rest[0] in " \t":
                return None
            lines += rest.split("\n")
    unusual = [line.partition(":") for line in lines if not line.startswith(_USUAL)]
    for name, colon, _ in unusual:
        if not colon or " " in name or not (name.isascii() and name.isprintable()):
            return None
        if name.lower() == "requires-dist":
            return None
    return tuple(values)


def metadata_beside(link: str, distribution: Distribution) -> str:
    """The egg-info that an egg-link leads to."""
    folder = next(iter(environments.metadata.egg_link_folders(link)), "")
    for entry in sorted(os.listdir(folder)):
        path = os.path.join(folder, entry)
        # The folder may contain several, and the project's name may be spelled differently.
        if entry.endswith(".egg-info") and (
            canonical_name(environments.metadata.identity(path)[0]) == distribution.name
        ):
            return path
    return folder


def _from_requires_txt(text: str) -> Iterator[str]:
    """Setuptools' requires.txt as PEP 508; a section is `[extra:marker]`, either may be absent."""
    condition = ""
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("["):
            extra, _, marker = line.strip("[]").partition(":")
            # As pip and `importlib.metadata` write them.
            condition = marker
            if extra:
                around = f"({marker}) and " if marker else ""
                condition = f'{around}extra == "{canonical_name(extra)}"'
        else:
            yield f"{line} ; {condition}" if condition else line


def may_start_unasked(interpreter: str, prefix: str) -> bool:
    """Whether a Python that the user did not name may be started.

    It, and where it leads, lie outside of the repository (or folder) that holds the environment:
    files inside may have come with a clone. So may the pyvenv.cfg next to a link to a trusted
    interpreter; it sets the location of the standard library.
    """
    around = os.path.dirname(os.path.abspath(prefix))
    project = os.path.realpath(repository.top_folder(around) or around)
    real = os.path.realpath(interpreter)
    given = f"{os.path.realpath(os.path.dirname(interpreter))}{os.sep}"
    is_python = os.path.basename(real).lower().startswith(("python", "pypy"))
    return is_python and not (is_inside(real, project) or is_inside(given, project))


def exact_version(python: Python, prefix: str) -> tuple[str, bool]:
    """The X.Y.Z of the interpreter, and whether it was started to say it.

    '' if no header of the base says it, and the interpreter fails or must not be started.
    """
    # Not the link inside the environment: Python would use its pyvenv.cfg.
    base = os.path.realpath(python.interpreter or "")
    if python.interpreter is None or not may_start_unasked(base, prefix):
        return "", False
    if found := release_of_base(base, python):
        return found, False
    try:
        return str(environments.asking.ask(base)["version"]), True
    except EnvironmentReadError:
        return "", False


def release_of_base(base: str, python: Python) -> str:
    """The X.Y.Z that the header file beside an interpreter states, '' if there is none.

    Args:
        base: the interpreter, not a link.
        python: the Python that it is.
    """
    minor = ".".join(map(str, python.minor))
    library, prefix = f"python{minor}", os.path.dirname(os.path.dirname(base))
    # Beside a PyPy, or a build without the GIL, there may be the files of another Python.
    if os.path.basename(base) not in (library, "python3", "python"):
        return ""
    for name in (library, f"{library}m"):
        for line in repository.read_text(f"{prefix}/include/{name}/patchlevel.h").split("\n"):
            if line.startswith("#define PY_VERSION "):
                release = version_of({"version": line.partition('"')[2].partition('"')[0]})
                return release if release.startswith(f"{minor}.") else ""
    return ""
