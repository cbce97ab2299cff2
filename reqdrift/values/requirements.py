"""What requirements files say."""

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
    """A comment that silences findings about its requirement: these kinds, all if there are none.

    `text` is the comment, for messages.
    """

    text: str
    kinds: frozenset[str] = frozenset()


class Requirement(NamedTuple):
    """What is asked of one project, or (`constraint`) how it is limited.

    `name` is None for a path or URL that does not say its project; `hint` is then the best guess,
    and `stated` whether the project's own files, or the name of the archive, say it.
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
        """Its place; not kept, because most lines are in no message: 2 % of the time at 5,000."""
        origin = self.origin
        if isinstance(origin, Lines):
            return Location(origin.file, origin.first, origin.last)
        return Location(origin.file, origin.line)

    @property
    def specifier(self) -> str:
        """The versions that it allows, as PEP 440 writes them; '' for all."""
        return self.limits if self.pin is None else f"=={self.pin}"


def listed_names(lines: Iterable[Requirement]) -> frozenset[CanonicalName]:
    """The projects that some line asks for; constraints do not ask."""
    return frozenset({line.name for line in lines if not line.constraint and line.name})


class ReadFile(NamedTuple):
    """A file that was read, with the number of requirements and constraints in it.

    `mark + text.encode(encoding)` are its bytes.
    """

    path: str
    requirements: int
    constraints: int
    text: str = ""
    encoding: str = "utf-8"
    mark: bytes = b""


class Scope(NamedTuple):
    """The environments that a lock file is for, `text` in words: one of `markers` must hold there.

    If it is about one entry of the file only, `project` is its name, and `at` its place.
    """

    at: Location
    text: str
    markers: tuple[str, ...]
    project: str = ""


class Requirements(NamedTuple):
    """All that a set of requirements files says, or failed to say.

    `unsafe` are the projects that pip-compile left out as unsafe; `remote` is whether a
    constraints URL was passed over. `includes` are pairs of paths: a file, and one that it
    includes with `-r`. `scopes` are what lock files say about the environments that they are for.
    """

    requirements: tuple[Requirement, ...]
    files: tuple[ReadFile, ...]
    notes: tuple[Note, ...] = ()
    errors: tuple[Problem, ...] = ()
    unsafe: frozenset[CanonicalName] = frozenset()
    remote: bool = False
    includes: tuple[tuple[str, str], ...] = ()
    scopes: tuple[Scope, ...] = ()
