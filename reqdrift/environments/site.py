"""Which Python an environment has, and which folders hold its distributions.

A virtualenv is read without starting its interpreter. pyvenv.cfg has the version, and the
target of `bin/python` must agree with it. The layout determines the site folders. If there are
several for one X.Y, such as `lib/python3.13` and `lib/python3.13t`, the name of the interpreter
decides. Path lines in `.pth` files add more; code lines are never executed. No program inside the
project is started unless the user names it; `[tool.reqdrift]` or a conda environment in the project
is not enough (SECURITY.md). A distribution is identified by the name of its metadata folder, as for
pip and uv. METADATA is opened only if that name is not enough, or for what only METADATA contains.
Any other Python is started once, isolated, without `site` and without writing bytecode, and asked
for its folders.

- Duplicates count within one real folder only. Across folders, the first on the path wins.
"""

from __future__ import annotations

import errno
import os

from .. import environments, repository, values
from .._record import unchecked
from ..errors import EnvironmentReadError
from ..files import entries_of, is_same, lines_of, read_regular
from ..standards import canonical_name, checked_name
from ..values import TYPE_CHECKING, CanonicalName, Distribution, NamedTuple, Note, Python

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..values import Environment
    from ..values.details import Broken

_SITE = "site-packages"
_OF_WINDOWS = f"/Lib/{_SITE}"
_PYTHON = CanonicalName("python")
SHUT = os.strerror(errno.EACCES)
_WHO_MAY = "run reqdrift as a user who may read it"
_LONGEST_NUMBER = 10
# In the order in which they are looked for.
_INTERPRETERS = (
    *(("bin", name) for name in ("python", "python3", "pypy3", "pypy")),
    *(("Scripts", "python.exe"), ("python.exe",)),
)


class SiteFolders(NamedTuple):
    """A Python, and the folders in which an import looks, in this order; some are its `own`.

    `.pth` files have a meaning in those that are its own or have the name of a site folder.
    """

    prefix: str
    python: Python
    own: tuple[str, ...]
    path: tuple[str, ...]
    broken: tuple[Broken, ...] = ()
    started: bool = False


def is_environment(prefix: str) -> bool:
    """Whether the folder is a virtual environment: venv, virtualenv of any age, uv, or conda."""
    return is_virtualenv(prefix) or os.path.isdir(os.path.join(prefix, "conda-meta"))


def is_externally_managed(environment: Environment) -> bool:
    """Whether the operating system manages it: its standard library has the marker of PEP 668.

    The prefix of a virtualenv has no standard library.
    """
    minor = "python{}.{}".format(*environment.python.minor)
    folders = (os.path.join(environment.prefix, lib, minor) for lib in ("lib", "lib64"))
    return any(os.path.exists(os.path.join(folder, "EXTERNALLY-MANAGED")) for folder in folders)


def is_virtualenv(prefix: str) -> bool:
    """Whether the folder is an environment that can be read without starting its interpreter."""
    return os.path.isfile(os.path.join(prefix, "pyvenv.cfg")) or any(
        os.path.isfile(f"{lib}/orig-prefix.txt") for lib in library_folders(prefix)
    )


def is_conda_base(prefix: str) -> bool:
    """Whether the folder is conda's own installation rather than an environment made by it."""
    return os.path.isdir(f"{prefix}/conda-meta") and os.path.isdir(f"{prefix}/condabin")


def find_interpreter(prefix: str) -> str | None:
    """The interpreter's path inside a prefix, even a dangling link; None if there is none."""
    places = (os.path.join(prefix, *place) for place in _INTERPRETERS)
    return next(filter(os.path.lexists, places), None)


def find_site_folders(prefix: str, interpreter: str | None = None) -> SiteFolders:
    """The Python and the folders of a virtualenv.

    Args:
        prefix: the environment's folder.
        interpreter: the interpreter in it that was named, if any.

    Raises:
        EnvironmentReadError: its files have no version, or it has no site folder.
    """
    libraries = [lib for lib in library_folders(prefix) if os.path.isdir(f"{lib}/{_SITE}")]
    settings = read_pyvenv_cfg(prefix) or _legacy_settings(libraries)
    in_lib64 = [library for library in libraries if library.startswith(f"{prefix}/lib64/")]
    # The link of `venv` becomes a folder when it is copied; few Pythons look there.
    home = settings.get("home", "")
    base = library_folders(os.path.dirname(home)) if in_lib64 and os.path.isabs(home) else []
    if base and not any("/lib64/" in library for library in base):
        libraries = [library for library in libraries if library not in in_lib64]
    interpreter = interpreter or find_interpreter(prefix)
    version = version_of(settings) or _library_version(libraries)
    if not version:
        raise EnvironmentReadError(
            f"{prefix} does not say its Python version", "recreate the environment"
        )
    python = Python(version, settings.get("implementation", ""), interpreter)
    minor, upgraded = ".".join(map(str, python.minor)), ""
    real = os.path.realpath(interpreter) if interpreter else ""
    runs = minor_of(os.path.basename(real))
    if runs not in ("", minor) and os.path.exists(real) and _of(runs, libraries):
        # `venv --upgrade` by another Python leaves the link as it is.
        message = f"pyvenv.cfg says Python {minor}, but {interpreter} is Python {runs}"
        upgraded = f"{message}; recreate it"
        python = python._replace(version=runs)
    own, misfit = _choose_folders(prefix, libraries, python, settings)
    if not python.implementation:
        pypy = os.path.basename(os.path.dirname(own[0])).startswith("pypy")
        python = python._replace(implementation="PyPy" if pypy else "CPython")
    if own[0].endswith(_OF_WINDOWS):
        python = python._replace(platform="win32")
    problem = upgraded or misfit or _problem_of_interpreter(prefix, interpreter, real, minor)
    broken = (values.details.Broken(_PYTHON, problem),) if problem else ()
    path = own
    home = home or os.path.dirname(os.path.realpath(interpreter or ""))
    # Without the setting, system packages are visible, as in `site.venv`.
    sees_system = settings.get("include-system-site-packages", "true").lower() == "true"
    if sees_system and home and "\0" not in home:
        path += _system_folders(home, own[0])
    return SiteFolders(prefix, python, own, path, broken)


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
        if base := repository.read_text(f"{library}/orig-prefix.txt").strip():
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
    """Every `lib/pythonX.Y` and `lib/pypyX.Y`, in `lib64` too where that is another folder.

    Of several names of one folder, the first.
    """
    folders = [f"{prefix}/lib"]
    if not is_same(f"{prefix}/lib64", folders[0]):
        folders.append(f"{prefix}/lib64")
    found = [
        os.path.join(folder, name)
        for folder in folders
        for name in entries_of(folder)
        if name.startswith(("python", "pypy")) and minor_of(name)
    ]
    places = [*map(os.path.realpath, found)]
    return [path for at, path in enumerate(found) if places.index(places[at]) == at]


def minor_of(name: str) -> str:
    """`python3.11` -> `3.11`, `python3.13t` -> `3.13`; '' if the name has no version."""
    digits = name.removesuffix(".exe").lstrip("pythonPYTHON").removesuffix("t")
    major, dot, minor = digits.partition(".")
    return digits if dot and major.isdigit() and minor.isdigit() else ""


def _library_version(libraries: list[str]) -> str:
    """The X.Y of the one library folder that has a site folder (virtualenv before version 20)."""
    minors = {minor_of(os.path.basename(lib)) for lib in libraries}
    return minors.pop() if len(minors) == 1 else ""


def _of(minor: str, libraries: list[str]) -> list[str]:
    return [lib for lib in libraries if minor_of(os.path.basename(lib)) == minor]


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
) -> tuple[tuple[str, ...], str]:
    """The site folders of this X.Y; those of another X.Y if there are no others, and that."""
    minor = ".".join(map(str, python.minor))
    fitting = _of(minor, libraries)
    if len(fitting) > 1:
        fitting = _of_interpreter(fitting, python, settings)
    if fitting:
        return tuple(f"{lib}/{_SITE}" for lib in fitting), ""
    if libraries:
        other = minor_of(os.path.basename(libraries[-1]))
        message = f"pyvenv.cfg says Python {minor}, but the site folder is for Python {other}"
        return (f"{libraries[-1]}/{_SITE}",), f"{message}; recreate it"
    # Windows, and PyPy before 3.8.
    for name in (_OF_WINDOWS[1:], _SITE):
        if os.path.isdir(os.path.join(prefix, name)):
            return (os.path.join(prefix, name),), ""
    must_be_open(prefix, f"{prefix}/lib")
    raise EnvironmentReadError(f"{prefix} has no site-packages folder", "recreate the environment")


def is_shut(folder: str) -> bool:
    """Whether the folder exists, but this user may not read it."""
    return os.path.isdir(folder) and not os.access(folder, os.R_OK | os.X_OK)


def must_be_open(*folders: str) -> None:
    """Raises EnvironmentReadError for an unreadable folder, which would look empty."""
    for folder in filter(is_shut, folders):
        raise EnvironmentReadError(f"{folder} cannot be read: {SHUT}", _WHO_MAY)


def _problem_of_interpreter(prefix: str, interpreter: str | None, real: str, minor: str) -> str:
    """A missing interpreter, or a link that now leads to another X.Y (an upgraded base)."""
    if interpreter is None:
        shut = f"{prefix}/bin cannot be read: {SHUT}"
        return shut if is_shut(f"{prefix}/bin") else f"{prefix} has no interpreter; recreate it"
    if not os.path.exists(real):
        return f"{interpreter} leads to {real}, which does not exist; recreate it"
    found = minor_of(os.path.basename(real))
    message = f"{interpreter} is now Python {found}, but the site folder is for Python {minor}"
    return f"{message}; recreate it" if found not in ("", minor) else ""


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


class Installed:
    """The distributions in some folders, with all problems.

    Folders are added in the order of the path: across folders the first distribution of a
    project counts, as it does for an import. `python` is the one whose folders they are.
    """

    def __init__(self, python: Python) -> None:
        self._python = python
        self.distributions: dict[CanonicalName, Distribution] = {}
        self.broken: list[Broken] = []
        self.notes: list[Note] = []
        self.hidden: list[Distribution] = []
        self.paths: list[tuple[str, str]] = []
        self._hidden_first: dict[tuple[CanonicalName, str], Distribution] = {}
        self._seen: set[str] = set()

    def add_site_folder(self, folder: str, *, own: bool) -> None:
        """Read a site folder, and the folders that its `.pth` files name.

        Args:
            folder: an absolute path.
            own: whether the folder belongs to the environment itself.

        Raises:
            EnvironmentReadError: the folder is there but cannot be listed.
        """
        try:
            # Sorted, so that of two of one project the same one always counts.
            entries = sorted(os.listdir(folder))
        except OSError as error:
            message = f"the site folder {folder} cannot be read: {error.strerror}"
            raise EnvironmentReadError(message, _WHO_MAY) from None
        for entry in self._add_entries(folder, entries, own):
            try:
                if entry.endswith(".pth") and not entry.startswith("."):
                    for path in _path_lines(folder, entry, self._python):
                        self.paths.append((f"{folder}/{entry}", path))
                        self.add_path_folder(path)
                elif entry.endswith(".egg-link"):
                    self._add_egg_link(folder, entry, own)
            except OSError as error:
                path = error.filename or f"{folder}/{entry}"
                message = f"'{path}' cannot be read: {error.strerror}"
                project = canonical_name(entry.rpartition(".")[0])
                self.broken.append(values.details.Broken(project, message, unreadable=True))

    def add_path_folder(self, path: str) -> None:
        """Read a folder (or zipped egg) that is on the path, but is no site folder.

        Raises:
            OSError: it is a folder, and cannot be listed.
        """
        if path.endswith(".egg"):
            self._add_egg(path)
        self._add_entries(path, _listdir(path), own=False)

    def _add_entries(self, folder: str, entries: list[str], own: bool) -> list[str]:
        """Add the distributions that are among the entries. Returns the other entries."""
        # Not device and inode: on some file systems all folders have the same.
        real = os.path.realpath(folder)
        if real in self._seen:
            return entries
        self._seen.add(real)
        handle = open_folder(folder)
        try:
            return self._add_each(folder, entries, own, handle)
        finally:
            if handle is not None:
                os.close(handle)

    def _add_each(
        self, folder: str, entries: list[str], own: bool, handle: int | None
    ) -> list[str]:
        others = []
        # Local variables: this loop takes half of the time at 5,000.
        known, distribution, stat = self.distributions, unchecked(Distribution), os.stat
        # Relative to the folder's descriptor, if there is one.
        start = "" if handle is not None else f"{folder}/"
        for entry in entries:
            if entry.endswith(".dist-info"):
                name, _, version = entry[:-10].partition("-")
            elif entry.endswith(".egg-info"):
                name, version = entry[:-9].partition("-")[0], ""
            else:
                others.append(entry)
                continue
            # There is a direct_url.json (PEP 610); it is read later, if needed.
            direct = False
            try:
                stat(f"{start}{entry}/direct_url.json", dir_fd=handle)
                direct = True
            except (FileNotFoundError, NotADirectoryError):
                pass
            except OSError as error:
                message = f"'{folder}/{entry}' cannot be read: {error.strerror}"
                project = canonical_name(name or entry)
                self.broken.append(values.details.Broken(project, message, unreadable=True))
            # A dash inside the name, or an underscore for one inside the version.
            odd = not name or not version or "-" in version or "_" in version
            if odd and entry[0] != "~":
                name, version = environments.metadata.identity(f"{folder}/{entry}")
            canonical = checked_name(name)
            if canonical is None or not version:
                self._add_nameless(f"{folder}/{entry}", name)
                continue
            found = distribution((canonical, name, version, entry, folder, direct, own))
            if known.setdefault(canonical, found) is not found:
                self._add_again(found)
        return others

    def _add_again(self, found: Distribution) -> None:
        """Another distribution of a project: one is hidden; two in one folder are broken.

        Of two in one folder the last in the order of their names counts, however they are listed;
        what an installer left behind does not count.
        """
        name, folder = found.name, found.folder
        known = self.distributions[name]
        # An egg is a path entry of its own, wherever it is.
        in_one_folder = known.folder == folder and not known.entry.endswith(".egg")
        first = known if in_one_folder else self._hidden_first.setdefault((name, folder), found)
        leftovers = []
        if first is not found:
            leftovers = environments.metadata.leftovers((first, found))
            for one in leftovers:
                self.broken.append(
                    values.details.Broken(name, environments.metadata.describe_leftover(one.path))
                )
            if not leftovers:
                self._add_twice(name, folder, first.entry, found.entry)
        if in_one_folder and found not in leftovers:
            self.distributions[name] = found
        hidden = known if in_one_folder else found
        if hidden not in leftovers:
            self.hidden.append(hidden)

    def _add_twice(self, name: CanonicalName, folder: str, one: str, other: str) -> None:
        message = f"installed twice in {folder}: '{one}' and '{other}'"
        way_out = "uninstall it until it is gone, then reinstall it"
        self.broken.append(values.details.Broken(name, f"{message}; {way_out}"))

    def _add_nameless(self, path: str, name: str) -> None:
        """A leftover of a distribution that pip removed, or metadata without name or version."""
        entry = os.path.basename(path)
        if entry[0] == "~":
            message = f"'{entry}' is a leftover of a distribution that pip removed; delete it"
            self.notes.append(Note("leftover", None, None, message))
        else:
            message = f"'{path}' has no readable name or version; delete it"
            self.broken.append(values.details.Broken(canonical_name(name or entry), message))

    def _add_egg(self, path: str) -> None:
        """An egg on the path: a folder or zip with EGG-INFO inside."""
        folder, entry = os.path.split(path)
        name, version = environments.metadata.identity(path)
        canonical = checked_name(name)
        if canonical is None or not version:
            self._add_nameless(path, name)
        elif canonical not in self.distributions:
            self.distributions[canonical] = Distribution(canonical, name, version, entry, folder)

    def _add_egg_link(self, folder: str, entry: str, own: bool) -> None:
        """A `setup.py develop` install; without its source folder, it is ignored, as by pip.

        Raises:
            OSError: the link or its folder is there and cannot be read.
        """
        link = os.path.join(folder, entry)
        target = environments.metadata.egg_link_folders(link)
        if not target:
            return
        for found in _listdir(target[0]):
            if found.endswith((".egg-info", ".dist-info")):
                path = os.path.join(target[0], found)
                name, version = environments.metadata.identity(path)
                canonical = checked_name(name)
                if canonical is None or not version:
                    self._add_nameless(path, name)
                    continue
                known = self.distributions.get(canonical)
                link_itself = Distribution(canonical, name, version, entry, folder, True, own)
                # `.pth` files add the source folder of the link.
                if known is None or known.folder != folder:
                    self.distributions[canonical] = link_itself
                elif not known.entry.endswith(".egg-link"):
                    self._add_twice(canonical, folder, known.entry, entry)
                    self.hidden.append(link_itself)


def open_folder(folder: str) -> int | None:
    """A descriptor for paths relative to the folder, None if the system has none.

    The kernel then resolves no long path for each distribution: 4 % of the time at 5,000.
    """
    if os.stat not in os.supports_dir_fd:
        return None
    try:
        return os.open(folder, os.O_RDONLY)
    except OSError:
        return None


def _listdir(folder: str) -> list[str]:
    """What is in a folder; nothing if there is none, as for imports."""
    try:
        return sorted(os.listdir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return []


def _path_lines(folder: str, entry: str, python: Python) -> Iterator[str]:
    """The folders that a `.pth` file puts on the path; its lines of code are never executed.

    In Python 3.13, `site` ends a line at every Unicode line boundary.

    Raises:
        OSError: it is there and cannot be read.
    """
    try:
        data = read_regular(os.path.join(folder, entry))
    except (FileNotFoundError, IsADirectoryError):
        return
    # The codec `utf-8-sig` would be one more module to import.
    data = data.removeprefix(b"\xef\xbb\xbf")
    if python.minor >= (3, 13):
        lines = data.decode("utf-8", "replace").splitlines()
    else:
        lines = lines_of(data)
    for line in lines:
        if line.strip() and not line.startswith(("#", "import ", "import\t")):
            path = os.path.abspath(os.path.join(folder, line.rstrip()))
            if os.path.exists(path):
                yield path
