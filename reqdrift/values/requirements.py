"""Requirements files and their requirements."""

from __future__ import annotations

from . import TYPE_CHECKING, CanonicalName, Location, NamedTuple, Note, Problem, Source

if TYPE_CHECKING:
    from collections.abc import Iterable


class Lines(NamedTuple):
    """Physical lines `first` to `last` of a text file, counted from 1; `raw` is their text."""

    file: str
    first: int
    last: int
    raw: str


class LockEntry(NamedTuple):
    """An entry of a lock file: `key` identifies it, `line` is where it begins."""

    file: str
    line: int
    key: str


class Ignore(NamedTuple):
    """A comment that ignores findings about its requirement: of these kinds, or of all.

    `text` is the comment, for messages.
    """

    text: str
    kinds: frozenset[str] = frozenset()


class Requirement(NamedTuple):
    """What a line asks of one project, or (`constraint`) how it is limited.

    `name` is None for a path or URL without the name of its project; `hint` is then the best guess,
    and `stated` whether the project's files or the name of the archive state it.
    `written` is the name as the file spells it, `text` the requirement as messages show it: without
    comment and hashes; `full_text` has hashes and options, as an installer reads it. `pin` is the
    version of a plain literal `name==version`; where it is None, `limits` is the specifier.
    `ignore` is the comment beside it that silences findings. `origin` says where it is written:
    rules do not look at it.
    """

    name: CanonicalName | None
    written: str
    text: str
    full_text: str
    origin: Lines | LockEntry
    constraint: bool = False
    pin: str | None = None
    limits: str = ""
    extras: tuple[str, ...] = ()
    marker: str | None = None
    source: Source | None = None
    hashes: tuple[str, ...] = ()
    hint: str = ""
    stated: bool = False
    ignore: Ignore | None = None

    @property
    def at(self) -> Location:
        """Its location; computed, because most lines need none: 2 % of the time at 5,000."""
        origin = self.origin
        if isinstance(origin, Lines):
            return Location(origin.file, origin.first, origin.last)
        return Location(origin.file, origin.line)

    @property
    def specifier(self) -> str:
        """The versions that it allows, as a PEP 440 specifier; '' for all."""
        return self.limits if self.pin is None else f"=={self.pin}"


def listed_names(lines: Iterable[Requirement]) -> frozenset[CanonicalName]:
    """The projects that a requirement (not a constraint) asks for."""
    return frozenset({line.name for line in lines if not line.constraint and line.name})


class ReadFile(NamedTuple):
    """A file that was read, with the number of requirements and constraints in it.

    `mark + text.encode(encoding)` are its bytes. `is_lock` is whether its format is another than
    pip's, so that no repair edits it.
    """

    path: str
    requirements: int
    constraints: int
    text: str = ""
    encoding: str = "utf-8"
    mark: bytes = b""
    is_lock: bool = False


class Scope(NamedTuple):
    """The environments that a lock file is for, `text` in words: one of `markers` must hold there.

    If it is about one entry of the file only, `project` is its name, and `at` its place.
    """

    at: Location
    text: str
    markers: tuple[str, ...]
    project: str = ""


class Compiled(NamedTuple):
    """A file that a tool compiled, with what its sources surely ask for.

    `command` compiles it again. `files` are the paths whose requirements count as listed in it.
    `asked` are requirements, and constraints, of the `sources` (paths). The command runs in the
    folder `folder`.
    """

    file: str
    command: str
    files: frozenset[str]
    asked: tuple[Requirement, ...] = ()
    sources: tuple[str, ...] = ()
    folder: str = ""


class Requirements(NamedTuple):
    """The content of a set of requirements files, and errors.

    `unsafe` are the projects that pip-compile omitted as unsafe; `remote` is whether a constraints
    URL was not downloaded. `includes` are pairs of paths: a file, and one that it
    includes with `-r`. `scopes` are the environments that lock files are for, `compiled` the files
    that tools compiled from others.
    """

    requirements: tuple[Requirement, ...]
    files: tuple[ReadFile, ...]
    notes: tuple[Note, ...] = ()
    errors: tuple[Problem, ...] = ()
    unsafe: frozenset[CanonicalName] = frozenset()
    remote: bool = False
    includes: tuple[tuple[str, str], ...] = ()
    scopes: tuple[Scope, ...] = ()
    compiled: tuple[Compiled, ...] = ()
