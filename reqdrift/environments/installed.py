"""Folders -> installed distributions.

Identity is the name of the metadata folder, as for `pip list`, `pip freeze` and uv: a
`{name}-{version}.dist-info` is not opened. What its name cannot say is read from METADATA or
PKG-INFO. One bad entry never hides the rest.
"""

from __future__ import annotations

import os

from .._record import unchecked
from ..errors import EnvironmentReadError
from ..files import lines_of, read_regular
from ..standards import canonical_name, checked_name
from ..values import TYPE_CHECKING, CanonicalName, Note
from ..values.environment import Broken, Distribution, Python

if TYPE_CHECKING:
    from collections.abc import Iterator


class Installed:
    """The distributions of some folders, with all that was odd about them.

    Folders are added in the order of the path: across folders the first distribution of a
    project counts, as it does for an import. `python` is the one whose folders they are.
    """

    def __init__(self, python: Python) -> None:
        self._python = python
        self.distributions: dict[CanonicalName, Distribution] = {}
        self.broken: list[Broken] = []
        self.notes: list[Note] = []
        self.hidden: list[Distribution] = []
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
            # The file system's order is any; of two of one project, the same one always counts.
            entries = sorted(os.listdir(folder))
        except OSError as error:
            raise EnvironmentReadError(
                f"the site folder {folder} cannot be read: {error.strerror}",
                "run reqdrift as a user who may read it",
            ) from None
        for entry in self._add_entries(folder, entries, own):
            try:
                if entry.endswith(".pth") and not entry.startswith("."):
                    for path in _path_lines(folder, entry, self._python):
                        self._add_path_folder(path)
                elif entry.endswith(".egg-link"):
                    self._add_egg_link(folder, entry, own)
            except OSError as error:
                path = error.filename or f"{folder}/{entry}"
                message = f"'{path}' cannot be read: {error.strerror}"
                self.broken.append(Broken(canonical_name(entry.rpartition(".")[0]), message))

    def _add_path_folder(self, path: str) -> None:
        """Read a folder (or zipped egg) that a `.pth` file puts on the path.

        Raises:
            OSError: it is a folder, and cannot be listed.
        """
        if path.endswith(".egg"):
            self._add_egg(path)
            if not os.path.isdir(path):
                return
        self._add_entries(path, _listdir(path), own=False)

    def _add_entries(self, folder: str, entries: list[str], own: bool) -> list[str]:
        """Add the distributions that are among the entries. Returns the other entries."""
        # Not device and inode: some file systems give every folder the same.
        real = os.path.realpath(folder)
        if real in self._seen:
            return entries
        self._seen.add(real)
        handle = _open_folder(folder)
        try:
            return self._add_each(folder, entries, own, handle)
        finally:
            if handle is not None:
                os.close(handle)

    def _add_each(
        self, folder: str, entries: list[str], own: bool, handle: int | None
    ) -> list[str]:
        others = []
        # Looked up once: this loop is half of the time at 5,000.
        known, distribution, stat = self.distributions, unchecked(Distribution), os.stat
        # Relative to the handle of the folder, if there is one.
        start = "" if handle is not None else f"{folder}/"
        for entry in entries:
            if entry.endswith(".dist-info"):
                name, _, version = entry[:-10].partition("-")
            elif entry.endswith(".egg-info"):
                name, version = entry[:-9].partition("-")[0], ""
            else:
                others.append(entry)
                continue
            # A direct_url.json (PEP 610) is there; what it says is asked for later.
            direct = False
            try:
                stat(f"{start}{entry}/direct_url.json", dir_fd=handle)
                direct = True
            except (FileNotFoundError, NotADirectoryError):
                pass
            except OSError as error:
                message = f"'{folder}/{entry}' cannot be read: {error.strerror}"
                self.broken.append(Broken(canonical_name(name or entry), message))
            # A dash inside the name, or an underscore for one inside the version.
            odd = not name or not version or "-" in version or "_" in version
            if odd and entry[0] != "~":
                # No wheel's install needs it, nor what is imported below.
                from .metadata import identity_inside

                name, version = identity_inside(f"{folder}/{entry}", name)
            canonical = checked_name(name)
            if canonical is None or not version:
                self._add_nameless(folder, entry, name)
                continue
            found = distribution((canonical, name, version, entry, folder, direct, own))
            if known.setdefault(canonical, found) is not found:
                self._add_again(found)
        return others

    def _add_again(self, found: Distribution) -> None:
        """Another distribution of a project: one is hidden; two in one folder are broken.

        Of two in one folder the last in the order of their names counts, however they are listed.
        """
        name, folder = found.name, found.folder
        known = self.distributions[name]
        # An egg is a folder on the path by itself, wherever it lies.
        in_one_folder = known.folder == folder and not known.entry.endswith(".egg")
        first = known if in_one_folder else self._hidden_first.setdefault((name, folder), found)
        if first is not found:
            self._add_twice(name, folder, first.entry, found.entry)
        if in_one_folder:
            self.distributions[name] = found
        self.hidden.append(known if in_one_folder else found)

    def _add_twice(self, name: CanonicalName, folder: str, one: str, other: str) -> None:
        message = f"installed twice in {folder}: '{one}' and '{other}'"
        way_out = "uninstall it until it is gone, then reinstall it"
        self.broken.append(Broken(name, f"{message}; {way_out}"))

    def _add_nameless(self, folder: str, entry: str, name: str) -> None:
        """What pip left of a distribution that it removed, or metadata that names no project."""
        if entry[0] == "~":
            message = f"'{entry}' is a leftover of a distribution that pip removed; delete it"
            self.notes.append(Note("leftover", None, None, message))
        else:
            self._add_mute(f"{folder}/{entry}", name)

    def _add_mute(self, path: str, name: str) -> None:
        """Metadata that gives no project's name, or no version."""
        message = f"'{path}' has no readable name or version; delete it"
        self.broken.append(Broken(canonical_name(name or os.path.basename(path)), message))

    def _add_egg(self, path: str) -> None:
        """An egg on the path: a folder or zip with EGG-INFO inside."""
        # Only `setup.py install` makes one.
        from .metadata import identity

        name, version = identity(path)
        if not name or not version:
            name, version = [*os.path.basename(path)[:-4].split("-"), ""][:2]
        canonical = checked_name(name)
        if canonical is None or not version:
            self._add_mute(path, name)
        elif canonical not in self.distributions:
            self.distributions[canonical] = Distribution(
                canonical, name, version, os.path.basename(path), os.path.dirname(path), own=True
            )

    def _add_egg_link(self, folder: str, entry: str, own: bool) -> None:
        """A `setup.py develop` install; it vanishes with its source folder, as for pip.

        Raises:
            OSError: the link or its folder is there and cannot be read.
        """
        # Only `setup.py develop` leaves one.
        from .metadata import egg_link_folders, identity_inside

        link = os.path.join(folder, entry)
        target = egg_link_folders(link)
        if not target:
            return
        for found in _listdir(target[0]):
            if found.endswith((".egg-info", ".dist-info")):
                name, version = identity_inside(
                    os.path.join(target[0], found), found.rpartition(".")[0].partition("-")[0]
                )
                canonical = checked_name(name)
                if canonical is None or not version:
                    self._add_mute(os.path.join(target[0], found), name)
                    continue
                known = self.distributions.get(canonical)
                link_itself = Distribution(
                    canonical, name, version, entry, folder, direct=True, own=own
                )
                # What `.pth` files reach is the link's own source folder.
                if known is None or known.folder != folder:
                    self.distributions[canonical] = link_itself
                elif not known.entry.endswith(".egg-link"):
                    self._add_twice(canonical, folder, known.entry, entry)
                    self.hidden.append(link_itself)


def _open_folder(folder: str) -> int | None:
    """A handle for paths relative to the folder, None where the system has none.

    The kernel then walks no long path for each distribution: 4 % of the time at 5,000.
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

    The `site` of Python 3.13 takes for the end of a line whatever Unicode takes for one.

    Raises:
        OSError: it is there and cannot be read.
    """
    try:
        data = read_regular(os.path.join(folder, entry))
    except (FileNotFoundError, IsADirectoryError):
        return
    # The codec `utf-8-sig` would be one more module to load.
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
