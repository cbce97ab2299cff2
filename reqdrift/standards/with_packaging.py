"""Requirements and markers outside the ordinary grammar of PEP 508, read by `packaging`.

Only this module and `pylock` import it; `pep440` loads this one for a text that it cannot read
itself.
"""

from __future__ import annotations

import re

from packaging.markers import Marker, UndefinedComparison
from packaging.requirements import Requirement

from ..errors import InvalidLineError
from ..values import Python
from .markers import OF_LOCKS, PlainRequirement, marker_values

# Python refuses to convert much longer texts to numbers.
_LONGEST = 1000
# packaging takes seconds for much longer ones.
_LONGEST_MARKER = 10_000
_END = "the-end-of-a-marker"
# A literal, or a word outside of one.
_WORD = re.compile(r"""'[^']*'|"[^"]*"|\w+""")
# `===` takes all up to the next space for its version, also commas. From 26.4 on it does not, but
# no pip has that yet.
_ENDLESS_VERSION = re.compile(r"===\s*[^\s;)]+\s+[^\s,;)]")
# SyntaxError: until 25.0, literals were read as Python's.
_INVALID = (ValueError, RecursionError, SyntaxError)


def parse_requirement(text: str) -> PlainRequirement:
    """As in `markers`; the functions here answer what those of the same name leave open."""
    _must_be_short(text.partition(";")[2])
    try:
        parsed = Requirement(text)
    except _INVALID as error:
        raise _invalid_requirement(text, error) from None
    if not parsed.url and _ENDLESS_VERSION.search(text.partition(";")[0]):
        raise InvalidLineError("a comma follows the version after ===", "put a space before it")
    if parsed.marker:
        parse_marker(text.partition("; " if parsed.url else ";")[2])
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
    except _INVALID:
        return InvalidLineError(_one_line(error))
    if not version or version.startswith("=") or any(mark in version for mark in ",;@"):
        return InvalidLineError(_one_line(error))
    return InvalidLineError(f"'{version}' is not a version (PEP 440)", f"write {exact}")


def parse_marker(text: str) -> Marker:
    """The marker; raises InvalidLineError if the text is none."""
    _must_be_short(text)
    for word in _WORD.findall(text):
        if word in OF_LOCKS:  # until 25.0, packaging does not know them
            raise InvalidLineError(f"the marker's variable {word} is not supported here")
    try:
        marker = Marker(text)
        # Until 23.0, anything may follow a marker, and is ignored.
        is_whole = _END in str(Marker(f"{text} and extra == '{_END}'"))
    except RecursionError as error:
        raise InvalidLineError(_one_line(error)) from None
    except _INVALID:
        example = "write it as in: python_version >= '3.9'"
        raise InvalidLineError(f"'{text}' is not a marker", example) from None
    if not is_whole:
        raise InvalidLineError(f"what follows the marker {marker} is not part of it")
    return marker


def _must_be_short(marker: str) -> None:
    if len(marker) > _LONGEST_MARKER:
        raise InvalidLineError(
            f"a marker longer than {_LONGEST_MARKER} characters", "split the line into several"
        )


def _one_line(error: Exception) -> str:
    """The message of packaging without the text and the caret below it."""
    if isinstance(error, RecursionError):
        return "nested too deeply"
    if "int_max_str_digits" in str(error):
        return "a number with too many digits"
    message = str(error).partition("\n")[0]
    return message[:1].lower() + message[1:]


def normal_marker(marker: str) -> str:
    """The marker as `packaging` spells it, or as it is written if only newer releases read it."""
    try:
        return str(Marker(marker))
    except _INVALID:
        return marker


def marker_holds(marker: str, python: Python, extra: str = "") -> bool:
    """As in `pep440`."""
    parsed = parse_marker(marker)
    try:
        return parsed.evaluate(marker_values(python, extra))
    except UndefinedComparison:
        raise InvalidLineError("'~=' and '===' compare versions, not other texts") from None
    except KeyError:
        raise InvalidLineError("a marker compares a variable with a text, not two texts") from None
    except (ValueError, RecursionError) as error:
        raise InvalidLineError(_one_line(error)) from None
