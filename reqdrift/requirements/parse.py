"""One logical line -> a requirement, an include, or neither, as in pip."""

from __future__ import annotations

import os

from .. import requirements
from .._record import unchecked
from ..errors import InvalidLineError
from ..standards import canonical_name
from ..standards.markers import parse_marker, parse_requirement
from ..standards.versions import is_archive
from ..texts import hide
from ..values import Lines, Location, Note, Requirement
from .lines import (
    FileText,
    Include,
    LogicalLine,
    is_alphanumeric,
    is_for_uv_alone,
    literal_requirement,
)

# Of pip, and not of pip-compile.
LIMIT_WITH_EXTRAS = "a constraint cannot have extras"


def parse_line(line: LogicalLine, file: FileText) -> tuple[Requirement | Include | Note, ...]:
    """Read one logical line of `file`.

    Raises:
        InvalidLineError: pip refuses the line too.
    """
    if literal := literal_requirement(line, file):
        return (literal,)
    if ordinary := read_ordinary(line, file):
        return ordinary
    text = expand_variables(line.text)
    try:
        return _parse(line, text, file)
    except InvalidLineError as error:
        if line.text.startswith(("<<<<<<<", "=======", ">>>>>>>")):
            raise InvalidLineError("an unresolved merge conflict", "resolve it") from None
        if text != line.text:
            # The reason and the hint may quote the values.
            message = "cannot be read with its variables expanded (their values are not shown)"
            raise InvalidLineError(message) from None
        message = error.message
        if message.startswith("expected") and not _may_hold_a_password(line.text):
            # packaging does not quote the text; hashes would fill a screen.
            message += f" in '{line.text.partition(' --hash=')[0].rstrip()}'"
        raise InvalidLineError(message, error.hint) from None


def _parse(
    line: LogicalLine, text: str, file: FileText
) -> tuple[Requirement | Include | Note, ...]:
    """Read the line, its `text` with variables expanded."""
    words, options_text = _split_options(text)
    origin = Lines(file.path, line.line, line.end_line, line.raw)
    asked = Requirement(None, "", line.text, line.text, origin, file.constraint)
    if not options_text:
        return (_requirement(asked, words, file),)

    if is_for_uv_alone(text, file.text) and not file.constraint:
        return (requirements.references.editable_of_uv(text[len("-e ") :], asked, file.bases),)
    at = Location(file.path, line.line, line.end_line)
    given, dropped = requirements.options.parse_options(options_text)
    outdated = requirements.options.OUTDATED
    item: Requirement | Include | None = None
    used, hashes = "", given.get("--hash", ())
    if "--editable" in given:
        # `name -e path` is `-e name` to pip.
        if file.constraint:
            raise InvalidLineError("a constraint cannot be editable", "list it as a requirement")
        folder = given["--editable"][0]
        item = requirements.references.requirement_from_editable(words or folder, asked, file.bases)
        dropped += [folder] if words else []
    elif words:
        item = _requirement(asked, words, file)._replace(hashes=tuple(hashes))
        hashes = ()
    elif used := next((name for name in _INCLUDES if name in given), ""):
        item = Include(at, given[used][0], _INCLUDES[used], line.text)
        hashes = ()
    # Of several editables or includes on one line, pip uses only the first.
    dropped += [value for name in ("--editable", *_INCLUDES) for value in given.get(name, ())[1:]]
    if item:
        dropped += [name for name in given if name not in (used, *_FOR_ONE, *outdated)]
    dropped += [f"--hash={value}" for value in hashes]
    found: list[Requirement | Include | Note] = [item] if item else []
    for name in filter(outdated.get, given):
        message = f"pip {outdated[name]} and newer refuse {name}, and so does uv; remove it"
        found.append(Note("outdated", None, at, message))
    if not dropped:
        return tuple(found)
    # The values of variables are never shown, nor the end of a URL whose password has a space.
    is_shown = text == line.text and not any("@" in part for part in dropped)
    what = f"'{' '.join(dropped)}' here" if is_shown else "a part of this line"
    message = f"pip silently ignores {what}"
    return (*found, Note("dropped", None, at, message))


def _split_options(text: str) -> tuple[str, str]:
    """Split before the first word that looks like an option; only spaces separate words."""
    words = text.split(" ")
    for index, word in enumerate(words):
        if word.startswith("-"):
            return " ".join(words[:index]), " ".join(words[index:])
    return text, ""


def _may_hold_a_password(text: str) -> bool:
    """Whether a word may be `user:password@host`, without the scheme of a URL."""
    return any("@" in word[1:] and "://" not in word for word in text.split())


def _requirement(asked: Requirement, text: str, file: FileText) -> Requirement:
    # With its variables unexpanded.
    asked = asked._replace(text=_split_options(asked.full_text)[0].strip())
    requirement = requirements.references.requirement_from_text(text, asked, file.bases)
    if file.constraint and requirement.name is None:
        raise InvalidLineError("a constraint must name its project", "write 'name @ URL'")
    if file.constraint and requirement.extras:
        raise InvalidLineError(LIMIT_WITH_EXTRAS, "list them as a requirement")
    return requirement


# What may follow a requirement; and `-e`, which makes one.
_FOR_ONE = ("--hash", "--config-settings", "--editable")
_INCLUDES = {"--requirement": False, "--constraint": True}
_HASHES = ("--hash=sha256:", "--hash=sha384:", "--hash=sha512:")
_QUERY = frozenset("?&#;")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

_lines, _unchecked_requirement = unchecked(Lines), unchecked(Requirement)


def read_ordinary(line: LogicalLine, file: FileText) -> tuple[Requirement, ...] | None:
    """The requirement that a logical line is, None if it is not ordinary."""
    text = line.text
    if text[0] == "-" or not (text.isascii() and text.isprintable()):
        return None
    text, dash, options = text.partition(" -")
    hashes: tuple[str, ...] = ()
    if dash:
        words = [word for word in f"-{options}".split(" ") if word]
        if not all(word.startswith(_HASHES) and is_alphanumeric(word[14:]) for word in words):
            return None
        hashes = tuple(word[7:] for word in words)
    body, _, marker = text.partition(";")
    body, marker = body.strip(), marker.strip()
    # A text that may hold a password is not ordinary, and neither is a variable.
    if "@" in text or "$" in text or "://" in text or not _QUERY.isdisjoint(marker):
        return None
    parsed = parse_requirement(body)
    if parsed is None or (marker and parse_marker(marker) is None):
        return None
    name, extras, specifier = parsed.name, parsed.extras, parsed.specifier
    if file.constraint and extras:
        return None
    if not specifier and is_archive(name):  # it is a file's
        return None
    if body[-1] == "]" and not specifier:
        extras = tuple(sorted({extra.lower() for extra in extras}))
    fields = (
        *(canonical_name(name), name, text.strip(), line.text),
        _lines((file.path, line.line, line.end_line, line.raw)),
        *(file.constraint, None, specifier, extras, marker or None, None, hashes, "", False, None),
    )
    return (_unchecked_requirement(fields),)


def expand_variables(text: str) -> str:
    """Replace `${NAME}` from the process's environment; pip leaves an unset or empty one."""
    if "${" not in text:
        return text
    names = [part.partition("}") for part in text.split("${")[1:]]
    for name in dict.fromkeys(name for name, brace, _ in names if brace and name):
        if not name.strip(_LETTERS) and (value := os.environ.get(name)):
            # Elsewhere than in a URL it may be any word.
            if "://" in text.rpartition(f"${{{name}}}")[0]:
                hide(name, value)
            text = text.replace(f"${{{name}}}", value)
    return text
