"""Several environments of one set: which of them match, and what was read."""

from __future__ import annotations

from ..values import TYPE_CHECKING
from ..values.parts import some_names
from . import plural, shown_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..values.parts import Part
    from ..values.report import Report

# The environments are named by their result, in this order.
_RESULTS = (
    ("clean", "matching"),
    ("drift", "with drift"),
    ("failed", "that could not be checked"),
)


def is_matrix(parts: Sequence[Part]) -> bool:
    """Whether a set has several environments."""
    return any(part.base is not None for part in parts)


def matching_environments(parts: Sequence[Part]) -> str:
    """How many environments match, in words; '' if no set has several."""
    if not is_matrix(parts):
        return ""
    matching = sum(part.verdict == "clean" for part in parts)
    return f"{matching} of {len(parts)} environments match"


def by_result(report: Report) -> Iterator[str]:
    """The names of the environments by their result, and what the files ask for."""
    parts = report.parts
    for verdict, words in _RESULTS:
        names = [part.name for part in parts if part.verdict == verdict]
        if names:
            shown = some_names(names, 0, verbose=False)
            yield f"{plural(len(names), 'environment')} {words}: {shown}"
    for file in report.files:
        yield f"{plural(file.requirements, 'requirement')} in {shown_path(file.path)}"
