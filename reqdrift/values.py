"""The values that flow through reqdrift; docs/architecture.md explains the words.

Every value is immutable plain data: nothing here reads a file, and nothing lazy hides inside.
The module imports next to nothing, because every start of the program pays for it.
"""

from __future__ import annotations

from ._record import TYPE_CHECKING as TYPE_CHECKING  # handed on to every other module
from ._record import NamedTuple as NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Literal, NewType

    CanonicalName = NewType("CanonicalName", str)
    Verdict = Literal["clean", "drift", "failed"]

    # What words certain fields may hold: for type checkers only, so that they cost nothing.
    KindName = Literal[
        "broken",
        "missing",
        "version",
        "source",
        "unmet",
        "extra",
        "unpinned",
        "conflict",
        "modified",
    ]
    Severity = Literal["error", "warning"]
    Level = Literal["error", "warning", "off"]
    Reason = Literal[
        "stdlib",
        "marker",
        "artefact",
        "conda",
        "local",
        "archive",
        "tool",
        "system",
        "leftover",
        "dropped",
        "outdated",
        "unlisted",
        "unsure",
        "ignored",
        "witness",
    ]
    FormatName = Literal[
        "auto", "text", "rich", "json", "github", "gitlab", "sarif", "junit", "markdown"
    ]
    SourceKind = Literal["archive", "vcs", "folder"]
    Chosen = Literal["named", "found", "guess"]
    Side = Literal["", "environment", "file"]
else:
    CanonicalName = str


class Location(NamedTuple):
    """A place in a file; `line` is None where the whole file is meant. Lines count from 1."""

    file: str
    line: int | None = None
    end_line: int | None = None


class Source(NamedTuple):
    """Where a distribution comes from if not from an index: a line's URL or path, or PEP 610.

    `kind` is `archive`, `vcs` or `folder`. `url` has no credentials, fragment or revision.
    `folders` are absolute real paths: where an installed distribution lies, or every place that
    a line's relative path may mean. `hashes` are `algorithm:hexdigest`; `vcs` is `git` or another.
    `environment` is the innermost Python environment around an installed one's folder, '' if none.
    """

    kind: SourceKind
    url: str
    revision: str | None = None
    requested: str | None = None
    subdirectory: str = ""
    folders: tuple[str, ...] = ()
    editable: bool = False
    hashes: tuple[str, ...] = ()
    local: bool = False
    conda: bool = False
    vcs: str = ""
    environment: str = ""


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


class Note(NamedTuple):
    """Something that was seen and deliberately not counted, with the reason."""

    reason: Reason
    project: str | None
    at: Location | None
    message: str


class Problem(NamedTuple):
    """A line or file that could not be read; it fails the run, with that exit code."""

    at: Location | None
    message: str
    exit_code: int = 2


class Requirements(NamedTuple):
    """All that a set of requirements files says, or failed to say.

    `unsafe` are the projects that pip-compile left out as unsafe; `remote` is whether a
    constraints URL was passed over. `includes` are pairs of paths: a file, and one that it
    includes with `-r`.
    """

    requirements: tuple[Requirement, ...]
    files: tuple[ReadFile, ...]
    notes: tuple[Note, ...] = ()
    errors: tuple[Problem, ...] = ()
    unsafe: frozenset[CanonicalName] = frozenset()
    remote: bool = False
    includes: tuple[tuple[str, str], ...] = ()


class Python(NamedTuple):
    """The checked Python: `version` is X.Y or X.Y.Z; `interpreter` may be None (`--path`).

    `platform` is its `sys.platform` where the layout says so, '' for this machine's. `assumed` is
    whether nothing says its version, which is then that of the Python that reqdrift runs on.
    `markers` are the variables of environment markers that its source states, with their values;
    standards/markers.py derives the others.
    """

    version: str
    implementation: str = "CPython"
    interpreter: str | None = None
    platform: str = ""
    assumed: bool = False
    markers: tuple[tuple[str, str], ...] = ()

    @property
    def minor(self) -> tuple[int, int]:
        """The (X, Y) of the version."""
        major, minor = self.version.split(".")[:2]
        return int(major), int(minor)


class Distribution(NamedTuple):
    """One installed project.

    `entry` is its metadata (a dist-info or egg-info folder or file, an egg, an egg-link) in
    `folder`, which is on the path. `direct` says that it did not come from an index (PEP 610 or
    an egg-link); `own` that it lies in the environment's own folders.
    """

    name: CanonicalName
    project: str
    version: str
    entry: str
    folder: str
    direct: bool = False
    own: bool = True

    @property
    def path(self) -> str:
        """The path of its metadata."""
        return f"{self.folder}/{self.entry}"


class Unreadable(NamedTuple):
    """The answer to a question whose files could not be read."""

    path: str
    why: str


class Broken(NamedTuple):
    """A contradiction inside the environment."""

    project: CanonicalName
    message: str


class Capabilities(NamedTuple):
    """What an environment allows besides comparing it.

    `files` is whether its files can be read, `install` whether it has an interpreter to install
    with, `times` whether the times of its files say when something was installed.
    """

    files: bool = True
    install: bool = True
    times: bool = True


class Environment(NamedTuple):
    """The Python environment that is checked. `started` is whether its interpreter was asked.

    `folders` are its own site folders, `hidden` the distributions behind another of their name.
    `chosen` is `named` for what the user named, `guess` for what was taken only because of what it
    holds, else `found`. `found_by` says in words how it was found, for readers: decisions read
    `chosen` and `can`.
    """

    prefix: str
    python: Python
    found_by: str
    distributions: Mapping[CanonicalName, Distribution]
    broken: tuple[Broken, ...] = ()
    notes: tuple[Note, ...] = ()
    started: bool = False
    folders: tuple[str, ...] = ()
    hidden: tuple[Distribution, ...] = ()
    chosen: Chosen = "found"
    can: Capabilities = Capabilities(True, True, True)

    @property
    def doubled(self) -> frozenset[CanonicalName]:
        """The projects that one folder holds several distributions of: which one counts is open."""
        return frozenset(
            copy.name for copy in self.hidden if self.distributions[copy.name].folder == copy.folder
        )

    @property
    def named_path(self) -> str:
        """What names the environment to `--python`."""
        interpreter = self.python.interpreter
        return interpreter if self.started and interpreter else self.prefix


class Questions(NamedTuple):
    """What else must be known of the environment; reading it costs.

    `checkouts` are pairs of a folder, and a revision to look up in the git repository there.
    `requires` asks what each distribution needs, `requires_of` what these do.
    """

    sources: frozenset[CanonicalName] = frozenset()
    checkouts: frozenset[tuple[str, str]] = frozenset()
    requires: bool = False
    exact_python: bool = False
    names: frozenset[CanonicalName] = frozenset()
    requires_of: frozenset[CanonicalName] = frozenset()


class Facts(NamedTuple):
    """The answers; None is for what was not asked. `names` are spelled as metadata spells them."""

    sources: Mapping[CanonicalName, Source | Unreadable]
    requires: Mapping[CanonicalName, tuple[str, ...] | Unreadable] | None = None
    python: Python | None = None
    started: bool = False
    names: Mapping[CanonicalName, str] | None = None
    checkouts: Mapping[tuple[str, str], Checkout | None] | None = None
    requires_of: Mapping[CanonicalName, tuple[str, ...] | Unreadable] = {}

    @property
    def needs(self) -> Mapping[CanonicalName, tuple[str, ...] | Unreadable]:
        """The Requires-Dist of all distributions, or of those that were asked."""
        return self.requires_of if self.requires is None else self.requires


class Project(NamedTuple):
    """The project around the requirements file: its top folder, and its own name if it has one."""

    folder: str
    name: CanonicalName | None = None


class Options(NamedTuple):
    """What the user asked for, with the defaults of a bare `reqdrift`.

    `formats` are pairs of a format and the file that takes it, '' for standard output.
    """

    files: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    python: str | None = None
    path: str | None = None
    python_version: str | None = None
    unlisted: str = ""
    ignore: tuple[str, ...] = ()
    severity: tuple[tuple[KindName, Level], ...] = ()
    stdlib: tuple[str, ...] = ()
    add_to: str | None = None
    exit_zero: bool = False
    cross_check: bool = False
    staged: bool = False
    rev: str = ""
    formats: tuple[tuple[FormatName, str], ...] = ()
    color: str = "auto"
    quiet: bool = False
    verbose: bool = False
    keep_missing: bool = False
    cautious: bool = False
    force: bool = False
    installer: str = "auto"
    name: str = ""
    select: tuple[str, ...] = ()
    unrecorded: bool = False


class Policy(NamedTuple):
    """What the user counts as drift.

    `unlisted` is `all`, `orphans`, or `auto`, which chooses one of the two for each file. `ignore`
    are project names with `*` and `?`, `severity` pairs of a kind and `error`, `warning` or `off`.
    `live` are projects that only share their name with a module of the standard library, `add_to`
    is the file that takes new requirements.
    """

    unlisted: str = "auto"
    ignore: tuple[str, ...] = ()
    severity: tuple[tuple[KindName, Level], ...] = ()
    live: frozenset[str] = frozenset()
    add_to: str | None = None


class Report(NamedTuple):
    """All that a check found out.

    `environment` is None when none could be read, and when there are `parts`, each with its own.
    """

    environment: Environment | None
    files: tuple[ReadFile, ...] = ()
    findings: tuple[Finding, ...] = ()
    notes: tuple[Note, ...] = ()
    errors: tuple[Problem, ...] = ()
    checked: int = 0
    skipped: int = 0
    hints: tuple[Hint, ...] = ()
    parts: tuple[Part, ...] = ()
    verified: Verified | None = None

    @property
    def verdict(self) -> Verdict:
        """`clean`, `drift`, or `failed` where something could not be read."""
        if self.errors or (self.environment is None and not self.parts):
            return "failed"
        return "drift" if any(found.severity == "error" for found in self.findings) else "clean"

    @property
    def exit_code(self) -> int:
        """What the command exits with: 0 clean, 1 drift, 2 a file, 3 an environment unread."""
        if any(part.environment is None for part in self.parts or (self,)):
            return 3
        if self.errors:
            return max(error.exit_code for error in self.errors)
        return 1 if self.verdict == "drift" else 0


class Finding(NamedTuple):
    """One drift, of one kind.

    `moved` is the side that changed last, `environment` or `file`, '' where the times do not tell;
    `history` says it in words; `part` is the set that it was found in, where sets have names.
    Of an `extra`, `brought_by` are the unlisted projects, needed by nothing, that brought it. Of an
    `unmet`, `required_by` is the distribution whose metadata `requires` something else (the text of
    its Requires-Dist), and `chain` leads from the listed project down to it. `why` is what the
    message says besides what is `wanted` and `installed`: who needs an `extra`.
    """

    kind: KindName
    severity: Severity
    project: CanonicalName
    at: Location
    wanted: str | None
    installed: str | None
    message: str
    needed_by: tuple[str, ...] = ()
    moved: Side = ""
    history: str = ""
    part: str = ""
    brought_by: tuple[str, ...] = ()
    required_by: str = ""
    requires: str = ""
    chain: tuple[str, ...] = ()
    why: str = ""


class Hint(NamedTuple):
    """One way to go on: what for, and the command to type."""

    purpose: str
    command: str


class Part(NamedTuple):
    """What a run over several named sets says of one of them."""

    name: str
    environment: Environment | None
    files: tuple[ReadFile, ...]
    checked: int
    skipped: int


class Verified(NamedTuple):
    """How much `verify` looked at.

    Of so many `distributions`, `files` were compared by hash (`size` bytes were read), `unhashed`
    only looked for, and `bytecode` was passed over; `skipped` distributions list no files, or lie
    outside of the environment.
    """

    distributions: int
    files: int
    size: int
    unhashed: int
    bytecode: int
    skipped: int


class Checkout(NamedTuple):
    """A git repository as its files describe it.

    `top` is its folder, `shared` the git folder that all its working trees have in common, `commit`
    the one of HEAD, '' if unknown. `remotes` are URLs, all that there are if `complete`. `refs` are
    those that a revision may mean, with their commits, '' where the files do not say.
    """

    top: str
    shared: str
    commit: str
    remotes: tuple[str, ...]
    complete: bool
    refs: Mapping[str, str]
