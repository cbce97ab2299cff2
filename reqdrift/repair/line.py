"""Rewording one requirement inside its physical lines, all else in them left as it is."""

from __future__ import annotations

import os
import re
from urllib.parse import quote

from ..drift.lines import is_pinned
from ..errors import InvalidLineError
from ..requirements.lines import logical_lines
from ..requirements.parse import parse_line
from ..values import Distribution, Lines, Note, Requirement, Source
from .frozen import exact, file_url, reference

# White space, and the ends of physical lines inside a logical one.
_GAP = r"(?:[^\S\r\n]|\\\r?\n|\\\r)*"
_CLAUSE = rf"(?:===|==|~=|!=|<=|>=|<|>){_GAP}[^\s,;()\\]+"
_NAMED = re.compile(
    rf"(?P<head>{_GAP}[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?(?:{_GAP}\[[^\]]*\])?)"
    rf"(?P<gap>{_GAP})"
    rf"(?P<specifier>\(?{_GAP}{_CLAUSE}(?:{_GAP},(?:{_GAP}{_CLAUSE})?)*(?:{_GAP}\))?|\(\s*\))?"
)


def lines_of(requirement: Requirement) -> Lines:
    """The physical lines of a requirement.

    Raises:
        InvalidLineError: it is written in no lines that could be edited.
    """
    if isinstance(requirement.origin, Lines):
        return requirement.origin
    raise InvalidLineError("an entry of a lock file is not edited; regenerate the file")


def respecified(line: Requirement, specifier: str) -> str:
    """The line's physical lines with another specifier.

    Raises:
        InvalidLineError: the line is too odd to be edited with certainty.
    """
    old_lines = lines_of(line).raw
    found = _NAMED.match(old_lines)
    if found is None or "${" in line.text:
        raise InvalidLineError("the line is too unusual to be edited")
    old = found["specifier"]
    if old is None:
        raw = found["head"] + specifier + old_lines[found.end("head") :]
    else:
        # `flask >= 2` keeps its blank after the operator.
        blank = " " if re.match(r"\(?\s*[=~!<>]+ ", old) else ""
        operator = "===" if specifier.startswith("===") else "=="
        new = operator + blank + specifier.removeprefix(operator)
        raw = found["head"] + found["gap"] + new + old_lines[found.end("specifier") :]
    return _checked(line, raw, specifier)


def with_reference(line: Requirement, found: Distribution, source: Source | None) -> str:
    """The line asking for what is installed: a release, a URL or a folder, in its own style.

    Raises:
        InvalidLineError: the line is too odd to be edited with certainty, or nothing can pin it.
    """
    text = line.text
    if "${" in text or "****" in text:
        raise InvalidLineError("the line holds variables or credentials; edit it by hand")
    # A URL may hold a `;`: a marker after one needs white space beside it.
    body = re.split(r"\s+;|;\s" if "://" in text else ";", text, maxsplit=1)[0].rstrip()
    name = line.written or found.project
    extras = f"[{','.join(line.extras)}]" if line.extras else ""
    if source is None:
        new = f"{name}{extras}{exact(found.version)}"
    elif source.editable and line.source and line.source.editable and line.source.kind == "vcs":
        raise InvalidLineError("an editable checkout moves with every commit; pin it by hand")
    elif source.editable and line.marker:
        raise InvalidLineError("an editable line cannot keep its marker; edit it by hand")
    elif source.editable:
        new = f"-e {_path(line, source)}{extras}"
    elif _is_editable_of(line, source):
        path = _path(line, source)
        new = f"{name}{extras} @ {path}" if path.startswith("file:") else path + extras
    elif line.source and line.source.kind == source.kind == "vcs" and "@ " not in body:
        # `git+URL@commit#egg=name` keeps this older style.
        new = f"{'-e ' if line.source.editable else ''}{reference(source)}"
        new += ("&" if "#" in new else "#") + f"egg={name}"
    else:
        new = f"{name}{extras} @ {reference(source)}"
    old_lines = lines_of(line).raw
    at = old_lines.find(body)
    if at < 0:
        raise InvalidLineError("the line is too unusual to be edited")
    rest = old_lines[at + len(body) :]
    if source is not None and rest.lstrip().startswith(";"):
        rest = f" {rest.lstrip()}"  # after a URL a marker needs the blank
    return _checked(line, old_lines[:at] + new + rest, None)


def _is_editable_of(line: Requirement, source: Source) -> bool:
    """Whether the line says `-e FOLDER`, and a folder without `-e` can say what is installed."""
    wanted = line.source
    if wanted is None or not wanted.editable or source.subdirectory:
        return False
    return wanted.kind == source.kind == "folder"


def _path(line: Requirement, source: Source) -> str:
    """The installed folder, relative to the file or to the working directory if it lies below."""
    folder = source.folders[0]
    if quote(folder) != folder:
        return file_url(source)  # blanks and `#` mean something in a path, and not in a URL
    for base in map(os.path.realpath, (os.path.dirname(line.at.file), os.getcwd())):
        if folder == base:
            return "."
        if folder.startswith(base + os.sep):
            return f"./{os.path.relpath(folder, base)}"
    return folder


def _checked(line: Requirement, raw: str, specifier: str | None) -> str:
    """The new lines, if reading them again gives one requirement for the same project.

    Raises:
        InvalidLineError: they say something else.
    """
    again = read_again(raw, line.at.file, line.constraint)
    if (
        again.extras == line.extras
        and again.marker == line.marker
        and again.name in (line.name, None)
        and specifier in (None, again.specifier)
    ):
        return raw
    raise InvalidLineError("the line is too unusual to be edited")


def read_again(raw: str, file: str, constraint: bool) -> Requirement:
    """The one requirement that new lines of a file are.

    Raises:
        InvalidLineError: they are something else, or could never be called pinned.
    """
    read = list(logical_lines(raw))
    bases = (os.getcwd(), os.path.dirname(file))
    items = parse_line(read[0], file, constraint, bases) if len(read) == 1 else ()
    items = tuple(i for i in items if not (isinstance(i, Note) and i.reason == "outdated"))
    if len(items) != 1 or not isinstance(items[0], Requirement):
        raise InvalidLineError("the line is too unusual to be edited")
    again = items[0]
    if again.source and again.source.kind != "folder" and not is_pinned(again):
        raise InvalidLineError(
            "neither a recorded hash nor the archive's name says which release it is;"
            " edit it by hand"
        )
    return again
