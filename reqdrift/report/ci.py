"""What the formats for CI services share: paths, messages and fingerprints."""

from __future__ import annotations

import os
from hashlib import sha256

from .. import repository
from ..values import TYPE_CHECKING, Problem
from ..values.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def repository_path(path: str) -> str:
    """A path from the top of the working tree, as CI services name files; absolute outside it."""
    cwd = os.getcwd()
    top = (repository.top_folder(cwd) or cwd).rstrip(os.sep) + os.sep
    absolute = os.path.normpath(os.path.join(cwd, path))
    return absolute.removeprefix(top).replace(os.sep, "/")


def fingerprints(found: Iterable[Finding | Problem]) -> Iterator[str]:
    """A unique id for each, which stays the same when lines move.

    It depends on the kind, the project, the file and the set. Those that agree in all of these are
    numbered, because services show only one result for each fingerprint.
    """
    seen: dict[str, int] = {}
    for one in found:
        file = repository_path(one.at.file) if one.at else ""
        if isinstance(one, Finding):
            words = [one.kind, one.project, file, one.part]
        else:
            words = ["error", one.message, file, ""]
        text = "\0".join(words)
        seen[text] = seen.get(text, 0) + 1
        digest = sha256(text.encode(errors="backslashreplace")).hexdigest()
        yield f"{digest[:32]}:{seen[text]}"
