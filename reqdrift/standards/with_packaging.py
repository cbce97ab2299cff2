"""What is outside the ordinary grammar of PEP 440 and PEP 508, read and judged by `packaging`.

The only module that imports it; `pep440` loads this one for a text that it cannot read itself.
"""

from __future__ import annotations

from packaging.markers import Marker, UndefinedEnvironmentName
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_version, parse_sdist_filename, parse_wheel_filename
from packaging.version import Version

from ..errors import InvalidLineError
from ..values import TYPE_CHECKING, Python
from .markers import marker_values
from .plain_requirements import PlainRequirement

if TYPE_CHECKING:
    from collections.abc import Iterable

# Python refuses to convert much longer texts to numbers.
_LONGEST = 1000


def parse_requirement(text: str) -> PlainRequirement:
    """As in `pep440`, like all functions here of a name that is there too."""
    try:
        parsed = Requirement(text)
    except (ValueError, RecursionError) as error:
        raise _invalid_requirement(text, error) from None
    if any(len(clause.version) > _LONGEST for clause in parsed.specifier):
        raise InvalidLineError(f"a version longer than {_LONGEST} characters")
    return PlainRequirement(
        parsed.name,
        tuple(sorted(parsed.extras)),
        str(parsed.specifier),
        str(parsed.marker or ""),
        parsed.url or "",
    )


def _invalid_requirement(text: str, error: Exception) -> InvalidLineError:
    """What is wrong; pip before 24.1 read any text as a version, as in `pytz==2012d`."""
    name, _, version = (part.strip() for part in text.partition("=="))
    exact = f"{name}==={version}"
    try:
        Requirement(exact)
    except (ValueError, RecursionError):
        return InvalidLineError(_one_line(error))
    if not version or version.startswith("=") or any(mark in version for mark in ",;@"):
        return InvalidLineError(_one_line(error))
    return InvalidLineError(f"'{version}' is not a version (PEP 440)", f"write {exact}")


def parse_marker(text: str) -> Marker:
    """The marker; raises InvalidLineError if the text is none."""
    try:
        return Marker(text)
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
    """Whether the version is in the specifier, pre-releases allowed."""
    try:
        return SpecifierSet(specifier).contains(version, prereleases=True)
    except ValueError:  # a number with too many digits
        return specifier in ("", f"==={version}")


def is_specifier(text: str) -> bool:
    """Whether the specifier is valid by PEP 440."""
    try:
        SpecifierSet(text)
    except ValueError:
        return False
    return True


def normal_version(version: str) -> str:
    """The version in PEP 440's normal form, '' if it is not valid."""
    try:
        return str(Version(version))
    except ValueError:  # InvalidVersion, or a number with too many digits
        return ""


def is_pinned(specifier: str) -> bool:
    """Whether the specifier fixes one release."""
    return any(
        part.operator == "===" or (part.operator == "==" and not part.version.endswith(".*"))
        for part in SpecifierSet(specifier)
    )


def normal_form(specifier: str) -> object:
    """A value that compares equal for two spellings of one specifier."""
    parsed = SpecifierSet(specifier)
    try:
        return normal_form_of(parsed)
    except ValueError:  # a number with too many digits
        return specifier


def normal_form_of(parsed: SpecifierSet) -> tuple[tuple[str, str], ...]:
    """The same for what packaging has read, as `plain_versions.normal_form` gives it."""
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


def is_unsatisfiable(clauses: Iterable[str]) -> bool:
    """Whether no version can satisfy all the clauses of specifiers at once."""
    return SpecifierSet(",".join(clauses)).is_unsatisfiable()


def wheel_name(filename: str) -> tuple[str, str]:
    """The project and version in a wheel's file name."""
    try:
        name, version, _, _ = parse_wheel_filename(filename)
    except ValueError as error:  # InvalidWheelFilename, or a number with too many digits
        raise InvalidLineError(_one_line(error)) from None
    return name, str(version)


def sdist_name(filename: str) -> tuple[str, str] | None:
    """The project and version in a source archive's file name, None if it does not have both."""
    try:
        name, version = parse_sdist_filename(filename)
    except ValueError:  # InvalidSdistFilename, or a number with too many digits
        return None
    return name, str(version)


def marker_holds(marker: str, python: Python, extra: str) -> bool:
    """Whether the marker holds for that Python."""
    return _holds(parse_marker(marker), python, extra)


def _holds(marker: Marker, python: Python, extra: str = "") -> bool:
    try:
        return marker.evaluate(marker_values(python, extra))
    except UndefinedEnvironmentName as error:
        variable = str(error).split("'")[1] if "'" in str(error) else str(error)
        raise InvalidLineError(f"the marker's variable {variable} is not supported here") from None
    except (ValueError, RecursionError) as error:
        raise InvalidLineError(_one_line(error)) from None


def marker_hangs_on_patch(marker: str, python: Python) -> bool:
    """Whether another patch release of the same X.Y could change the marker's verdict."""
    minor = ".".join(map(str, python.minor))
    patches = (python._replace(version=f"{minor}.{patch}") for patch in range(100))
    try:
        parsed = Marker(marker)
        verdicts = {_holds(parsed, patch) for patch in patches}
    except (ValueError, RecursionError, InvalidLineError):
        return False  # the evaluation for its line reports it
    return len(verdicts) > 1
