"""Lock files in the format of PEP 751: whether one is valid, and what its markers choose.

The only importer of `packaging.pylock`.
"""

from __future__ import annotations

import os
import re

from packaging.pylock import Pylock, PylockValidationError
from packaging.specifiers import SpecifierSet

from ..errors import InvalidLineError
from ..values import TYPE_CHECKING
from . import canonical_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

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


def decided(marker: str, chosen: Mapping[str, frozenset[str]]) -> str | bool:
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
