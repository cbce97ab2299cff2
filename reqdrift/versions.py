"""The only importer of `packaging`: specifiers, versions and markers (PEP 440, PEP 508).

The clean path never comes here; `is_literal_version` and its like live in `requirements`.
"""

from __future__ import annotations

import os

from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import parse_sdist_filename, parse_wheel_filename
from packaging.version import InvalidVersion, Version

from .errors import InvalidLineError
from .model import TYPE_CHECKING, Python

if TYPE_CHECKING:
    from collections.abc import Iterable


def parse_requirement(text: str) -> Requirement:
    """Read a requirement (PEP 508).

    Raises:
        InvalidLineError: what is wrong, on one line.
    """
    try:
        return Requirement(text)
    except (InvalidRequirement, RecursionError) as error:
        raise InvalidLineError(_one_line(error)) from None


def check_marker(text: str) -> None:
    """Raises InvalidLineError if the text is no environment marker (PEP 508)."""
    try:
        Marker(text)
    except (InvalidMarker, RecursionError) as error:
        raise InvalidLineError(_one_line(error)) from None


def _one_line(error: Exception) -> str:
    """Packaging's message without the text and the caret that it draws below."""
    message = str(error).partition("\n")[0]
    return message[:1].lower() + message[1:]


def satisfies(version: str, specifier: str) -> bool:
    """Whether the version lies inside the specifier (PEP 440), pre-releases allowed.

    A version that PEP 440 does not know satisfies only `===` and an empty specifier.
    """
    return SpecifierSet(specifier).contains(version, prereleases=True)


def same_version(one: str, other: str) -> bool:
    """Whether two spellings mean one version; texts that PEP 440 does not know must be equal."""
    try:
        return Version(one) == Version(other)
    except InvalidVersion:
        return one == other


def normal_version(version: str) -> str:
    """The version as PEP 440 spells it, '' for one that it does not know."""
    try:
        return str(Version(version))
    except InvalidVersion:
        return ""


def is_pinned(specifier: str) -> bool:
    """Whether the specifier fixes one release: `===`, or `==` without `.*`."""
    return any(
        part.operator == "===" or (part.operator == "==" and not part.version.endswith(".*"))
        for part in SpecifierSet(specifier)
    )


def normal_form(specifier: str) -> str:
    """The specifier as `packaging` spells it, so that two spellings of one compare equal."""
    return str(SpecifierSet(specifier))


def is_unsatisfiable(specifiers: Iterable[str]) -> bool:
    """Whether no version can satisfy all the specifiers at once."""
    return SpecifierSet(",".join(filter(None, specifiers))).is_unsatisfiable()


def wheel_name(filename: str) -> tuple[str, str] | None:
    """The project and version in a wheel's file name, None if it is none.

    Raises:
        InvalidLineError: the name ends in `.whl` but is no wheel's.
    """
    if os.path.splitext(filename)[1] != ".whl":
        return None
    try:
        name, version, _, _ = parse_wheel_filename(filename)
    except ValueError as error:  # InvalidWheelFilename, or a number of too many digits
        raise InvalidLineError(_one_line(error)) from None
    return name, str(version)


def sdist_name(filename: str) -> tuple[str, str] | None:
    """The project and version in a source archive's file name, None if it does not say both."""
    for ending in (".tar.bz2", ".tgz", ".tar.xz"):
        filename = filename.removesuffix(ending) + ".tar.gz" * filename.endswith(ending)
    try:
        name, version = parse_sdist_filename(filename)
    except ValueError:  # InvalidSdistFilename, or a number of too many digits
        return None
    return name, str(version)


def marker_holds(marker: str, python: Python, extra: str = "") -> bool:
    """Whether the marker holds for that Python on this machine.

    `python_*` and `implementation_*` are the checked Python's; `os_name`, `sys_platform` and
    `platform_*` are this host's.

    Raises:
        InvalidLineError: the marker compares what cannot be compared, or names a variable that
            has no meaning in a requirements file (`extras`, `dependency_groups`).
    """
    environment = {
        "python_version": ".".join(map(str, python.minor)),
        "python_full_version": python.version,
        "implementation_version": python.version,
        "implementation_name": python.implementation.lower(),
        "platform_python_implementation": python.implementation,
        "extra": extra,
    }
    try:
        return Marker(marker).evaluate(environment)
    except UndefinedEnvironmentName as error:
        variable = str(error).split("'")[1] if "'" in str(error) else str(error)
        raise InvalidLineError(f"the marker's variable {variable} has no meaning here") from None
    except UndefinedComparison as error:
        raise InvalidLineError(_one_line(error)) from None


def marker_hangs_on_patch(marker: str, python: Python) -> bool:
    """Whether another patch release of the same X.Y could change the marker's verdict."""
    if "full_version" not in marker and "implementation_version" not in marker:
        return False
    minor = ".".join(map(str, python.minor))
    verdicts = {
        marker_holds(marker, python._replace(version=f"{minor}.{patch}")) for patch in range(100)
    }
    return len(verdicts) > 1
