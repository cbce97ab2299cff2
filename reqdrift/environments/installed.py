"""Folders -> installed distributions.

A distribution is identified by the name of its metadata folder, as for `pip list`, `pip freeze` and
uv: a `{name}-{version}.dist-info` is not opened. If the name is not enough, METADATA or PKG-INFO is
read. One bad entry never hides the rest.
"""

from __future__ import annotations

import os

from .._record import unchecked
from ..errors import EnvironmentReadError
from ..files import lines_of, read_regular
from ..standards import canonical_name, checked_name
from ..values import TYPE_CHECKING, Broken, CanonicalName, Distribution, Note, Python

if TYPE_CHECKING:
    from collections.abc import Iterator

    from . import metadata


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
                self.broken.append(Broken(canonical_name(name or entry), message))
            # A dash inside the name, or an underscore for one inside the version.
            odd = not name or not version or "-" in version or "_" in version
            if odd and entry[0] != "~":
                _load_metadata()
                path = f"{folder}/{entry}"
                name, version = metadata.identity_inside(path, name)
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
        # An egg is a path entry of its own, wherever it is.
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
        """A leftover of a distribution that pip removed, or metadata without a name."""
        if entry[0] == "~":
            message = f"'{entry}' is a leftover of a distribution that pip removed; delete it"
            self.notes.append(Note("leftover", None, None, message))
        else:
            self._add_mute(f"{folder}/{entry}", name)

    def _add_mute(self, path: str, name: str) -> None:
        """Metadata without name or version."""
        message = f"'{path}' has no readable name or version; delete it"
        self.broken.append(Broken(canonical_name(name or os.path.basename(path)), message))

    def _add_egg(self, path: str) -> None:
        """An egg on the path: a folder or zip with EGG-INFO inside."""
        _load_metadata()
        name, version = metadata.identity(path)
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
        """A `setup.py develop` install; without its source folder, it is ignored, as by pip.

        Raises:
            OSError: the link or its folder is there and cannot be read.
        """
        _load_metadata()
        link = os.path.join(folder, entry)
        target = metadata.egg_link_folders(link)
        if not target:
            return
        for found in _listdir(target[0]):
            if found.endswith((".egg-info", ".dist-info")):
                path, name = os.path.join(target[0], found), found.rpartition(".")[0]
                name, version = metadata.identity_inside(path, name.partition("-")[0])
                canonical = checked_name(name)
                if canonical is None or not version:
                    self._add_mute(path, name)
                    continue
                known = self.distributions.get(canonical)
                link_itself = Distribution(
                    canonical, name, version, entry, folder, direct=True, own=own
                )
                # `.pth` files add the source folder of the link.
                if known is None or known.folder != folder:
                    self.distributions[canonical] = link_itself
                elif not known.entry.endswith(".egg-link"):
                    self._add_twice(canonical, folder, known.entry, entry)
                    self.hidden.append(link_itself)


def _load_metadata() -> None:
    """Must be called before `metadata` is used."""
    global metadata
    # Wheels say all that is needed in the names of their folders.
    from . import metadata


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
