"""The project and version in ordinary file names of wheels and archives, without `packaging`.

As in `plain_versions`, every function returns what packaging 26.3 reads, or None: the name is not
ordinary, and the caller asks packaging.
"""

from __future__ import annotations

from . import canonical_name, is_project_name
from .plain_versions import normal_version


def wheel_name(filename: str) -> tuple[str, str] | None:
    """The project and version in `name-1.0-py3-none-any.whl`, perhaps with a build number."""
    parts = filename.removesuffix(".whl").split("-")
    if not filename.isascii() or len(parts) not in (5, 6):
        return None
    name, version, *build, interpreters, abis, platforms = parts
    if "__" in name or not is_project_name(name) or not all(map(str.isdigit, build)):
        return None
    labels = f"{interpreters}.{abis}.{platforms}".split(".")
    if not all(label.replace("_", "").isalnum() for label in labels):
        return None
    if not all(map(str.isidentifier, interpreters.split("."))):
        return None
    return _with_normal_version(name, version)


def sdist_name(filename: str) -> tuple[str, str] | None:
    """The project and version in `name-1.0.tar.gz` or `name-1.0.zip`."""
    name, _, version = filename.removesuffix(".zip").removesuffix(".tar.gz").rpartition("-")
    return _with_normal_version(name, version) if is_project_name(name) else None


def _with_normal_version(name: str, version: str) -> tuple[str, str] | None:
    normal = normal_version(version)
    return None if normal is None else (canonical_name(name), normal)
