"""The Pythons of another root file system: virtualenvs, conda's, and others by their layout."""

from __future__ import annotations

import os

from ..errors import EnvironmentReadError
from ..files import lines_of, read_regular
from ..values import TYPE_CHECKING, NamedTuple, Python
from .inside import RootPaths, place_of, prefix_inside
from .site import (
    SiteFolders,
    find_interpreter,
    find_site_folders,
    is_virtualenv,
    library_folders,
    minor_of,
    read_pyvenv_cfg,
    version_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..values import Environment
    from .base import Paths

# Environments are not made deeper; a file system has far more folders below.
_DEEPEST = 6
# No project's environment is in these: what packages of the distribution install, caches, and what
# the kernel makes up.
_SKIPPED = frozenset(
    (
        *("/proc", "/sys", "/dev", "/run", "/boot", "/bin", "/sbin", "/etc", "/lib", "/lib32"),
        *("/lib64", "/libx32", "/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib32", "/usr/lib64"),
        *("/usr/libexec", "/usr/include", "/usr/share", "/usr/games", "/usr/local/bin"),
        *("/usr/local/lib", "/usr/local/include", "/usr/local/share", "/var/lib", "/var/cache"),
        *("/var/log", "/var/spool"),
    )
)
_SKIPPED_NAMES = frozenset(
    (".git", ".cache", "node_modules", "site-packages", "dist-packages", "conda-meta")
)
_SITE_FOLDERS = ("site-packages", "dist-packages")
# In environments of programs, which these tools make.
_OF_TOOLS = ("pipx_metadata.json", "uv-receipt.toml", ".prek-hook.json")
# Where Pythons that are no environments usually are; conda's have a mark.
_PREFIXES = ("/usr/local", "/usr")
# The machine types of ELF whose name in `platform.machine` has no other meaning.
_MACHINES = {(2, 62): "x86_64", (2, 183): "aarch64", (2, 243): "riscv64"}
_LINUX = (("os_name", "posix"), ("sys_platform", "linux"), ("platform_system", "Linux"))


class RootPython(NamedTuple):
    """A Python, with the path inside the root that names it.

    `release` is its X.Y.Z, '' if its files do not have it; `markers` are the values of environment
    markers that they say.
    """

    name: str
    site: SiteFolders
    release: str
    markers: tuple[tuple[str, str], ...]


def find_pythons(paths: RootPaths) -> tuple[list[RootPython], list[EnvironmentReadError]]:
    """All Pythons in the usual folders, but the environments that tools made for programs.

    Also the errors of those that have packages and cannot be read.
    """
    found: dict[tuple[str, str], RootPython] = {}
    errors = []
    for prefix in (*_PREFIXES, *_environments("", 0, paths)):
        try:
            for one in _pythons_in(prefix, paths):
                found.setdefault((paths.real(one.site.prefix), one.name), one)
        except (EnvironmentReadError, OSError) as error:
            # What only resembles an environment changes nothing.
            if _has_site_folder(prefix, paths):
                if isinstance(error, OSError):
                    why = f"{error.filename} cannot be read: {error.strerror}"
                    error = EnvironmentReadError(why)
                errors.append(error)
    return list(found.values()), errors


def named_python(name: str, paths: RootPaths) -> RootPython | None:
    """The environment in a folder, or that of an interpreter; None if there is none.

    Raises:
        EnvironmentReadError: it cannot be read.
    """
    path = os.path.normpath(f"/{name.lstrip('/')}")
    if os.path.isdir(paths.at(path)):
        interpreter = _interpreter_in(path, paths)
    elif os.path.exists(paths.at(path)):
        interpreter = path
        path = os.path.dirname(os.path.dirname(path))
        if not is_virtualenv(path, paths):
            path = os.path.dirname(os.path.dirname(paths.real(interpreter)))
    else:
        return None
    if is_virtualenv(path, paths):
        return _virtualenv(path, interpreter, paths)
    libraries = _with_standard_library(path, paths)
    meant = _library_of(interpreter, paths)
    fitting = [library for library in libraries if os.path.basename(library) == meant]
    if len(fitting or libraries) > 1:
        names = ", ".join(f"{path}/bin/{os.path.basename(library)}" for library in libraries)
        raise EnvironmentReadError(f"--python: several Pythons are in {path}", f"pass one: {names}")
    return next((_installation(path, one, name, paths) for one in fitting or libraries), None)


def interpreter_inside(environment: Environment) -> str:
    """The path inside the root of an environment's interpreter, `python` if it has none.

    An installation may have several, of which `python` is one.
    """
    prefix, paths = prefix_inside(environment), RootPaths(environment.root)
    libraries = (os.path.basename(os.path.dirname(folder)) for folder in environment.folders)
    usual = "python{}.{}".format(*environment.python.minor)
    own = f"{prefix}/bin/{next(filter(minor_of, libraries), usual)}"
    if not is_virtualenv(prefix, paths) and os.path.lexists(place_of(own, paths)):
        return own
    return _interpreter_in(prefix, paths) or "python"


def users_folders(python: Python, paths: RootPaths) -> list[str]:
    """Where `pip install --user` puts packages for this Python; which user runs is not known."""
    try:
        names = sorted(os.listdir(paths.at("/home")))
    except OSError:
        names = []
    library = "python{}.{}".format(*python.minor)
    homes = ("/root", *(f"/home/{name}" for name in names))
    folders = [f"{home}/.local/lib/{library}/site-packages" for home in homes]
    return [folder for folder in folders if os.path.isdir(paths.at(folder))]


def _environments(folder: str, depth: int, paths: RootPaths) -> Iterator[str]:
    """The prefixes of environments in a folder, found without following any link."""
    try:
        with os.scandir(f"{paths.root}{folder}/") as entries:
            names = sorted(one.name for one in entries if one.is_dir(follow_symlinks=False))
    except OSError:
        return
    for name in names:
        path = f"{folder}/{name}"
        if path in _SKIPPED or name in _SKIPPED_NAMES:
            continue
        if name == "pkgs" and "conda-meta" in names:
            continue  # conda's cache
        try:
            is_own = is_virtualenv(path, paths)
            if is_own and any(os.path.exists(paths.at(f"{path}/{mark}")) for mark in _OF_TOOLS):
                continue
            is_python = is_own or bool(_with_standard_library(path, paths))
        except OSError:  # a symbolic link loop
            is_own, is_python = False, _has_site_folder(path, paths)
        if is_python:
            yield path
        # conda's installation has its environments inside.
        if depth < _DEEPEST and not is_own:
            yield from _environments(path, depth + 1, paths)


def _pythons_in(prefix: str, paths: RootPaths) -> Iterator[RootPython]:
    """The virtualenv in a folder, or the Pythons that have a standard library there."""
    if is_virtualenv(prefix, paths):
        yield _virtualenv(prefix, None, paths)
        return
    libraries = _with_standard_library(prefix, paths)
    usual = _library_of(_interpreter_in(prefix, paths), paths)
    for library in libraries:
        name = os.path.basename(library)
        is_usual = name == usual or len(libraries) == 1
        named = prefix if is_usual else f"{prefix}/bin/{name}"
        yield _installation(prefix, library, named, paths)


def _with_standard_library(prefix: str, paths: RootPaths) -> list[str]:
    return [
        library
        for library in library_folders(prefix, paths)
        if any(os.path.isfile(paths.at(f"{library}/os.{end}")) for end in ("py", "pyc"))
    ]


def _has_site_folder(prefix: str, paths: RootPaths) -> bool:
    """Whether a site folder is in the folder, or a link of that name, wherever it leads."""
    for lib in ("lib", "lib64"):
        try:
            names = os.listdir(paths.at(f"{prefix}/{lib}"))
        except OSError:
            continue
        libraries = [
            f"{prefix}/{lib}/{name}" for name in names if name.startswith(("python", "pypy"))
        ]
        there = filter(None, (place_of(library, paths) for library in libraries))
        if any(os.path.lexists(f"{one}/{site}") for one in there for site in _SITE_FOLDERS):
            return True
    return False


def _interpreter_in(prefix: str, paths: RootPaths) -> str | None:
    """The interpreter in a prefix; None also if it is in a symbolic link loop."""
    try:
        found = find_interpreter(prefix, paths)
        paths.real(found or "")
    except OSError:
        return None
    return found


def _library_of(interpreter: str | None, paths: RootPaths) -> str:
    """The name of the library folder that an interpreter uses, '' if its name does not say it."""
    name = os.path.basename(paths.real(interpreter)) if interpreter else ""
    return name if minor_of(name) else ""


def _virtualenv(prefix: str, interpreter: str | None, paths: RootPaths) -> RootPython:
    site = find_site_folders(prefix, interpreter, paths)
    home = (read_pyvenv_cfg(prefix, paths) or {}).get("home", "")
    library = os.path.basename(os.path.dirname(site.own[0]))
    base = site.python.interpreter
    bases = (home and os.path.dirname(home), base and _prefix_of(base, paths))
    releases = (release_of(prefix, library, paths) for prefix in bases if prefix)
    return RootPython(prefix, site, next(filter(None, releases), ""), _markers(base, paths))


def _prefix_of(interpreter: str, paths: RootPaths) -> str:
    return os.path.dirname(os.path.dirname(paths.real(interpreter)))


def _installation(prefix: str, library: str, name: str, paths: RootPaths) -> RootPython:
    """A Python that is not a virtual environment, as its own `site` module finds its folders."""
    base = os.path.basename(library)
    if os.path.lexists(place_of(f"{prefix}/bin/{base}", paths)):
        interpreter: str | None = f"{prefix}/bin/{base}"
    else:
        interpreter = _interpreter_in(prefix, paths)
    python = Python(minor_of(base), "PyPy" if base.startswith("pypy") else "CPython", interpreter)
    folders = _site_folders(prefix, library, paths)
    own = tuple(folder for folder in folders if os.path.isdir(paths.at(folder)))
    release = release_of(prefix, base, paths)
    return RootPython(name, SiteFolders(prefix, python, own), release, _markers(interpreter, paths))


def _site_folders(prefix: str, library: str, paths: RootPaths) -> list[str]:
    """In the order of the path. Debian's and Fedora's `site` add folders of their own."""
    name = os.path.basename(library)
    try:
        source = read_regular(paths.at(f"{library}/site.py"))
    except OSError:
        source = b""
    if b"dist-packages" in source:
        major = name.partition(".")[0]
        return [f"{prefix}/{lib}/dist-packages" for lib in (f"local/lib/{name}", f"lib/{major}")]
    folders = [f"{prefix}/{lib}/{name}/site-packages" for lib in ("lib64", "lib")]
    if prefix == "/usr" and b"/usr/local" in source:
        folders = [f.replace("/usr/", "/usr/local/", 1) for f in folders] + folders
    return folders


def release_of(prefix: str, library: str, paths: Paths) -> str:
    """The X.Y.Z of a Python, from its header file, conda's records or dpkg's; '' if unknown."""
    minor = minor_of(library)
    for found in (_of_header, _of_conda, _of_dpkg):
        release = version_of({"version": found(prefix, library, paths)})
        if release.startswith(f"{minor}."):
            return release
    return ""


def _of_header(prefix: str, library: str, paths: Paths) -> str:
    for name in (library, f"{library}m"):
        for line in _lines(f"{prefix}/include/{name}/patchlevel.h", paths):
            if line.startswith("#define PY_VERSION "):
                return line.split('"')[1] if '"' in line else ""
    return ""


def _of_conda(prefix: str, library: str, paths: Paths) -> str:
    """`python-3.12.1-hab00c5b_1_cpython.json` in conda-meta."""
    try:
        names = os.listdir(paths.at(f"{prefix}/conda-meta"))
    except OSError:
        return ""
    start = f"python-{minor_of(library)}."
    return next((name.split("-")[1] for name in sorted(names) if name.startswith(start)), "")


def _of_dpkg(prefix: str, library: str, paths: Paths) -> str:
    """The version of Debian's `libpython3.11-minimal`: `3.11.2-6+deb12u3`."""
    if prefix != "/usr":
        return ""
    package = f"lib{library}-minimal"
    # Distroless images have a file for each package.
    for file in ("status", f"status.d/{package}"):
        is_it = False
        for line in _lines(f"/var/lib/dpkg/{file}", paths):
            key, _, value = line.partition(": ")
            if key == "Package":
                is_it = value == package
            elif key == "Version" and is_it:
                return value.rpartition(":")[2].partition("-")[0].partition("+")[0]
    return ""


def _lines(path: str, paths: Paths) -> list[str]:
    try:
        return lines_of(read_regular(paths.at(path)))
    except OSError:
        return []


def _markers(interpreter: str | None, paths: RootPaths) -> tuple[tuple[str, str], ...]:
    """The values of environment markers that follow from a program of Linux, and its ELF header."""
    path = paths.at(interpreter or "/")
    try:
        # A pipe in its place would block.
        head = b""
        if os.path.isfile(path):
            with open(path, "rb") as file:
                head = file.read(20)
    except OSError:
        return _LINUX
    if len(head) < 20 or head[:4] != b"\x7fELF":
        return _LINUX
    machine = int.from_bytes(head[18:20], "little" if head[5] == 1 else "big")
    known = _MACHINES.get((head[4], machine))
    return (*_LINUX, ("platform_machine", known)) if known else _LINUX
