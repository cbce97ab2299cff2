"""JSON without the `json` package, which loads `re` and `enum`: half of a clean run."""

from __future__ import annotations

from ..values import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_SPACE = " \t\n\r"


class _Settings:
    """What the scanner asks of a `json.JSONDecoder`: its defaults."""

    strict = True
    object_hook = object_pairs_hook = array_hook = None
    parse_float, parse_int = float, int
    # `NaN` and its like are left to the package.
    parse_constant = None


_scan: Callable[[str, int], tuple[Any, int]] | None
try:
    # The part of the package that is written in C.
    from _json import make_scanner

    # It asks nothing but these attributes; Python 3.15 added `array_hook`.
    _scan = make_scanner(_Settings)  # type: ignore[arg-type]
except (ImportError, AttributeError):  # not CPython, or one that asks more
    _scan = None


def loads(text: str) -> Any:
    """The value of a JSON text, as `json.loads` returns it.

    Raises:
        ValueError, RecursionError: it is not valid.
    """
    if _scan is not None:
        try:
            value, end = _scan(text, len(text) - len(text.lstrip(_SPACE)))
        except (StopIteration, TypeError, ValueError, SystemError):
            # SystemError: the scanner finds no class for its error before the package is loaded.
            end = 0
        if end and not text[end:].strip(_SPACE):
            return value
    # It raises what is wrong, or knows more.
    import json

    return json.loads(text)
