"""Rewording one requirement inside its physical lines, all else in them left as it is."""

from __future__ import annotations

import os
import re

from ..errors import InvalidLineError
from ..model import Distribution, Requirement, Source
from ..requirements.lines import logical_lines
from ..requirements.parse import parse_line
from .frozen import exact, reference

# White space, and the ends of physical lines inside a logical one.
_GAP = r"(?:[^\S\r\n]|\\\r?\n|\\\r)*"
_CLAUSE = rf"(?:===|==|~=|!=|<=|>=|<|>){_GAP}[^\s,;()\\]+"
_NAMED = re.compile(
    rf"(?P<head>{_GAP}[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?(?:{_GAP}\[[^\]]*\])?)"
    rf"(?P<gap>{_GAP})"
    rf"(?P<specifier>\(?{_GAP}{_CLAUSE}(?:{_GAP},(?:{_GAP}{_CLAUSE})?)*(?:{_GAP}\))?|\(\s*\))?"
)


def respecified(line: Requirement, specifier: str) -> str:
    """The line's physical lines with another specifier.

    Raises:
        InvalidLineError: the line is too odd to be edited with certainty.
    """
    found = _NAMED.match(line.raw)
    if found is None or "${" in line.text:
        raise InvalidLineError("the line is too unusual to be edited")
    old = found["specifier"]
    if old is None:
        raw = found["head"] + specifier + line.raw[found.end("head") :]
    else:
        # `flask >= 2` keeps its blank after the operator.
        blank = " " if re.match(r"\(?\s*[=~!<>]+ ", old) else ""
        operator = "===" if specifier.startswith("===") else "=="
        new = operator + blank + specifier.removeprefix(operator)
        raw = found["head"] + found["gap"] + new + line.raw[found.end("specifier") :]
    return _checked(line, raw, specifier)


def with_reference(line: Requirement, found: Distribution, source: Source | None) -> str:
    """The line asking for what is installed: a release, a URL or a folder, in its own style.

    Raises:
        InvalidLineError: the line is too odd to be edited with certainty, or nothing can pin it.
    """
    text = line.text
    if "${" in text or "****" in text:
        raise InvalidLineError("the line holds variables or credentials; edit it by hand")
    body = re.split(r"\s+;|;\s|\s+--hash", text, maxsplit=1)[0].rstrip()
    name = line.written or found.project
    extras = f"[{','.join(line.extras)}]" if line.extras else ""
    if source is None:
        new = f"{name}{extras}{exact(found.version)}"
    elif source.editable and line.source and line.source.kind == "vcs":
        raise InvalidLineError("an editable checkout moves with every commit; pin it by hand")
    elif source.editable:
        new = f"-e {_path(line, source)}{extras}"
    elif line.source and line.source.kind == source.kind == "vcs" and "@ " not in body:
        # `git+URL@commit#egg=name` keeps this older style.
        new = f"{'-e ' if line.source.editable else ''}{reference(source)}"
        new += ("&" if "#" in new else "#") + f"egg={name}"
    elif source.kind == "archive" and not source.hashes and not source.local:
        raise InvalidLineError("the archive's hash is not recorded; add it by hand")
    else:
        new = f"{name}{extras} @ {reference(source)}"
    at = line.raw.find(body)
    if at < 0:
        raise InvalidLineError("the line is too unusual to be edited")
    rest = line.raw[at + len(body) :]
    if source is not None and rest.lstrip().startswith(";"):
        rest = f" {rest.lstrip()}"  # after a URL a marker needs the blank
    return _checked(line, line.raw[:at] + new + rest, None)


def _path(line: Requirement, source: Source) -> str:
    """The installed folder, relative to the file if it lies below it."""
    base = os.path.realpath(os.path.dirname(line.at.file))
    folder = source.folders[0]
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
    read = list(logical_lines(raw))
    if len(read) == 1:
        base = os.path.dirname(line.at.file)
        items = parse_line(read[0], line.at.file, line.constraint, (base,))
        again = items[0] if len(items) == 1 else None
        if (
            isinstance(again, Requirement)
            and again.extras == line.extras
            and again.marker == line.marker
            and again.name in (line.name, None)
            and specifier in (None, again.specifier)
        ):
            return raw
    raise InvalidLineError("the line is too unusual to be edited")
