"""Answer the questions of the comparison: the only reading after the first."""

from __future__ import annotations

import os

from .. import files as here
from ..errors import InvalidLineError
from ..standards import canonical_name, is_project_name
from ..values import TYPE_CHECKING, Distribution, Environment
from ..values.facts import Facts, Questions, Unreadable
from ..values.sources import Source
from .metadata import (
    egg_link_folders,
    identity_inside,
    plain_requires,
    read_inside,
    read_metadata,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from ..values import CanonicalName
    from .base import Paths

# A package is being installed or uninstalled at the same time.
GONE = "it was removed while reqdrift was running"
_DANGLING = "it is a link to a file that does not exist"
# The last one is virtualenv before 20.
_MARKS = ("pyvenv.cfg", "conda-meta", "bin/activate_this.py")
_REQUIRES_TXT = ("requires.txt", "EGG-INFO/requires.txt")
DOUBLED = "another distribution of the project is in the same folder"


def answer(
    questions: Questions,
    environment: Environment,
    known: Facts | None = None,
    paths: Paths = here,
) -> Facts:
    """Read what was asked, and add it to what is `known`.

    What cannot be read is answered as Unreadable, never omitted.

    Args:
        questions: what is asked; not the exact version of a Python in another root file system.
        environment: what is installed.
        known: the answers so far.
        paths: where the environment's files are.
    """
    known = known or Facts({})
    distributions = environment.distributions
    found = {name: read_source(distributions[name], paths) for name in questions.sources}
    facts = known._replace(sources={**known.sources, **found})
    if questions.checkouts:
        # Few files name a branch, a tag or a checkout.
        from .checkouts import read_checkout

        checkouts = {asked: read_checkout(*asked) for asked in sorted(questions.checkouts)}
        facts = facts._replace(checkouts={**(known.checkouts or {}), **checkouts})
    if questions.requires:
        facts = facts._replace(requires=_read_all_requires(environment, distributions, paths))
    if questions.requires_of:
        read = _read_all_requires(environment, questions.requires_of, paths)
        facts = facts._replace(requires_of={**known.requires_of, **read})
    if questions.names:
        names = {name: read_name(distributions[name], paths) for name in questions.names}
        facts = facts._replace(names=names)
    if questions.exact_python:
        exact = _exact(environment)
        python = environment.python._replace(version=exact or environment.python.version)
        facts = facts._replace(python=python, started=bool(exact))
    return facts


def _read_all_requires(
    environment: Environment, names: Iterable[CanonicalName], paths: Paths
) -> dict[CanonicalName, tuple[str, ...] | Unreadable]:
    doubled, distributions = environment.doubled, environment.distributions
    return {
        name: Unreadable(distributions[name].path, DOUBLED)
        if name in doubled
        else read_requires(distributions[name], paths)
        for name in names
    }


def _exact(environment: Environment) -> str:
    """The version that the interpreter reports; '' if it fails, or must not be started."""
    interpreter = environment.python.interpreter
    if interpreter is None:
        return ""
    # Mostly none is to be started.
    from .asking import exact_version

    return exact_version(interpreter, environment.prefix)


def read_source(distribution: Distribution, paths: Paths = here) -> Source | Unreadable:
    """Where the distribution came from: its direct_url.json (PEP 610), or its egg-link."""
    path = distribution.path
    try:
        if path.endswith(".egg-link"):
            folders = egg_link_folders(path, paths)
            if not folders:
                return Unreadable(path, GONE)
            return _at(folders, Source("folder", folders[-1], editable=True, local=True), paths)
        path = f"{path}/direct_url.json"
        data = read_inside(distribution.path, "direct_url.json", paths)
        if data is None:
            return Unreadable(path, GONE)
        # Only what came from elsewhere than an index has the file.
        import json

        source = source_of(json.loads(data.decode()))
        if not source.local:
            return source
        conda = (read_inside(distribution.path, "INSTALLER", paths) or b"").strip() == b"conda"
        return placed(source, paths)._replace(conda=conda)
    except OSError as error:
        return Unreadable(path, error.strerror or str(error))
    except (InvalidLineError, ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return Unreadable(path, "does not conform to PEP 610")


def source_of(record: dict[str, Any]) -> Source:
    """The source that a direct_url.json describes; the disk is not looked at.

    Raises:
        InvalidLineError, ValueError, TypeError, AttributeError, KeyError: it is none.
    """
    subdirectory = _word(record.get("subdirectory") or "")
    path = "" if {"vcs_info", "archive_info"} & record.keys() else _plain_path(record["url"])
    if path:
        editable = bool(record["dir_info"].get("editable"))
        return Source("folder", path, None, None, subdirectory, (), editable, local=True)
    # It costs as much as the rest of the check, and the project itself needs none of it.
    from ..standards import urls

    if vcs := record.get("vcs_info"):
        requested = vcs.get("requested_revision")
        if vcs["vcs"] not in urls.VCS_NAMES:
            raise ValueError(vcs["vcs"])
        url = urls.without_credentials(_word(record["url"]))
        urls.identity(url)  # raises if it is not a URL
        return Source(
            "vcs",
            url,
            _word(vcs["commit_id"]),
            None if requested is None else _word(requested),
            subdirectory,
            vcs=vcs["vcs"],
        )
    source = urls.parse(record["url"])
    if (archive := record.get("archive_info")) is not None:
        named = (archive.get("hashes") or {}).items()
        hashes = {f"{_word(name)}:{_word(value)}" for name, value in named}
        if archive.get("hash"):
            hashes.add(_word(archive["hash"]).replace("=", ":", 1))
        source = source._replace(kind="archive", hashes=tuple(sorted(hashes)))
    else:
        editable = bool(record["dir_info"].get("editable"))
        source = source._replace(kind="folder", editable=editable)
    return source._replace(subdirectory=subdirectory)


def _plain_path(url: object) -> str:
    """The path of a `file:` URL that says it without escapes, '' for every other URL."""
    if not isinstance(url, str) or not url.startswith("file:///"):
        return ""
    path = url[7:]
    words = path.translate({ord(mark): "" for mark in "/-_.+"})
    return path if words.isascii() and words.isalnum() else ""


def placed(source: Source, paths: Paths = here) -> Source:
    """A folder or archive of this machine, or of another root file system, with its place."""
    return _at((paths.real(source.url),), source, paths)


def _at(folders: tuple[str, ...], source: Source, paths: Paths) -> Source:
    """The source with its folders; of another root file system, with those on this machine too."""
    around = _environment_around(folders[-1], paths)
    if paths is not here:
        folders = (*folders, *map(paths.at, folders))
    return source._replace(folders=folders, environment=around, foreign=paths is not here)


def _environment_around(folder: str, paths: Paths) -> str:
    """The innermost Python environment that contains a folder, '' if there is none.

    pip clones into `src/` of a virtualenv.
    """
    while (parent := os.path.dirname(folder)) != folder:
        folder = parent
        if any(os.path.exists(paths.at(f"{folder}/{mark}")) for mark in _MARKS):
            return paths.at(folder)
    return ""


def _word(value: object) -> str:
    """A text that can be part of a line.

    Raises:
        ValueError: it is not text, or has a character that would end the line.
    """
    if not isinstance(value, str) or not value.isprintable():
        raise ValueError(value)
    return value


def read_name(distribution: Distribution, paths: Paths = here) -> str:
    """The project's name as spelled in its metadata, or in the folder name if that is missing."""
    try:
        headers = dict(reversed(read_metadata(distribution.path, paths) or ()))
    except OSError:
        headers = {}
    name = headers.get("name", "")
    same = canonical_name(name) == distribution.name
    return name if same and is_project_name(name) else distribution.project


def read_requires(distribution: Distribution, paths: Paths = here) -> tuple[str, ...] | Unreadable:
    """The requirements in the distribution's metadata (Requires-Dist, or requires.txt).

    Metadata without a name or a version is damaged (uv: "broken or incomplete"), so that it may
    lack requirements as well.
    """
    path = distribution.path
    try:
        plain = plain_requires(path, paths) if path.endswith(".dist-info") else None
        if plain or (plain == () and not _has_requires_txt(paths.at(path))):
            return plain
        if path.endswith(".egg-link"):
            path = metadata_beside(path, distribution, paths)
        for name in _REQUIRES_TXT:
            if (data := read_inside(path, name, paths)) is not None:
                return tuple(_from_requires_txt(data.decode("utf-8", "replace")))
            if os.path.islink(f"{paths.at(path)}/{name}"):
                return Unreadable(f"{path}/{name}", _DANGLING)
        headers = read_metadata(path, paths)
    except OSError as error:
        return Unreadable(error.filename or path, error.strerror or str(error))
    if headers is None:
        return _without_metadata(path, paths)
    if not {"name", "version"} <= {key for key, _ in headers}:
        return Unreadable(path, "its metadata has no name or no version")
    return tuple(value for key, value in headers if key == "requires-dist")


def _has_requires_txt(path: str) -> bool:
    return any(os.path.lexists(f"{path}/{name}") for name in _REQUIRES_TXT)


def _without_metadata(path: str, paths: Paths) -> Unreadable:
    name = "METADATA" if path.endswith(".dist-info") else "PKG-INFO"
    # `uv cache clean` deletes the targets of uv's symbolic links.
    dangling = os.path.islink(f"{paths.at(path)}/{name}")
    return Unreadable(f"{path}/{name}", _DANGLING if dangling else "there is no such file")


def metadata_beside(link: str, distribution: Distribution, paths: Paths = here) -> str:
    """The egg-info that an egg-link leads to."""
    folder = next(iter(egg_link_folders(link, paths)), "")
    for entry in sorted(os.listdir(paths.at(folder))):
        path = os.path.join(folder, entry)
        # The folder may contain several, and the project's name may be spelled differently.
        if entry.endswith(".egg-info") and (
            canonical_name(identity_inside(path, entry[:-9], paths)[0]) == distribution.name
        ):
            return path
    return folder


def _from_requires_txt(text: str) -> Iterator[str]:
    """Setuptools' requires.txt as PEP 508; a section is `[extra:marker]`, either may be absent."""
    condition = ""
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("["):
            extra, _, marker = line.strip("[]").partition(":")
            # As pip and `importlib.metadata` write them.
            condition = marker
            if extra:
                around = f"({marker}) and " if marker else ""
                condition = f'{around}extra == "{canonical_name(extra)}"'
        else:
            yield f"{line} ; {condition}" if condition else line
