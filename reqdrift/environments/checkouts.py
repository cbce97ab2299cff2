"""Ask git for the commit, the refs and the remotes of a repository."""

from __future__ import annotations

import os
import re
from urllib.parse import quote

from .. import standards
from ..repository import git, shared_folder, top_folder
from ..values import TYPE_CHECKING
from ..values.details import Checkout

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_HEAD = ("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
_URLS = ("config", "--null", "--get-regexp", r"^(remote\..*\.url|url\..*\.insteadof)$")
_REFS = (
    "for-each-ref",
    "--format=%(refname) %(objecttype) %(objectname) %(*objecttype) %(*objectname)",
)

# `host:path` and `user@host:path`, as pip reads SSH remotes.
_SCP = re.compile(r"(?:\w+@)?(?P<host>[^/?:#]+):(?P<path>[^\s]*)")
# No ref has these, which make it a pattern for git.
_PATTERN = frozenset("*?[\\")
# Seconds, in which git reads the refs of any repository.
_PATIENCE = 5


def read_checkout(folder: str, revision: str, project: str = "") -> Checkout | None:
    """The repository that is in a folder, or that has the folder in its working tree.

    Args:
        folder: an absolute path.
        revision: a branch or tag to look up; '' for none.
        project: the project's folder, whose repository is not looked into; '' for none.

    Returns:
        None if there is no repository. What git does not answer is empty.
    """
    if "\0" in folder:
        return None
    parts = (os.path.join(folder, name) for name in ("HEAD", "objects", "refs"))
    is_bare = all(map(os.path.exists, parts))
    top = folder if is_bare else top_folder(os.path.realpath(folder))
    if top is None:
        return None
    top = os.path.realpath(top)
    own = top_folder(os.path.realpath(project)) if project else None
    if own and shared_folder(own) == shared_folder(top):
        return Checkout(top, own=True)
    questions: list[tuple[str, ...]] = [_HEAD, _URLS]
    if revision and revision.isprintable() and not _PATTERN.intersection(revision):
        questions.append((*_REFS, *_meanings(revision, ["**"])))
    head, configured, *listed = git.answers(top, *questions, seconds=_PATIENCE)
    remotes = _remotes(configured, top)
    commits = {"HEAD": head.strip(), **dict(_commits("".join(listed)))}
    names = ("HEAD",) if revision == "HEAD" else _meanings(revision, remotes)
    refs = {name: commits[name] for name in names if name in commits}
    every = dict.fromkeys(url for found in remotes.values() for url in found)
    return Checkout(top, commits["HEAD"], tuple(every), refs)


def _meanings(revision: str, remotes: Iterable[str]) -> tuple[str, ...]:
    """The refs that a revision can mean, as gitrevisions(7) has them."""
    branches = (f"refs/remotes/{remote}/{revision}" for remote in remotes)
    folders = ("refs/", "refs/tags/", "refs/heads/", "refs/remotes/")
    whole = (revision,) if revision.startswith("refs/") else ()
    return (*whole, *(f"{folder}{revision}" for folder in folders), *branches)


def _commits(listed: str) -> Iterator[tuple[str, str]]:
    """The refs with their commits; '' for what is not a commit, nor the tag of one."""
    for line in listed.split("\n"):
        name, *objects = line.split(" ")
        kinds = dict(zip(objects[::2], objects[1::2], strict=True))
        yield name, kinds.get("commit", "")


def _remotes(listed: str, top: str) -> dict[str, list[str]]:
    """The URLs of each remote: as configured, and as `url.BASE.insteadOf` rewrites them."""
    settings = [entry.partition("\n")[::2] for entry in listed.split("\0")]
    rules = [
        (value, key[len("url.") : -len(".insteadof")])
        for key, value in settings
        if key.startswith("url.") and value
    ]
    remotes: dict[str, list[str]] = {}
    for key, value in settings:
        if key.startswith("remote.") and value:
            spellings = (value, _rewritten(value, rules))
            name = key[len("remote.") : -len(".url")]
            remotes.setdefault(name, []).extend(_as_url(text, top) for text in spellings)
    return remotes


def _rewritten(url: str, rules: Iterable[tuple[str, str]]) -> str:
    """The URL after the longest `insteadOf` that it begins with."""
    matching = [(len(prefix), base) for prefix, base in rules if url.startswith(prefix)]
    length, base = max(matching, default=(0, ""))
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
    return standards.urls.without_user(remote)
