"""Read requirements files and the files that they include, and collect all errors.

`READERS` chooses the reader of a file, one for each file format.
"""

from __future__ import annotations

import os

from .. import requirements, standards
from .._record import lazy
from ..errors import InvalidLineError, ReqdriftError
from ..files import NO_FILE, is_inside, read_file
from ..standards import canonical_name, is_project_name
from ..values import TYPE_CHECKING, Location, Note, Problem, ReadFile, Requirement, Requirements
from .lines import FileText, Include, LogicalLine, decode, fields_of_lines, literal_requirement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ..values import CanonicalName
    from ..values.details import Scope
    from . import compiled as compiled
    from . import nearby as nearby
    from . import options as options
    from . import other_formats as other_formats
    from . import parse as parse
    from . import pylock as pylock
    from . import references as references
    from .lines import Choices, Sink

    # Returns a file's bytes.
    Read = Callable[..., bytes]
    # Reads a file into the sink; returns how many requirements, or constraints, are in it.
    Reader = Callable[[FileText, Sink], int]

__getattr__ = lazy(__name__)

# The first that there is, here or at the top of the repository, is meant if no file is named.
DEFAULT_FILES = ("requirements.txt", "pylock.toml")
_MOST_NESTED = 100
# With links to folders, one file can have an unlimited number of names.
_MOST_FILES = 2_000
_MOST_TEXT = 16 * 1024 * 1024
# More errors are not useful; a file in another format is soon rejected.
_MOST_ERRORS = 1_000
_LONGEST_MESSAGE = 500
# Name endings of files that may be another tool's.
_OFTEN_OTHER_FORMATS = (
    *("uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "pixi.lock", "Pipfile"),
    *(".toml", ".cfg", ".py", ".yml", ".yaml"),
)


def read_txt(file: FileText, sink: Sink) -> int:
    """Read a file in pip's format; returns how many requirements, or constraints, are in it."""
    read = sink.requirements
    first, found = len(read), 0
    for fields in fields_of_lines(file.text):
        requirement = literal_requirement(fields, file)
        if requirement is not None:
            read.append(requirement)
            found += 1
            continue
        line = LogicalLine(*fields)
        try:
            items = requirements.parse.parse_line(line, file)
        except InvalidLineError as error:
            if sink.refuse(Location(file.path, line.line, line.end_line), error):
                continue
            break
        for item in items:
            if isinstance(item, Requirement):
                read.append(item)
                found += 1
            elif isinstance(item, Note):
                sink.notes.append(item)
            else:
                sink.include(item)
    if "reqdrift:" in file.text:
        read[first:] = requirements.options.read_ignores(read[first:])
    return found


# How a file's name begins and ends -> what reads it; the first that fits.
READERS: tuple[tuple[str, str, Reader], ...] = (
    ("pylock.", ".toml", lambda file, sink: requirements.pylock.read_pylock(file, sink)),
    ("", "", read_txt),
)
# pip-compile: `... are considered to be unsafe in a requirements file:`
# uv: `... were excluded from the output:`
_OMITTED_HEADING = "# The following packages "


def read_requirements(
    files: Iterable[str],
    constraints: Iterable[str] = (),
    top: str | None = None,
    texts: Mapping[str, str] | None = None,
    read: Read = read_file,
    choices: Choices = ((), ()),
) -> Requirements:
    """Read requirements files, constraints files, and everything that they include.

    Args:
        files: paths, absolute or relative to the working directory.
        constraints: paths of files that only limit versions, as pip's `-c`.
        top: the repository's top folder; relative paths in a line may be relative to it.
        texts: new texts of files, by their real paths, used instead of their content.
        read: returns a file's bytes; by default from the working tree.
        choices: the extras and the dependency groups of lock files that are installed.

    Nothing is raised for a bad line or file: each becomes one of `errors`, the rest is read.
    """
    walk = _Walk(top, texts or {}, read, choices)
    for path in files:
        walk.file(os.path.abspath(path), False, None)
    for path in constraints:
        walk.file(os.path.abspath(path), True, None)
    return walk.result()


class _Walk:
    """What has been read so far: the sink of the readers."""

    def __init__(
        self, top: str | None, texts: Mapping[str, str], read: Read, choices: Choices
    ) -> None:
        self._top = top
        self._read = read
        self._texts = texts
        self._choices = choices
        # The file that is read, below those that include it.
        self._open: list[str] = []
        # One error for files that all include each other.
        self._in_cycles: set[str] = set()
        self._seen: set[tuple[str, bool]] = set()
        self._named: set[str] = set()
        self._size = 0
        self._files: list[ReadFile] = []
        self.requirements: list[Requirement] = []
        self.notes: list[Note] = []
        self._errors: list[Problem] = []
        self._omitted: set[CanonicalName] = set()
        self._remote = False
        self._includes: list[tuple[str, str]] = []
        self.offers: set[tuple[str, str]] = set()
        self.scopes: list[Scope] = []

    def result(self) -> Requirements:
        if any(self._choices) and not self._errors:
            self._errors += requirements.pylock.not_offered(self._choices, self.offers)
        return Requirements(
            tuple(self.requirements),
            tuple(self._files),
            tuple(self.notes),
            tuple(self._errors),
            frozenset(self._omitted),
            self._remote,
            tuple(self._includes),
            tuple(self.scopes),
        )

    def file(self, path: str, constraint: bool, include: Include | None) -> None:
        """Read one file and what it includes; `path` is absolute."""
        # Not the real path: includes are relative to the path by which the file is reached.
        if (path, constraint) in self._seen:
            return
        self._seen.add((path, constraint))
        if include is None:
            self._named.add(path)
        try:
            if path.endswith(_OFTEN_OTHER_FORMATS) and not is_pylock(path):
                requirements.other_formats.refuse_by_name(path)
            text, encoding, mark = decode(self._read(path, named=include is None))
            if "\0" in text:
                raise ReqdriftError("this is a binary file, not a requirements file")
        except ReqdriftError as error:
            self._bad_file(path, error, include)
            return
        if self._texts:
            text = self._texts.get(os.path.realpath(path), text)
        if _OMITTED_HEADING in text:
            self._omitted.update(_omitted_projects(text))
        self._size += len(text)
        index = len(self._files)
        first_error = len(self._errors)
        bases = dict.fromkeys(filter(None, (os.getcwd(), os.path.dirname(path), self._top)))
        name = os.path.basename(path)
        reader = next(r for a, z, r in READERS if name.startswith(a) and name.endswith(z))
        self._open.append(path)
        found = reader(FileText(path, text, constraint, tuple(bases), *self._choices), self)
        self._open.pop()
        counts = (0, found) if constraint else (found, 0)
        is_lock = reader is not read_txt
        self._files.insert(index, ReadFile(path, *counts, text, encoding, mark, is_lock))
        is_unread = len(self._errors) > first_error and not is_lock
        if is_unread and (what := requirements.other_formats.other_format(text)):
            # One error is clearer than one for each line.
            self._errors[first_error:] = [Problem(Location(path), what)]

    def refuse(self, at: Location, error: InvalidLineError) -> bool:
        """Take a part of a file that cannot be read; returns whether its reader should continue."""
        is_last = len(self._errors) >= _MOST_ERRORS
        last = f"after {_MOST_ERRORS} errors, the rest is not read"
        self._errors.append(Problem(at, last if is_last else self._shown(error, at.file)))
        return not is_last

    def _shown(self, error: InvalidLineError, path: str) -> str:
        """Why a line cannot be read, if the file was named, or is in the project of a named one.

        Other files need not be requirements files: `-r ~/.netrc` must not print it.
        """
        real = os.path.realpath(path)
        folders = filter(None, (self._top, *map(os.path.dirname, self._named)))
        is_near = any(is_inside(real, os.path.realpath(folder)) for folder in folders)
        if path not in self._named and not is_near:
            return "cannot be read (not shown, because the file is outside of the project)"
        message = error.message
        if len(message) > _LONGEST_MESSAGE:
            message = f"{message[:_LONGEST_MESSAGE]}..."
        return str(InvalidLineError(message, error.hint))

    def _bad_file(self, path: str, error: ReqdriftError, include: Include | None) -> None:
        message = str(error)
        if message == NO_FILE:
            near = requirements.other_formats.similar_file(path)
            message += f"; did you mean {near}?" if near else ""
        at = Location(path)
        if include:
            at, message = include.at, f"'{include.shown}' cannot be read: {message}"
        self._errors.append(Problem(at, message))

    def include(self, include: Include) -> None:
        """Read what a `-r` or `-c` line names, before the rest of the file that contains it."""
        path, at, message = include.path, include.at, ""
        if path[:8].lower().startswith(("http://", "https://")):
            # URLs are never downloaded.
            if include.constraint:
                self._remote = True
                message = f"'{include.shown}' is not downloaded; its pins are unknown"
                self.notes.append(Note("unsure", None, at, message))
            else:
                message = f"'{include.shown}' is a URL; download it and include the file"
                self._errors.append(Problem(at, message))
            return
        if path[:5].lower() == "file:":
            try:
                standards.urls.check(path)
                # pip takes `file:x` for `file:///x`.
                path = os.path.join(os.sep, standards.urls.file_path(path))
            except InvalidLineError as error:
                self._errors.append(Problem(at, str(error)))
                return
        path = os.path.abspath(os.path.join(os.path.dirname(at.file), path))
        if path in self._open:
            is_known = path in self._in_cycles
            self._in_cycles.update(self._open[self._open.index(path) :])
            if not is_known:
                message = f"'{include.shown}' includes itself; remove one of the includes"
                self._errors.append(Problem(at, message))
            return
        if len(self._seen) >= _MOST_FILES or self._size > _MOST_TEXT:
            message = f"more than {_MOST_FILES} files or {_MOST_TEXT >> 20} MiB are included"
        elif len(self._open) > _MOST_NESTED:
            message = f"files are nested more than {_MOST_NESTED} deep"
        if message:
            if not any(error.message == message for error in self._errors):
                self._errors.append(Problem(at, message))
            return
        if not include.constraint:
            self._includes.append((at.file, path))
        self.file(path, include.constraint, include)


def is_pylock(path: str) -> bool:
    """Whether a file of that name is a lock file that pip and uv read."""
    name, (start, end, _) = os.path.basename(path), READERS[0]
    return name.startswith(start) and name.endswith(end)


def _omitted_projects(text: str) -> Iterable[CanonicalName]:
    """The projects in a tool's comment about omitted packages (`# setuptools`)."""
    for line in text.partition(_OMITTED_HEADING)[2].splitlines()[1:]:
        name = line.removeprefix("#").strip()
        if line.startswith("#") and name and is_project_name(name):
            yield canonical_name(name)
