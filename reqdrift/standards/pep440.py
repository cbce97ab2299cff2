"""Specifiers, versions and markers (PEP 440, PEP 508), ordinary or not.

What is ordinary is answered by `plain_versions` and `plain_requirements`, all else by `packaging`,
text by text: only these functions import it, because its parts cost as much as the rest of a run.
"""

from __future__ import annotations

import os

from ..errors import InvalidLineError
from ..values import TYPE_CHECKING
from ..values.environment import Python
from . import plain_requirements, plain_versions
from .markers import marker_values
from .plain_requirements import PlainRequirement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from packaging.markers import Marker
    from packaging.specifiers import SpecifierSet

# Python refuses to convert much longer texts to numbers.
_LONGEST = 1000
# No file system has longer names; the number of tags is a product.
_LONGEST_NAME = 255
# The time grows with the square of their number.
_MOST_EXCLUSIONS = 50


def parse_requirement(text: str) -> PlainRequirement:
    """Read a requirement (PEP 508). Its marker is as `packaging` spells it.

    Raises:
        InvalidLineError: what is wrong, on one line.
    """
    plain = plain_requirements.parse_requirement(text)
    if plain is not None and not plain.marker:
        return plain
    from packaging.requirements import Requirement

    try:
        parsed = Requirement(text)
    except (ValueError, RecursionError) as error:
        raise InvalidLineError(_one_line(error)) from None
    if any(len(clause.version) > _LONGEST for clause in parsed.specifier):
        raise InvalidLineError(f"a version longer than {_LONGEST} characters")
    return PlainRequirement(
        parsed.name,
        tuple(sorted(parsed.extras)),
        str(parsed.specifier),
        str(parsed.marker or ""),
        parsed.url or "",
    )


def check_marker(text: str) -> None:
    """Raises InvalidLineError if the text is no environment marker (PEP 508)."""
    if plain_requirements.parse_marker(text) is not None:
        return
    from packaging.markers import Marker

    try:
        Marker(text)
    except (ValueError, RecursionError) as error:
        raise InvalidLineError(_one_line(error)) from None


def _one_line(error: Exception) -> str:
    """The message of packaging without the text and the caret below it."""
    if isinstance(error, RecursionError):
        return "nested too deeply"
    if "int_max_str_digits" in str(error):
        return "a number with too many digits"
    message = str(error).partition("\n")[0]
    return message[:1].lower() + message[1:]


def satisfies(version: str, specifier: str) -> bool:
    """Whether the version is in the specifier (PEP 440), pre-releases allowed.

    A version outside PEP 440 satisfies only `===` and an empty specifier.
    """
    plain = plain_versions.contains(specifier, version)
    if plain is not None:
        return plain
    # Of any length, where packaging has limits.
    wanted, found = release_numbers(specifier.removeprefix("==")), release_numbers(version)
    if wanted and found and specifier.startswith("=="):
        return wanted == found
    from packaging.specifiers import SpecifierSet

    try:
        return SpecifierSet(specifier).contains(version, prereleases=True)
    except ValueError:  # a number with too many digits
        return specifier in ("", f"==={version}")


def is_specifier(text: str) -> bool:
    """Whether PEP 440 knows the specifier."""
    if plain_versions.parse_specifier(text) is not None:
        return True
    from packaging.specifiers import SpecifierSet

    try:
        SpecifierSet(text)
    except ValueError:
        return False
    return True


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
    """The version as PEP 440 spells it, '' for one that it does not know."""
    plain = plain_versions.normal_version(version)
    if plain is not None:
        return plain
    from packaging.version import Version

    try:
        return str(Version(version))
    except ValueError:  # InvalidVersion, or a number with too many digits
        return ""


def python_marker(specifier: str) -> str:
    """The environment marker that asks for a Python inside the specifier."""
    from packaging.specifiers import SpecifierSet

    clauses = sorted((part.operator, part.version) for part in SpecifierSet(specifier))
    return " and ".join(f'python_full_version {how} "{what}"' for how, what in clauses)


def is_pinned(specifier: str) -> bool:
    """Whether the specifier fixes one release: `===`, or `==` without `.*`."""
    plain = plain_versions.is_pinned(specifier)
    if plain is not None:
        return plain
    from packaging.specifiers import SpecifierSet

    return any(
        part.operator == "===" or (part.operator == "==" and not part.version.endswith(".*"))
        for part in SpecifierSet(specifier)
    )


def normal_form(specifier: str) -> object:
    """A value that compares equal for two spellings of one specifier: `==1.0` and `==1`."""
    plain = plain_versions.normal_form(specifier)
    if plain is not None:
        return plain
    numbers = release_numbers(specifier.removeprefix("=="))
    if numbers and specifier.startswith("=="):
        return numbers
    from packaging.specifiers import SpecifierSet

    parsed = SpecifierSet(specifier)
    try:
        return normal_form_of(parsed)
    except ValueError:  # a number of too many digits
        return specifier


def normal_form_of(parsed: SpecifierSet) -> tuple[tuple[str, str], ...]:
    """The same for what packaging has read, as `plain_versions.normal_form` gives it."""
    from packaging.utils import canonicalize_version

    str(parsed)  # sorts it, and drops repetitions
    return tuple(
        (part.operator, part.version)
        if part.operator == "===" or part.version.endswith(".*")
        else (
            part.operator,
            canonicalize_version(part.version, strip_trailing_zero=part.operator != "~="),
        )
        for part in parsed
    )


def normal_marker(marker: str) -> str:
    """The marker as `packaging` spells it, so that two spellings of one compare equal."""
    from packaging.markers import Marker

    return str(Marker(marker))


def is_unsatisfiable(specifiers: Iterable[str]) -> bool:
    """Whether no version can satisfy all the specifiers at once.

    Very many exclusions (`!=`) are not considered; the installed version is compared with each.
    """
    clauses = ",".join(filter(None, specifiers)).split(",")
    others = [clause for clause in clauses if not clause.lstrip().startswith("!=")]
    if len(clauses) - len(others) > _MOST_EXCLUSIONS:
        clauses = others
    plain = plain_versions.is_unsatisfiable(clauses)
    if plain is not None:
        return plain
    from packaging.specifiers import SpecifierSet

    return SpecifierSet(",".join(clauses)).is_unsatisfiable()


def wheel_name(filename: str) -> tuple[str, str] | None:
    """The project and version in a wheel's file name, None for any other name.

    Raises:
        InvalidLineError: the name ends in `.whl` but is not valid.
    """
    if os.path.splitext(filename)[1] != ".whl":
        return None
    if len(filename) > _LONGEST_NAME:
        raise InvalidLineError(f"a wheel file name longer than {_LONGEST_NAME} characters")
    # Few lines are about files.
    from . import plain_archives

    plain = plain_archives.wheel_name(filename)
    if plain is not None:
        return plain
    from packaging.utils import parse_wheel_filename

    try:
        name, version, _, _ = parse_wheel_filename(filename)
    except ValueError as error:  # InvalidWheelFilename, or a number with too many digits
        raise InvalidLineError(_one_line(error)) from None
    return name, str(version)


def sdist_name(filename: str) -> tuple[str, str] | None:
    """The project and version in a source archive's file name, None if it does not say both."""
    for ending in (".tar.bz2", ".tgz", ".tar.xz"):
        filename = filename.removesuffix(ending) + ".tar.gz" * filename.endswith(ending)
    if not filename.endswith((".tar.gz", ".zip")):
        return None
    from . import plain_archives

    plain = plain_archives.sdist_name(filename)
    if plain is not None:
        return plain
    from packaging.utils import parse_sdist_filename

    try:
        name, version = parse_sdist_filename(filename)
    except ValueError:  # InvalidSdistFilename, or a number with too many digits
        return None
    return name, str(version)


def marker_holds(marker: str, python: Python, extra: str = "") -> bool:
    """Whether the marker holds for that Python.

    Raises:
        InvalidLineError: the marker cannot be parsed or evaluated, or has a variable that is not
            supported in a requirements file (`extras`, `dependency_groups`).
    """
    values = marker_values(python, extra, plain_requirements.variables_in(marker))
    plain = plain_requirements.marker_holds(marker, values)
    if plain is not None:
        return plain
    from packaging.markers import Marker

    try:
        parsed = Marker(marker)
    except (ValueError, RecursionError) as error:
        raise InvalidLineError(_one_line(error)) from None
    return _holds(parsed, python, extra)


def _holds(marker: Marker, python: Python, extra: str = "") -> bool:
    from packaging.markers import UndefinedEnvironmentName

    try:
        return marker.evaluate(marker_values(python, extra))
    except UndefinedEnvironmentName as error:
        variable = str(error).split("'")[1] if "'" in str(error) else str(error)
        raise InvalidLineError(f"the marker's variable {variable} is not supported here") from None
    except (ValueError, RecursionError) as error:
        raise InvalidLineError(_one_line(error)) from None


def marker_hangs_on_patch(marker: str, python: Python) -> bool:
    """Whether another patch release of the same X.Y could change the marker's verdict."""
    if "full_version" not in marker and "implementation_version" not in marker:
        return False
    values = marker_values(python, "", plain_requirements.VARIABLES)
    plain = plain_requirements.marker_hangs_on_patch(marker, values)
    # What the environment's source states is the same for every patch release.
    if plain is not None and not python.markers:
        return plain
    from packaging.markers import Marker

    minor = ".".join(map(str, python.minor))
    patches = (python._replace(version=f"{minor}.{patch}") for patch in range(100))
    try:
        parsed = Marker(marker)
        verdicts = {_holds(parsed, patch) for patch in patches}
    except (ValueError, RecursionError, InvalidLineError):
        return False  # the evaluation for its line reports it
    return len(verdicts) > 1
