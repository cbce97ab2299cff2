"""Command-line arguments as a value."""

from __future__ import annotations

from ..values import TYPE_CHECKING, NamedTuple
from ..values.settings import Request, Style

if TYPE_CHECKING:
    from ..values import FormatName, KindName, Level


class Options(NamedTuple):
    """All command-line arguments, with the defaults of a bare `reqdrift`.

    The fields after `root` are for the commands themselves. `formats` are pairs of a format
    and the file that takes it, '' for standard output.
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
    quiet: bool = False
    verbose: bool = False
    color: str = "auto"
    formats: tuple[tuple[FormatName, str], ...] = ()
    exit_zero: bool = False
    cross_check: bool = False
    no_baseline: bool = False
    names: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    unrecorded: bool = False
    write: bool = False

    @property
    def request(self) -> Request:
        """What the run is about."""
        return Request._make(getattr(self, name) for name in Request._fields)

    @property
    def style(self) -> Style:
        """How a report is shown."""
        return Style(self.quiet, self.verbose, self.color)
