"""The options that requirements files set, as an installer has to be given them."""

from __future__ import annotations

import os
from urllib.parse import quote

from ..errors import UsageError
from ..report import place
from ..requirements.lines import logical_lines
from ..requirements.options import OUTDATED_NAMES, global_options
from ..requirements.ordinary import expand_variables
from ..requirements.parse import outdated_options
from ..standards.pep440 import satisfies
from ..values import TYPE_CHECKING, CanonicalName, Location
from .plan import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..values import Environment, ReadFile
    from .plan import Installer


def must_be_readable(file: ReadFile, environment: Environment, installer: Installer) -> None:
    """Raises UsageError for an option that the installer refuses, before anything is removed."""
    if not any(name in file.text for name in OUTDATED_NAMES):
        return
    pip = environment.distributions.get(CanonicalName("pip"))
    who = "uv" if installer.is_uv or pip is None else f"pip {pip.version}"
    for line in logical_lines(file.text):
        for option in outdated_options(line.text):
            if who == "uv" or satisfies(who.removeprefix("pip "), f">={option.refused_by}"):
                at = place(Location(file.path, line.line))
                raise UsageError(f"{at}: {who} refuses {option.name}", "remove it from the file")


def options_of(file: ReadFile) -> Iterator[Entry]:
    """The options that a file sets, but for the includes that are read already."""
    for line in logical_lines(file.text):
        if not line.text.startswith("-"):
            continue
        for name, value in global_options(line.text):
            if name == "--find-links":
                value = _find_links(value, (os.path.dirname(file.path), os.getcwd()))
            elif name == "--constraint" and not value.startswith(("http://", "https://")):
                continue
            text = f"{name} {_quoted(value)}" if value else name
            yield Entry(text, Location(file.path, line.line, line.end_line))


def _find_links(value: str, bases: tuple[str, ...]) -> str:
    """A folder beside the file or here, named so that it is found from anywhere."""
    expanded = expand_variables(value)
    for base in bases:
        if not os.path.exists(os.path.join(base, expanded)):
            continue
        if expanded != value:
            # The values of variables are never printed.
            return value if os.path.isabs(expanded) else os.path.join(base, value)
        return f"file://{quote(os.path.abspath(os.path.join(base, value)))}"
    return value


def _quoted(value: str) -> str:
    """The value as pip and uv read it from a file, where few marks mean anything."""
    if not any(mark in " \t\"'\\#" for mark in value):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
