"""What an environment holds."""

from __future__ import annotations

from . import TYPE_CHECKING, CanonicalName, NamedTuple, Note

if TYPE_CHECKING:
    from collections.abc import Mapping

    from . import Chosen


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
