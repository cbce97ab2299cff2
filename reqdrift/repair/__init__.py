"""Fix drift: change the files, or print commands that change the environment.

This module has what all of them write: the requirement for what is installed.
"""

from __future__ import annotations

from .. import standards
from .._record import lazy
from ..drift.lines import HIDDEN_BY_PIP, SEED_PACKAGES
from ..texts import has_secret
from ..values import TYPE_CHECKING

if TYPE_CHECKING:
    from ..values import Distribution, Environment
    from ..values.details import Source
    from . import doubt as doubt
    from . import edits as edits
    from . import installer as installer
    from . import leave as leave
    from . import plan as plan
    from . import recompile as recompile

__getattr__ = lazy(__name__)

# Why what is installed is not written down: a file is for all to see.
NOT_WRITTEN = "its URL has a secret; write the line by hand, with a ${VARIABLE} for the secret"


def listed_by_freeze(environment: Environment) -> list[Distribution]:
    """The distributions that a freeze lists: of the environment's own folders, by pip's rules.

    Left out are pip itself, what pip hides from every list, and below Python 3.12 setuptools,
    wheel and distribute.
    """
    left_out = {"pip", *HIDDEN_BY_PIP}
    if environment.python.minor < (3, 12):
        left_out |= SEED_PACKAGES
    installed = environment.distributions.values()
    return [found for found in installed if found.own and found.name not in left_out]


def frozen(name: str, found: Distribution, source: Source | None, *, at_least: bool = False) -> str:
    """The requirement for what is installed.

    Unlike in pip freeze, a build path of conda is omitted and an editable keeps its name.

    Args:
        name: the project's name as its metadata spells it.
        found: the distribution.
        source: where it came from; None for an index.
        at_least: allow later versions, too.
    """
    if source is None or source.conda:
        return f"{name}{exact(found.version, at_least=at_least)}"
    if source.editable:
        # In a record, it may be a clone of another machine.
        url = file_url(source) if source.kind == "folder" else reference(source)
        return f"-e {url}{'&' if '#' in url else '#'}egg={name}"
    return f"{name} @ {reference(source)}"


def exact(version: str, *, at_least: bool = False) -> str:
    """The specifier that only this version satisfies, or also later ones.

    It is `===` for a version outside PEP 440.
    """
    normal = standards.pep440.normal_version(version)
    if at_least and normal:
        return f">={normal.partition('+')[0]}"  # this operator takes no local version
    return f"=={normal}" if normal else f"==={version}"


def is_secret(source: Source) -> bool:
    """Whether a part of the requirement for what is installed would be masked."""
    return has_secret(" ".join((source.url, source.revision or "", reference(source))))


def reference(source: Source) -> str:
    """The URL of what is installed, with its commit or hash."""
    fragments = [f"subdirectory={source.subdirectory}"] if source.subdirectory else []
    if source.kind == "vcs":
        url = f"{source.vcs}+{_on_one_line(source.url)}@{source.revision}"
    else:
        url = file_url(source) if source.local else _on_one_line(source.url)
        if source.kind == "archive" and source.hashes:
            fragments.insert(0, source.hashes[0].replace(":", "=", 1))
    return f"{url}#{'&'.join(fragments)}" if fragments else url


def file_url(source: Source) -> str:
    """The URL of a folder or archive on this machine."""
    path = source.folders[0] if source.folders else source.url
    return f"file://{standards.urls.quote(path)}"


def _on_one_line(url: str) -> str:
    """The URL with characters escaped that would end it or the line."""
    return "".join(
        standards.urls.quote(c) if c.isspace() or not c.isprintable() else c for c in url
    )
