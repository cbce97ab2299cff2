"""The reader of `pylock.toml`, the lock file of PEP 751.

Its entries become requirements: a release is pinned, and has the hashes of its files; a VCS, an
archive or a folder becomes a direct reference. The markers stay, but for what the user decides:
which extras and dependency groups are installed.
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
from ..standards import canonical_name, pep440
from ..standards.shell import quoted
from ..values import TYPE_CHECKING, Location, Note, Problem, Requirement
from ..values.details import LockEntry, Scope, Source
from .lines import FileText, is_literal_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from .lines import Sink


_HEADER = re.compile(r"""^[ \t]*\[\[[ \t]*(?:packages|"packages"|'packages')[ \t]*\]\]""", re.M)
_LINE = re.compile(r" \(at line (\d+), column \d+\)$")
# The marker of an entry for an extra or a group that is not chosen: no Python is so old.
_UNCHOSEN = "python_version < '0'"
# The first one that reads `%2B` in the URL of a wheel.
_PACKAGING = "26.3"


def read_pylock(file: FileText, sink: Sink) -> int:
    """Read a lock file; returns how many entries are in it."""
    try:
        _check_packaging()
        data = _load(file)
    except InvalidLineError as error:
        line = error.line if isinstance(error, _InvalidTomlError) else None
        sink.refuse(Location(file.path, line), error)
        return 0
    entries = data.get("packages")
    lines = _lines_of_entries(file.text, len(entries) if isinstance(entries, list) else 0)
    try:
        newer = check_lock(data)
    except InvalidLockError as error:
        line = None if error.package is None else lines[error.package]
        sink.refuse(Location(file.path, line), error)
        return 0
    if newer:
        message = f"lock-version {newer} is newer than reqdrift knows; it is read as 1.0"
        sink.note(Note("unsure", None, Location(file.path), message))
    sink.offer(_offers(data))
    sink.limit(_scopes(data, file.path, lines))
    chosen = {
        "extras": frozenset(map(canonical_name, file.extras)),
        "dependency_groups": frozenset(
            map(canonical_name, file.groups or data.get("default-groups", ()))
        ),
    }
    folder = os.path.dirname(file.path)
    for line, entry in zip(lines, data["packages"], strict=True):
        origin = LockEntry(file.path, line)
        try:
            sink.requirements.append(_requirement(entry, origin, folder, chosen))
        except InvalidLineError as error:
            if not sink.refuse(Location(file.path, line), error):
                break
    return len(data["packages"])


def not_offered(
    choices: tuple[tuple[str, ...], tuple[str, ...]], offers: set[tuple[str, str]]
) -> Iterator[Problem]:
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


class _InvalidTomlError(InvalidLineError):
    """A file that is no TOML, with the line where reading it ended."""

    def __init__(self, message: str, line: int | None) -> None:
        super().__init__(message)
        self.line = line


def _check_packaging() -> None:
    if Version(packaging.__version__) < Version(_PACKAGING):
        old = f"in the environment of reqdrift, not {packaging.__version__}"
        upgrade = f"{quoted(sys.executable)} -m pip install 'packaging>={_PACKAGING}'"
        raise InvalidLineError(
            f"lock files need packaging {_PACKAGING} or newer {old}",
            f"run: {upgrade}, or install reqdrift into an environment of its own",
        )


def _load(file: FileText) -> Mapping[str, Any]:
    if file.constraint:
        hint = "pass it as a requirements file"
        raise InvalidLineError("a lock file cannot be a constraints file", hint)
    try:
        return tomllib.loads(file.text)
    except RecursionError:
        raise _InvalidTomlError("nested too deeply", None) from None
    except ValueError as error:
        message = str(error)
        found = _LINE.search(message)
        message = message.removesuffix(found[0]) if found else message
        line = int(found[1]) if found else None
        raise _InvalidTomlError(f"not valid TOML: {message}", line) from None


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
    for key, variable in (
        ("extras", "extras"),
        ("dependency-groups", "dependency_groups"),
        ("default-groups", "dependency_groups"),
    ):
        yield from ((variable, canonical_name(name)) for name in data.get(key, ()))
    for marker in {entry.get("marker", "") for entry in data["packages"]}:
        yield from choices_in(marker)


def _scopes(data: Mapping[str, Any], path: str, lines: Sequence[int]) -> Iterator[Scope]:
    """What the file, and its entries, say about the environments that they are for."""
    if wanted := data.get("requires-python"):
        yield Scope(path, None, f"Python {wanted}", (python_marker(wanted),))
    if environments := data.get("environments"):
        yield Scope(path, None, f"environments with {' or '.join(environments)}", environments)
    for line, entry in zip(lines, data["packages"], strict=True):
        if wanted := entry.get("requires-python"):
            what = f"Python {wanted}"
            marker = python_marker(wanted)
            yield Scope(path, line, what, (marker,), entry["name"])


def _requirement(
    entry: Mapping[str, Any], origin: LockEntry, folder: str, chosen: Mapping[str, frozenset[str]]
) -> Requirement:
    """The requirement that an entry is.

    Raises:
        InvalidLineError: a URL in it is none.
    """
    name, version, marker = entry["name"], entry.get("version", ""), entry.get("marker")
    source, where, files = None, "", [*filter(None, [entry.get("sdist")]), *entry.get("wheels", ())]
    if vcs := entry.get("vcs"):
        source, where = _vcs(vcs, folder)
        version = ""  # that of a tree may follow from tags; the commit says enough
    elif directory := entry.get("directory"):
        source, where = _directory(directory, folder)
        version = ""
    elif archive := entry.get("archive"):
        source, where = _archive(archive, folder)
        files = [archive]
    else:
        version = version or _version_of(files[0])
    text = f"{name} @ {where}" if where else f"{name}=={version}"
    if marker is not None:
        text += f" ; {marker}"
        decided = without_choices(marker, chosen)
        marker = decided if isinstance(decided, str) else None if decided else _UNCHOSEN
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
        hashes=tuple(_hashes(files)),
    )


def _hashes(files: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for file in files:
        for algorithm, value in file["hashes"].items():
            yield f"{algorithm}:{value}"


def _version_of(file: Mapping[str, Any]) -> str:
    """The version in a file's name; an entry with files need not say its version."""
    path = file.get("name") or file.get("path") or file.get("url") or ""
    name = path.rpartition("/")[2]
    found = pep440.wheel_name(name) or pep440.sdist_name(name)
    return found[1] if found else ""


def _vcs(vcs: Mapping[str, Any], folder: str) -> tuple[Source, str]:
    """A commit, and how a requirements file would write it."""
    kind, commit = vcs["type"], vcs["commit-id"]
    url = vcs.get("url") or f"file://{quote(os.path.join(folder, vcs['path']))}"
    url = url if url.startswith(f"{kind}+") else f"{kind}+{url}"
    standards.urls.check(url)
    source = standards.urls.parse(url)._replace(
        revision=commit, subdirectory=vcs.get("subdirectory", "")
    )
    return source, f"{standards.redact(url)}@{commit}{_fragment(vcs)}"


def _directory(directory: Mapping[str, Any], folder: str) -> tuple[Source, str]:
    source = standards.urls.parse_path(directory["path"], (folder,))
    return (
        source._replace(
            kind="folder",
            editable=directory.get("editable", False),
            subdirectory=directory.get("subdirectory", ""),
        ),
        f"{directory['path']}{_fragment(directory)}",
    )


def _archive(archive: Mapping[str, Any], folder: str) -> tuple[Source, str]:
    where = archive.get("url") or archive["path"]
    if "url" in archive:
        standards.urls.check(where)
        source = standards.urls.parse(where, (folder,))
    else:
        source = standards.urls.parse_path(where, (folder,))
    source = source._replace(kind="archive", subdirectory=archive.get("subdirectory", ""))
    return source, f"{standards.redact(where)}{_fragment(archive)}"


def _fragment(place: Mapping[str, Any]) -> str:
    subdirectory = place.get("subdirectory")
    return f"#subdirectory={subdirectory}" if subdirectory else ""


_SUPPORTED = "1.0"
# A file name's tags are multiplied with each other, and no file system has longer names.
_LONGEST_NAME = 255

_WORD = re.compile(
    r"""\s*("[^"]*"|'[^']*'|\(|\)|not\s+in\b|[<>=!~]+|\w+)"""  # the markers are valid
)
_CHOICES = ("extras", "dependency_groups")


class InvalidLockError(InvalidLineError):
    """A lock file that PEP 751 does not allow; `package` is the number of the entry, from 0."""

    def __init__(self, message: str, package: int | None = None) -> None:
        super().__init__(message)
        self.package = package


def check_lock(data: Mapping[str, Any]) -> str:
    """Check the content of a lock file.

    Returns:
        Its version if that is a newer minor one than is known here, else ''.

    Raises:
        InvalidLockError: PEP 751 does not allow it, or its major version is not supported.
    """
    # Packaging before 26.0 does not have it.
    from packaging.pylock import Pylock, PylockValidationError

    for number, package in enumerate(_packages(data)):
        if any(len(name) > _LONGEST_NAME for name in _file_names(package)):
            message = f"a file name longer than {_LONGEST_NAME} characters"
            raise InvalidLockError(message, number)
    version = data.get("lock-version")
    is_newer = isinstance(version, str) and version.startswith("1.") and version != _SUPPORTED
    try:
        # packaging logs a warning about a newer one.
        Pylock.from_dict({**data, "lock-version": _SUPPORTED} if is_newer else data)
    except PylockValidationError as error:
        found = re.match(r"packages\[(\d+)\]", error.context or "")
        message = str(error).partition("\n")[0]
        message = message[:1].lower() + message[1:]
        raise InvalidLockError(message, int(found[1]) if found else None) from None
    return str(version) if is_newer else ""


def _packages(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    packages = data.get("packages")
    for package in packages if isinstance(packages, list) else ():
        if isinstance(package, dict):
            yield package


def _file_names(package: Mapping[str, Any]) -> Iterator[str]:
    """How the files of an entry are called, whether or not it is valid."""
    wheels = package.get("wheels")
    for file in (package.get("sdist"), *(wheels if isinstance(wheels, list) else ())):
        if isinstance(file, dict):
            name = file.get("name") or file.get("path") or file.get("url")
            yield os.path.basename(name) if isinstance(name, str) else ""


def python_marker(specifier: str) -> str:
    """The environment marker that asks for a Python inside the specifier."""
    clauses = sorted((part.operator, part.version) for part in SpecifierSet(specifier))
    return " and ".join(f'python_full_version {how} "{what}"' for how, what in clauses)


def choices_in(marker: str) -> Iterator[tuple[str, str]]:
    """The extras and dependency groups that a marker names, each with the variable."""
    words = _WORD.findall(marker)
    for name, _, variable in zip(words, words[1:], words[2:], strict=False):
        if variable in _CHOICES:
            yield variable, canonical_name(name[1:-1])


def without_choices(marker: str, chosen: Mapping[str, frozenset[str]]) -> str | bool:
    """The marker once it is known which extras and dependency groups are chosen.

    Args:
        marker: a valid marker.
        chosen: the names that `extras` and `dependency_groups` hold.

    Returns:
        What is left of the marker, or whether it holds if nothing is.
    """
    if not any(variable in marker for variable in _CHOICES):
        return marker
    return _alternatives(_WORD.findall(marker), chosen)


def _alternatives(words: list[str], chosen: Mapping[str, frozenset[str]]) -> str | bool:
    """Read `TERM or TERM ...`, and remove it from the words."""
    found = [_terms(words, chosen)]
    while words and words[0] == "or":
        words.pop(0)
        found.append(_terms(words, chosen))
    left = [term for term in found if isinstance(term, str)]
    return True if True in found else " or ".join(left) or False


def _terms(words: list[str], chosen: Mapping[str, frozenset[str]]) -> str | bool:
    """Read `COMPARISON and COMPARISON ...`, and remove it from the words."""
    found = [_comparison(words, chosen)]
    while words and words[0] == "and":
        words.pop(0)
        found.append(_comparison(words, chosen))
    left = [term for term in found if isinstance(term, str)]
    return False if False in found else " and ".join(left) or True


def _comparison(words: list[str], chosen: Mapping[str, frozenset[str]]) -> str | bool:
    """Read one comparison, or what is in parentheses, and remove it from the words."""
    if words[0] == "(":
        words.pop(0)
        inside = _alternatives(words, chosen)
        words.pop(0)
        return f"({inside})" if isinstance(inside, str) else inside
    left, operator, right = words[:3]
    del words[:3]
    if right not in _CHOICES:
        return f"{left} {operator} {right}"
    return (canonical_name(left[1:-1]) in chosen[right]) == (operator == "in")
