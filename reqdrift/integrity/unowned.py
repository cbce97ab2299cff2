"""Site folders, lists of files -> files in the folders that are in no list."""

from __future__ import annotations

import os
from itertools import chain

from .. import files as here
from ..environments.inside import place_of, unfollowed
from ..environments.metadata import read_inside
from ..values import TYPE_CHECKING, CanonicalName, NamedTuple
from .record import is_bytecode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ..environments.base import Paths
    from .record import Listing

# Files that installers and virtualenv tools create next to packages without listing them.
_OF_TOOLS = frozenset(
    (
        *(".lock", "_virtualenv.py", "_virtualenv.pth", "easy-install.pth", "setuptools.pth"),
        *("PEX_EXTRA_SYS_PATH.pth", "PEX_EXTRA_SYS_PATH.py", "__pex__", "README", "README.txt"),
    )
)
_ENDINGS_OF_TOOLS = (".egg-link", ".virtualenv")
_STORE_OF_PEX = "installed_wheels"


class Unowned(NamedTuple):
    """A file, or (`folder`) a whole folder of so many files, that no distribution lists.

    `near` owns everything that is listed in the folder around it, if there is only one owner. `why`
    says why a folder cannot be read; otherwise it is ''.
    """

    path: str
    files: int = 1
    folder: bool = False
    near: CanonicalName | None = None
    why: str = ""


class _Known(NamedTuple):
    """What is listed: files, the same in lower case, and who owns which folder (None: several).

    `paths` are where the files are.
    """

    files: frozenset[str]
    lowered: frozenset[str]
    owners: Mapping[str, CanonicalName | None]
    paths: Paths


def unowned_files(
    listings: Sequence[Listing], folders: Iterable[str], paths: Paths = here
) -> Iterator[Unowned]:
    """Files in the site folders that are in no list, except bytecode.

    Args:
        listings: those of every distribution.
        folders: the environment's own site folders.
        paths: where the files are.
    """
    claimed = frozenset(chain.from_iterable(_claimed(listing, paths) for listing in listings))
    known = _Known(claimed, frozenset(map(str.lower, claimed)), _owners(listings), paths)
    # One folder can have two names (lib64); lists use the first.
    for folder in {paths.real(folder): folder for folder in reversed([*folders])}.values():
        for one in _walk(folder, known):
            below = one.path.removeprefix(f"{folder}/")
            of_tools = below in _OF_TOOLS or below.endswith(_ENDINGS_OF_TOOLS)
            if "/" in below or not (of_tools or _leads_to_pex(one.path, paths)):
                yield one


def _leads_to_pex(path: str, paths: Paths) -> bool:
    """Whether it is a link into the store of pex; pex before 2.60 does not list these."""
    link = unfollowed(path, paths)
    return os.path.islink(link) and _STORE_OF_PEX in os.readlink(link).split("/")


def _claimed(listing: Listing, paths: Paths) -> Iterator[str]:
    """The paths of a listing; if it is incomplete, everything that the distribution may own."""
    yield from (entry.path for entry in listing.entries)
    for name in ("RECORD", "RECORD.jws", "RECORD.p7s", "installed-files.txt"):
        yield f"{listing.owner.path}/{name}"
    # Files of setuptools' namespace packages, next to an egg-info or egg-link.
    yield f"{os.path.splitext(listing.owner.path)[0]}-nspkg.pth"
    if listing.listed and not listing.troubles:
        return
    yield listing.owner.path
    try:
        data = read_inside(listing.owner.path, "top_level.txt", paths) or b""
    except OSError:
        data = b""
    for name in (*data.decode("utf-8", "replace").split(), listing.owner.name.replace("-", "_")):
        yield from (f"{listing.owner.folder}/{name}{end}" for end in ("", ".py"))


def _owners(listings: Sequence[Listing]) -> dict[str, CanonicalName | None]:
    """Every folder with listed files and its owner; None if there are several."""
    owners: dict[str, CanonicalName | None] = {}
    for listing in listings:
        name = listing.owner.name
        parents = (os.path.dirname(entry.path) for entry in listing.entries)
        for parent in dict.fromkeys(parents):
            folder = parent
            # Above a folder of several owners there are as many, above one of ours, ours at least.
            while folder != "/" and owners.get(folder, "") not in (name, None):
                owners[folder] = None if folder in owners else name
                folder = os.path.dirname(folder)
    return owners


def _walk(folder: str, known: _Known) -> Iterator[Unowned]:
    """Unowned files in a folder that has listed files; a folder without any is one entry."""
    near = known.owners.get(folder)
    try:
        with os.scandir(known.paths.at(folder)) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        yield Unowned(folder, near=near, why=error.strerror or str(error))
        return
    for entry in entries:
        path = f"{folder}/{entry.name}"
        if path in known.files or is_bytecode(entry.name):
            continue
        if path in known.owners and os.path.isdir(place_of(path, known.paths)):
            yield from _walk(path, known)
        elif path.lower() in known.lowered and _is_listed_in_other_case(path, known):
            continue
        elif not entry.is_dir(follow_symlinks=False):
            yield Unowned(path, near=near)
        elif files := _count(entry.path):
            yield Unowned(path, files, folder=True, near=near)


def _is_listed_in_other_case(path: str, known: _Known) -> bool:
    """Whether a list names this file, on a file system that ignores case."""
    there = place_of(path, known.paths)
    if not os.path.exists(there):
        return False  # a link that leads nowhere
    listed = (place_of(file, known.paths) for file in known.files if file.lower() == path.lower())
    return any(os.path.exists(file) and os.path.samefile(file, there) for file in listed)


def _count(folder: str) -> int:
    """The number of files below a folder, without bytecode."""
    return sum(
        not is_bytecode(name)
        for path, _, names in os.walk(folder)
        if os.path.basename(path) != "__pycache__"
        for name in names
    )
