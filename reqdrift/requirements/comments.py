"""`# reqdrift: ignore` comments."""

from __future__ import annotations

import re

from ..values import TYPE_CHECKING, Lines, Requirement
from ..values.details import Ignore

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_COMMENT = re.compile(r"(?:^|\s)#\s*reqdrift:(?P<wish>.*)")
_WISH = re.compile(r"\s*ignore(?:\[(?P<kinds>[^\]]*)\])?(?=\s|$)")


def read_ignores(lines: Iterable[Requirement]) -> Iterator[Requirement]:
    """The requirements, with their ignore comments."""
    for line in lines:
        if line.ignore is None and isinstance(line.origin, Lines):
            line = line._replace(ignore=read_ignore(line.origin.raw))
        yield line


def read_ignore(raw: str) -> Ignore | None:
    """The ignore comment in the physical lines of a requirement, None if there is none.

    A comment that cannot be parsed ignores nothing: its only kind is ''.
    """
    found = _COMMENT.search(raw)
    return Ignore(f"'{found[0].strip()}'", _kinds(found["wish"])) if found else None


def _kinds(wish: str) -> frozenset[str]:
    found = _WISH.match(wish)
    if found is None:
        return frozenset({""})
    if found["kinds"] is None:
        return frozenset()
    return frozenset(kind.strip() for kind in found["kinds"].split(","))
