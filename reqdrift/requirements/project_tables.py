"""The requirements of a project: pyproject.toml and setup.cfg, as the sources of compiled files."""

from __future__ import annotations

import configparser
import tomllib

from ..errors import InvalidLineError, ReqdriftError
from ..standards import canonical_name, is_project_name
from ..values import TYPE_CHECKING, CanonicalName, NamedTuple, Requirement
from .lines import FileText, LogicalLine
from .ordinary import read_ordinary
from .parse import parse_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any


class Chosen(NamedTuple):
    """Which extras and dependency groups of a project a file is compiled with."""

    extras: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    all_extras: bool = False
    all_groups: bool = False
    default_groups: bool = False
    without: frozenset[str] = frozenset()


class Table(NamedTuple):
    """What a project asks for; `replaced` are projects whose requirements a tool replaces."""

    requirements: tuple[Requirement, ...]
    name: str
    replaced: frozenset[str] = frozenset()


def read_pyproject(path: str, text: str, chosen: Chosen) -> Table:
    """The requirements of a pyproject.toml.

    Raises:
        ReqdriftError: it cannot be read, or does not say them.
    """
    try:
        content = tomllib.loads(text)
        project = content["project"]
        if "dependencies" in project.get("dynamic", ()):
            raise ReqdriftError("its dependencies are dynamic")
        texts = list(_of_project(content, project, chosen))
        uv = content.get("tool", {}).get("uv", {})
        replaced = [
            *uv.get("sources", {}),
            *map(_name_of, uv.get("override-dependencies", ())),
            *map(_name_of, uv.get("exclude-dependencies", ())),
        ]
        name = canonical_name(project.get("name", ""))
    except KeyError as error:
        raise ReqdriftError(f"it has no {error.args[0]}") from None
    except (ValueError, RecursionError, TypeError, AttributeError) as error:
        raise ReqdriftError(f"it cannot be read: {error}") from None
    names = frozenset(map(canonical_name, replaced))
    return Table(tuple(_requirements(texts, path, text, name)), name, names)


def _of_project(
    content: Mapping[str, Any], project: Mapping[str, Any], chosen: Chosen
) -> Iterator[str]:
    yield from project.get("dependencies", ())
    name = canonical_name(project.get("name", ""))
    extras = {canonical_name(k): v for k, v in project.get("optional-dependencies", {}).items()}
    wanted = [*extras] if chosen.all_extras else sorted(map(canonical_name, chosen.extras))
    yield from _of_extras(name, extras, [w for w in wanted if w not in chosen.without])
    groups = {canonical_name(k): v for k, v in content.get("dependency-groups", {}).items()}
    wanted = [*groups] if chosen.all_groups else sorted(map(canonical_name, chosen.groups))
    if chosen.default_groups and not chosen.all_groups:
        uv = content.get("tool", {}).get("uv", {})
        default = uv.get("default-groups", ["dev"])
        wanted += [*groups] if default == "all" else map(canonical_name, default)
        if "dev" not in chosen.without:
            yield from uv.get("dev-dependencies", ())
    for group in dict.fromkeys(wanted):
        if group not in chosen.without:
            yield from _of_group(group, groups, set())


def _of_extras(
    name: str, extras: Mapping[CanonicalName, Iterable[str]], wanted: Iterable[CanonicalName]
) -> Iterator[str]:
    """What extras ask for; one may consist of others: `all = ["shop[web,cli]"]`."""
    seen: set[CanonicalName] = set()
    queue = list(wanted)
    while queue:
        extra = queue.pop(0)
        if extra in seen:
            continue
        seen.add(extra)
        for text in extras[extra]:
            if _name_of(text) == name and "[" in text:
                inside = text.partition("[")[2].partition("]")[0]
                queue += [canonical_name(part.strip()) for part in inside.split(",")]
            else:
                yield text


def _of_group(
    group: CanonicalName, groups: Mapping[CanonicalName, Iterable[Any]], above: set[CanonicalName]
) -> Iterator[str]:
    for entry in groups.get(group, ()):
        if isinstance(entry, str):
            yield entry
        elif (included := canonical_name(entry["include-group"])) not in above:
            yield from _of_group(included, groups, {*above, group})


def read_setup_cfg(path: str, text: str, chosen: Chosen) -> Table:
    """The requirements of a setup.cfg.

    Raises:
        ReqdriftError: it cannot be read.
    """
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(text)
        found = _setuptools_list(parser.get("options", "install_requires", fallback=""))
        for extra in parser.options("options.extras_require") if chosen.extras else ():
            if canonical_name(extra) in chosen.extras:
                found += _setuptools_list(parser.get("options.extras_require", extra))
        name = canonical_name(parser.get("metadata", "name", fallback=""))
    except configparser.Error as error:
        raise ReqdriftError(f"it cannot be read: {error}") from None
    return Table(tuple(_requirements(found, path, text, name)), name)


def _setuptools_list(value: str) -> list[str]:
    """A list of a setup.cfg: a requirement on each line, or all on one, separated by `;`."""
    parts = value.splitlines() if "\n" in value else value.split(";")
    texts = (part.strip() for part in parts)
    return [text for text in texts if text and not text.startswith("#")]


def _name_of(text: str) -> str:
    for mark in " [(<>=!~;@":
        text = text.partition(mark)[0]
    return canonical_name(text) if is_project_name(text) else ""


def _requirements(texts: Iterable[str], path: str, content: str, own: str) -> Iterator[Requirement]:
    """The requirements, each at the first line of the file that has its text."""
    lines = content.splitlines()
    file = FileText(path, content, False, ())
    for text in texts:
        at = next((number for number, line in enumerate(lines, 1) if text in line), 1)
        line = LogicalLine(at, at, text, lines[at - 1] if lines else "")
        try:
            items = read_ordinary(line, file) or parse_line(line, path, False, ())
        except InvalidLineError as error:
            raise ReqdriftError(f"'{text}' cannot be read: {error}") from None
        for item in items:
            if isinstance(item, Requirement) and item.name != own:
                yield item
