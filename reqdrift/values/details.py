"""What only some requirements and environments have: sources, locks, ignores, records."""

from __future__ import annotations

from . import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from . import CanonicalName, KindName, SourceKind


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


class Editable(NamedTuple):
    """An editable install that does not run from this checkout.

    `root` is the folder of the project that Python imports it from, `missing` the path of it that
    does not exist, '' if all is there. `here` is the folder in this checkout that it should be, ''
    if there is none. `own` is whether it is the project that the requirements file belongs to, not
    another one of its repository. `recorded` is whether a record says so, maybe of another machine.
    """

    root: str
    missing: str = ""
    here: str = ""
    own: bool = False
    recorded: bool = False


class DeclaredRequirement(NamedTuple):
    """A requirement in a project's file; `line` is None where it is not certain."""

    name: CanonicalName
    extras: tuple[str, ...] = ()
    specifier: str = ""
    marker: str = ""
    line: int | None = None


class Declaration(NamedTuple):
    """What is declared in one place of a file, as the `dev` group of a pyproject.toml.

    `place` names it in a sentence: `the dev group`, `the test extra`, `Pipfile`.
    """

    place: str
    file: str
    requirements: tuple[DeclaredRequirement, ...]


class Declared(NamedTuple):
    """What is declared for a folder.

    `folder` is that of the project, None if there is none, and `name` its name, if a file states
    it. `dependencies` are those that it is installed with; None if it has none, or only building it
    shows them. `others` is all else that may be installed on purpose. The rest is what uv resolves
    by: requirements in the place of all others on a project, what is never installed, and metadata
    in the place of a distribution's own: name, version ('' is all) and Requires-Dist.
    """

    folder: str | None = None
    name: CanonicalName | None = None
    dependencies: Declaration | None = None
    others: tuple[Declaration, ...] = ()
    overrides: tuple[DeclaredRequirement, ...] = ()
    excluded: frozenset[CanonicalName] = frozenset()
    metadata: tuple[tuple[CanonicalName, str, tuple[str, ...]], ...] = ()
