"""What was meant by a word that is close to a known one."""

from __future__ import annotations

from difflib import get_close_matches

from ..values import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def suggestion(word: str, known: Iterable[str]) -> str:
    """`did you mean 'check'?`; '' if nothing that is known is close to the word."""
    close = get_close_matches(word, sorted(known), n=1, cutoff=0.7)
    return f"did you mean '{close[0]}'?" if close else ""
