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
