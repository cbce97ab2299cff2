"""One logical line -> a requirement, an include, or neither, as in pip."""

from __future__ import annotations

from .. import standards
from ..errors import InvalidLineError
from ..values import TYPE_CHECKING, Lines, Location, Note, Requirement
from .lines import Include, LogicalLine, literal_requirement
from .ordinary import expand_variables
from .references import Written, requirement_from_editable, requirement_from_text

if TYPE_CHECKING:
    from .options import Options, Outdated


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
        raise InvalidLineError(_without_credentials(message), error.hint) from None


def _parse(
    line: LogicalLine, text: str, at: Location, constraint: bool, bases: tuple[str, ...]
) -> tuple[Requirement | Include | Note, ...]:
    """Read the line, its `text` with variables expanded."""
    words, options_text = _split_options(text)
    if not options_text:
        return (_requirement(line, at, words, constraint, bases, ()),)

    options = _parse_options(options_text)
    dropped = list(options.leftover)
    item: Requirement | Include | None = None
    if options.editable is not None:
        # `name -e path` is `-e name` to pip.
        item = _editable(line, at, words or options.editable, constraint, bases)
        dropped += [*options.elsewhere, *(f"--hash={value}" for value in options.hashes)]
        dropped += [options.editable] if words else []
    elif words:
        item = _requirement(line, at, words, constraint, bases, options.hashes)
        dropped += options.elsewhere
    elif options.requirement is not None:
        item = Include(at, options.requirement, False, _without_credentials(line.text))
        dropped += [option for option in options.elsewhere if option != "--requirement"]
    elif options.constraint is not None:
        item = Include(at, options.constraint, True, _without_credentials(line.text))
        dropped += [option for option in options.elsewhere if option != "--constraint"]
    else:
        dropped += [f"--hash={value}" for value in options.hashes]
    outdated = (Note("outdated", None, at, _outdated(option)) for option in options.outdated)
    found = (*(() if item is None else (item,)), *outdated)
    if not dropped:
        return found
    # The values of variables are never shown.
    what = f"'{' '.join(dropped)}' here" if text == line.text else "a part of this line"
    message = _without_credentials(f"pip silently ignores {what}")
    return (*found, Note("dropped", None, at, message))


def outdated_options(text: str) -> tuple[Outdated, ...]:
    """The options of a line that the current pip no longer reads.

    Raises:
        InvalidLineError: the options cannot be read.
    """
    options_text = _split_options(expand_variables(text))[1]
    if not options_text:
        return ()
    return _parse_options(options_text).outdated


def _parse_options(text: str) -> Options:
    # It loads optparse and shlex, with which pip itself reads options.
    from .options import parse_options

    return parse_options(text)


def _outdated(option: Outdated) -> str:
    return f"pip {option.refused_by} and newer refuse {option.name}, and so does uv; remove it"


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


def _without_credentials(text: str) -> str:
    return standards.redact(text) if "@" in text or "?" in text else text


def _requirement(
    line: LogicalLine,
    at: Location,
    text: str,
    constraint: bool,
    bases: tuple[str, ...],
    hashes: tuple[str, ...],
) -> Requirement:
    shown = _split_options(line.text)[0].strip()
    requirement = requirement_from_text(text, _written(line, at, shown), bases)
    if constraint and requirement.name is None:
        raise InvalidLineError("a constraint must name its project", "write 'name @ URL'")
    if constraint and requirement.extras:
        raise InvalidLineError(
            "a constraint cannot have extras", "list the extras as a requirement"
        )
    return requirement._replace(constraint=constraint, hashes=hashes)


def _editable(
    line: LogicalLine, at: Location, text: str, constraint: bool, bases: tuple[str, ...]
) -> Requirement:
    if constraint:
        raise InvalidLineError(
            "a constraint cannot be editable", "move the line to a requirements file"
        )
    return requirement_from_editable(text, _written(line, at, line.text), bases)


def _written(line: LogicalLine, at: Location, shown: str) -> Written:
    """`shown` is the requirement's text with variables unexpanded."""
    origin = Lines(at.file, line.line, line.end_line, line.raw)
    return Written(standards.redact(shown), line.text, origin)
