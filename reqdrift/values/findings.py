"""The parts of a report that is not clean."""

from __future__ import annotations

from . import TYPE_CHECKING, CanonicalName, Location, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from . import Environment, KindName, Python, ReadFile, Severity, Verdict
    from .words import SourceKind


class Hint(NamedTuple):
    """A command to type, and its purpose."""

    purpose: str
    command: str


class Finding(NamedTuple):
    """One difference, of one kind.

    `part` is the name of its set, and `environments` are those that it is about, if the set has
    several; `label` names one or the other, and precedes the message. For an `extra`, `brought_by`
    has the unlisted roots that brought it in. For an `unmet`, `required_by` is the distribution
    whose metadata `requires` something else (the text of its Requires-Dist), and `chain` leads from
    the listed project to it. `why` is the part of the message besides `wanted` and `installed`:
    what needs an `extra`, what a `stale` file lacks. For a `stale`, `compiled` is the path of that
    file. For a `missing` name that is probably misspelled, `meant` is what was meant.
    """

    kind: KindName
    severity: Severity
    project: CanonicalName
    at: Location
    wanted: str | None
    installed: str | None
    message: str
    needed_by: tuple[str, ...] = ()
    part: str = ""
    brought_by: tuple[str, ...] = ()
    required_by: str = ""
    requires: str = ""
    chain: tuple[str, ...] = ()
    why: str = ""
    meant: str = ""
    compiled: str = ""
    environments: tuple[str, ...] = ()
    label: str = ""


class Questions(NamedTuple):
    """What else must be known about the environment; slow to read.

    `checkouts` are arguments of `read_checkout`.
    `requires` asks what each distribution needs, `requires_of` what these need.
    """

    sources: frozenset[CanonicalName] = frozenset()
    checkouts: frozenset[tuple[str, str, str]] = frozenset()
    requires: bool = False
    exact_python: bool = False
    names: frozenset[CanonicalName] = frozenset()
    requires_of: frozenset[CanonicalName] = frozenset()


class Unreadable(NamedTuple):
    """The answer to a question whose files could not be read."""

    path: str
    why: str


class Facts(NamedTuple):
    """The answers; None if not asked. `names` are spelled as in the metadata."""

    sources: Mapping[CanonicalName, Source | Unreadable]
    requires: Mapping[CanonicalName, tuple[str, ...] | Unreadable] | None = None
    python: Python | None = None
    started: bool = False
    names: Mapping[CanonicalName, str] | None = None
    checkouts: Mapping[tuple[str, str, str], Checkout | None] | None = None
    requires_of: Mapping[CanonicalName, tuple[str, ...] | Unreadable] = {}

    @property
    def needs(self) -> Mapping[CanonicalName, tuple[str, ...] | Unreadable]:
        """The Requires-Dist of all distributions, or of those that were asked."""
        return self.requires_of if self.requires is None else self.requires


class Project(NamedTuple):
    """The project around the requirements file: its top folder, and its own name if it has one.

    `parts` are the names of projects in its folders, as far as they were looked for.
    """

    folder: str
    name: CanonicalName | None = None
    parts: frozenset[CanonicalName] = frozenset()


class IgnoredProject(NamedTuple):
    """Projects whose findings do not count; `*` and `?` in the name are wildcards.

    `kinds` are the kinds of finding that it covers, all if there are none. `reason` says why, to
    those who read the configuration and the report. With `installed`, it covers only findings about
    that installed version.
    """

    name: str
    kinds: frozenset[KindName] = frozenset()
    reason: str = ""
    installed: str = ""


class Ignore(NamedTuple):
    """A comment that ignores findings about its requirement: of these kinds, or of all.

    `text` is the comment, for messages.
    """

    text: str
    kinds: frozenset[str] = frozenset()


class LockEntry(NamedTuple):
    """An entry of a lock file: `key` identifies it, `line` is where it begins."""

    file: str
    line: int
    key: str


class Scope(NamedTuple):
    """The environments that a lock file is for, `text` in words: one of `markers` must hold there.

    It is about the whole file, or about the entry of `project` that begins at `line`.
    """

    file: str
    line: int | None
    text: str
    markers: tuple[str, ...]
    project: str = ""


class Part(NamedTuple):
    """The result for one of several named sets, or for one of several environments of a set.

    `base` is the name of the set if it has several environments; `same_as` is the first of these in
    which the same is installed, with the same findings.
    """

    name: str
    environment: Environment | None
    files: tuple[ReadFile, ...]
    checked: int
    skipped: int
    base: str | None = None
    verdict: Verdict = "clean"
    same_as: str = ""


# How many names a message has, unless all are asked for.
_MOST_NAMED = 4


def some_names(names: Sequence[str], total: int, *, verbose: bool) -> str:
    """The names of environments, the first of them if there are many.

    Args:
        names: which environments.
        total: how many there are.
        verbose: show all names.
    """
    if verbose or len(names) <= _MOST_NAMED:
        return ", ".join(names)
    if len(names) == total:
        return f"all {total}"
    return f"{', '.join(names[:_MOST_NAMED])} and {len(names) - _MOST_NAMED} more"


class Verified(NamedTuple):
    """How much `verify` looked at.

    Of so many `distributions`, `files` were compared by hash (`size` bytes were read), `unhashed`
    only checked for existence, `bytecode` skipped. `skipped` distributions list no files, or are
    outside of the environment.
    """

    distributions: int
    files: int
    size: int
    unhashed: int
    bytecode: int
    skipped: int


class Gaps(NamedTuple):
    """What a record does not say; `record` names its format in messages ("a freeze").

    What has gaps has no dependencies. `variables` are the environment markers whose values are
    unknown. `sources` is whether those of the distributions are unknown, `editables` whether it is
    unknown which of them are editable. `hidden` are projects that may be installed although the
    record does not have them, `unversioned` those whose version it does not have.
    """

    record: str
    variables: frozenset[str] = frozenset()
    sources: bool = False
    editables: bool = False
    hidden: frozenset[CanonicalName] = frozenset()
    unversioned: frozenset[CanonicalName] = frozenset()


class Source(NamedTuple):
    """Where a distribution comes from if not from an index: a line's URL or path, or PEP 610.

    `kind` is `archive`, `vcs` or `folder`. `url` has no credentials, fragment or revision.
    `folders` are absolute real paths: of an installed distribution, or all possible meanings of
    a line's relative path. `hashes` are `algorithm:hexdigest`; `vcs` is `git` or another.
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


class Checkout(NamedTuple):
    """A git repository as git describes it.

    `top` is its folder, `commit` the one of HEAD, '' if unknown. `remotes` are URLs. `refs` are
    those that a revision can mean, with their commits, '' if unknown. `own` is whether it is that
    of the project; then the rest is not known.
    """

    top: str
    commit: str = ""
    remotes: tuple[str, ...] = ()
    refs: Mapping[str, str] = {}
    own: bool = False
