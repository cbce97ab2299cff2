"""One logical line -> a requirement, an include, or neither, as in pip."""

from __future__ import annotations

import os

from .. import requirements, standards
from .._record import unchecked
from ..errors import InvalidLineError
from ..standards import canonical_name
from ..standards.markers import parse_marker, parse_requirement
from ..values import TYPE_CHECKING, Lines, Location, Note, Requirement
from .lines import Include, LogicalLine, is_alphanumeric, literal_requirement

if TYPE_CHECKING:
    from .lines import FileText


def parse_line(
    line: LogicalLine, file: str, constraint: bool, bases: tuple[str, ...]
) -> tuple[Requirement | Include | Note, ...]:
    """Read one logical line of `file`.

    `bases` are the folders that a relative path may be relative to.

    Raises:
        InvalidLineError: pip refuses the line too.
    """
    if literal := literal_requirement(line, file, constraint):
        return (literal,)
    text = expand_variables(line.text)
    try:
        return _parse(line, text, Location(file, line.line, line.end_line), constraint, bases)
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
    line: LogicalLine, text: str, at: Location, constraint: bool, bases: tuple[str, ...]
) -> tuple[Requirement | Include | Note, ...]:
    """Read the line, its `text` with variables expanded."""
    words, options_text = _split_options(text)
    if not options_text:
        return (_requirement(line, at, words, constraint, bases, ()),)

    options = requirements.options.parse_options(options_text)
    dropped = list(options.leftover)
    item: Requirement | Include | None = None
    if options.editable is not None:
        # `name -e path` is `-e name` to pip.
        if constraint:
            raise InvalidLineError(
                "a constraint cannot be editable", "move the line to a requirements file"
            )
        item = requirements.references.requirement_from_editable(
            words or options.editable, _unread(line, at.file, line.text), bases
        )
        dropped += [*options.elsewhere, *(f"--hash={value}" for value in options.hashes)]
        dropped += [options.editable] if words else []
    elif words:
        item = _requirement(line, at, words, constraint, bases, options.hashes)
        dropped += options.elsewhere
    elif options.requirement is not None:
        item = Include(at, options.requirement, False, line.text)
        dropped += [option for option in options.elsewhere if option != "--requirement"]
    elif options.constraint is not None:
        item = Include(at, options.constraint, True, line.text)
        dropped += [option for option in options.elsewhere if option != "--constraint"]
    else:
        dropped += [f"--hash={value}" for value in options.hashes]
    outdated = (
        f"pip {version} and newer refuse {name}, and so does uv; remove it"
        for name, version in options.outdated
    )
    notes = (Note("outdated", None, at, message) for message in outdated)
    found = (*(() if item is None else (item,)), *notes)
    if not dropped:
        return found
    # The values of variables are never shown, nor the end of a URL whose password has a space.
    is_shown = text == line.text and not any("@" in part for part in dropped)
    what = f"'{' '.join(dropped)}' here" if is_shown else "a part of this line"
    message = f"pip silently ignores {what}"
    return (*found, Note("dropped", None, at, message))


def outdated_options(text: str) -> tuple[tuple[str, str], ...]:
    """The options of a line that the current pip does not read, with the first that refuses each.

    Raises:
        InvalidLineError: the options cannot be read.
    """
    options_text = _split_options(expand_variables(text))[1]
    return requirements.options.parse_options(options_text).outdated if options_text else ()


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


def _requirement(
    line: LogicalLine,
    at: Location,
    text: str,
    constraint: bool,
    bases: tuple[str, ...],
    hashes: tuple[str, ...],
) -> Requirement:
    # With its variables unexpanded.
    shown = _split_options(line.text)[0].strip()
    requirement = requirements.references.requirement_from_text(
        text, _unread(line, at.file, shown, constraint), bases
    )
    if constraint and requirement.name is None:
        raise InvalidLineError("a constraint must name its project", "write 'name @ URL'")
    if constraint and requirement.extras:
        raise InvalidLineError(
            "a constraint cannot have extras", "list the extras as a requirement"
        )
    return requirement._replace(hashes=hashes)


def _unread(line: LogicalLine, file: str, shown: str, constraint: bool = False) -> Requirement:
    origin = Lines(file, line.line, line.end_line, line.raw)
    return requirements.references.unread(shown, line.text, origin, constraint)


_FLAGS = frozenset(("--no-index", "--pre", "--prefer-binary", "--require-hashes"))
_WITH_VALUE = frozenset(
    (
        *("-i", "--index-url", "--extra-index-url", "-f", "--find-links", "--trusted-host"),
        *("--no-binary", "--only-binary", "--use-feature"),
    )
)
_INCLUDES = {"-r": False, "--requirement": False, "-c": True, "--constraint": True}
_EDITABLE = ("-e", "--editable")
_HASHES = ("--hash=sha256:", "--hash=sha384:", "--hash=sha512:")
# A name that ends like this is a file's.
_ARCHIVES = (
    *(".zip", ".whl", ".tar", ".tbz", ".tgz", ".txz", ".tlz", ".bz2", ".gz", ".xz", ".lz", ".lzma"),
)
_QUERY = frozenset("?&#;")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

_lines, _unchecked_requirement = unchecked(Lines), unchecked(Requirement)


def read_ordinary(line: LogicalLine, file: FileText) -> tuple[Requirement | Include, ...] | None:
    """What a logical line of the file says, None if it is not ordinary."""
    text = line.text
    if not (text.isascii() and text.isprintable()):
        return None
    if text[0] == "-":
        return _read_options(line, file)
    text, dash, options = text.partition(" -")
    hashes: tuple[str, ...] = ()
    if dash:
        words = [word for word in f"-{options}".split(" ") if word]
        if not all(map(_is_hash, words)):
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
    if not specifier and name.lower().endswith(_ARCHIVES):
        return None
    if body[-1] == "]" and not specifier:
        extras = tuple(sorted({extra.lower() for extra in extras}))
    return (
        _unchecked_requirement(
            (
                *(canonical_name(name), name, text.strip(), line.text),
                _lines((file.path, line.line, line.end_line, line.raw)),
                *(file.constraint, None, specifier, extras, marker or None, None, hashes),
                *("", False, None),
            )
        ),
    )


def _is_hash(word: str) -> bool:
    return word.startswith(_HASHES) and is_alphanumeric(word[14:])


def _read_options(line: LogicalLine, file: FileText) -> tuple[Requirement | Include, ...] | None:
    """A line of options: any that do not bear on the environment, or one include or editable."""
    text = expand_variables(line.text)
    if not (text.isascii() and text.isprintable()) or not set("'\"\\").isdisjoint(text):
        return None
    given = []
    words = iter([word for word in text.split(" ") if word])
    for word in words:
        name, equals, value = word.partition("=")
        if name in _FLAGS and not equals:
            continue
        if equals and name[:2] != "--":  # the value of `-i=x` is `=x`
            return None
        if not equals:
            value = next(words, "")
        if value[:1] in ("", "-"):
            return None
        if name in _INCLUDES or name in _EDITABLE:
            given.append((name, value))
        elif name not in _WITH_VALUE:
            return None
    if not given:
        return ()
    name, value = given[0]
    if line.text not in (f"{name} {value}", f"{name}={value}"):
        return None
    if name in _EDITABLE:
        if file.constraint:
            return None
        try:
            asked = _unread(line, file.path, line.text)
            return (requirements.references.requirement_from_editable(value, asked, file.bases),)
        except InvalidLineError:
            return None
    if "@" in value or "?" in value:  # a password is not shown
        return None
    at = Location(file.path, line.line, line.end_line)
    return (Include(at, value, _INCLUDES[name], line.text),)


def expand_variables(text: str) -> str:
    """Replace `${NAME}` from the process's environment; pip leaves an unset or empty one."""
    if "${" not in text:
        return text
    names = [part.partition("}") for part in text.split("${")[1:]]
    for name in dict.fromkeys(name for name, brace, _ in names if brace and name):
        if not name.strip(_LETTERS) and (value := os.environ.get(name)):
            text = text.replace(f"${{{name}}}", value)
    return text


def path_of_url(url: str) -> str:
    """The path of the file; raises InvalidLineError if pip refuses the URL."""
    standards.urls.check(url)
    # pip takes `file:x` for `file:///x`.
    return os.path.join(os.sep, standards.urls.file_path(url))
