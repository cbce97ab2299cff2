"""Checks of several sets, or of several records: one report about all of them."""

from __future__ import annotations

import os

from ..values import TYPE_CHECKING, Set
from ..values.report import Report
from .joining import joined
from .processes import computed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    # The report about a set, and lines for standard error.
    Outcome = tuple[Report, tuple[str, ...]]


def joined_outcomes(
    sets: Sequence[Set],
    outcome: Callable[[int], Outcome],
    show: Callable[[str], object],
    *,
    verbose: bool,
) -> Report:
    """The report about all sets.

    Args:
        sets: the sets.
        outcome: checks the set with that number.
        show: prints a line of an outcome to standard error.
        verbose: name all environments in messages, not only the first.
    """
    reports: list[Report] = []
    # A pipe can be read only once, so this process reads it.
    is_of_files = all(one.installed and os.path.isfile(one.installed) for one in sets)
    outcomes = computed(outcome, range(len(sets)), 0 if is_of_files else 1)
    try:
        for report, lines in outcomes:
            for line in lines:
                show(line)
            reports.append(report)
    finally:
        outcomes.close()
    return joined(list(zip(sets, reports, strict=True)), verbose=verbose)
