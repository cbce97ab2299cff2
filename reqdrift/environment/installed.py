"""Folders -> installed distributions.

Identity is the name of the metadata folder, as for `pip list`, `pip freeze` and uv: a
`{name}-{version}.dist-info` is not opened. What its name cannot say is read from METADATA or
PKG-INFO. One bad entry never hides the rest.
"""

from __future__ import annotations

import errno
import os
import stat

from ..errors import EnvironmentReadError
from ..model import (
    TYPE_CHECKING,
    Broken,
    CanonicalName,
    Distribution,
    Note,
    canonical_name,
    is_project_name,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


class Installed:
    """The distributions of some folders, with all that was odd about them.

    Folders are added in the order of the path: across folders the first distribution of a
    project counts, as it does for an import.
    """

    def __init__(self) -> None:
        self.distributions: dict[CanonicalName, Distribution] = {}
        self.broken: list[Broken] = []
        self.notes: list[Note] = []
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
            entries = os.listdir(folder)
        except OSError as error:
            raise EnvironmentReadError(
                f"the site folder {folder} cannot be read: {error.strerror}",
                "run reqdrift as a user who may read it",
            ) from None
        self._add_entries(folder, entries, own)
        for entry in sorted(entries):
            if entry.endswith(".pth") and not entry.startswith("."):
                for path in _path_lines(folder, entry):
                    self._add_path_folder(path)
            elif entry.endswith(".egg-link"):
                self._add_egg_link(folder, entry, own)

    def _add_path_folder(self, path: str) -> None:
        """Read a folder (or zipped egg) that a `.pth` file puts on the path."""
        if path.endswith(".egg"):
            self._add_egg(path)
            if not os.path.isdir(path):
                return
        try:
            entries = os.listdir(path)
        except OSError:
            return  # imports skip it as well
        self._add_entries(path, entries, own=False)

    def _add_entries(self, folder: str, entries: list[str], own: bool) -> None:
        real = os.path.realpath(folder)
        if real in self._seen:
            return
        self._seen.add(real)
        handle = _open_folder(folder)
        try:
            self._add_each(folder, entries, own, handle)
        finally:
            if handle is not None:
                os.close(handle)

    def _add_each(self, folder: str, entries: list[str], own: bool, handle: int | None) -> None:
        here: dict[CanonicalName, str] = {}
        for entry in entries:
            ending = entry[-10:]
            if ending == ".dist-info":
                name, _, version = entry[:-10].partition("-")
            elif ending[1:] == ".egg-info":
                name, version = entry[:-9].partition("-")[0], ""
            else:
                continue
            path = f"{folder}/{entry}"
            # A dash inside the name, or an underscore for one inside the version.
            if not name or not version or "-" in version or "_" in version:
                name, version = _identity_inside(path, name)
            canonical = canonical_name(name)
            if entry[0] == "~":
                message = f"'{entry}' is what pip left of a removed distribution; delete it"
                self.notes.append(Note("leftover", None, None, message))
                continue
            if not is_project_name(name) or not version:
                self.broken.append(Broken(canonical, f"'{path}' does not say what it holds"))
                continue
            if canonical in here:
                message = f"installed twice in {folder}: '{here[canonical]}' and '{entry}'"
                self.broken.append(Broken(canonical, message))
                continue
            here[canonical] = entry
            if canonical not in self.distributions:
                direct = self._is_direct(path, handle, canonical)
                self.distributions[canonical] = Distribution._make(
                    (canonical, name, version, path, folder, direct, own)
                )

    def _is_direct(self, path: str, handle: int | None, name: CanonicalName) -> bool:
        """Whether a direct_url.json is there (PEP 610); its content is asked for later."""
        # Relative to the handle of its folder, if there is one.
        start = path if handle is None else path.rpartition("/")[2]
        try:
            os.stat(f"{start}/direct_url.json", dir_fd=handle)
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as error:
            self.broken.append(Broken(name, f"'{path}' cannot be read: {error.strerror}"))
            return False
        return True

    def _add_egg(self, path: str) -> None:
        """An egg on the path: a folder or zip with EGG-INFO inside."""
        name, version = _identity(path)
        if not name or not version:
            name, version = [*os.path.basename(path)[:-4].split("-"), ""][:2]
        canonical = canonical_name(name)
        if canonical not in self.distributions:
            self.distributions[canonical] = Distribution(
                canonical, name, version, path, os.path.dirname(path), own=True
            )

    def _add_egg_link(self, folder: str, entry: str, own: bool) -> None:
        """A `setup.py develop` install; it vanishes with its source folder, as for pip."""
        link = os.path.join(folder, entry)
        target = egg_link_folders(link)
        if not target:
            return
        for found in _listdir(target[0]):
            if found.endswith((".egg-info", ".dist-info")):
                name, version = _identity_inside(
                    os.path.join(target[0], found), found.rpartition(".")[0].partition("-")[0]
                )
                canonical = canonical_name(name)
                known = self.distributions.get(canonical)
                # What `.pth` files reach is the link's own source folder.
                if known is None or known.folder != folder:
                    self.distributions[canonical] = Distribution(
                        canonical, name, version, link, folder, direct=True, own=own
                    )
                elif not known.path.endswith(".egg-link"):
                    first = os.path.basename(known.path)
                    message = f"installed twice in {folder}: '{first}' and '{entry}'"
                    self.broken.append(Broken(canonical, message))


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


def read_regular(path: str) -> bytes:
    """The bytes of a regular file; a pipe in its place would block.

    Raises:
        OSError: there is no such file, or it is another thing, or it cannot be read.
    """
    mode = os.stat(path).st_mode
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(path)
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "not a regular file")
    with open(path, "rb") as file:
        return file.read()


def _listdir(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _path_lines(folder: str, entry: str) -> Iterator[str]:
    """The folders that a `.pth` file puts on the path; its lines of code are never executed."""
    try:
        # The codec `utf-8-sig` would be one more module to load.
        text = read_regular(os.path.join(folder, entry)).decode("utf-8", "replace")
        lines = text.removeprefix("\ufeff").splitlines()
    except OSError:
        return
    for line in lines:
        if line.strip() and not line.startswith(("#", "import ", "import\t")):
            path = os.path.abspath(os.path.join(folder, line.rstrip()))
            if os.path.exists(path):
                yield path


def egg_link_folders(link: str) -> tuple[str, ...]:
    """The folders of an egg-link: where the egg-info lies, and where the project begins."""
    try:
        text = read_regular(link).decode("utf-8", "replace")
        lines = [line.strip() for line in text.splitlines() if line.strip()]
    except OSError:
        return ()
    if not lines:
        return ()
    target = os.path.join(os.path.dirname(link), lines[0])
    return tuple(os.path.realpath(os.path.join(target, line)) for line in (".", *lines[1:2]))


def _identity_inside(path: str, name: str) -> tuple[str, str]:
    """Name and version from the metadata; what that does not say, from the folder's name."""
    inside, version = _identity(path)
    if not version:
        version = os.path.basename(path).rpartition(".")[0].partition("-")[2].partition("-py")[0]
    return inside or name, version


def _identity(path: str) -> tuple[str, str]:
    """Name and version that the metadata says, '' for what it does not say."""
    found: dict[str, str] = {}
    try:
        headers = read_metadata(path)
    except OSError:
        headers = None
    for key, value in headers or ():
        found.setdefault(key, value)
    return found.get("name", ""), found.get("version", "")


def read_metadata(path: str) -> list[tuple[str, str]] | None:
    """The headers of a distribution's METADATA or PKG-INFO, names in lower case.

    Args:
        path: a dist-info or egg-info folder, an egg-info file, an egg (folder or zip).

    Returns:
        None if there is no such file.

    Raises:
        OSError: the file is there but cannot be read.
    """
    for name in ("METADATA", "PKG-INFO", "EGG-INFO/PKG-INFO"):
        data = read_inside(path, name)
        if data is not None:
            return parse_headers(data)
    if path.endswith(".egg-info") and os.path.isfile(path):
        return parse_headers(read_regular(path))
    return None


def read_inside(path: str, name: str) -> bytes | None:
    """A file inside a metadata folder or egg, None if it is not there; OSError if unreadable."""
    try:
        return read_regular(os.path.join(path, name))
    except NotADirectoryError:
        return _read_zipped(path, name) if path.endswith(".egg") else None
    except (FileNotFoundError, IsADirectoryError):
        return None


def _read_zipped(egg: str, name: str) -> bytes | None:
    import zipfile

    try:
        with zipfile.ZipFile(egg) as archive:
            return archive.read(name)
    except (KeyError, zipfile.BadZipFile):
        return None


def parse_headers(data: bytes) -> list[tuple[str, str]]:
    """Core metadata's headers (RFC 822 with folded lines), up to the first empty line."""
    headers: list[tuple[str, str]] = []
    for line in data.decode("utf-8", "replace").splitlines():
        if not line.strip():
            break
        if line[0].isspace() and headers:
            key, value = headers.pop()
            headers.append((key, f"{value} {line.strip()}"))
            continue
        key, colon, value = line.partition(":")
        if not colon:
            break
        headers.append((key.strip().lower(), value.strip()))
    return headers
