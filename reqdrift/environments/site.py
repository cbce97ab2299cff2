"""Which Python an environment has, and which folders hold its distributions.

For a virtualenv, this is in its files, and its interpreter is not started. Any other Python is
started (`asking`).
"""

from __future__ import annotations

import errno
import os

from .. import files as here
from ..errors import EnvironmentReadError
from ..files import lines_of, read_regular
from ..values import TYPE_CHECKING, Broken, CanonicalName, NamedTuple, Python

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .base import Paths

_SITE = "site-packages"
_OF_WINDOWS = f"/Lib/{_SITE}"
_PYTHON = CanonicalName("python")
SHUT = os.strerror(errno.EACCES)
_LONGEST_NUMBER = 10
# In the order in which they are looked for.
_INTERPRETERS = (
    ("bin", ("python", "python3", "pypy3", "pypy")),
    ("Scripts", ("python.exe",)),
    ("", ("python.exe",)),
)


class SiteFolders(NamedTuple):
    """A Python and its folders: its `own`, and `system` folders that it also uses."""

    prefix: str
    python: Python
    own: tuple[str, ...]
    system: tuple[str, ...] = ()
    broken: tuple[Broken, ...] = ()
    started: bool = False


def is_environment(prefix: str) -> bool:
    """Whether the folder is a virtual environment: venv, virtualenv of any age, uv, or conda."""
    return is_virtualenv(prefix) or os.path.isdir(os.path.join(prefix, "conda-meta"))


def is_virtualenv(prefix: str, paths: Paths = here) -> bool:
    """Whether the folder is an environment that can be read without starting its interpreter."""
    return os.path.isfile(paths.at(os.path.join(prefix, "pyvenv.cfg"))) or any(
        os.path.isfile(paths.at(f"{lib}/orig-prefix.txt")) for lib in library_folders(prefix, paths)
    )


def is_conda_base(prefix: str) -> bool:
    """Whether the folder is conda's own installation rather than an environment made by it."""
    return os.path.isdir(os.path.join(prefix, "conda-meta")) and os.path.isdir(
        os.path.join(prefix, "condabin")
    )


def find_interpreter(prefix: str, paths: Paths = here) -> str | None:
    """The interpreter's path inside a prefix, even a dangling link; None if there is none."""
    for folder, names in _INTERPRETERS:
        start = f"{paths.at(f'{prefix}/{folder}')}/"
        for name in names:
            if os.path.lexists(start + name):
                return os.path.join(prefix, folder, name)
    return None


def find_site_folders(
    prefix: str, interpreter: str | None = None, paths: Paths = here
) -> SiteFolders:
    """The Python and the folders of a virtualenv.

    Args:
        prefix: the environment's folder.
        interpreter: the interpreter in it that was named, if any.
        paths: where its files are.

    Raises:
        EnvironmentReadError: its files have no version, or it has no site folder.
    """
    libraries = library_folders(prefix, paths)
    settings = read_pyvenv_cfg(prefix, paths) or _legacy_settings(libraries, paths)
    interpreter = interpreter or find_interpreter(prefix, paths)
    version = version_of(settings) or _library_version(libraries, paths)
    if not version:
        raise EnvironmentReadError(
            f"{prefix}/pyvenv.cfg has no Python version", "recreate the environment"
        )
    python = Python(version, settings.get("implementation", ""), interpreter)
    own, misfit = _choose_folders(prefix, libraries, python, settings, paths)
    if not python.implementation:
        pypy = os.path.basename(os.path.dirname(own[0])).startswith("pypy")
        python = python._replace(implementation="PyPy" if pypy else "CPython")
    if own[0].endswith(_OF_WINDOWS):
        python = python._replace(platform="win32")
    problem = _check_interpreter(prefix, interpreter, python, paths)
    broken = tuple(filter(None, (misfit, problem)))[:1]
    system: tuple[str, ...] = ()
    home = settings.get("home") or os.path.dirname(paths.real(interpreter or ""))
    # Without the setting, system packages are visible, as in `site.venv`.
    sees_system = settings.get("include-system-site-packages", "true").lower() == "true"
    if sees_system and home and "\0" not in home:
        system = _system_folders(home, own[0], paths)
    return SiteFolders(prefix, python, own, system, broken)


def read_pyvenv_cfg(prefix: str, paths: Paths = here) -> dict[str, str] | None:
    """The settings of a pyvenv.cfg, keys in lower case; None if there is no such file."""
    try:
        data = read_regular(paths.at(os.path.join(prefix, "pyvenv.cfg")))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise EnvironmentReadError(
            f"{prefix}/pyvenv.cfg cannot be read: {error.strerror}"
        ) from None
    pairs = (line.partition("=") for line in lines_of(data))
    return {key.strip().lower(): value.strip() for key, equals, value in pairs if equals}


def _legacy_settings(libraries: list[str], paths: Paths) -> dict[str, str]:
    """The settings of virtualenv before version 20, from files in the library folder."""
    for library in libraries:
        try:
            data = read_regular(paths.at(f"{library}/orig-prefix.txt"))
        except OSError:
            continue
        base = data.decode("utf-8", "replace").strip()
        isolated = os.path.isfile(paths.at(f"{library}/no-global-site-packages.txt"))
        system = "false" if isolated else "true"
        return {"home": f"{base}/bin", "include-system-site-packages": system}
    return {}


def version_of(settings: Mapping[str, str]) -> str:
    """The X.Y.Z of `version` (venv) or `version_info` (virtualenv and uv), '' if there is none."""
    text = settings.get("version") or settings.get("version_info") or ""
    major, _, rest = text.partition(".")
    minor, _, patch = rest.partition(".")
    if not (_is_number(major) and _is_number(minor)):
        return ""
    # `version_info` is longer: 3.11.7.final.0.
    patch = patch.partition(".")[0]
    plain = patch.removesuffix("+")
    is_patch = plain.isascii() and plain.isalnum() and patch[0].isdigit()
    return f"{major}.{minor}.{patch[:_LONGEST_NUMBER]}" if is_patch else f"{major}.{minor}"


def _is_number(text: str) -> bool:
    """Whether it is a number in ASCII digits."""
    return text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER


def library_folders(prefix: str, paths: Paths = here) -> list[str]:
    """Every `lib/pythonX.Y` and `lib/pypyX.Y`, in `lib64` too where that is another folder."""
    found = _libraries_in(f"{prefix}/lib", paths)
    # Usually a link to `lib`, which is skipped: 0.5 % of a clean run.
    if not _is_link_to_lib(f"{paths.at(prefix)}/lib64"):
        found += _libraries_in(f"{prefix}/lib64", paths)
    if len(found) < 2:
        return found
    distinct: dict[str, str] = {}
    for path in found:
        distinct.setdefault(paths.real(path), path)
    return list(distinct.values())


def _is_link_to_lib(path: str) -> bool:
    try:
        return os.readlink(path) == "lib"
    except OSError:
        return False


def _libraries_in(folder: str, paths: Paths) -> list[str]:
    try:
        names = sorted(os.listdir(paths.at(folder)))
    except OSError:
        return []
    libraries = [name for name in names if name.startswith(("python", "pypy")) and minor_of(name)]
    return [os.path.join(folder, name) for name in libraries]


def minor_of(name: str) -> str:
    """`python3.11` -> `3.11`, `python3.13t` -> `3.13`; '' if the name has no version."""
    digits = name.removesuffix(".exe").lstrip("pythonPYTHON").removesuffix("t")
    major, dot, minor = digits.partition(".")
    return digits if dot and major.isdigit() and minor.isdigit() else ""


def _library_version(libraries: list[str], paths: Paths) -> str:
    """The X.Y of the one library folder that has a site folder (virtualenv before version 20)."""
    with_site = _with_site(libraries, paths)
    minors = {minor_of(os.path.basename(lib)) for lib in with_site}
    return minors.pop() if len(minors) == 1 else ""


def _with_site(libraries: list[str], paths: Paths) -> list[str]:
    return [lib for lib in libraries if os.path.isdir(paths.at(f"{lib}/{_SITE}"))]


def _of_interpreter(
    libraries: list[str], python: Python, settings: Mapping[str, str], paths: Paths
) -> list[str]:
    """Those that the interpreter uses: `python3.13` none of `python3.13t`, nor `pypy3.10`'s.

    An environment that was made on top of another has both. A copy of the interpreter does not
    have the name of the base, but pyvenv.cfg may have it.
    """
    minor = ".".join(map(str, python.minor))
    base = paths.real(python.interpreter or "")
    for path in (base, settings.get("executable", ""), settings.get("base-executable", "")):
        name = os.path.basename(path)
        if minor_of(name) == minor:
            return [lib for lib in libraries if os.path.basename(lib) == name] or libraries
    return libraries


def _choose_folders(
    prefix: str, libraries: list[str], python: Python, settings: Mapping[str, str], paths: Paths
) -> tuple[tuple[str, ...], Broken | None]:
    """The site folders of this X.Y; those of another X.Y if there are no others."""
    minor = ".".join(map(str, python.minor))
    with_site = _with_site(libraries, paths)
    fitting = [lib for lib in with_site if minor_of(os.path.basename(lib)) == minor]
    if len(fitting) > 1:
        fitting = _of_interpreter(fitting, python, settings, paths)
    if fitting:
        return tuple(f"{lib}/{_SITE}" for lib in fitting), None
    if with_site:
        other = minor_of(os.path.basename(with_site[-1]))
        message = f"pyvenv.cfg says Python {minor}, but the site folder is for Python {other}"
        return (f"{with_site[-1]}/{_SITE}",), Broken(_PYTHON, f"{message}; recreate it")
    # Windows, and PyPy before 3.8.
    for name in (_OF_WINDOWS[1:], _SITE):
        if os.path.isdir(paths.at(os.path.join(prefix, name))):
            return (os.path.join(prefix, name),), None
    must_be_open(paths.at(prefix), paths.at(f"{prefix}/lib"))
    raise EnvironmentReadError(f"{prefix} has no site-packages folder", "recreate the environment")


def is_shut(folder: str) -> bool:
    """Whether the folder exists, but this user may not read it."""
    return os.path.isdir(folder) and not os.access(folder, os.R_OK | os.X_OK)


def must_be_open(*folders: str) -> None:
    """Raises EnvironmentReadError for an unreadable folder, which would look empty."""
    for folder in filter(is_shut, folders):
        raise EnvironmentReadError(
            f"{folder} cannot be read: {SHUT}", "run reqdrift as a user who may read it"
        )


def _check_interpreter(
    prefix: str, interpreter: str | None, python: Python, paths: Paths
) -> Broken | None:
    """A missing interpreter, or a link that now leads to another X.Y (an upgraded base)."""
    if interpreter is None and is_shut(paths.at(f"{prefix}/bin")):
        return Broken(_PYTHON, f"{prefix}/bin cannot be read: {SHUT}")
    if interpreter is None:
        return Broken(_PYTHON, f"{prefix} has no interpreter; recreate it")
    real = paths.real(interpreter)
    if not os.path.exists(paths.at(real)):
        return Broken(_PYTHON, f"{interpreter} leads to {real}, which does not exist; recreate it")
    minor = ".".join(map(str, python.minor))
    found = minor_of(os.path.basename(real))
    if found and found != minor:
        message = f"{interpreter} is now Python {found}, but the site folder is for Python {minor}"
        return Broken(_PYTHON, f"{message}; recreate it")
    return None


def _system_folders(home: str, own: str, paths: Paths) -> tuple[str, ...]:
    """The base Python's site folders, in the order of its path: user, local, distribution.

    Args:
        home: the folder of the base's interpreter, as pyvenv.cfg says.
        own: a site folder of the environment, whose library has the same name as the base's.
        paths: where its files are; the user's folder is only of environments on this machine.
    """
    library = os.path.basename(os.path.dirname(own))
    base = _base_prefix(home, library, paths)
    folders = [
        f"{base}/{lib}/{library}/{kind}"
        for lib in ("local/lib", "lib", "lib64")
        for kind in (_SITE, "dist-packages")
    ]
    folders += [f"{base}/lib/{library.partition('.')[0]}/dist-packages", f"{home}/Lib/{_SITE}"]
    if paths is here and not os.environ.get("PYTHONNOUSERSITE"):
        user = os.environ.get("PYTHONUSERBASE") or os.path.expanduser("~/.local")
        folders.insert(0, f"{user}/lib/{library}/{_SITE}")
    return tuple(folder for folder in folders if os.path.isdir(paths.at(folder)))


def _base_prefix(home: str, library: str, paths: Paths) -> str:
    """The prefix that the base finds for itself: that of `home`, if its library is there.

    Otherwise, `home` has only a link to the interpreter, maybe through another environment.
    """
    prefix = os.path.dirname(home)
    if os.path.isfile(paths.at(f"{prefix}/lib/{library}/os.py")):
        return prefix
    real = paths.real(f"{home}/{library}")
    if not os.path.exists(paths.at(real)):
        real = paths.real(f"{home}/python3")
    return os.path.dirname(os.path.dirname(real)) if os.path.exists(paths.at(real)) else prefix
