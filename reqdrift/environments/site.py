"""Which Python an environment has, and which folders hold its distributions.

For a virtualenv, this is in its files, and its interpreter is not started. Any other Python is
started (`asking`).
"""

from __future__ import annotations

import errno
import os

from ..errors import EnvironmentReadError
from ..files import lines_of, read_regular
from ..values import TYPE_CHECKING, Broken, CanonicalName, NamedTuple, Python

if TYPE_CHECKING:
    from collections.abc import Mapping

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


def is_virtualenv(prefix: str) -> bool:
    """Whether the folder is an environment that can be read without starting its interpreter."""
    return os.path.isfile(os.path.join(prefix, "pyvenv.cfg")) or any(
        os.path.isfile(f"{lib}/orig-prefix.txt") for lib in library_folders(prefix)
    )


def is_conda_base(prefix: str) -> bool:
    """Whether the folder is conda's own installation rather than an environment made by it."""
    return os.path.isdir(os.path.join(prefix, "conda-meta")) and os.path.isdir(
        os.path.join(prefix, "condabin")
    )


def find_interpreter(prefix: str) -> str | None:
    """The interpreter's path inside a prefix, even a dangling link; None if there is none."""
    for folder, names in _INTERPRETERS:
        start = f"{prefix}/{folder}/"
        for name in names:
            if os.path.lexists(start + name):
                return os.path.join(prefix, folder, name)
    return None


def find_site_folders(prefix: str, interpreter: str | None = None) -> SiteFolders:
    """The Python and the folders of a virtualenv.

    Args:
        prefix: the environment's folder.
        interpreter: the interpreter in it that was named, if any.

    Raises:
        EnvironmentReadError: its files have no version, or it has no site folder.
    """
    libraries = library_folders(prefix)
    settings = read_pyvenv_cfg(prefix) or _legacy_settings(libraries)
    interpreter = interpreter or find_interpreter(prefix)
    version = version_of(settings) or _library_version(libraries)
    if not version:
        raise EnvironmentReadError(
            f"{prefix}/pyvenv.cfg has no Python version", "recreate the environment"
        )
    python = Python(version, settings.get("implementation", ""), interpreter)
    own, misfit = _choose_folders(prefix, libraries, python, settings)
    if not python.implementation:
        pypy = os.path.basename(os.path.dirname(own[0])).startswith("pypy")
        python = python._replace(implementation="PyPy" if pypy else "CPython")
    if own[0].endswith(_OF_WINDOWS):
        python = python._replace(platform="win32")
    problem = _check_interpreter(prefix, interpreter, python)
    broken = tuple(filter(None, (misfit, problem)))[:1]
    system: tuple[str, ...] = ()
    home = settings.get("home") or os.path.dirname(os.path.realpath(interpreter or ""))
    # Without the setting, system packages are visible, as in `site.venv`.
    sees_system = settings.get("include-system-site-packages", "true").lower() == "true"
    if sees_system and home and "\0" not in home:
        system = _system_folders(home, own[0])
    return SiteFolders(prefix, python, own, system, broken)


def read_pyvenv_cfg(prefix: str) -> dict[str, str] | None:
    """The settings of a pyvenv.cfg, keys in lower case; None if there is no such file."""
    try:
        data = read_regular(os.path.join(prefix, "pyvenv.cfg"))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise EnvironmentReadError(
            f"{prefix}/pyvenv.cfg cannot be read: {error.strerror}"
        ) from None
    pairs = (line.partition("=") for line in lines_of(data))
    return {key.strip().lower(): value.strip() for key, equals, value in pairs if equals}


def _legacy_settings(libraries: list[str]) -> dict[str, str]:
    """The settings of virtualenv before version 20, from files in the library folder."""
    for library in libraries:
        try:
            data = read_regular(f"{library}/orig-prefix.txt")
        except OSError:
            continue
        base = data.decode("utf-8", "replace").strip()
        isolated = os.path.isfile(f"{library}/no-global-site-packages.txt")
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


def library_folders(prefix: str) -> list[str]:
    """Every `lib/pythonX.Y` and `lib/pypyX.Y`, in `lib64` too where that is another folder."""
    found = _libraries_in(f"{prefix}/lib")
    # Usually a link to `lib`, which is skipped: 0.5 % of a clean run.
    if not _is_link_to_lib(f"{prefix}/lib64"):
        found += _libraries_in(f"{prefix}/lib64")
    if len(found) < 2:
        return found
    distinct: dict[str, str] = {}
    for path in found:
        distinct.setdefault(os.path.realpath(path), path)
    return list(distinct.values())


def _is_link_to_lib(path: str) -> bool:
    try:
        return os.readlink(path) == "lib"
    except OSError:
        return False


def _libraries_in(folder: str) -> list[str]:
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return []
    libraries = [name for name in names if name.startswith(("python", "pypy")) and minor_of(name)]
    return [os.path.join(folder, name) for name in libraries]


def minor_of(name: str) -> str:
    """`python3.11` -> `3.11`, `python3.13t` -> `3.13`; '' if the name has no version."""
    digits = name.removesuffix(".exe").lstrip("pythonPYTHON").removesuffix("t")
    major, dot, minor = digits.partition(".")
    return digits if dot and major.isdigit() and minor.isdigit() else ""


def _library_version(libraries: list[str]) -> str:
    """The X.Y of the one library folder that has a site folder (virtualenv before version 20)."""
    with_site = _with_site(libraries)
    minors = {minor_of(os.path.basename(lib)) for lib in with_site}
    return minors.pop() if len(minors) == 1 else ""


def _with_site(libraries: list[str]) -> list[str]:
    return [lib for lib in libraries if os.path.isdir(f"{lib}/{_SITE}")]


def _of_interpreter(libraries: list[str], python: Python, settings: Mapping[str, str]) -> list[str]:
    """Those that the interpreter uses: `python3.13` none of `python3.13t`, nor `pypy3.10`'s.

    An environment that was made on top of another has both. A copy of the interpreter does not
    have the name of the base, but pyvenv.cfg may have it.
    """
    minor = ".".join(map(str, python.minor))
    base = os.path.realpath(python.interpreter or "")
    for path in (base, settings.get("executable", ""), settings.get("base-executable", "")):
        name = os.path.basename(path)
        if minor_of(name) == minor:
            return [lib for lib in libraries if os.path.basename(lib) == name] or libraries
    return libraries


def _choose_folders(
    prefix: str, libraries: list[str], python: Python, settings: Mapping[str, str]
) -> tuple[tuple[str, ...], Broken | None]:
    """The site folders of this X.Y; those of another X.Y if there are no others."""
    minor = ".".join(map(str, python.minor))
    with_site = _with_site(libraries)
    fitting = [lib for lib in with_site if minor_of(os.path.basename(lib)) == minor]
    if len(fitting) > 1:
        fitting = _of_interpreter(fitting, python, settings)
    if fitting:
        return tuple(f"{lib}/{_SITE}" for lib in fitting), None
    if with_site:
        other = minor_of(os.path.basename(with_site[-1]))
        message = f"pyvenv.cfg says Python {minor}, but the site folder is for Python {other}"
        return (f"{with_site[-1]}/{_SITE}",), Broken(_PYTHON, f"{message}; recreate it")
    # Windows, and PyPy before 3.8.
    for name in (_OF_WINDOWS[1:], _SITE):
        if os.path.isdir(os.path.join(prefix, name)):
            return (os.path.join(prefix, name),), None
    must_be_open(prefix, f"{prefix}/lib")
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


def _check_interpreter(prefix: str, interpreter: str | None, python: Python) -> Broken | None:
    """A missing interpreter, or a link that now leads to another X.Y (an upgraded base)."""
    if interpreter is None and is_shut(f"{prefix}/bin"):
        return Broken(_PYTHON, f"{prefix}/bin cannot be read: {SHUT}")
    if interpreter is None:
        return Broken(_PYTHON, f"{prefix} has no interpreter; recreate it")
    real = os.path.realpath(interpreter)
    if not os.path.exists(real):
        return Broken(_PYTHON, f"{interpreter} leads to {real}, which does not exist; recreate it")
    minor = ".".join(map(str, python.minor))
    found = minor_of(os.path.basename(real))
    if found and found != minor:
        message = f"{interpreter} is now Python {found}, but the site folder is for Python {minor}"
        return Broken(_PYTHON, f"{message}; recreate it")
    return None


def _system_folders(home: str, own: str) -> tuple[str, ...]:
    """The base Python's site folders, in the order of its path: user, local, distribution.

    Args:
        home: the folder of the base's interpreter, as pyvenv.cfg says.
        own: a site folder of the environment, whose library has the same name as the base's.
    """
    library = os.path.basename(os.path.dirname(own))
    base = _base_prefix(home, library)
    folders = [
        f"{base}/{lib}/{library}/{kind}"
        for lib in ("local/lib", "lib", "lib64")
        for kind in (_SITE, "dist-packages")
    ]
    folders += [f"{base}/lib/{library.partition('.')[0]}/dist-packages", f"{home}/Lib/{_SITE}"]
    if not os.environ.get("PYTHONNOUSERSITE"):
        user = os.environ.get("PYTHONUSERBASE") or os.path.expanduser("~/.local")
        folders.insert(0, f"{user}/lib/{library}/{_SITE}")
    return tuple(folder for folder in folders if os.path.isdir(folder))


def _base_prefix(home: str, library: str) -> str:
    """The prefix that the base finds for itself: that of `home`, if its library is there.

    Otherwise, `home` has only a link to the interpreter, maybe through another environment.
    """
    prefix = os.path.dirname(home)
    if os.path.isfile(f"{prefix}/lib/{library}/os.py"):
        return prefix
    real = os.path.realpath(f"{home}/{library}")
    if not os.path.exists(real):
        real = os.path.realpath(f"{home}/python3")
    return os.path.dirname(os.path.dirname(real)) if os.path.exists(real) else prefix
