"""Environments and what is installed in them."""

from __future__ import annotations

from . import TYPE_CHECKING, CanonicalName, NamedTuple, Note

if TYPE_CHECKING:
    from collections.abc import Mapping

    from . import Chosen
    from .records import Gaps


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


class Broken(NamedTuple):
    """A contradiction inside the environment."""

    project: CanonicalName
    message: str


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
    decisions use `chosen` and `can`. `gaps` are what its record does not say, None if nothing.
    `root` is the root file system that it is in, '' for this machine's; the paths of distributions
    are those inside the root.
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
    gaps: Gaps | None = None
    root: str = ""

    @property
    def doubled(self) -> frozenset[CanonicalName]:
        """The projects with several distributions in one folder: it is unknown which one counts."""
        return frozenset(
            copy.name for copy in self.hidden if self.distributions[copy.name].folder == copy.folder
        )

    @property
    def named_path(self) -> str:
        """The value for `--python` that names the environment."""
        interpreter = self.python.interpreter
        return interpreter if self.started and interpreter else self.prefix
