"""Requirement text that is more than `name==version`: PEP 508, URLs, VCS references, paths.

The order is that of pip's `constructors.py`: a text is a URL, otherwise an existing path, otherwise
a PEP 508 requirement.
"""

from __future__ import annotations

import os

from .. import standards
from ..errors import InvalidLineError
from ..repository.projects import project_name
from ..standards import canonical_name, pep440
from ..values import CanonicalName, Requirement
from ..values.details import Source

_IN_NAMES = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."


# What people write in the place of an operator.
_MISTAKEN = {
    "=": "==",
    "=>": ">=",
    "=<": "<=",
    **dict.fromkeys(("~", "=~"), "~="),
    **dict.fromkeys(("!", "=!", "<>"), "!="),
}


def requirement_from_text(text: str, asked: Requirement, bases: tuple[str, ...]) -> Requirement:
    """Read a requirement that is not editable; what is read is added to what is `asked`.

    Raises:
        InvalidLineError: pip refuses it too.
    """
    body, marker = _split_marker(text)
    asked = asked._replace(marker=marker)
    if standards.urls.is_url(body):
        return _unnamed(body, asked, bases)
    path, extras = _split_extras(body)
    if _is_path(path, body, bases):
        return _unnamed(path, asked._replace(extras=extras), bases)
    try:
        parsed = pep440.parse_requirement(body)
    except InvalidLineError as error:
        raise _explained(error, body) from None
    name, limits, source = canonical_name(parsed.name), parsed.specifier, None
    if parsed.url:
        standards.urls.check(parsed.url)
        source = standards.urls.parse(parsed.url, bases)
        limits = _specifier_in_file_name(source, name)
    extras = extras or parsed.extras
    return asked._replace(
        name=name, written=parsed.name, limits=limits, extras=extras, source=source
    )


def requirement_from_editable(text: str, asked: Requirement, bases: tuple[str, ...]) -> Requirement:
    """Read the value of `-e`: a folder, a `file:` or VCS URL, or `name @` one of these URLs.

    Raises:
        InvalidLineError: pip refuses it too.
    """
    name, url = "", text
    try:
        parsed = pep440.parse_requirement(text) if _may_have_name(text) else None
    except InvalidLineError:
        parsed = None
    if parsed and parsed.url:
        name, url, asked = parsed.name, parsed.url, asked._replace(extras=parsed.extras)
        if parsed.marker:
            asked = asked._replace(marker=standards.with_packaging.normal_marker(parsed.marker))
    else:
        path, extras = _split_extras(text)
        if path and any(os.path.isdir(os.path.join(base, path)) for base in bases):
            source = standards.urls.parse_path(path, bases)._replace(editable=True)
            return _of_source(source, "", asked._replace(extras=extras))
        if standards.urls.scheme(text) == "file":
            url, asked = path, asked._replace(extras=extras)
        elif standards.urls.scheme(text) in standards.urls.VCS_NAMES:
            url = f"{standards.urls.scheme(text)}+{text}"
    standards.urls.check(url)
    name = name or standards.urls.egg_name(url)
    if standards.urls.scheme(url) not in {"file", *standards.urls.VCS_SCHEMES}:
        message = f"{_quoted(text)} is neither an existing folder nor a VCS URL"
        usual = "write '-e ./folder' or '-e git+https://...#egg=name'"
        raise InvalidLineError(message, standards.urls.hint_for_scp(text) or usual)
    if not name and standards.urls.scheme(url) != "file":
        hint = "add '#egg=NAME', or write 'NAME @ URL'"
        raise InvalidLineError("the URL does not name its project", hint)
    return _of_source(standards.urls.parse(url, bases)._replace(editable=True), name, asked)


def editable_of_uv(text: str, asked: Requirement, bases: tuple[str, ...]) -> Requirement:
    """Read what follows `-e ` in a file that uv wrote: unlike pip, it takes spaces and a marker.

    Raises:
        InvalidLineError: it is no editable.
    """
    body, marker = _split_marker(text)
    return requirement_from_editable(body, asked, bases)._replace(marker=marker)


def _may_have_name(text: str) -> bool:
    """Whether the text may begin with a project's name, as paths and most URLs do not."""
    text = text.strip()
    return text[:1].isalnum() and text.lstrip(_IN_NAMES)[:1] not in (":", "+", "/")


def _split_marker(text: str) -> tuple[str, str | None]:
    """Cut the environment marker off; after a URL it needs `; `, because URLs may contain `;`."""
    separator = "; " if ":" in text and standards.urls.is_url(text) else ";"
    body, _, marker = text.partition(separator)
    marker = marker.strip()
    if marker:
        pep440.parse_marker(marker)
    return body.strip(), marker or None


def _split_extras(text: str) -> tuple[str, tuple[str, ...]]:
    """`./pkg[dev,docs]` -> (`./pkg`, (`dev`, `docs`))."""
    path, bracket, extras = text.rpartition("[")
    if not bracket or not path or extras == "]" or extras.partition("]")[1:] != ("]", ""):
        return text, ()
    return path.rstrip(), pep440.parse_requirement(f"placeholder[{extras.lower()}").extras


def _is_path(path: str, text: str, bases: tuple[str, ...]) -> bool:
    """Whether pip reads the text as a path: an installable folder, or an archive's file name.

    Raises:
        InvalidLineError: a folder without a project.
    """
    places = [os.path.normpath(os.path.join(base, path)) for base in bases]
    if os.sep in text or text.startswith("."):
        folders = [place for place in places if os.path.isdir(place)]
        if folders:
            projects = ("pyproject.toml", "setup.py")
            if any(os.path.isfile(os.path.join(f, name)) for f in folders for name in projects):
                return True
            hint = "a project needs a pyproject.toml or a setup.py"
            raise InvalidLineError(f"the folder '{path}' is not a project", hint)
    if not standards.urls.is_archive(path):
        return False
    if any(map(os.path.isfile, places)):
        return True
    # `name @ https://host/name-1.0.zip` ends like an archive, but is not a path.
    before, at, _ = text.partition("@")
    return not at or os.sep in before or before.startswith(".")


def _unnamed(reference: str, asked: Requirement, bases: tuple[str, ...]) -> Requirement:
    """A bare URL or path: only `#egg=` or a wheel's file name is sure to name its project."""
    if standards.urls.is_url(reference):
        standards.urls.check(reference)
        name, source = standards.urls.egg_name(reference), standards.urls.parse(reference, bases)
    else:
        name, source = "", standards.urls.parse_path(reference, bases)
    requirement = _of_source(source, name, asked)
    if source.kind == "archive" and (wheel := pep440.wheel_name(_file_name(source))):
        requirement = requirement._replace(
            name=canonical_name(wheel[0]), written=wheel[0], limits=f"=={wheel[1]}"
        )
    return requirement


def _of_source(source: Source, name: str, asked: Requirement) -> Requirement:
    hint, stated = ("", False) if name else _guess_name(source)
    project = canonical_name(name) if name else None
    return asked._replace(name=project, written=name, source=source, hint=hint, stated=stated)


def _guess_name(source: Source) -> tuple[str, bool]:
    """The most likely project of a path or URL; the record of an installation is more reliable.

    And whether its own files, or the name of the archive, state it.
    """
    for folder in source.folders:
        if source.kind == "folder" and (
            name := project_name(os.path.join(folder, source.subdirectory))
        ):
            return name, True
    last = _file_name(source._replace(url=source.folders[0]) if source.folders else source)
    sdist = pep440.sdist_name(last) if source.kind == "archive" else None
    return (sdist[0], True) if sdist else (last.removesuffix(".git"), False)


def _specifier_in_file_name(source: Source, name: CanonicalName) -> str:
    """The version in the file name of the project's archive, as a specifier."""
    file = _file_name(source)
    try:
        found = pep440.wheel_name(file) or pep440.sdist_name(file)
    except InvalidLineError:
        return ""  # pip reports it only when it installs
    # `project @ https://host/archive/main-2.zip` does not have the project's version.
    says_version = source.kind == "archive" and found and canonical_name(found[0]) == name
    return f"=={found[1]}" if found and says_version else ""


def _file_name(source: Source) -> str:
    """The last part of the path or URL."""
    path = source.url if source.local else standards.urls.path_of(source.url)
    return path.rstrip("/").rpartition("/")[2]


def _quoted(text: str) -> str:
    """The text for a message, or 'this' if it may contain credentials that cannot be masked."""
    return "this" if "@" in text and "://" not in text else f"'{text}'"


def _explained(error: InvalidLineError, text: str) -> InvalidLineError:
    """An error that names the most likely mistake."""
    if os.sep in text or text.startswith("."):
        message = f"{_quoted(text)} is neither a project name nor an existing path"
        return InvalidLineError(message, standards.urls.hint_for_scp(text))
    rest = text.lstrip(_IN_NAMES).lstrip()
    if rest.startswith("[") and "]" in rest:
        rest = rest.partition("]")[2].lstrip()
    operator = rest[: len(rest) - len(rest.lstrip("=<>!~"))]
    if meant := _MISTAKEN.get(operator):
        return InvalidLineError(f"'{operator}' is not an operator", f"write '{meant}'")
    if rest == text and operator:
        return InvalidLineError(f"there is no project name before '{operator}'")
    if rest.count("[") > rest.count("]"):
        return InvalidLineError(f"'[' is not closed in {_quoted(text)}")
    if rest[:1].isdigit():
        name = text.split()[0]
        message = f"there is no operator between '{name}' and '{rest}'"
        return InvalidLineError(message, f"write '{name}=={rest}'")
    if rest[:1].isalnum():
        return InvalidLineError(f"{_quoted(text)} is not a project name")
    for operator in ("===", "==", "<=", ">=", "!=", "~=", "<", ">"):
        if text.endswith(operator):
            return InvalidLineError(f"{_quoted(text)} has no version after '{operator}'")
    if error.hint or error.message.startswith(("a version", "a number", "nested")):
        return error
    return InvalidLineError(f"{_quoted(text)} is not a requirement (PEP 508)")
