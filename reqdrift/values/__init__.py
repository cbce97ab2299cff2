"""The values that reqdrift's functions take and return; docs/architecture.md explains the terms.

Every value is immutable data: nothing here reads a file, and nothing is lazy. This module has what
every run creates: places in files and notes, what the user asked for, requirements, environments,
the report. What only some runs need is in `details`, because every class adds to the start-up time.
"""

from __future__ import annotations

from .._record import TYPE_CHECKING as TYPE_CHECKING  # re-exported for all other modules
from .._record import NamedTuple as NamedTuple
from .._record import lazy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Literal, NewType

    from . import details as details

    # The values of some fields.
    CanonicalName = NewType("CanonicalName", str)
    Verdict = Literal["clean", "drift", "failed"]
    KindName = Literal[
        "broken",
        "missing",
        "version",
        "source",
        "unmet",
        "extra",
        "unpinned",
        "conflict",
        "stale",
        "modified",
    ]
    Severity = Literal["error", "warning"]
    Level = Literal["error", "warning", "off"]
    # One word for all notes of a kind.
    Reason = str
    FormatName = Literal[
        "auto", "text", "rich", "json", "github", "gitlab", "sarif", "junit", "markdown", "html"
    ]
    SourceKind = Literal["archive", "vcs", "folder"]
    Chosen = Literal["named", "found", "guess"]
else:
    CanonicalName = str
    __getattr__ = lazy(__name__)


class Location(NamedTuple):
    """A location in a file; `line` is None for the whole file. Lines are counted from 1."""

    file: str
    line: int | None = None
    end_line: int | None = None


class Note(NamedTuple):
    """Information that does not count as drift, with a reason; if `quiet`, shown only with -v."""

    reason: Reason
    project: str | None
    at: Location | None
    message: str
    quiet: bool = False


class Problem(NamedTuple):
    """A line or file that could not be read; the run fails with that exit code."""

    at: Location | None
    message: str
    exit_code: int = 2


class Request(NamedTuple):
    """The subject of a run, as the user gave it. Commands in hints repeat it, in this order.

    `files` and `constraints` are what is read, from git's index if `staged`, from a revision if
    there is a `rev`. `python`, `path`, or records (`installed`) name the environment;
    `python_version` and `platform` say what these do not. `satisfied`, `unlisted`, `ignore`,
    `severity`, `stdlib` and `add_to` say what counts as drift, as `Policy` does; `keep_missing`,
    `cautious` and `force` how far a repair goes, `uninstall` whether a plan uninstalls what is
    unlisted, `installer` what its commands use, and `extras` and `groups` what is chosen of lock
    files. `set_name` is the only set to check.
    """

    files: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    python: str | None = None
    path: str | None = None
    python_version: str | None = None
    platform: str | None = None
    installed: tuple[str, ...] = ()
    set_name: str = ""
    satisfied: bool = False
    unlisted: str = ""
    staged: bool = False
    rev: str = ""
    extras: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: tuple[tuple[KindName, Level], ...] = ()
    stdlib: tuple[str, ...] = ()
    keep_missing: bool = False
    cautious: bool = False
    force: bool = False
    uninstall: bool = False
    add_to: str | None = None
    installer: str = "auto"


class Style(NamedTuple):
    """How a report is shown to people; formats for programs are always complete."""

    quiet: bool = False
    verbose: bool = False
    color: str = "auto"


class Policy(NamedTuple):
    """What counts as drift.

    `unlisted` is `all`, `orphans`, or `auto`, which chooses one of the two for each file. `ignore`
    are project names with `*` and `?`, or `IgnoredProject`s; `severity` are pairs of a kind and
    `error`, `warning` or `off`. `live` are projects that only share their name with a module of the
    standard library, `add_to` is the file that takes new requirements. `checkout` is `off` if
    editable installs may run from another checkout. If `satisfied`, only that counts for which an
    installer would have something to install: nothing that is unlisted, unpinned or stale, and no
    warning.
    """

    unlisted: str = "auto"
    ignore: tuple[str | details.IgnoredProject, ...] = ()
    severity: tuple[tuple[KindName, Level], ...] = ()
    live: frozenset[str] = frozenset()
    add_to: str | None = None
    checkout: str = "on"
    satisfied: bool = False


class Set(NamedTuple):
    """Files that are checked together against one environment; `name` is '' for the only set.

    `python` is named for this run or this set (`named_by` says which), `configured` for the
    project; variables and git configuration take precedence over `configured`. `extras` and
    `groups` are the parts of lock files that are installed; without groups, the default groups are.
    `sources` are what compiled files without a header were compiled from. `base` is the name
    in the configuration: a set with several environments is one for each of them. `installed` is
    the record of its environment, '' if it is on this disk. `beside` has the files of other sets,
    each with the environment that the configuration names for it.
    """

    name: str
    files: tuple[str, ...]
    python: str | None = None
    configured: str | None = None
    named_by: str = "--python"
    extras: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    policy: Policy = Policy()
    base: str = ""
    installed: str = ""
    beside: tuple[tuple[str, str], ...] = ()

    @property
    def configured_python(self) -> str:
        """The environment that the configuration names for the set, '' if none."""
        own = self.python if self.named_by != "--python" else None
        return own or self.configured or ""


class Settings(NamedTuple):
    """The sets to check, each with its policy, and what counts as drift without a set."""

    sets: tuple[Set, ...]
    policy: Policy = Policy()


class Lines(NamedTuple):
    """Physical lines `first` to `last` of a text file, counted from 1; `raw` is their text."""

    file: str
    first: int
    last: int
    raw: str


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
    origin: Lines | details.LockEntry
    constraint: bool = False
    pin: str | None = None
    limits: str = ""
    extras: tuple[str, ...] = ()
    marker: str | None = None
    source: details.Source | None = None
    hashes: tuple[str, ...] = ()
    hint: str = ""
    stated: bool = False
    ignore: details.Ignore | None = None

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


class Requirements(NamedTuple):
    """The content of a set of requirements files, and errors.

    `omitted` are the projects that compiled files leave out on purpose; `remote` is whether a
    constraints URL was not downloaded. `includes` are pairs of paths: a file, and one that it
    includes with `-r`. `scopes` are the environments that lock files are for, `compiled` the files
    that tools compiled from others.
    """

    requirements: tuple[Requirement, ...]
    files: tuple[ReadFile, ...]
    notes: tuple[Note, ...] = ()
    errors: tuple[Problem, ...] = ()
    omitted: frozenset[CanonicalName] = frozenset()
    remote: bool = False
    includes: tuple[tuple[str, str], ...] = ()
    scopes: tuple[details.Scope, ...] = ()
    compiled: tuple[details.Compiled, ...] = ()


class Python(NamedTuple):
    """The checked Python: `version` is X.Y or X.Y.Z; `interpreter` may be None (`--path`).

    `platform` is its `sys.platform` if the layout determines it, '' for this machine's. `assumed`
    is whether its version is unknown; it is then that of the Python that reqdrift runs on.
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
    `folder`, which is on the path. `direct` means that it did not come from an index (PEP 610 or
    an egg-link), `own` that it is in the environment's own folders.
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

    @property
    def may_be_editable(self) -> bool:
        """Whether it has a direct URL or an egg-link, or a `.pth` file names its folder."""
        return self.direct or not (self.own or self.folder.endswith("-packages"))


class Capabilities(NamedTuple):
    """What can be done with an environment besides comparing it.

    `files` is whether its files can be read, `install` whether it has an interpreter to install
    with, `times` whether the times of its files say when something was installed.
    """

    files: bool = True
    install: bool = True
    times: bool = True


class Environment(NamedTuple):
    """The Python environment that is checked. `started` is whether its interpreter was started.

    `folders` are its own site folders, `hidden` the distributions that another of the same
    name hides. `chosen` is `named` if the user named it, `guess` if it was chosen only because of
    what is installed in it, otherwise `found`. `found_by` describes how it was found, for readers:
    decisions use `chosen` and `can`. `gaps` are what its record does not say, None if nothing;
    `is_conda` is whether conda manages it, which has other names for some projects. `paths` are
    what `.pth` files put on the path, in its order: the file, and the folder.
    """

    prefix: str
    python: Python
    found_by: str
    distributions: Mapping[CanonicalName, Distribution]
    broken: tuple[details.Broken, ...] = ()
    notes: tuple[Note, ...] = ()
    started: bool = False
    folders: tuple[str, ...] = ()
    hidden: tuple[Distribution, ...] = ()
    chosen: Chosen = "found"
    can: Capabilities = Capabilities(True, True, True)
    gaps: details.Gaps | None = None
    is_conda: bool = False
    paths: tuple[tuple[str, str], ...] = ()

    @property
    def doubled(self) -> frozenset[CanonicalName]:
        """The projects with several distributions in one folder: it is unknown which one counts."""
        return frozenset(
            copy.name for copy in self.hidden if self.distributions[copy.name].folder == copy.folder
        )

    @property
    def named_path(self) -> str:
        """The value for `--python` that names the environment."""
        return (self.started and self.python.interpreter) or self.prefix


class Questions(NamedTuple):
    """What else must be known about the environment.

    `checkouts` are arguments of `read_checkout`; `requires` asks what each distribution needs, and
    `editables` where editable installs run from, for the folder of a project and the top of its
    repository.
    """

    sources: frozenset[CanonicalName] = frozenset()
    checkouts: frozenset[tuple[str, str, str]] = frozenset()
    requires: bool = False
    exact_python: bool = False
    names: frozenset[CanonicalName] = frozenset()
    editables: tuple[str, str | None] | None = None


class Unreadable(NamedTuple):
    """The answer to a question whose files could not be read."""

    path: str
    why: str


class Facts(NamedTuple):
    """The answers; `requires` and `python` are None if not asked.

    `names` are spelled as in the metadata.
    """

    sources: Mapping[CanonicalName, details.Source | Unreadable] = {}
    requires: Mapping[CanonicalName, tuple[str, ...] | Unreadable] | None = None
    python: Python | None = None
    started: bool = False
    names: Mapping[CanonicalName, str] = {}
    checkouts: Mapping[tuple[str, str, str], details.Checkout | None] = {}
    editables: Mapping[CanonicalName, details.Editable] = {}


class Project(NamedTuple):
    """The project around the requirements file: its top folder, and its own name if it has one.

    `parts` are the names of projects in its folders, as far as they were looked for. `declared` is
    what its files declare besides, None if that does not matter.
    """

    folder: str
    name: CanonicalName | None = None
    parts: frozenset[CanonicalName] = frozenset()
    declared: details.Declared | None = None


class Report(NamedTuple):
    """The result of a check.

    `environment` is None if none could be read, or if there are `parts`, each with its own.
    `leads` say which one reason most findings have, and what to do about it; there are no `hints`
    then.
    """

    environment: Environment | None
    files: tuple[ReadFile, ...] = ()
    findings: tuple[details.Finding, ...] = ()
    notes: tuple[Note, ...] = ()
    errors: tuple[Problem, ...] = ()
    checked: int = 0
    skipped: int = 0
    hints: tuple[details.Hint, ...] = ()
    parts: tuple[details.Part, ...] = ()
    verified: details.Verified | None = None
    leads: tuple[details.Hint, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """`clean`, `drift`, or `failed` if something could not be read."""
        if self.errors or any(part.environment is None for part in self.parts or (self,)):
            return "failed"
        return "drift" if any(found.severity == "error" for found in self.findings) else "clean"

    @property
    def exit_code(self) -> int:
        """0 no drift, 1 drift, 2 an unreadable file, 3 an unreadable environment."""
        if any(part.environment is None for part in self.parts or (self,)):
            return 3
        if self.errors:
            return max(error.exit_code for error in self.errors)
        return 1 if self.verdict == "drift" else 0
