"""The reader of `pylock.toml`, the lock file of PEP 751.

Its entries become requirements: a release is pinned, and has the hashes of its files; a VCS, an
archive or a folder becomes a direct reference. The markers stay, but for what the user decides:
which extras and dependency groups are installed.

- Lock files (`pylock.toml`, PEP 751) are checked by `packaging.pylock`. The reader decides
  `extras` and `dependency_groups` in markers, by `--extra`, `--group` and the file's default
  groups; the rest of the marker is judged with the environment. What `requires-python` and
  `environments` allow is a `Scope`, judged in `drift/lines.py`: another environment is an error, as
  for pip and uv. The version of an entry with a commit or a folder is not compared, because it may
  follow from tags.
"""

from __future__ import annotations

import os
import re
import sys
import tomllib
from urllib.parse import quote

import packaging
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from .. import standards
from ..errors import InvalidLineError
from ..options import quoted
from ..standards import canonical_name, pep440
from ..values import TYPE_CHECKING, Location, Note, Problem, Requirement
from ..values.details import LockEntry, Scope, Source
from .lines import FileText, is_literal_version

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence, Set
    from typing import Any

    from .lines import Choices, Sink


_HEADER = re.compile(r"""^[ \t]*\[\[[ \t]*(?:packages|"packages"|'packages')[ \t]*\]\]""", re.M)
_LINE = re.compile(r" \(at line (\d+), column \d+\)$")
# The first one that reads `%2B` in the URL of a wheel.
_PACKAGING = "26.3"
_SUPPORTED = "1.0"
# A file name's tags are multiplied with each other, and no file system has longer names.
_LONGEST_NAME = 255

# The markers are valid.
_CHOICE = re.compile(
    r"""(?P<name>"[^"]*"|'[^']*')\s*(?P<not>not\s)?\s*in\s+(?P<variable>extras|dependency_groups)\b"""
)
# What a choice is replaced by: no extra is named where lines are judged.
_ALWAYS, _NEVER = "extra == ''", "extra != ''"


def read_pylock(file: FileText, sink: Sink) -> int:
    """Read a lock file; returns how many entries are in it."""
    try:
        data, lines = _load(file)
    except InvalidLineError as error:
        line = error.line if isinstance(error, _InvalidLockError) else None
        sink.refuse(Location(file.path, line), error)
        return 0
    if data["lock-version"] != _SUPPORTED:
        message = f"lock-version {data['lock-version']} is newer than reqdrift knows; it is read as"
        sink.notes.append(Note("unsure", None, Location(file.path), f"{message} {_SUPPORTED}"))
    sink.offers.update(_offers(data))
    sink.scopes.extend(_scopes(data, file.path, lines))
    groups = file.groups or data.get("default-groups", ())
    choices = {"extras": file.extras, "dependency_groups": groups}
    chosen = {variable: {*map(canonical_name, names)} for variable, names in choices.items()}
    folder = os.path.dirname(file.path)
    for line, entry in zip(lines, data["packages"], strict=True):
        origin = LockEntry(file.path, line)
        try:
            sink.requirements.append(_requirement(entry, origin, folder, chosen))
        except InvalidLineError as error:
            if not sink.refuse(Location(file.path, line), error):
                break
    return len(data["packages"])


def not_offered(choices: Choices, offers: set[tuple[str, str]]) -> Iterator[Problem]:
    """The extras and groups that were chosen, but that no lock file has."""
    for option, variable, names in zip(
        ("--extra", "--group"), ("extras", "dependency_groups"), choices, strict=True
    ):
        known = ", ".join(sorted(name for of, name in offers if of == variable))
        for name in names:
            if (variable, canonical_name(name)) not in offers:
                has = f"they have: {known}" if known else "they have none"
                message = f"{option} {name}: no lock file that is checked has it; {has}"
                yield Problem(None, message)


class _InvalidLockError(InvalidLineError):
    """What is wrong with a lock file, with the line if it is known."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


def _load(file: FileText) -> tuple[Mapping[str, Any], Sequence[int]]:
    """The content of a lock file, and the line of each entry.

    Raises:
        InvalidLineError: it cannot be read, PEP 751 does not allow it, or its major version is not
            supported.
    """
    if Version(packaging.__version__) < Version(_PACKAGING):
        old = f"in the environment of reqdrift, not {packaging.__version__}"
        upgrade = f"{quoted(sys.executable)} -m pip install 'packaging>={_PACKAGING}'"
        hint = f"run: {upgrade}, or install reqdrift into an environment of its own"
        raise InvalidLineError(f"lock files need packaging {_PACKAGING} or newer {old}", hint)
    if file.constraint:
        hint = "pass it as a requirements file"
        raise InvalidLineError("a lock file cannot be a constraints file", hint)
    try:
        data = tomllib.loads(file.text)
    except RecursionError:
        raise _InvalidLockError("nested too deeply") from None
    except ValueError as error:
        message, line = str(error), None
        if found := _LINE.search(message):
            message, line = message.removesuffix(found[0]), int(found[1])
        raise _InvalidLockError(f"not valid TOML: {message}", line) from None
    entries = data.get("packages")
    entries = entries if isinstance(entries, list) else []
    lines = _lines_of_entries(file.text, len(entries))
    for line, entry in zip(lines, entries, strict=True):
        if any(len(name) > _LONGEST_NAME for name in _file_names(entry)):
            raise _InvalidLockError(f"a file name longer than {_LONGEST_NAME} characters", line)
    _check(data, lines)
    return data, lines


def _check(data: Mapping[str, Any], lines: Sequence[int]) -> None:
    """Raises _InvalidLockError if PEP 751 does not allow it, but for a newer minor version."""
    # Packaging before 26.0 does not have it.
    from packaging.pylock import Pylock, PylockValidationError

    version = data.get("lock-version")
    is_newer = isinstance(version, str) and version.startswith("1.")
    try:
        # packaging logs a warning about a newer one.
        Pylock.from_dict({**data, "lock-version": _SUPPORTED} if is_newer else data)
    except PylockValidationError as error:
        found = re.match(r"packages\[(\d+)\]", error.context or "")
        message = str(error).partition("\n")[0]
        message = message[:1].lower() + message[1:]
        raise _InvalidLockError(message, lines[int(found[1])] if found else None) from None


def _file_names(entry: object) -> Iterator[str]:
    """How the files of an entry are called, whether or not it is valid."""
    entry = entry if isinstance(entry, dict) else {}
    wheels = entry.get("wheels")
    for file in (entry.get("sdist"), *(wheels if isinstance(wheels, list) else ())):
        if isinstance(file, dict):
            yield _file_name(file)


def _file_name(file: Mapping[str, Any]) -> str:
    path = file.get("name") or file.get("path") or file.get("url")
    return os.path.basename(path) if isinstance(path, str) else ""


def _lines_of_entries(text: str, number: int) -> Sequence[int]:
    """Where each `[[packages]]` is; line 1 for all of them if they are written otherwise."""
    lines, line, at = [], 1, 0
    for found in _HEADER.finditer(text):
        line += text.count("\n", at, found.start())
        at = found.start()
        lines.append(line)
    return lines if len(lines) == number else [1] * number


def _offers(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The extras and dependency groups that can be chosen, each with the marker's variable."""
    for key in ("extras", "dependency-groups", "default-groups"):
        variable = "extras" if key == "extras" else "dependency_groups"
        yield from ((variable, canonical_name(name)) for name in data.get(key, ()))
    for marker in {entry.get("marker", "") for entry in data["packages"]}:
        yield from choices_in(marker)


def _scopes(data: Mapping[str, Any], path: str, lines: Sequence[int]) -> Iterator[Scope]:
    """What the file, and its entries, say about the environments that they are for."""
    if wanted := data.get("requires-python"):
        yield Scope(path, None, f"Python {wanted}", (_python_marker(wanted),))
    if environments := data.get("environments"):
        yield Scope(path, None, f"environments with {' or '.join(environments)}", environments)
    for line, entry in zip(lines, data["packages"], strict=True):
        if wanted := entry.get("requires-python"):
            yield Scope(path, line, f"Python {wanted}", (_python_marker(wanted),), entry["name"])


def _requirement(
    entry: Mapping[str, Any], origin: LockEntry, folder: str, chosen: Mapping[str, Set[str]]
) -> Requirement:
    """The requirement that an entry is.

    Raises:
        InvalidLineError: a URL in it is none.
    """
    name, version, marker = entry["name"], entry.get("version", ""), entry.get("marker")
    files = [*filter(None, [entry.get("sdist"), entry.get("archive")]), *entry.get("wheels", ())]
    source, where = _reference(entry, folder)
    if source is None:
        version = version or _version_of(files[0])
    elif "archive" not in entry:
        version = ""  # that of a tree may follow from tags; the commit says enough
    text = f"{name} @ {where}" if where else f"{name}=={version}"
    if marker is not None:
        text += f" ; {marker}"
        marker = without_choices(marker, chosen)
        marker = None if marker == _ALWAYS else marker
    is_pin = source is None and marker is None and is_literal_version(version)
    return Requirement(
        canonical_name(name),
        name,
        text,
        text,
        origin,
        pin=version if is_pin else None,
        limits=f"=={version}" if version and not is_pin else "",
        marker=marker,
        source=source,
        hashes=tuple(
            f"{algorithm}:{value}" for file in files for algorithm, value in file["hashes"].items()
        ),
    )


def _version_of(file: Mapping[str, Any]) -> str:
    """The version in a file's name; an entry with files need not say its version."""
    name = _file_name(file)
    found = pep440.wheel_name(name) or pep440.sdist_name(name)
    return found[1] if found else ""


def _reference(entry: Mapping[str, Any], folder: str) -> tuple[Source | None, str]:
    """Where an entry is from, if from no index, and how a requirements file would write it."""
    place = entry.get("vcs") or entry.get("directory") or entry.get("archive")
    if not place:
        return None, ""
    subdirectory = place.get("subdirectory", "")
    if "vcs" in entry:
        kind, commit = place["type"], place["commit-id"]
        url = place.get("url") or f"file://{quote(os.path.join(folder, place['path']))}"
        url = url if url.startswith(f"{kind}+") else f"{kind}+{url}"
        standards.urls.check(url)
        source = standards.urls.parse(url)._replace(revision=commit)
        where = f"{url}@{commit}"
    elif "archive" in entry and "url" in place:
        where = place["url"]
        standards.urls.check(where)
        source = standards.urls.parse(where, (folder,))._replace(kind="archive")
    else:
        where, editable = place["path"], entry.get("directory", {}).get("editable", False)
        source = standards.urls.parse_path(where, (folder,))._replace(editable=editable)
        source = source._replace(kind="archive" if "archive" in entry else "folder")
    fragment = f"#subdirectory={subdirectory}" if subdirectory else ""
    return source._replace(subdirectory=subdirectory), where + fragment


def _python_marker(specifier: str) -> str:
    """The environment marker that asks for a Python inside the specifier."""
    clauses = sorted((part.operator, part.version) for part in SpecifierSet(specifier))
    return " and ".join(f'python_full_version {how} "{what}"' for how, what in clauses)


def choices_in(marker: str) -> Iterator[tuple[str, str]]:
    """The extras and dependency groups that a marker names, each with the variable."""
    for found in _CHOICE.finditer(marker):
        yield found["variable"], canonical_name(found["name"][1:-1])


def without_choices(marker: str, chosen: Mapping[str, Set[str]]) -> str:
    """The marker once it is known which extras and dependency groups are chosen.

    Args:
        marker: a valid marker.
        chosen: the names that `extras` and `dependency_groups` hold.
    """

    def decided(found: re.Match[str]) -> str:
        is_chosen = canonical_name(found["name"][1:-1]) in chosen[found["variable"]]
        return _ALWAYS if is_chosen is not bool(found["not"]) else _NEVER

    return _CHOICE.sub(decided, marker)
