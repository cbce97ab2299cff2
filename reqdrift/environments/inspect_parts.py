"""The JSON of an inspect report, in which the same metadata is parsed once for all records.

Most of a report is metadata, and that of a release is the same text wherever it is installed. It is
cut out and parsed by itself. The rest is parsed with a constant in each gap, which the parser
replaces by the metadata, so nothing is read in another place than it is in. Whatever is not as pip
writes it is left to `parsed`, which reads and reports all that can be in a file.
"""

from __future__ import annotations

import json

from ..errors import EnvironmentReadError
from ..values import TYPE_CHECKING
from .documents import refuse_constant, without_repeats
from .inspect_report import OWN_KEY, Metadata, metadata_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_KEY = b'"metadata": '
_NEXT = b'"metadata_location": '
_VERSION = b'"version": "'
_DECODER = json.JSONDecoder(object_pairs_hook=without_repeats, parse_constant=refuse_constant)
# No JSON, but Python's parser calls a function for it.
_GAP = b"NaN"
_FILLED = _KEY + _GAP + b"," + _NEXT
_BLANK = b" \n\t"
# As deep as metadata is in a report, so that what is nested too deeply is so here, too.
_OPENED, _CLOSED = "[[[[", "]]]]"
# Where the version is expected in metadata, and the next key after it.
_NEAR = 1_000
# How many bytes of metadata are kept for the next records: thousands of releases.
_CACHE_BYTES = 16 << 20


class _Known:
    """The metadata of the records so far."""

    def __init__(self) -> None:
        self._free = _CACHE_BYTES
        # By its beginning, with the name and the version: its text, and what was read in it.
        self._read: dict[bytes, tuple[bytes, Metadata]] = {}

    def read(self, data: bytes, start: int) -> tuple[Metadata, int]:
        """The metadata that is at a place in the document, and where it ends.

        Raises:
            ValueError: there is something else than one JSON object, a comma and the next key.
            EnvironmentReadError: it has a key twice, or a constant that is not JSON.
        """
        version = data.find(_VERSION, start, start + _NEAR)
        beginning = data[start : data.find(b'"', version + len(_VERSION))]
        text, metadata = self._read.get(beginning, (b"", None))
        if metadata is not None and data.startswith(text, start):
            return metadata, start + len(text)
        end = data.rindex(b",", start, data.index(_NEXT, start))
        text = data[start:end]
        [[[[value]]]] = _DECODER.decode(f"{_OPENED}{text.decode()}{_CLOSED}")
        if not isinstance(value, dict):
            raise ValueError(value)
        found = metadata_of(value)
        # Another text with the same version is rare.
        if metadata is None and version >= 0 and len(text) <= self._free:
            self._free -= len(text)
            self._read[beginning] = text, found
        return found, end


_KNOWN = _Known()


def parsed_in_parts(data: bytes) -> dict[str, Any] | None:
    """The document as `parsed` reads it, but with `Metadata` as the metadata of distributions.

    Returns:
        None if it is no inspect report, or not as programs write them.
    """
    if not data.startswith(b"{"):
        return None
    try:
        cut = list(_cut(data))
        rest = _FILLED.join([data[start:end] for start, end, _ in cut])
        if len(cut) == 1 or rest.count(_GAP) != len(cut) - 1:
            return None
        document = _filled(rest.decode(), [metadata for *_, metadata in cut if metadata])
        return document if _is_all_of_distributions(document, len(cut) - 1) else None
    except (EnvironmentReadError, ValueError, RecursionError):
        return None


def _cut(data: bytes) -> Iterator[tuple[int, int, Metadata | None]]:
    """Where the text before each metadata begins and ends, and that metadata; the last has none.

    Raises:
        ValueError, EnvironmentReadError: a metadata is not one JSON object before another key.
    """
    start = 0
    while (key := data.find(_KEY, start)) >= 0:
        metadata, end = _KNOWN.read(data, key + len(_KEY))
        following = data.index(_NEXT, end, end + _NEAR)
        if data[end:following].strip(_BLANK) != b",":
            raise ValueError(end)
        yield start, key, metadata
        start = following + len(_NEXT)
    yield start, len(data), None


def _filled(rest: str, cut: list[Metadata]) -> Any:
    """The document, with metadata in its gaps."""
    metadata = iter(cut)

    def fill(constant: str) -> Metadata:
        if constant != _GAP.decode():
            raise ValueError(constant)
        return next(metadata)

    decoder = json.JSONDecoder(object_pairs_hook=without_repeats, parse_constant=fill)
    document = decoder.decode(rest)
    if next(metadata, None) is not None:
        raise ValueError("a gap is in a string")
    return document


def _is_all_of_distributions(document: Any, count: int) -> bool:
    """Whether so many distributions have the metadata that was cut out."""
    more = document.get(OWN_KEY) or {}
    lists = document.get("installed"), more.get("hidden", []) if isinstance(more, dict) else []
    items = [item for items in lists if isinstance(items, list) for item in items]
    found = [item.get("metadata") for item in items if isinstance(item, dict)]
    return sum(isinstance(one, Metadata) for one in found) == count
