"""Every Python that an environment may have, as far as a record leaves it open. Pure.

A finding that is not the same in all of them depends on what the record does not say.
"""

from __future__ import annotations

import re
from itertools import chain, islice, product

from ..errors import InvalidLineError
from ..standards import pep440
from ..standards.stdlib import is_stdlib_module
from ..values import TYPE_CHECKING, NamedTuple, Policy, Python, Requirements

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

# Every Python version that an environment can have, including future ones.
VERSIONS = ("2.7", *(f"3.{minor}" for minor in range(3, 20)))
_PLATFORMS = {
    "linux": ("posix", "Linux"),
    "darwin": ("posix", "Darwin"),
    "win32": ("nt", "Windows"),
    "cygwin": ("posix", "CYGWIN_NT"),
}
_OF_PLATFORM = ("sys_platform", "os_name", "platform_system")
_OF_PATCH = ("python_full_version", "implementation_version")
_IMPLEMENTATION = ("platform_python_implementation", "implementation_name")
_IMPLEMENTATIONS = ("CPython", "PyPy", "Another")
# What any text may be: one of the texts in the markers, another name, a higher or a lower number.
_ANY = ("another", "99999", "0")
_FREE = ("platform_machine", "platform_release", "platform_version")
# A quoted text, with the variable before or after it that it is compared with.
_TEXT = r"(?:'([^']*)'|\"([^\"]*)\")"
_OPERATOR = r"\s*(?:[<>=!~]+|\b(?:not\s+)?in\b)\s*"
_COMPARED = re.compile(rf"(?:(\w+){_OPERATOR})?{_TEXT}(?:{_OPERATOR}(\w+))?")
_WORD = re.compile(r"[^\s,;|]+")
# The number is a product; more than this in one file is not written by hand.
_MOST = 20_000


class World(NamedTuple):
    """One Python that it may be: its `choices` are one for each of the open dimensions."""

    choices: tuple[str, ...]
    python: Python


class Worlds(NamedTuple):
    """The open `dimensions` (`version`, `patch`, `platform`, or a marker), and each Python.

    There are no `worlds` if there would be too many.
    """

    dimensions: tuple[str, ...]
    worlds: tuple[World, ...]


def worlds_of(python: Python, unknown: frozenset[str], markers: Iterable[str]) -> Worlds:
    """All that a Python may be.

    Args:
        python: what is known of it.
        unknown: the environment markers whose values are not known.
        markers: all that is asked of it; what they do not mention makes no difference.
    """
    texts = list(markers)
    mentioned = {name for name in unknown if any(name in text for text in texts)}
    compared = _compared(texts)
    choices: dict[str, Sequence[str]] = {}
    if "python_version" in unknown:
        choices["version"] = VERSIONS
    if mentioned & {*_OF_PATCH}:
        choices["patch"] = sorted({"0", "99", *_patches(compared(_OF_PATCH))}, key=int)
    free = {*_FREE}
    platforms = dict(islice(_platforms(compared), _MOST + 1))
    if "sys_platform" not in unknown:
        free |= {*_OF_PLATFORM}  # of a platform with a name of its own
    elif mentioned & {*_OF_PLATFORM}:
        choices["platform"] = sorted(platforms)
    if mentioned & {*_IMPLEMENTATION}:
        choices["implementation"] = sorted({*_IMPLEMENTATIONS, *compared(_IMPLEMENTATION)})
    for name in sorted(mentioned & free):
        choices[name] = (*_ANY, *sorted(compared((name,))))
    number = 1
    for values in choices.values():
        number *= len(values)
    dimensions = tuple(choices)
    if number > _MOST:
        return Worlds(dimensions, ())
    worlds = (
        World(chosen, _with(python, dict(zip(dimensions, chosen, strict=True)), platforms))
        for chosen in product(*choices.values())
    )
    return Worlds(dimensions, tuple(worlds))


def _compared(markers: Iterable[str]) -> Callable[[Iterable[str]], set[str]]:
    """What texts each variable is compared with."""
    found: dict[str, set[str]] = {}
    for marker in markers:
        for before, single, double, after in _COMPARED.findall(marker):
            text = single or double
            # For `in` and `not in`, a text may have several values.
            found.setdefault(before or after, set()).update((text, *_WORD.findall(text)))
    return lambda names: set[str]().union(*(found.get(name, ()) for name in names))


def _patches(literals: Iterable[str]) -> Iterator[str]:
    """The patch versions around those that markers compare with."""
    for text in literals:
        parts = text.split(".")
        if len(parts) > 2 and parts[2].isdecimal() and len(parts[2]) < 5:
            number = int(parts[2])
            yield from (str(near) for near in (number - 1, number, number + 1) if near >= 0)


def _platforms(
    compared: Callable[[Iterable[str]], set[str]],
) -> Iterator[tuple[str, dict[str, str]]]:
    """The values of the markers of each platform, also of those that only markers know."""
    known = [(name, *values) for name, values in _PLATFORMS.items()]
    texts = {value for values in known for value in values}
    others = (
        sorted({usual, *compared((name,))} - texts | {usual})
        for name, usual in zip(_OF_PLATFORM, ("another", "posix", "Another"), strict=True)
    )
    for values in chain(known, product(*others)):
        yield " ".join(values), dict(zip(_OF_PLATFORM, values, strict=True))


def _with(python: Python, choices: dict[str, str], platforms: dict[str, dict[str, str]]) -> Python:
    """The Python with the values that were chosen for it."""
    version = choices.get("version", python.version)
    if "patch" in choices and version.count(".") < 2:
        version = f"{version}.{choices['patch']}"
    stated = dict(python.markers)
    if platform := choices.get("platform"):
        stated = {**platforms[platform], **stated}
    free = (*_FREE, *_OF_PLATFORM)
    stated.update((name, choices[name]) for name in free if name in choices)
    implementation = choices.get("implementation", python.implementation)
    return python._replace(
        version=version, implementation=implementation, markers=tuple(stated.items())
    )


def signature(python: Python, requirements: Requirements, policy: Policy) -> tuple[object, ...]:
    """What a comparison sees of a Python: two with the same signature have the same report."""
    markers = dict.fromkeys(markers_of(requirements))
    names = {line.written for line in requirements.requirements if line.source is None}
    return (
        tuple(_holds(marker, python) for marker in markers),
        tuple(is_stdlib_module(name, python.minor, policy.live) for name in sorted(names)),
        python.minor >= (3, 12),
    )


def markers_of(requirements: Requirements) -> Iterator[str]:
    """All markers in the files."""
    for line in requirements.requirements:
        if line.marker:
            yield line.marker
    for scope in requirements.scopes:
        yield from scope.markers


def _holds(marker: str, python: Python) -> bool | None:
    try:
        return pep440.marker_holds(marker, python)
    except InvalidLineError:
        return None
