"""Where projects come from, if not from an index."""

from __future__ import annotations

from .._record import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .words import SourceKind


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
    """A git repository as its files describe it.

    `top` is its folder, `shared` the git folder that all its working trees have in common, `commit`
    the one of HEAD, '' if unknown. `remotes` are URLs; all of them if `complete`. `refs` are those
    that a revision can mean, with their commits, '' if unknown.
    """

    top: str
    shared: str
    commit: str
    remotes: tuple[str, ...]
    complete: bool
    refs: Mapping[str, str]
