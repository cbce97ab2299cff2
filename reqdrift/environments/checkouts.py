"""Read the commit, refs and remotes of a git repository from its files, without starting git.

What is not in the files, or in a format that is not read here (reftable, packed tags), is unknown.
"""

from __future__ import annotations

import os
import re
import zlib
from urllib.parse import quote

from ..files import read_regular
from ..repository import git_folders, is_commit_id, read_text, top_folder
from ..standards import urls
from ..values import TYPE_CHECKING
from ..values.sources import Checkout

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# The limit of git itself (SYMREF_MAXDEPTH); tags of tags are very rare.
_DEEPEST = 5

# `host:path` and `user@host:path`, as pip reads SSH remotes.
_SCP = re.compile(r"(?:\w+@)?(?P<host>[^/?:#]+):(?P<path>[^\s]*)")
_SECTION = re.compile(
    r'\[\s*(?P<name>[A-Za-z0-9-]+)(?:\s+"(?P<sub>(?:[^"\\]|\\.)*)"|\.(?P<old>[^\]]*))?'
)
_VALUE = re.compile(r'"(?:[^"\\]|\\.)*"|\\.|[^"\\#;]+')


def read_checkout(folder: str, revision: str) -> Checkout | None:
    """The repository that is in a folder, or that has the folder in its working tree.

    Args:
        folder: an absolute path.
        revision: a branch or tag to look up; '' for none.

    Returns:
        None if there is no repository.
    """
    if "\0" in folder:
        return None
    if _is_bare(folder):
        return _read(folder, (folder,), revision)
    top = top_folder(os.path.realpath(folder))
    return _read(top, git_folders(top), revision) if top else None


def _is_bare(folder: str) -> bool:
    return all(os.path.exists(os.path.join(folder, name)) for name in ("HEAD", "objects", "refs"))


def _read(top: str, folders: tuple[str, ...], revision: str) -> Checkout:
    own, shared = folders[0], folders[-1]
    remotes, complete = _remotes(top, folders)
    refs = _Refs(own, shared)
    names = _meanings(revision, remotes.keys()) if revision else ()
    return Checkout(
        os.path.realpath(top),
        os.path.realpath(shared),
        refs.head,
        tuple(dict.fromkeys(url for found in remotes.values() for url in found)),
        complete,
        {name: commit for name in names if (commit := refs.commit(name)) is not None},
    )


def _meanings(revision: str, remotes: Iterable[str]) -> tuple[str, ...]:
    """The refs that a revision can mean, in the order of gitrevisions(7)."""
    branches = (f"refs/remotes/{remote}/{revision}" for remote in remotes)
    names = (revision, f"refs/{revision}", f"refs/tags/{revision}", f"refs/heads/{revision}")
    every = (*names, f"refs/remotes/{revision}", *branches)
    return tuple(name for name in every if name == "HEAD" or _is_ref_name(name))


def _is_ref_name(name: str) -> bool:
    """Whether the name can be a ref; a name that leads out of `refs/` cannot."""
    parts = name.split("/")
    return parts[0] == "refs" and name.isprintable() and all(p and p[0] != "." for p in parts)


class _Refs:
    """The refs of a repository.

    Args:
        own: the folder of this working tree.
        shared: the folder that it has in common with other working trees.
    """

    def __init__(self, own: str, shared: str) -> None:
        self._own = own
        self._shared = shared
        self._packed = _packed_refs(shared)
        self.head = self._object("HEAD") or ""

    def commit(self, name: str) -> str | None:
        """The commit of a ref, None if there is no such ref, '' if it is unknown."""
        found = self._object(name)
        if not found or found == self.head or not name.startswith("refs/tags/"):
            return found
        packed, peeled = (self._packed or {}).get(name, ("", ""))
        return (packed == found and peeled) or self._tagged(found)

    def _object(self, name: str, depth: int = _DEEPEST) -> str | None:
        """The object of a ref, None if there is no such ref, '' if it is unknown."""
        try:
            folder = self._own if name == "HEAD" else self._shared
            text = read_regular(os.path.join(folder, name)).decode("ascii", "replace").strip()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            if self._packed is None:
                return ""
            return self._packed[name][0] if name in self._packed else None
        except OSError:
            return ""
        if text.startswith("ref:"):
            target = text.removeprefix("ref:").strip()
            return self._object(target, depth - 1) if depth and _is_ref_name(target) else ""
        return text if is_commit_id(text) else ""

    def _tagged(self, found: str, depth: int = _DEEPEST) -> str:
        """The commit of a tag object, '' if it is packed, or not the tag of a commit."""
        path = os.path.join(self._shared, "objects", found[:2], found[2:])
        try:
            # The first lines are enough.
            data = zlib.decompressobj().decompress(read_regular(path), 200)
        except (OSError, zlib.error):
            return ""
        kind, _, rest = data.decode("ascii", "replace").partition(" ")
        if kind == "commit":
            return found
        target = rest.partition("\0")[2].partition("\n")[0].removeprefix("object ")
        is_tag = kind == "tag" and is_commit_id(target)
        return self._tagged(target, depth - 1) if is_tag and depth else ""


def _packed_refs(folder: str) -> dict[str, tuple[str, str]] | None:
    """By name the object of each packed ref, and the commit that it leads to, '' if unknown.

    None if they cannot be read.
    """
    try:
        text = read_regular(os.path.join(folder, "packed-refs")).decode("utf-8", "replace")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError:
        return None
    lines = text.split("\n")
    # If git peeled all tags, a tag without a `^` line is not annotated.
    is_peeled = lines[0].startswith("#") and " peeled " in f"{lines[0]} "
    refs = {}
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        found, _, name = line.partition(" ")
        if is_commit_id(found):
            unmarked = found if is_peeled else ""
            commit = following[1:].strip() if following.startswith("^") else unmarked
            refs[name.strip()] = (found, commit if is_commit_id(commit) else "")
    return refs


def _remotes(top: str, folders: tuple[str, ...]) -> tuple[dict[str, list[str]], bool]:
    """The URLs of each remote, and whether these are all (no other file is included)."""
    own = [os.path.join(f, name) for f in folders for name in ("config", "config.worktree")]
    home = os.path.expanduser("~")
    users = [f"{home}/.config/git/config", f"{home}/.gitconfig"]
    settings = [one for path in own for one in _settings(read_text(path))]
    rules = [
        (value, base)
        for section, base, key, value in (
            *settings,
            *(one for path in users for one in _settings(read_text(path))),
        )
        if (section, key) == ("url", "insteadof") and value
    ]
    remotes: dict[str, list[str]] = {}
    for section, name, key, value in settings:
        if (section, key) == ("remote", "url"):
            spellings = (value, _rewritten(value, rules))
            remotes.setdefault(name, []).extend(_as_url(text, top) for text in spellings)
    return remotes, not any(section.startswith("include") for section, *_ in settings)


def _rewritten(url: str, rules: Iterable[tuple[str, str]]) -> str:
    """The URL after the longest `insteadOf` that it begins with."""
    matching = [(len(prefix), base) for prefix, base in rules if url.startswith(prefix)]
    if not matching:
        return url
    length, base = max(matching)
    return base + url[length:]


def _as_url(remote: str, top: str) -> str:
    """The URL of a remote as in a requirements line, without credentials."""
    if "://" not in remote:
        path = os.path.join(top, remote)
        scp = None if os.path.exists(path) else _SCP.fullmatch(remote)
        if scp:
            remote = f"ssh://{scp['host']}/{scp['path'].lstrip('/')}"
        else:
            remote = f"file://{quote(os.fsencode(os.path.realpath(path)))}"
    return urls.without_credentials(remote)


def _settings(text: str) -> Iterator[tuple[str, str, str, str]]:
    """The settings of a git configuration: section, subsection, key, value."""
    section = subsection = ""
    # No path and no URL has a NUL.
    for line in re.sub(r"\\\r?\n|\0", "", text).splitlines():
        line = line.strip()
        if found := _SECTION.match(line):
            section = found["name"].lower()
            subsection = re.sub(r"\\(.)", r"\1", found["sub"] or found["old"] or "")
            line = line[found.end() :].lstrip("] \t")
        key, _, rest = line.partition("=")
        if line and line[0] not in "#;":
            yield section, subsection, key.strip().lower(), _value(rest)


def _value(text: str) -> str:
    parts = []
    end = 0
    while found := _VALUE.match(text, end):
        part, end = found[0], found.end()
        parts.append(re.sub(r"\\(.)", r"\1", part.strip('"') if part[0] == '"' else part))
    return "".join(parts).strip()
