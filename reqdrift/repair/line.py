"""Change one requirement in its physical lines, and keep everything else in them."""

from __future__ import annotations

import os
import re

from .. import standards
from ..drift.lines import is_pinned
from ..errors import InvalidLineError
from ..requirements.lines import logical_lines
from ..requirements.parse import parse_line
from ..values import Distribution, Lines, Note, Requirement
from ..values.details import Source
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
        InvalidLineError: it is not in lines that can be edited.
    """
    if isinstance(requirement.origin, Lines):
        return requirement.origin
    raise InvalidLineError("lock file entries are not edited; regenerate the file")


def respecified(line: Requirement, specifier: str) -> str:
    """The line's physical lines with another specifier.

    Raises:
        InvalidLineError: the line cannot be edited reliably.
    """
    old_lines = lines_of(line).raw
    found = _NAMED.match(old_lines)
    if found is None or "${" in line.text:
        raise InvalidLineError("the line cannot be edited automatically; edit it by hand")
    old = found["specifier"]
    if old is None:
        raw = found["head"] + specifier + old_lines[found.end("head") :]
    else:
        # `flask >= 2` keeps its space after the operator.
        blank = " " if re.match(r"\(?\s*[=~!<>]+ ", old) else ""
        operator = "===" if specifier.startswith("===") else "=="
        new = operator + blank + specifier.removeprefix(operator)
        raw = found["head"] + found["gap"] + new + old_lines[found.end("specifier") :]
    return _checked(line, raw, specifier)


def with_reference(line: Requirement, found: Distribution, source: Source | None) -> str:
    """The line asking for what is installed: a release, a URL or a folder, in its own style.

    Raises:
        InvalidLineError: the line cannot be edited reliably, or nothing can pin it.
    """
    text = line.text
    if "${" in text or "****" in text:
        raise InvalidLineError("the line contains variables or credentials; edit it by hand")
    # A URL may contain `;`: a marker after a URL needs white space before it.
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
        raise InvalidLineError("the line cannot be edited automatically; edit it by hand")
    rest = old_lines[at + len(body) :]
    if source is not None and rest.lstrip().startswith(";"):
        rest = f" {rest.lstrip()}"  # after a URL a marker needs the space
    return _checked(line, old_lines[:at] + new + rest, None)


def _is_editable_of(line: Requirement, source: Source) -> bool:
    """Whether the line says `-e FOLDER`, and a folder without `-e` can say what is installed."""
    wanted = line.source
    if wanted is None or not wanted.editable or source.subdirectory:
        return False
    return wanted.kind == source.kind == "folder"


def _path(line: Requirement, source: Source) -> str:
    """The installed folder, relative to the file or to the working directory if it lies below.

    A relative path stays relative, because an absolute one is useless on another machine.

    Raises:
        InvalidLineError: the folder is outside of the project, or cannot be written as a path.
    """
    folder = source.folders[0]
    bases = list(map(os.path.realpath, (os.path.dirname(line.at.file), os.getcwd())))
    written = _relative_path(line)
    if standards.urls.quote(folder) != folder:
        if written:
            raise InvalidLineError(f"{folder} cannot be written as a relative path; edit by hand")
        return file_url(source)  # spaces and `#` are special in a path, but not in a URL
    for base in bases:
        if folder == base:
            return "."
        if folder.startswith(base + os.sep):
            return f"./{os.path.relpath(folder, base)}"
    if not written:
        return folder
    if not written.startswith(".."):
        raise InvalidLineError(
            f"it is installed from {folder}, outside of the project; install {written} again, or"
            " edit the line by hand"
        )
    is_there = (base for base in bases if os.path.isdir(os.path.join(base, written)))
    return os.path.relpath(folder, next(is_there, bases[0]))


def _relative_path(line: Requirement) -> str:
    """The path in the line, '' if it has none or an absolute one."""
    if line.source is None or not line.source.local:
        return ""
    path = line.source.url
    return "" if path.startswith(("/", "file:")) else path


def _checked(line: Requirement, raw: str, specifier: str | None) -> str:
    """The new lines, if reading them again gives one requirement for the same project.

    Raises:
        InvalidLineError: the result is different.
    """
    again = read_again(raw, line.at.file, line.constraint)
    if (
        again.extras == line.extras
        and again.marker == line.marker
        and again.name in (line.name, None)
        and specifier in (None, again.specifier)
    ):
        return raw
    raise InvalidLineError("the line cannot be edited automatically; edit it by hand")


def read_again(raw: str, file: str, constraint: bool) -> Requirement:
    """The one requirement in new lines of a file.

    Raises:
        InvalidLineError: they are something else, or would not be pinned.
    """
    read = list(logical_lines(raw))
    bases = (os.getcwd(), os.path.dirname(file))
    items = parse_line(read[0], file, constraint, bases) if len(read) == 1 else ()
    items = tuple(i for i in items if not (isinstance(i, Note) and i.reason == "outdated"))
    if len(items) != 1 or not isinstance(items[0], Requirement):
        raise InvalidLineError("the line cannot be edited automatically; edit it by hand")
    again = items[0]
    if again.source and again.source.kind != "folder" and not is_pinned(again):
        raise InvalidLineError(
            "neither a recorded hash nor the archive's name says which release it is;"
            " edit it by hand"
        )
    return again
