"""What only some runs create.

Of requirements and environments: sources, locks, ignores, what is declared, what records do not
say. Of a report that is not clean: findings, hints, parts.
"""

from __future__ import annotations

from . import TYPE_CHECKING, CanonicalName, Location, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from . import (
        Environment,
        KindName,
        Problem,
        ReadFile,
        Requirement,
        Severity,
        SourceKind,
        Verdict,
    )


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
    """An entry of a lock file; `line` is where it begins."""

    file: str
    line: int


class Scope(NamedTuple):
    """The environments that a lock file is for, `text` in words: one of `markers` must hold there.

    It is about the whole file, or about the entry of `project` that begins at `line`.
    """

    file: str
    line: int | None
    text: str
    markers: tuple[str, ...]
    project: str = ""


class Compiled(NamedTuple):
    """A file that a tool compiled, with what its sources surely ask for.

    `command` compiles it again. `files` are the paths whose requirements count as listed in it.
    `asked` are requirements, and constraints, of the `sources` (paths); both are empty if these are
    not known. `maybe` are those whose markers say nothing certain of where it was compiled. The
    command runs in the folder `folder`. `overrides` are requirements that it put in the place of
    all others on a project, `excluded` the projects that it left out.
    """

    file: str
    command: str
    files: frozenset[str]
    asked: tuple[Requirement, ...] = ()
    maybe: tuple[Requirement, ...] = ()
    sources: tuple[str, ...] = ()
    folder: str = ""
    overrides: tuple[Requirement, ...] = ()
    excluded: frozenset[CanonicalName] = frozenset()


class Broken(NamedTuple):
    """A contradiction inside the environment, or what is `unreadable`."""

    project: CanonicalName
    message: str
    unreadable: bool = False


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
    `recorded` is the path that pip records for a relative `file:` URL: `file:lib` as `/lib`.
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
    recorded: str = ""


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


class Editable(NamedTuple):
    """An editable install that does not run from this checkout.

    `root` is the folder of the project that Python imports it from, `missing` the path of it that
    does not exist, '' if all is there. `here` is the folder in this checkout that it should be, ''
    if there is none. `own` is whether it is the project that the requirements file belongs to, not
    another one of its repository. `recorded` is whether a record says so, maybe of another machine.
    `because` is why no installation changes that, and what does, '' if one does.
    """

    root: str
    missing: str = ""
    here: str = ""
    own: bool = False
    recorded: bool = False
    because: str = ""


class DeclaredRequirement(NamedTuple):
    """A requirement in a project's file; `line` is None where it is not certain."""

    name: CanonicalName
    extras: tuple[str, ...] = ()
    specifier: str = ""
    marker: str = ""
    line: int | None = None
    url: str = ""


class Declaration(NamedTuple):
    """What is declared in one place of a file, as the `dev` group of a pyproject.toml.

    `place` names it in a sentence: `the dev group`, `the test extra`, `Pipfile`. `unread` is
    the first of the lines that cannot be read, where there may be more.
    """

    place: str
    file: str
    requirements: tuple[DeclaredRequirement, ...]
    unread: Problem | None = None


class Declared(NamedTuple):
    """What is declared for a folder.

    `folder` is that of the project, None if there is none, and `name` its name, if a file states
    it; `version` is that of `[project]`, '' if only building it shows it. `dependencies` are those
    that it is installed with; None if it has none, or only building it shows them. `others` is all
    else that may be installed on purpose. `parts` are other projects of the repository that lines
    install, `problems` files that cannot be read. The rest is what uv resolves by: requirements in
    the place of all others on a project, what is never installed, and metadata in the place of a
    distribution's own: name, version ('' is all) and Requires-Dist.
    """

    folder: str | None = None
    name: CanonicalName | None = None
    dependencies: Declaration | None = None
    others: tuple[Declaration, ...] = ()
    overrides: tuple[DeclaredRequirement, ...] = ()
    excluded: frozenset[CanonicalName] = frozenset()
    metadata: tuple[tuple[CanonicalName, str, tuple[str, ...]], ...] = ()
    parts: tuple[Declared, ...] = ()
    problems: tuple[Problem, ...] = ()
    version: str = ""


# Lines for people have 2,000 characters at most.
_LONGEST = 1900


class Hint(NamedTuple):
    """A command to type, and its purpose; or '' and what to do instead."""

    purpose: str
    command: str

    @property
    def is_for_files(self) -> bool:
        """Whether the files follow the environment."""
        return self.purpose.startswith("if the environment is right")

    @property
    def in_one_line(self) -> Hint:
        """For people: a command that would be cut must not be typed."""
        if len(self.purpose) + len(self.command) < _LONGEST:
            return self
        start = self.command[:100].rpartition(" ")[0]
        return Hint(f"{self.purpose} (too long to print; the command begins: {start} …)", "")


class Finding(NamedTuple):
    """One difference, of one kind.

    `part` is the name of its set, and `environments` are those that it is about, if the set has
    several; `label` names one or the other, and precedes the message. For an `extra`, `brought_by`
    has the unlisted roots that brought it in. For an `unmet`, `required_by` is the distribution
    whose metadata `requires` something else (the text of its Requires-Dist), and `chain` leads from
    the listed project to it. `why` is the part of the message besides `wanted` and `installed`:
    what needs an `extra`, what a `stale` file lacks. For a `stale`, and for an `extra` that a
    source declares, `compiled` is the path of the compiled file. For a `missing` name that is
    probably misspelled, `meant` is what was meant.
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


def some_names(
    names: Sequence[str], most: int = 4, *, total: int = 0, verbose: bool = False
) -> str:
    """The names in a message, the first of them if there are many.

    Args:
        names: which of them.
        most: how many are shown.
        total: how many there are, if it is worth saying that these are all.
        verbose: show all names.
    """
    if verbose or len(names) <= most:
        return ", ".join(names)
    if len(names) == total:
        return f"all {total}"
    return f"{', '.join(names[:most])} and {len(names) - most} more"


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
