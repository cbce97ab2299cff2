"""Environments that may be this project's: they are suggested, never used.

Folders are listed and small files are read; no program is started.
"""

from __future__ import annotations

import os
import tomllib
from base64 import urlsafe_b64encode
from hashlib import sha256

from ..files import read_regular
from ..values import TYPE_CHECKING, NamedTuple
from .candidates import owning_tool, places
from .fallbacks import running_virtual
from .redirect import shelves
from .site import is_environment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .candidates import Situation

_POETRY_CACHE = ("~/.cache/pypoetry", "~/Library/Caches/pypoetry", "~/AppData/Local/pypoetry/Cache")
_POETRY_CONFIG = (
    *("~/.config/pypoetry", "~/Library/Application Support/pypoetry"),
    "~/AppData/Roaming/pypoetry",
)
_HATCH_DATA = (
    *("~/.local/share/hatch", "~/Library/Application Support/hatch"),
    "~/AppData/Local/hatch",
)


class Offer(NamedTuple):
    """An environment, and where it comes from; `running` is the one that reqdrift runs in."""

    prefix: str
    whose: str
    running: bool = False


def offers(situation: Situation) -> Iterator[Offer]:
    """Each environment once: the project's, of any name, and the one that reqdrift runs in."""
    seen = set()
    for offer in _all(situation):
        real = os.path.realpath(offer.prefix)
        if real not in seen and is_environment(real):
            seen.add(real)
            if not owning_tool(offer.prefix, situation.environ):
                yield offer


def _all(situation: Situation) -> Iterator[Offer]:
    for folder in situation.folders_upwards():
        for path in _entries(folder):
            if os.path.isfile(os.path.join(path, "pyvenv.cfg")):
                yield Offer(path, "in the project's folder")
        hashes = _hashes(folder)
        yield from _of_poetry(folder, hashes, situation.environ)
        yield from _of_pipenv(folder, situation.environ)
        yield from _of_hatch(folder, hashes, situation.environ)
    for candidate in running_virtual(situation):
        yield Offer(candidate.prefix, "reqdrift runs in it", running=True)


def _of_poetry(folder: str, hashes: set[str], environ: Mapping[str, str]) -> Iterator[Offer]:
    """`virtualenvs.path`/NAME-HASH-pyX.Y."""
    caches = list(places("POETRY_CACHE_DIR", _POETRY_CACHE, environ))
    configs = [
        f"{path}/config.toml" for path in places("POETRY_CONFIG_DIR", _POETRY_CONFIG, environ)
    ]
    paths = [environ.get("POETRY_VIRTUALENVS_PATH", "")]
    paths += map(_virtualenvs_path, [f"{folder}/poetry.toml", *configs])
    paths += ["{cache-dir}/virtualenvs"]
    for path in filter(None, paths):
        for cache in caches:
            shelf = os.path.expanduser(path.replace("{cache-dir}", cache))
            for entry in _entries(os.path.join(folder, shelf)):
                # The hash can contain a hyphen.
                name = os.path.basename(entry).rpartition("-py")[0]
                if name[-8:] in hashes:
                    yield Offer(entry, "made by Poetry for this project")


def _virtualenvs_path(file: str) -> str:
    """The setting `virtualenvs.path` in one of Poetry's files, '' if it is not there."""
    if not os.path.isfile(file):
        return ""
    try:
        path = tomllib.loads(read_regular(file).decode())["virtualenvs"]["path"]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return ""
    return path if isinstance(path, str) and "\0" not in path else ""


def _of_pipenv(folder: str, environ: Mapping[str, str]) -> Iterator[Offer]:
    """Pipenv and virtualenvwrapper write the project's folder into `.project`."""
    for shelf in shelves(environ):
        for entry in _entries(shelf):
            try:
                project = read_regular(os.path.join(entry, ".project")).decode().strip()
            except (OSError, ValueError):
                continue
            if project and os.path.realpath(project) == os.path.realpath(folder):
                yield Offer(entry, "made by pipenv for this project")


def _of_hatch(folder: str, hashes: set[str], environ: Mapping[str, str]) -> Iterator[Offer]:
    """`env/virtual`/PROJECT/HASH/NAME, or `.hatch`/NAME if configured."""
    shelves = [os.path.join(folder, ".hatch")]
    for data in places("HATCH_DATA_DIR", _HATCH_DATA, environ):
        for project in _entries(os.path.join(data, "env", "virtual")):
            shelves += [os.path.join(project, digest) for digest in hashes]
    for entry in (path for shelf in shelves for path in _entries(shelf)):
        yield Offer(entry, "made by hatch for this project")


def _hashes(folder: str) -> set[str]:
    """The hashes of a project's folder in the names that Poetry and hatch use."""
    real = os.path.realpath(folder)
    paths = (folder, real, os.path.normcase(real), real.casefold())
    return {urlsafe_b64encode(sha256(os.fsencode(path)).digest()).decode()[:8] for path in paths}


def _entries(folder: str) -> list[str]:
    """The paths in a folder, by name; none if it cannot be listed."""
    try:
        return [os.path.join(folder, name) for name in sorted(os.listdir(folder))]
    except (OSError, ValueError):
        return []
