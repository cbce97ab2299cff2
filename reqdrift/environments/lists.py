"""Lists (`pip list --format json`) and freezes (`pip freeze`), those of uv too.

A line of a freeze is `name==version`, `name @ URL`, or `-e` with a URL or a path. Before the path
of an editable, pip writes a comment with its name and version. Anything else is no freeze: not a
warning that was written into the same stream, and not a requirements file that people write.
"""

from __future__ import annotations

from .. import standards
from ..errors import EnvironmentReadError, InvalidLineError
from ..requirements.compiled import generating_command
from ..requirements.references import requirement_from_text, written_as
from ..standards.pep440 import is_pinned, satisfies
from ..values import TYPE_CHECKING, CanonicalName, Distribution, Lines
from ..values.details import Gaps, Source
from .documents import APART, WAY_OUT, Recorded, all_different, distribution_of, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from ..values import Requirement

_WAY_OUT = "write it with pip inspect or pip list --format json"
# The first pip whose list has the folders of editables.
_LISTS_EDITABLES = "21.3"
# In place of the version, where a freeze has none.
UNKNOWN = "unknown"
_PIP = CanonicalName("pip")
# The first pip whose freeze has those.
_FREEZES_EDITABLES = "19.0"
# Old versions of pip begin with the `find-links` of their configuration.
_WHERE_TO_LOOK = ("-f ", "--find-links ")
# pip omits them without `--all`: itself always, the others below Python 3.12 (older pips always).
_OFTEN_OMITTED = frozenset(map(CanonicalName, ("setuptools", "wheel", "distribute")))


def read_listing(document: list[Any]) -> Recorded:
    """The content of the list.

    Raises:
        EnvironmentReadError: it is another list, or not complete.
    """
    found = []
    editables = {}
    for item in document:
        if not isinstance(item, dict) or "name" not in item or "version" not in item:
            raise EnvironmentReadError("a list, but not of pip or uv", _WAY_OUT)
        if "latest_version" in item:
            raise EnvironmentReadError("it has only what is outdated", "leave out --outdated")
        if "channel" in item:
            raise EnvironmentReadError("it is a list of conda, with other packages", _WAY_OUT)
        location = item.get("editable_project_location") or ""
        one = distribution_of(item["name"], item["version"], direct=bool(location))
        found.append(one)
        if location:
            editables[one.name] = Source("folder", str(location), editable=True, local=True)
    versions = {one.name: one.version for one in found}
    is_old = satisfies(versions.get(_PIP, _LISTS_EDITABLES), f"<{_LISTS_EDITABLES}")
    gaps = Gaps("a list", sources=True, editables=is_old and not editables)
    return Recorded(gaps, all_different(found), direct=dict(editables))


def read_frozen_list(text: str, name_of: Callable[[str], str]) -> Recorded:
    """The content of a freeze.

    Args:
        text: all of it.
        name_of: the project in a folder, '' if unknown.

    Raises:
        EnvironmentReadError: a line is not one of a freeze.
    """
    if generating_command(text):
        raise EnvironmentReadError("a compiled requirements file, not a record", "write a freeze")
    found: list[Distribution] = []
    direct: dict[CanonicalName, object] = {}
    for number, line, comment in _lines(text):
        try:
            one, source = _read(line, comment, name_of)
        except (InvalidLineError, ValueError):
            what = f"line {number} is not one of a freeze: {standards.redact(quoted(line))}"
            # The first line may be a message, or the file be of another format.
            raise EnvironmentReadError(what, APART if found else f"{WAY_OUT}; {APART}") from None
        found.append(one)
        if source:
            direct[one.name] = source
    if not found:
        raise EnvironmentReadError("it is empty")
    names = {one.name for one in found}
    hidden = frozenset[CanonicalName]()
    if _PIP not in names:
        hidden = frozenset({_PIP, *(() if names & _OFTEN_OMITTED else _OFTEN_OMITTED)}) - names
    gaps = Gaps(
        "a freeze",
        # `pip list --format freeze` has pip, too, but no sources.
        sources=_PIP in names and not direct,
        editables=_is_old(found),
        hidden=hidden,
        unversioned=frozenset(one.name for one in found if one.version == UNKNOWN),
    )
    return Recorded(gaps, all_different(found), direct=direct)


def _is_old(found: list[Distribution]) -> bool:
    """Whether the pip is one that freezes a folder, editable or not, as a release."""
    versions = [one.version for one in found if one.name == _PIP]
    return any(satisfies(version, f"<{_FREEZES_EDITABLES}") for version in versions)


def _lines(text: str) -> Iterator[tuple[int, str, str]]:
    """The number of each line, the line, and the comment before it."""
    comment = ""
    for number, line in enumerate(text.split("\n"), 1):
        line = line.rstrip()
        if line.startswith("#"):
            # Below its comment, pip may quote a URL.
            comment = comment if line.startswith("# '") else line
        elif line and not line.startswith(_WHERE_TO_LOOK):
            yield number, line, comment
            comment = ""


def _read(
    line: str, comment: str, name_of: Callable[[str], str]
) -> tuple[Distribution, Source | None]:
    """The distribution of a line, and its source.

    Raises:
        InvalidLineError: pip does not write such a line.
        ValueError: the same.
        EnvironmentReadError: it does not say which project it is.
    """
    if line.startswith("-e "):
        return _editable(line[3:].strip(), comment, name_of)
    name, equals, version = line.partition("==")
    if equals and name.isascii() and version and not version.startswith("="):
        if version.strip(_IN_VERSIONS):
            raise ValueError(version)
        return distribution_of(name, version), None
    requirement = requirement_from_text(line, written_as(line, Lines("", 1, 1, line)), ())
    if requirement.name is None or requirement.marker or requirement.extras:
        raise ValueError(line)
    if requirement.source is None and not is_pinned(requirement.specifier):
        raise ValueError(line)
    version = requirement.specifier.lstrip("=") or UNKNOWN
    return _found(requirement, version), requirement.source


_IN_VERSIONS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+!_-"


def _found(requirement: Requirement, version: str) -> Distribution:
    name, project = requirement.name or CanonicalName(""), requirement.written
    return Distribution(name, project, version, project, "", requirement.source is not None)


def _editable(
    text: str, comment: str, name_of: Callable[[str], str]
) -> tuple[Distribution, Source]:
    if "+" in text.partition(":")[0]:
        standards.urls.check(text)
        source = standards.urls.parse(text)._replace(editable=True)
        name, version = standards.urls.egg_name(text), ""
    else:
        path = standards.urls.file_path(text) if text.startswith("file:") else text
        source = Source("folder", path, editable=True, local=True)
        # "# Editable install with no version control (name==version)"
        name, _, version = comment.partition("(")[2].partition(")")[0].partition("==")
        version = version.lstrip("=")
        name = name or name_of(path)
    if not name:
        raise EnvironmentReadError(
            f"'-e {standards.redact(text)}' does not name its project",
            "write the record with pip inspect or uv pip list --format json",
        )
    return distribution_of(name, version or UNKNOWN, direct=True), source
