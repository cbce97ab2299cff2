"""Edits of a file's physical lines, and how they are applied."""

from __future__ import annotations

import bisect
import os
import re

from .. import standards
from ..drift.lines import is_pinned
from ..errors import InvalidLineError
from ..requirements.lines import FileText, logical_lines
from ..requirements.parse import parse_line
from ..texts import has_secret
from ..values import TYPE_CHECKING, Lines, NamedTuple, Note, Requirement
from . import exact, file_url, reference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ..values import CanonicalName, Distribution
    from ..values.details import Source


class Edit(NamedTuple):
    """Lines `first` to `last` (from 1) become `raw`.

    If that is '', they are removed, with pip-compile's `# via` lines below them. If `last` is less
    than `first`, there are none, and the line `raw` is inserted after `last` (0: before the first).
    `order` sorts lines that are inserted at the same place.
    """

    file: str
    first: int
    last: int
    raw: str
    summary: str
    order: str = ""


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text with the edits applied; all other lines are unchanged."""
    lines: list[str] = text.splitlines(keepends=True)
    # That of the first line that has one.
    ending = next(filter(None, map(_ending_of, lines)), "\n")
    kept = list(lines)
    added: dict[int, list[Edit]] = {}
    # Deletions last: a repeated line may also have been replaced.
    for edit in sorted(edits, key=lambda edit: not edit.raw):
        if edit.last < edit.first:
            added.setdefault(edit.last, []).append(edit)
        else:
            last = edit.last if edit.raw else end_of_annotation(lines, edit.last)
            kept[edit.first - 1 : last] = [edit.raw, *[""] * (last - edit.first)]
    result: list[str] = []
    for number in range(len(lines) + 1):
        if number and kept[number - 1]:
            result.append(kept[number - 1])
        for edit in sorted(added.get(number, ()), key=lambda edit: (edit.order, edit.raw)):
            _add_line(result, edit.raw, ending)
    return "".join(result)


def _add_line(lines: list[str], text: str, ending: str) -> None:
    """Put a line after the others, with the ending of the one before it, else with `ending`."""
    own = _ending_of(lines[-1]) if lines else ending
    if not own:
        lines[-1] += ending
    if lines and is_continued(lines[-1]):
        lines.append(own or ending)  # otherwise the last line would continue into the new one
    # If the file's last line has no line ending, the new last line has none either.
    lines.append(text + own)


def is_continued(line: str) -> bool:
    """Whether a physical line ends in a backslash that joins the next one to it."""
    text = "".join(line.splitlines())
    return text.endswith("\\") and not text.lstrip().startswith("#")


def _ending_of(line: str) -> str:
    return next((ending for ending in ("\r\n", "\n", "\r") if line.endswith(ending)), "")


def end_of_annotation(lines: Sequence[str], last: int) -> int:
    """The last line of pip-compile's or uv's comment under the requirement in line `last`.

    That is an indented `# via NAME`, or `# via` with a line for each name, and `# from INDEX`.
    """
    end = last
    listing = False
    for line in lines[last:]:
        comment = line.strip()
        if not line[:1].isspace():
            break
        if comment.startswith("# via"):
            listing = comment == "# via"
        elif not (comment.startswith("# from http") or (listing and comment.startswith("#   "))):
            break
        end += 1
    return end


def insertion_point(
    text: str, in_file: Sequence[Requirement], name: CanonicalName, written: str, new: str
) -> tuple[int, str]:
    """Where the requirement `new` of a project, whose name is `written` so, belongs in the file.

    In its alphabetical place if the file's requirements are sorted in any known order; otherwise at
    the end. It is the line above it (0: none), and the `order` of the `Edit`.
    """
    lines = text.splitlines(keepends=True)
    named = [line for line in in_file if line.name and line.at.line]
    has_editables = any(line.source and line.source.editable for line in named)
    for order in _ORDERS if has_editables else _ORDERS[1:]:
        keys = [order(line.name or name, line.written, line.text) for line in named]
        if not keys or keys != sorted(keys):
            continue
        key = order(name, written, new)
        index = bisect.bisect(keys, key)
        if not index:
            return _before_first(lines, named), key
        before = named[index - 1].at
        after = end_of_annotation(lines, before.end_line or before.line or 0)
        return _past_continuation(lines, after), key
    last = len(lines)
    while last and not lines[last - 1].strip():
        last -= 1
    return _past_continuation(lines, last), name


def _past_continuation(lines: Sequence[str], after: int) -> int:
    """After line `after`, or after the comment or blank line that ends its continuation."""
    while 0 < after < len(lines) and is_continued(lines[after - 1]):
        after += 1
    return after


def _before_first(lines: Sequence[str], named: Sequence[Requirement]) -> int:
    """The place before the first requirement.

    Above the comment before it, if other requirements have comments before them too: then the
    comment belongs to the line, not to the file.
    """
    first, *others = [(line.at.line or 1) - 1 for line in named]
    # At the margin, unlike those that pip-compile indents under a requirement.
    if any(lines[number - 1].startswith("#") for number in others if number):
        while first and lines[first - 1].startswith("#"):
            first -= 1
        while any("coding" in line for line in lines[first:2] if line.startswith("#")):
            first += 1  # an encoding comment must stay in the first two lines
    return first


# The orders that tools and people sort requirements in, the most usual first: by the canonical name
# of the project, the name as it is written, or the text.
_ORDERS: tuple[Callable[[CanonicalName, str, str], str], ...] = (
    lambda name, _, text: f"{'0' if text.startswith('-') else '1'}{name}",  # pip-compile
    lambda name, _, __: name,  # uv pip freeze, uv pip compile
    lambda _, written, __: written.lower(),  # pip freeze
    lambda _, __, text: text.lower(),  # sort --ignore-case
    lambda _, __, text: text,  # sort
)


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
        operator = specifier[: 3 if specifier.startswith("===") else 2]
        new = operator + blank + specifier.removeprefix(operator)
        raw = found["head"] + found["gap"] + new + old_lines[found.end("specifier") :]
    return _checked(line, raw, specifier)


def widened(specifier: str, version: str) -> str:
    """A specifier that also allows a version: it is the lower bound.

    What bounds the versions from above, or excludes some, stays if it allows this one.
    """
    clauses = [clause.strip() for clause in specifier.split(",")]
    # `~=2.5` is `>=2.5, ==2.*`.
    bounds = [
        f"=={clause[2:].strip().rpartition('.')[0]}.*" if clause.startswith("~=") else clause
        for clause in clauses
        if clause and not clause.startswith(">")
    ]
    kept = [bound for bound in bounds if standards.pep440.satisfies(version, bound)]
    return ",".join([exact(version, at_least=True), *kept])


def with_reference(line: Requirement, found: Distribution, source: Source | None) -> str:
    """The line asking for what is installed: a release, a URL or a folder, in its own style.

    Raises:
        InvalidLineError: the line cannot be edited reliably, or nothing can pin it.
    """
    text = line.text
    if "${" in text or has_secret(text):
        raise InvalidLineError("the line contains variables or credentials; edit it by hand")
    # A URL may contain `;`: a marker after a URL needs white space before it.
    body = re.split(r"\s+;|;\s" if "://" in text else ";", text, maxsplit=1)[0].rstrip()
    name = line.written or found.project
    extras = f"[{','.join(line.extras)}]" if line.extras else ""
    is_editable = line.source and line.source.editable and line.source.kind == "folder"
    if source is None:
        new = f"{name}{extras}{exact(found.version)}"
    elif source.editable and line.source and line.source.editable and line.source.kind == "vcs":
        raise InvalidLineError("an editable checkout moves with every commit; pin it by hand")
    elif source.editable and line.marker:
        raise InvalidLineError("an editable line cannot keep its marker; edit it by hand")
    elif source.editable:
        new = f"-e {_path(line, source)}{extras}"
    elif source.kind == "archive" and line.source and is_relative(line.source):
        raise InvalidLineError("the line names an archive by its path; edit it by hand")
    elif is_editable and not source.subdirectory and source.kind == "folder":
        # A folder without `-e` can say what is installed.
        path = _path(line, source)
        new = f"{name}{extras} @ {path}" if path.startswith("file:") else path + extras
    elif line.source and line.source.kind == source.kind == "vcs" and "@ " not in body:
        # `git+URL@commit#egg=name` keeps this older style.
        new = reference(source)
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


def is_relative(source: Source) -> bool:
    """Whether a line has a path that is relative to a folder."""
    return source.local and not source.url.startswith(("/", "file:"))


def _path(line: Requirement, source: Source) -> str:
    """The installed folder, relative to the file or to the working directory if it lies below.

    A relative path stays relative, because an absolute one is useless on another machine.

    Raises:
        InvalidLineError: the folder is outside of the project, or cannot be written as a path.
    """
    folder = source.folders[0]
    bases = list(map(os.path.realpath, (os.path.dirname(line.at.file), os.getcwd())))
    written = line.source.url if line.source and is_relative(line.source) else ""
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
        why = f"it is installed from {folder}, outside of the project"
        raise InvalidLineError(f"{why}; install {written} again, or edit the line by hand")
    is_there = (base for base in bases if os.path.isdir(os.path.join(base, written)))
    return os.path.relpath(folder, next(is_there, bases[0]))


def _checked(line: Requirement, raw: str, specifier: str | None) -> str:
    """The new lines, if reading them again gives one requirement for the same project.

    Raises:
        InvalidLineError: the result is different.
    """
    again = read_again(raw, line.at.file, line.constraint)
    is_alike = (again.extras, again.marker) == (line.extras, line.marker)
    if specifier is not None:
        # The reader orders the clauses.
        form = standards.pep440.normal_form
        is_alike &= form(specifier) == form(again.specifier)
    if is_alike and again.name in (line.name, None):
        return raw
    raise InvalidLineError("the line cannot be edited automatically; edit it by hand")


def read_again(raw: str, file: str, constraint: bool) -> Requirement:
    """The one requirement in new lines of a file.

    Raises:
        InvalidLineError: they are something else, or would not be pinned.
    """
    read = list(logical_lines(raw))
    bases = (os.getcwd(), os.path.dirname(file))
    items = parse_line(read[0], FileText(file, raw, constraint, bases)) if len(read) == 1 else ()
    items = tuple(i for i in items if not (isinstance(i, Note) and i.reason == "outdated"))
    if len(items) != 1 or not isinstance(items[0], Requirement):
        raise InvalidLineError("the line cannot be edited automatically; edit it by hand")
    again = items[0]
    if again.source and again.source.kind != "folder" and not is_pinned(again):
        why = "neither a recorded hash nor the archive's name says which release it is"
        raise InvalidLineError(f"{why}; edit it by hand")
    return again
