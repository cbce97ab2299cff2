"""Specifiers, versions, markers and file names (PEP 440, PEP 508), ordinary or not.

What is ordinary is answered here and by `versions` and `markers`, all else by `with_packaging`,
text by text.
"""

from __future__ import annotations

import os

from .. import standards
from ..errors import InvalidLineError
from ..values import TYPE_CHECKING, Python
from . import canonical_name, is_project_name, markers, versions
from .markers import PlainRequirement

if TYPE_CHECKING:
    from collections.abc import Iterable


# No file system has longer names; the number of tags is a product.
_LONGEST_NAME = 255
# The time grows with the square of their number.
_MOST_EXCLUSIONS = 50

# Whether markers hang on the patch version of a Python: each is asked about several times.
_hanging: dict[tuple[str, Python], bool] = {}
_MOST_HANGING = 5000


def parse_requirement(text: str) -> PlainRequirement:
    """Read a requirement (PEP 508). Its marker is as `packaging` spells it.

    Raises:
        InvalidLineError: what is wrong, on one line.
    """
    plain = markers.parse_requirement(text)
    if plain is not None:
        return plain._replace(marker=normal_marker(plain.marker)) if plain.marker else plain
    return standards.with_packaging.parse_requirement(text)


def check_marker(text: str) -> None:
    """Raises InvalidLineError if the text is not an environment marker (PEP 508)."""
    if markers.parse_marker(text) is None:
        standards.with_packaging.parse_marker(text)


def satisfies(version: str, specifier: str) -> bool:
    """Whether the version is in the specifier (PEP 440), pre-releases allowed.

    A version outside PEP 440 satisfies only `===` and an empty specifier.
    """
    plain = versions.contains(specifier, version)
    if plain is not None:
        return plain
    # Of any length, where packaging has limits.
    wanted, found = release_numbers(specifier.removeprefix("==")), release_numbers(version)
    if wanted and found and specifier.startswith("=="):
        return wanted == found
    return standards.with_packaging.satisfies(version, specifier)


def is_specifier(text: str) -> bool:
    """Whether the specifier is valid by PEP 440."""
    if versions.parse_specifier(text) is not None:
        return True
    return standards.with_packaging.is_specifier(text)


def release_numbers(text: str) -> tuple[str, ...]:
    """The numbers of a plain release, as PEP 440 compares them; () for any other text.

    `1.02.0` is `("1", "2")`: leading zeros of a number and zeros at the end do not count.
    """
    parts = text.split(".")
    if not text.isascii() or not all(map(str.isdigit, parts)):
        return ()
    numbers = [part.lstrip("0") for part in parts]
    while len(numbers) > 1 and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def normal_version(version: str) -> str:
    """The version in PEP 440's normal form, '' if it is not valid."""
    plain = versions.normal_version(version)
    if plain is not None:
        return plain
    return standards.with_packaging.normal_version(version)


def is_pinned(specifier: str) -> bool:
    """Whether the specifier fixes one release: `===`, or `==` without `.*`."""
    plain = versions.is_pinned(specifier)
    if plain is not None:
        return plain
    return standards.with_packaging.is_pinned(specifier)


def normal_form(specifier: str) -> object:
    """A value that compares equal for two spellings of one specifier: `==1.0` and `==1`."""
    plain = versions.normal_form(specifier)
    if plain is not None:
        return plain
    numbers = release_numbers(specifier.removeprefix("=="))
    if numbers and specifier.startswith("=="):
        return numbers
    return standards.with_packaging.normal_form(specifier)


def normal_marker(marker: str) -> str:
    """The marker as `packaging` spells it, so that two spellings of one compare equal."""
    return standards.with_packaging.normal_marker(marker)


def is_unsatisfiable(specifiers: Iterable[str]) -> bool:
    """Whether no version can satisfy all the specifiers at once.

    Only `packaging` from 26.1 knows this, so a specifier that is not ordinary contradicts nothing.
    Very many exclusions (`!=`) are not considered; the installed version is compared with each.
    """
    clauses = ",".join(filter(None, specifiers)).split(",")
    others = [clause for clause in clauses if not clause.lstrip().startswith("!=")]
    if len(clauses) - len(others) > _MOST_EXCLUSIONS:
        clauses = others
    return versions.is_unsatisfiable(clauses) or False


def wheel_name(filename: str) -> tuple[str, str] | None:
    """The project and version in a wheel's file name, None for any other name.

    Raises:
        InvalidLineError: the name ends in `.whl` but is not valid.
    """
    if os.path.splitext(filename)[1] != ".whl":
        return None
    if len(filename) > _LONGEST_NAME:
        raise InvalidLineError(f"a wheel file name longer than {_LONGEST_NAME} characters")
    plain = plain_wheel_name(filename)
    if plain is not None:
        return plain
    return standards.with_packaging.wheel_name(filename)


def sdist_name(filename: str) -> tuple[str, str] | None:
    """The project and version in a source archive's file name, None if it does not have both."""
    for ending in (".tar.bz2", ".tgz", ".tar.xz"):
        filename = filename.removesuffix(ending) + ".tar.gz" * filename.endswith(ending)
    if not filename.endswith((".tar.gz", ".zip")):
        return None
    plain = plain_sdist_name(filename)
    if plain is not None:
        return plain
    return standards.with_packaging.sdist_name(filename)


def plain_wheel_name(filename: str) -> tuple[str, str] | None:
    """Those in `name-1.0-py3-none-any.whl`, perhaps with a build number; None if not ordinary."""
    parts = filename.removesuffix(".whl").split("-")
    if not filename.isascii() or len(parts) not in (5, 6):
        return None
    name, version, *build, interpreters, abis, platforms = parts
    if "__" in name or not is_project_name(name) or not all(map(str.isdigit, build)):
        return None
    labels = f"{interpreters}.{abis}.{platforms}".split(".")
    if not all(label.replace("_", "").isalnum() for label in labels):
        return None
    if not all(map(str.isidentifier, interpreters.split("."))):
        return None
    return _with_normal_version(name, version)


def plain_sdist_name(filename: str) -> tuple[str, str] | None:
    """Those in `name-1.0.tar.gz` or `name-1.0.zip`; None if that is not ordinary."""
    if not filename.endswith((".tar.gz", ".zip")):
        return None
    name, _, version = filename.removesuffix(".zip").removesuffix(".tar.gz").rpartition("-")
    return _with_normal_version(name, version) if is_project_name(name) else None


def _with_normal_version(name: str, version: str) -> tuple[str, str] | None:
    normal = versions.normal_version(version)
    return None if normal is None else (canonical_name(name), normal)


def marker_holds(marker: str, python: Python, extra: str = "") -> bool:
    """Whether the marker holds for that Python.

    Raises:
        InvalidLineError: the marker cannot be parsed or evaluated, or has a variable that is not
            supported in a requirements file (`extras`, `dependency_groups`).
    """
    is_for_extra = markers.is_for_extra(marker, extra)
    if is_for_extra is not None:
        return is_for_extra
    values = markers.marker_values(python, extra, markers.variables_in(marker))
    plain = markers.marker_holds(marker, values)
    if plain is not None:
        return plain
    return standards.with_packaging.marker_holds(marker, python, extra)


def marker_hangs_on_patch(marker: str, python: Python) -> bool:
    """Whether another patch release of the same X.Y could change the marker's verdict."""
    if "full_version" not in marker and "implementation_version" not in marker:
        return False
    try:
        return _hanging[marker, python]
    except KeyError:
        if len(_hanging) >= _MOST_HANGING:
            _hanging.clear()
        hangs = _hanging[marker, python] = _hangs_on_patch(marker, python)
        return hangs


def _hangs_on_patch(marker: str, python: Python) -> bool:
    values = markers.marker_values(python, "", markers.VARIABLES)
    # What the environment's source states is the same for every patch release.
    stated, full = dict(python.markers), values["python_full_version"]
    changing = [n for n in markers.OF_RELEASE if n not in stated and values[n] == full]
    return markers.marker_hangs_on_patch(marker, values, changing)
