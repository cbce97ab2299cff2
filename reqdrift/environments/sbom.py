"""CycloneDX documents in JSON, of syft, trivy, cdxgen, cyclonedx-py and others.

An image may have several environments: where the components have the paths of their metadata, these
tell them apart. Only what has such a path is installed; a component that was found in a lock file
is not. A document without paths is about an environment only if cyclonedx-py wrote it: `uv export`
writes what is locked.
"""

from __future__ import annotations

from urllib.parse import unquote

from ..errors import EnvironmentReadError
from ..values import TYPE_CHECKING
from ..values.records import Gaps
from .inspect_report import prefix_of
from .recorded import Recorded, all_different, distribution_of, quoted, some

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from ..values import Distribution

NAME = "an SBOM"
_OLDEST = (1, 4)
_TYPE = "pkg:pypi/"
_SOURCE = "PackageSource: "
# Where the tools write the path: syft numbers its locations; the last one is osquery's, by cdxgen.
_PATHS = ("aquasecurity:trivy:FilePath", "SrcFile", "path")
# trivy writes no path of lock files, but their format; what is installed is a `python-pkg`.
_TRIVYS_TYPE = "aquasecurity:trivy:PkgType"
_TRIVYS_INSTALLED = "python-pkg"
# It writes no paths; of requirements and lock files, it marks the components.
_WITHOUT_PATHS = "cyclonedx-py"
# Its name before version 5; before version 4, it marked nothing.
_WITHOUT_PATHS_4 = ("cyclonedx-bom", "4")
_SYFTS = ("syft:location:", ":path")
# Packages of Debian, Fedora and Alpine that begin like Python packages, but are Python itself.
_START = ("python3-", "python-", "py3-")
_OF_PYTHON = frozenset(
    (
        *("all", "all-dbg", "all-dev", "all-venv", "base", "curses", "dbg", "dbm", "debug"),
        *("dev", "devel", "distutils", "doc", "docs", "examples", "full", "gdbm", "idle"),
        *("lib2to3", "libs", "minimal", "nopie", "packaging-whl", "pip-wheel", "pip-whl", "pyc"),
        *("pycache-pyc0", "pycache-pyc1", "pycache-pyc2", "rpm-macros", "setuptools-wheel"),
        *("setuptools-whl", "srpm-macros", "test", "tests", "tk", "tkinter", "tools"),
        *("unversioned-command", "venv", "wheel-wheel", "wheel-whl"),
    )
)
# What cyclonedx-py writes of requirements files and lock files, which are no environments.
_OF_REQUIREMENTS = "requirements-L"
_OF_LOCKS = ("cdx:poetry:", "cdx:pipenv:")
_METADATA = (".dist-info", ".egg-info", ".egg", "EGG-INFO")
_SITE_FOLDERS = ("site-packages", "dist-packages")


def is_sbom(document: object) -> bool:
    """Whether a JSON document is a CycloneDX document."""
    return isinstance(document, dict) and document.get("bomFormat") == "CycloneDX"


def read_sbom(document: dict[str, Any], python: str | None) -> Recorded:
    """The distributions of the document's environment.

    Args:
        document: the document.
        python: which environment of several, as a path.

    Raises:
        EnvironmentReadError: it is of an older version, or it is open which environment is meant.
    """
    _check_version(document.get("specVersion"))
    components = [item for item in _all_of(document.get("components", [])) if _is_python(item)]
    if not components:
        raise EnvironmentReadError("it has no Python packages (pkg:pypi)")
    folders: dict[str, dict[str, Distribution]] = {}
    without: list[Distribution] = []
    for item in components:
        paths = _paths(item)
        found = _distribution(item)
        sites = list(filter(None, map(_site_folder, paths)))
        for site in sites:
            folders.setdefault(site, {}).setdefault(f"{found.name} {found.version}", found)
        if not paths:
            without.append(found)
    if not folders and len(without) < len(components):
        raise EnvironmentReadError(
            "its Python packages were found in files that list them, not installed"
        )
    if folders and without:
        raise EnvironmentReadError(
            f"it does not say where {some(one.name for one in without)} "
            f"{'is' if len(without) == 1 else 'are'} installed",
            "record the environment with pip inspect",
        )
    if not folders and not _marks_what_is_listed(document):
        raise EnvironmentReadError(
            "it does not say that its packages are installed; they may be those of a lock file",
            "record the environment with pip inspect",
        )
    gaps = Gaps(NAME, sources=True, editables=True, dependencies=True)
    if not folders:
        return Recorded(gaps, all_different(without))
    prefix, chosen = _chosen(folders, python)
    if prefix == "/usr" and "trivy" in _tools(document) and (omitted := _of_system(document)):
        raise EnvironmentReadError(
            f"it omits what the operating system's package manager installed: {some(omitted)}",
            "record the environment with pip inspect",
        )
    installed: dict[str, Distribution] = {}
    for folder in chosen:
        # Of two folders, the first on the path counts.
        for one in all_different(folders[folder].values()):
            installed.setdefault(one.name, one)
    return Recorded(gaps, tuple(installed.values()), folders=tuple(chosen), prefix=prefix)


def _check_version(text: object) -> None:
    major, _, minor = text.partition(".") if isinstance(text, str) else ("", "", "")
    is_number = major.isdecimal() and minor.isdecimal() and len(major + minor) < 8
    if not is_number or not _OLDEST <= (int(major), int(minor)) < (2, 0):
        raise EnvironmentReadError(
            f"CycloneDX of version {quoted(text)}; reqdrift reads 1.4 and newer 1.x"
        )


def _tools(document: dict[str, Any]) -> dict[str, str]:
    """The tools that wrote the document, with their versions: a list before CycloneDX 1.5."""
    tools = (document.get("metadata") or {}).get("tools") or ()
    listed = tools.get("components") or () if isinstance(tools, dict) else tools
    found = (tool for tool in listed if isinstance(tool, dict))
    return {str(tool.get("name")): str(tool.get("version")) for tool in found}


def _marks_what_is_listed(document: dict[str, Any]) -> bool:
    """Whether the tool marks what it found in files, so that all else is installed."""
    tools, (former, major) = _tools(document), _WITHOUT_PATHS_4
    return _WITHOUT_PATHS in tools or tools.get(former, "").partition(".")[0] == major


def _of_system(document: dict[str, Any]) -> list[str]:
    """The names of packages of the operating system that are Python packages."""
    items = _all_of(document.get("components", []))
    names = [str(item.get("name")) for item in items if _is_of_system(item)]
    return [
        name
        for name in names
        if name.startswith(_START) and name.partition("-")[2] not in _OF_PYTHON
    ]


def _is_of_system(item: dict[str, Any]) -> bool:
    return str(item.get("purl")).startswith(("pkg:deb/", "pkg:rpm/", "pkg:apk/"))


def _all_of(components: object) -> Iterator[dict[str, Any]]:
    """The components, and those in them."""
    queue = [components]
    while queue:
        for item in _list(queue.pop()):
            if isinstance(item, dict):
                yield item
                queue.append(item.get("components", []))


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise EnvironmentReadError("'components' is not a list")
    return value


def _is_python(item: dict[str, Any]) -> bool:
    purl = item.get("purl")
    if purl is None:
        # cyclonedx-py has no package URL for what was installed from a folder.
        references = item.get("externalReferences") or ()
        return any(str(one.get("comment")).startswith(_SOURCE) for one in references)
    return isinstance(purl, str) and purl.lower().startswith(_TYPE)


def _distribution(item: dict[str, Any]) -> Distribution:
    """The distribution that the package URL names: `pkg:pypi/NAME@VERSION?QUALIFIERS#SUBPATH`."""
    if "purl" not in item:
        return distribution_of(item.get("name"), item.get("version"))
    named = item["purl"][len(_TYPE) :].partition("#")[0].partition("?")[0]
    name, _, version = named.partition("@")
    # A package URL has the canonical name; people know the other.
    written = item.get("name")
    found = distribution_of(unquote(name), unquote(version) or item.get("version"))
    if isinstance(written, str) and written.isascii() and written.isprintable():
        same = distribution_of(written, found.version) if _is_name(written) else found
        return same if same.name == found.name else found
    return found


def _is_name(text: str) -> bool:
    return bool(text) and text.translate({ord(mark): None for mark in "-_."}).isalnum()


def _paths(item: dict[str, Any]) -> list[str]:
    """The paths of the files in which the component was found."""
    found = []
    for entry in item.get("properties") or ():
        name, value = entry.get("name"), entry.get("value")
        if not isinstance(name, str) or not isinstance(value, str):
            continue
        is_syfts = name.startswith(_SYFTS[0]) and name.endswith(_SYFTS[1])
        is_listed = name == _TRIVYS_TYPE and value != _TRIVYS_INSTALLED
        if is_syfts or is_listed or name in _PATHS or name.startswith(_OF_LOCKS):
            found.append(value)
    if str(item.get("bom-ref")).startswith(_OF_REQUIREMENTS):
        found.append(str(item["bom-ref"]))
    occurrences = (item.get("evidence") or {}).get("occurrences") or ()
    found += [one["location"] for one in occurrences if isinstance(one.get("location"), str)]
    return found


def _site_folder(path: str) -> str:
    """The folder in which the metadata of a path is, '' if the path is not of metadata.

    A folder inside a package (`site-packages/setuptools/_vendor`) is on no path.
    """
    parts = ("/" + path.lstrip("/")).split("/")
    for index, part in enumerate(parts):
        if part.endswith(_METADATA):
            is_inside = any(outer in _SITE_FOLDERS for outer in parts[: index - 1])
            return "" if is_inside else "/".join(parts[:index]) or "/"
    return ""


def _chosen(folders: dict[str, Any], python: str | None) -> tuple[str, list[str]]:
    """The prefix of the environment that is meant, and its folders.

    Raises:
        EnvironmentReadError: there is none there, or there are several and none is named.
    """
    prefixes: dict[str, list[str]] = {}
    # `/usr/local` is before `/usr` on the path.
    for folder in sorted(folders, reverse=True):
        prefix = prefix_of(folder) or folder
        if prefix == "/usr/local" and folder.endswith("dist-packages"):
            prefix = "/usr"  # Debian's Python has both
        prefixes.setdefault(prefix, []).append(folder)
    names = ", ".join(sorted(prefixes))
    if python is not None:
        wanted = "/" + python.strip("/")
        for prefix, inside in prefixes.items():
            if wanted in (prefix, *inside) or wanted.startswith(f"{prefix}/bin/"):
                return prefix, inside
        raise EnvironmentReadError(f"it has no environment {python}", f"it has {names}")
    if len(prefixes) > 1:
        raise EnvironmentReadError(
            f"it has several environments: {names}", "pass --python PATH to choose one"
        )
    return next(iter(prefixes.items()))
