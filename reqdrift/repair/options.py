"""The options in requirements files, as they are passed to an installer."""

from __future__ import annotations

import os

from ..errors import UsageError
from ..report import place
from ..requirements.lines import logical_lines
from ..requirements.options import OUTDATED_NAMES, global_options
from ..requirements.ordinary import expand_variables
from ..requirements.parse import outdated_options
from ..standards.pep440 import satisfies
from ..standards.urls import percent_encoded
from ..values import TYPE_CHECKING, CanonicalName, Location
from .installer import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..values import Environment, ReadFile
    from .installer import Installer

# As uv 0.13 reads them in a requirements file; it ignores those of the last line.
_OF_UV = {
    *("-r", "--requirement", "-c", "--constraint", "-e", "--editable", "-i", "--index-url"),
    *("--extra-index-url", "-f", "--find-links", "--no-index", "--no-binary", "--only-binary"),
    *("--require-hashes", "--hash"),
    *("--pre", "--prefer-binary", "--trusted-host", "--use-feature"),
}


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


def is_read_by_uv(file: ReadFile) -> bool:
    """Whether uv reads every option of the file as pip does, or ignores it with a warning.

    It knows no abbreviations (`--req`), no value without a space (`-fwheels`), and fewer options.
    """
    for line in logical_lines(file.text):
        if not line.text.startswith("-"):
            continue
        names = {word.partition("=")[0] for word in line.text.split() if word.startswith("-")}
        if not names <= _OF_UV or any(mark in line.text for mark in "\"'\\"):
            return False
    return True


def options_of(file: ReadFile) -> Iterator[Entry]:
    """The options that a file sets, except includes, which are already read."""
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
    """A folder next to the file or in the working directory, as an absolute path or URL."""
    expanded = expand_variables(value)
    for base in bases:
        if not os.path.exists(os.path.join(base, expanded)):
            continue
        if expanded != value:
            # The values of variables are never printed.
            return value if os.path.isabs(expanded) else os.path.join(base, value)
        return f"file://{percent_encoded(os.path.abspath(os.path.join(base, value)))}"
    return value


def _quoted(value: str) -> str:
    """The value quoted for a file, as pip and uv read it."""
    if not any(mark in " \t\"'\\#" for mark in value):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
