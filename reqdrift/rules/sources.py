"""Does an installed distribution come from where a line says?"""

from __future__ import annotations

import os

from .. import versions
from ..model import Distribution, NamedTuple, Requirement, Source


class Verdict(NamedTuple):
    """`drift` says what is wrong, `unsure` why it cannot be told; both '' when it holds."""

    drift: str = ""
    unsure: str = ""


HOLDS = Verdict()

# Their commits have numbers instead of ids.
_NUMBERING = ("svn", "bzr")


def same_place(line: Source, found: Source) -> bool:
    """Whether two sources mean one place, whatever revision or content it has."""
    if line.local or found.local:
        return bool(_places(line) & _places(found))
    # `urllib` is loaded only once there are URLs to compare.
    from .. import urls

    return (
        line.kind == found.kind
        and urls.identity(line.url) == urls.identity(found.url)
        and line.subdirectory.strip("/") == found.subdirectory.strip("/")
    )


def _places(source: Source) -> set[str]:
    """The folders or files on this machine, with the subdirectory that the source may name."""
    return {os.path.realpath(os.path.join(f, source.subdirectory)) for f in source.folders}


def check_source(line: Source, found: Source | None) -> Verdict:
    """Hold a line's direct reference against where the distribution came from.

    `found` is None for a release from an index.
    """
    if line.editable:
        return _check_editable(line, found)
    if found is None:
        return _check_release(line)
    if line.kind == "vcs":
        return _check_vcs(line, found)
    if line.kind == "archive":
        return _check_archive(line, found)
    return _check_folder(line, found)


def allows(constraint: Requirement, found: Distribution, source: Source | None) -> bool:
    """Whether a constraint allows what is installed, as far as that can be told."""
    if not versions.satisfies(found.version, constraint.specifier):
        return False
    return not (constraint.source and check_source(constraint.source, source).drift)


def describe(found: Source | None) -> str:
    """Where a distribution came from, in words."""
    if found is None:
        return "a release from an index"
    if found.kind == "vcs":
        return f"{found.url} at {_short(found.revision)}"
    if found.kind == "folder":
        return f"the folder {found.folders[0] if found.folders else found.url}"
    return found.url


def _check_editable(line: Source, found: Source | None) -> Verdict:
    """By folder only: the commit of a checkout moves with every commit."""
    if found is None or found.kind != "folder":
        return Verdict(f"the file says an editable folder, installed is {describe(found)}")
    if line.kind == "vcs":
        return HOLDS if found.editable else Verdict("the file says editable, installed is a copy")
    return _check_folder(line, found)


def _check_release(line: Source) -> Verdict:
    """A release stands where the file says a direct reference."""
    if line.local and not line.folders:
        return HOLDS  # another machine's path: name and version decide
    return Verdict(f"the file says {describe(line)}, installed is a release from an index")


def _check_vcs(line: Source, found: Source) -> Verdict:
    if found.kind == "folder" and found.editable:
        return Verdict(f"installed is {describe(found)}, not the commit that the file says")
    if not same_place(line, found):
        return Verdict(f"the file says {line.url}, installed is {describe(found)}")
    wanted, commit = line.revision, (found.revision or "").lower()
    if wanted == found.requested:
        return HOLDS
    if wanted and wanted.lower() == commit:
        return HOLDS
    if _may_be_short_commit(line) and commit.startswith((wanted or "").lower()):
        return HOLDS
    if names_commit(line):
        return Verdict(f"the file says commit {_short(wanted)}, installed is {_short(commit)}")
    asked = f"from '{found.requested}'" if found.requested else "without a revision"
    says = f"'{wanted}'" if wanted else "no revision"
    return Verdict(
        unsure=f"the file says {says}, it was installed {asked} at {_short(commit)}; "
        "whether these are one commit cannot be told offline"
    )


def _short(revision: str | None) -> str:
    """A commit as people quote it; other revisions whole."""
    return (revision or "")[:12] if is_commit(revision) else revision or ""


def names_commit(source: Source) -> bool:
    """Whether the revision is one commit for all time, not a branch, a tag or a short id."""
    if source.vcs in _NUMBERING:
        return (source.revision or "").isdigit()
    return is_commit(source.revision)


def is_commit(revision: str | None) -> bool:
    """Whether the revision is a full commit id (SHA-1 or SHA-256)."""
    return len(revision or "") in (40, 64) and _is_hexadecimal(revision)


def _may_be_short_commit(source: Source) -> bool:
    return source.vcs not in _NUMBERING and _is_hexadecimal(source.revision)


def _is_hexadecimal(text: str | None) -> bool:
    return bool(text) and all(c in "0123456789abcdefABCDEF" for c in text or "")


def _check_archive(line: Source, found: Source) -> Verdict:
    if found.kind != "archive":
        return Verdict(f"the file says {describe(line)}, installed is {describe(found)}")
    if verdict := hashes_agree(line.hashes, found.hashes):
        return Verdict() if verdict == "yes" else Verdict("the archive's hash is another one")
    if same_place(line, found) or (line.local and not line.folders):
        return HOLDS
    if os.path.basename(line.url) == os.path.basename(found.url):
        return Verdict(unsure=f"installed from {found.url}, an archive of the same name")
    return Verdict(f"the file says {describe(line)}, installed is {describe(found)}")


def hashes_agree(wanted: tuple[str, ...], found: tuple[str, ...]) -> str:
    """`yes` or `no` where both sides have a hash of one algorithm, else ''."""
    algorithms = {value.partition(":")[0] for value in found}
    comparable = {value for value in wanted if value.partition(":")[0] in algorithms}
    if not comparable:
        return ""
    return "yes" if comparable & set(found) else "no"


def _check_folder(line: Source, found: Source) -> Verdict:
    if found.kind != "folder":
        return Verdict(f"the file says the folder {line.url}, installed is {describe(found)}")
    if not line.folders or _places(line) & _places(found):
        return HOLDS
    return Verdict(f"the file says the folder {line.url}, installed is {describe(found)}")
