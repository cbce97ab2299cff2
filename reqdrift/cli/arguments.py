"""Command-line arguments as a value."""

from __future__ import annotations

from ..values import TYPE_CHECKING, NamedTuple, Request, Style

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ..values import FormatName


class Options(NamedTuple):
    """All command-line arguments, with the defaults of a bare `reqdrift`.

    `request` is what the run is about, `style` how a report is shown. The other fields are for the
    commands themselves. `formats` are pairs of a format and the file that takes it, '' for standard
    output.
    """

    request: Request = Request()
    style: Style = Style()
    formats: tuple[tuple[FormatName, str], ...] = ()
    exit_zero: bool = False
    cross_check: bool = False
    names: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    write: bool = False


def options_from(values: Mapping[str, object]) -> Options:
    """The options, from values of fields: its own, and those of its request and its style."""
    request: dict[str, Any] = {}
    style: dict[str, Any] = {}
    rest: dict[str, Any] = {}
    for name, value in values.items():
        part = request if name in Request._fields else style if name in Style._fields else rest
        part[name] = value
    return Options(Request(**request), Style(**style), **rest)
