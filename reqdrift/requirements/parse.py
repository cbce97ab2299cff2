"""One logical line -> a requirement, an include, or nothing to do with the environment.

A plain `name==version`, with or without hashes, is read by hand: most lines of a freeze are no
more than that, and nothing heavy is imported for them. All else goes the way that pip goes.
"""

from __future__ import annotations

from ..errors import InvalidLineError
from ..model import (
    TYPE_CHECKING,
    Location,
    Note,
    NamedTuple,
    Requirement,
    canonical_name,
    is_project_name,
)

if TYPE_CHECKING:
    from .lines import LogicalLine
    from .options import Options


class Include(NamedTuple):
    """A `-r` or `-c` line: another file to read, as it is written there."""

    at: Location
    path: str
    constraint: bool


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
    at = Location(file, line.line, line.end_line)
    text = _expand_variables(line.text)
    words, options_text = _split_options(text)
    if not options_text:
        return (_requirement(line, at, words, constraint, bases, ()),)

    # optparse and shlex are what pip itself reads options with.
    from .options import parse_options

    options = parse_options(options_text)
    dropped = _dropped(at, words, options)
    if words:
        return (_requirement(line, at, words, constraint, bases, options.hashes), *dropped)
    if options.editable:
        return (_editable(line, at, options.editable, constraint, bases), *dropped)
    if options.requirements:
        return (Include(at, options.requirements, False), *dropped)
    if options.constraints:
        return (Include(at, options.constraints, True), *dropped)
    return dropped


def literal_requirement(line: LogicalLine, file: str, constraint: bool) -> Requirement | None:
    """A `name==version` in the strict grammar, perhaps with hashes; None for every other line."""
    text, _, options = line.text.partition(" ")
    name, _, version = text.partition("==")
    if not is_literal_version(version) or not name or not is_project_name(name):
        return None
    hashes: tuple[str, ...] = ()
    if options:
        hashes = tuple(word[7:] for word in options.split(" ") if word)
        if not all(map(_is_literal_hash, options.split())):
            return None
    at = Location(file, line.line, line.end_line)
    canonical = canonical_name(name)
    specifier = "==" + version
    return Requirement(
        at,
        canonical,
        name,
        text,
        line.raw,
        constraint,
        version,
        specifier,
        (),
        None,
        None,
        hashes,
        "",
    )


def is_literal_version(text: str) -> bool:
    """Whether the text is a version that PEP 440 allows, spelled in its plainest form.

    Digits and dots, then at most one `aN`, `bN` or `rcN`, one `.postN`, one `.devN`.
    """
    if not text.isascii():
        return False
    release = text
    for marks in ((".dev",), (".post",), ("rc", "b", "a")):
        for mark in marks:
            before, found, number = release.rpartition(mark)
            if found:
                if not number.isdigit():
                    return False
                release = before
                break
    return release.replace(".", "").isdigit() and ".." not in f".{release}."


def _is_literal_hash(word: str) -> bool:
    return word.startswith("--hash=sha256:") and word[14:].isalnum()


def _expand_variables(text: str) -> str:
    """Replace `${NAME}` from the process's environment; pip leaves an unset or empty one."""
    if "${" not in text:
        return text
    import os
    import re

    def value(match: re.Match[str]) -> str:
        return os.environ.get(match[1]) or match[0]

    return re.sub(r"\$\{([A-Z0-9_]+)\}", value, text)


def _split_options(text: str) -> tuple[str, str]:
    """Split before the first word that looks like an option; only spaces separate words."""
    words = text.split(" ")
    for index, word in enumerate(words):
        if word.startswith("-"):
            return " ".join(words[:index]), " ".join(words[index:])
    return text, ""


def _dropped(at: Location, words: str, options: Options) -> tuple[Note, ...]:
    """A note about text that pip drops without a word, because its author meant something."""
    ignored = list(options.leftover)
    if words or options.editable:
        ignored += options.elsewhere
    if words and options.editable:
        ignored.append("-e")
    if not ignored:
        return ()
    text = " ".join(ignored)
    return (Note("dropped", None, at, f"pip ignores '{text}' here without a word"),)


def _requirement(
    line: LogicalLine,
    at: Location,
    text: str,
    constraint: bool,
    bases: tuple[str, ...],
    hashes: tuple[str, ...],
) -> Requirement:
    from .references import requirement_from_text

    shown = _split_options(line.text)[0].strip()
    requirement = requirement_from_text(text, at, shown, line.raw, bases)
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
    from .references import requirement_from_editable

    return requirement_from_editable(text, at, line.text, line.raw, bases)
