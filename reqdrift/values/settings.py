"""Settings of the user: from options, parameters or the configuration."""

from __future__ import annotations

from . import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from . import KindName, Level
    from .ignores import IgnoredProject


class Request(NamedTuple):
    """The subject of a run, as the user gave it. Commands in hints repeat it.

    `files` and `constraints` are what is read, from git's index if `staged`, from a revision if
    there is a `rev`. `python`, `path`, or records (`installed`) name the environment;
    `python_version` and `platform` say what the last two do not. With `root`, `python` is a path
    inside that root file system.
    `unlisted`, `ignore`, `severity`, `stdlib` and `add_to` say what counts as drift, as `Policy`
    does; `keep_missing`, `cautious` and `force` how far a repair goes, `installer` what the
    commands of a plan use, and `extras` and `groups` what is chosen of lock files. `set_name` is
    the only set to check.
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
    staged: bool = False
    rev: str = ""
    keep_missing: bool = False
    cautious: bool = False
    force: bool = False
    installer: str = "auto"
    extras: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    set_name: str = ""
    installed: tuple[str, ...] = ()
    platform: str | None = None
    root: str | None = None


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
    standard library, `add_to` is the file that takes new requirements.
    """

    unlisted: str = "auto"
    ignore: tuple[str | IgnoredProject, ...] = ()
    severity: tuple[tuple[KindName, Level], ...] = ()
    live: frozenset[str] = frozenset()
    add_to: str | None = None


class Set(NamedTuple):
    """Files that are checked together against one environment; `name` is '' for the only set.

    `python` is named for this run or this set (`named_by` says which), `configured` for the
    project; variables and git configuration take precedence over `configured`. `extras` and
    `groups` are the parts of lock files that are installed; without groups, the default groups are.
    `sources` are what compiled files without a header were compiled from. `base` is the name
    in the configuration: a set with several environments is one for each of them. `installed` is
    the record of its environment, '' if it is on this disk.
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


class Settings(NamedTuple):
    """The sets to check, each with its policy, and what counts as drift without a set."""

    sets: tuple[Set, ...]
    policy: Policy = Policy()
