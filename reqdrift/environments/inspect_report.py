"""pip's inspect report, version 1: `pip inspect` and `reqdrift inspect`.

https://pip.pypa.io/en/stable/reference/inspect-report/. Under the key `reqdrift`, reqdrift's own
reports have what pip does not report: which folders are the environment's own, and what is broken.
"""

from __future__ import annotations

import sys
from functools import lru_cache

from ..errors import EnvironmentReadError
from ..standards import checked_name
from ..standards.markers import VARIABLES
from ..values import TYPE_CHECKING, Broken, CanonicalName, Distribution, Python
from ..values.details import Gaps
from ..values.findings import Unreadable
from .documents import Recorded, all_different, checked_project, checked_version, quoted
from .site import version_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

VERSION = "1"
OWN_KEY = "reqdrift"
NAME = "an inspect report"
# In `extra`, no environment has a value.
STATED = tuple(name for name in VARIABLES if name != "extra")
_RELEASES = 4096
_SITE_FOLDERS = ("site-packages", "dist-packages")
# Where `pip install --user` installs on Linux, macOS and Windows.
_OF_USERS = ("/.local/lib/", "/Library/Python/", "/AppData/Roaming/Python/")


def read_inspect_report(document: dict[str, Any]) -> Recorded:
    """The content of the report.

    Args:
        document: the JSON.

    Raises:
        EnvironmentReadError: it is of another version, or lacks something.
    """
    version = document.get("version")
    if version != VERSION:
        raise EnvironmentReadError(
            f"{NAME} of version {quoted(version)}; reqdrift reads version '{VERSION}'",
            "pip 23.0 and newer write it, and so does reqdrift inspect",
        )
    items = document["installed"]
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise EnvironmentReadError("'installed' is not a list of distributions")
    more = document.get(OWN_KEY) or {}
    python = _python(document.get("environment"))
    listed = [_distribution(item) for item in items]
    folders = tuple(map(_slashed, more.get("folders", ())))
    folders = folders or _own_folders(listed)
    pairs = zip(listed, items, strict=True)
    found = all_different(_in_place(one, item, folders) for one, item in pairs)
    by_name = {one.name: item for one, item in zip(found, items, strict=True)}
    hidden = [_in_place(_distribution(item), item, folders) for item in more.get("hidden", ())]
    for one in hidden:
        if one.name not in by_name:
            raise EnvironmentReadError(f"{one.name} is hidden by nothing")
    return Recorded(
        Gaps(NAME),
        found,
        python,
        {one.name: _direct(by_name[one.name]) for one in found if one.direct},
        {name: _requires(name, item) for name, item in by_name.items()},
        dict(_spelled(found, by_name)),
        {name: str(item.get("installer", "")) for name, item in by_name.items()},
        tuple(map(_broken, more.get("broken", ()))),
        tuple(hidden),
        folders,
        _slashed(more.get("prefix", "")),
    )


def _slashed(path: object) -> str:
    """A path of any system, as the places of distributions are compared."""
    return str(path).replace("\\", "/")


def _broken(item: dict[str, Any]) -> Broken:
    """What reqdrift found broken when it wrote the report.

    Raises:
        TypeError: it is not text.
    """
    project, message = item["project"], item["message"]
    if not isinstance(project, str) or not isinstance(message, str):
        raise TypeError(project)
    return Broken(CanonicalName(project), message)


def _python(stated: Any) -> Python:
    values: dict[str, Any] = stated if isinstance(stated, dict) else {}
    said = [values.get(name) for name in STATED]
    if not all(isinstance(value, str) and value.isprintable() for value in said):
        raise EnvironmentReadError("it does not say for which Python it is ('environment')")
    full = values["python_full_version"]
    version = version_of({"version": full})
    if not version or not version_of({"version": values["python_version"]}):
        raise EnvironmentReadError(f"{quoted(full)} is not a Python version")
    return Python(
        version,
        values["platform_python_implementation"],
        platform=values["sys_platform"],
        markers=tuple((name, values[name]) for name in STATED),
    )


def _distribution(item: dict[str, Any]) -> Distribution:
    """One distribution.

    Raises:
        EnvironmentReadError: it has no name or no version.
    """
    metadata, location = item.get("metadata"), item.get("metadata_location") or ""
    if not isinstance(metadata, dict) or not isinstance(location, str):
        raise EnvironmentReadError("a distribution has no readable metadata")
    folder, _, entry = _slashed(location).rpartition("/")
    if entry == "EGG-INFO":
        folder, _, entry = folder.rpartition("/")
    name, version = metadata.get("name"), metadata.get("version")
    is_usual = isinstance(name, str) and isinstance(version, str)
    identify = _known_identity if is_usual else _identity
    is_direct = "direct_url" in item or _trouble(item, "direct_url") is not None
    return Distribution(*identify(entry, name, version), sys.intern(folder), is_direct)


def _identity(entry: str, name: Any, version: Any) -> tuple[CanonicalName, str, str, str]:
    """The name, also as it is spelled, the version, and the metadata folder of a distribution.

    Name and version are those of its metadata folder, as for `pip list`.

    Raises:
        EnvironmentReadError: it has none.
    """
    of_folder, version_of_folder = "", ""
    if entry.endswith(".dist-info"):
        of_folder, _, version_of_folder = entry[:-10].partition("-")
    is_plain = of_folder and version_of_folder and not {"-", "_"} & {*version_of_folder}
    if is_plain:
        name, version = of_folder, version_of_folder
    else:
        name, version = name or of_folder, version or version_of_folder
    canonical = checked_project(name)
    return canonical, name, checked_version(version, name), entry or name


# Most records have releases that others have, too.
_known_identity = lru_cache(maxsize=_RELEASES)(_identity)


def _in_place(found: Distribution, item: dict[str, Any], folders: tuple[str, ...]) -> Distribution:
    """Whether it is in the environment's own folders, where an egg-link is instead of its target.

    A folder of a `.pth` file is not one of these, but an egg is a part of the folder that it is in.
    """
    if found.folder in folders or not found.folder or found.entry.endswith(".egg"):
        return found
    if found.entry.endswith(".egg-info") and _is_editable(item):
        # `setup.py develop`: pip reports what the egg-link leads to.
        return found._replace(entry=f"{found.project}.egg-link", folder=next(iter(folders), ""))
    return found._replace(own=False)


def _is_editable(item: dict[str, Any]) -> bool:
    about = item.get("direct_url")
    folder = about.get("dir_info") if isinstance(about, dict) else None
    return isinstance(folder, dict) and folder.get("editable") is True


def _own_folders(found: Iterable[Distribution]) -> tuple[str, ...]:
    """The environment's own folders among those on its path, which pip lists in their order.

    In a virtual environment the first is its own, and others belong to its base Python. Without
    one, all site folders are own: the user's, and those of the operating system.
    """
    folders = tuple(dict.fromkeys(one.folder for one in found if one.folder))
    sites = [folder for folder in folders if folder.rpartition("/")[2] in _SITE_FOLDERS]
    if not sites:
        return folders
    first = sites[0]
    is_users = any(part in first for part in _OF_USERS) or first.endswith("dist-packages")
    if is_users:
        return tuple(sites)
    prefix = prefix_of(first)
    return tuple(folder for folder in sites if prefix_of(folder) == prefix)


def prefix_of(folder: str) -> str:
    """The prefix that a site folder belongs to, '' if it is not in the usual place."""
    for mark in ("/lib/", "/lib64/", "/Lib/"):
        before, found, after = folder.rpartition(mark)
        if found and after.count("/") <= 1:
            return before
    return ""


def _spelled(
    found: Iterable[Distribution], items: Mapping[CanonicalName, dict[str, Any]]
) -> Iterator[tuple[CanonicalName, str]]:
    """The names that the metadata spells in another way than the folder."""
    for one in found:
        written = items[one.name]["metadata"].get("name")
        if written in (one.project, "") or not isinstance(written, str):
            continue
        if checked_name(written) == one.name:
            yield one.name, written


def _direct(item: dict[str, Any]) -> object:
    trouble = _trouble(item, "direct_url")
    return item.get("direct_url") if trouble is None else trouble


def _requires(name: CanonicalName, item: dict[str, Any]) -> tuple[str, ...] | Unreadable:
    if trouble := _trouble(item, "requires_dist"):
        return trouble
    texts = item["metadata"].get("requires_dist", [])
    if not isinstance(texts, list) or not {*map(type, texts)} <= {str}:
        return Unreadable(name, "its 'requires_dist' is not a list of requirements")
    return tuple(texts)


def _trouble(item: dict[str, Any], key: str) -> Unreadable | None:
    """What reqdrift could not read when it wrote the report."""
    if OWN_KEY not in item:
        return None
    trouble = (item[OWN_KEY] or {}).get(key)
    return Unreadable(str(trouble["path"]), str(trouble["why"])) if trouble else None
