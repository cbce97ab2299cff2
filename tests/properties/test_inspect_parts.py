"""An inspect report that is read in parts is what it is if it is read as one document."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqdrift import EnvironmentReadError
from reqdrift.environments.documents import parsed, text_of
from reqdrift.environments.inspect_parts import parsed_in_parts
from reqdrift.environments.inspect_report import is_inspect_report, read_inspect_report
from reqdrift.standards.markers import marker_values
from reqdrift.values import Python
from support import run

VALUES = {k: v for k, v in marker_values(Python("3.12.4")).items() if k != "extra"}
TEXTS = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(
    ['"metadata": ', '"metadata_location": "', "}, {", "\\", '\\"', "é😀", "\n", "\u2028"]
)
METADATA = st.fixed_dictionaries(
    {"metadata_version": st.just("2.4"), "name": st.sampled_from(["six", "Foo.Bar", "baz"])},
    optional={
        "version": st.sampled_from(["1.0", "2.0rc1", "é"]),
        "description": TEXTS,
        "classifier": st.lists(TEXTS, max_size=2),
        "requires_dist": st.lists(TEXTS, max_size=2) | TEXTS,
        "odd": st.recursive(TEXTS, lambda inner: st.lists(inner, max_size=2), max_leaves=3),
    },
)
ARCHIVES = st.sampled_from([{}, {"metadata": {"name": "six"}, "metadata_location": "x"}])
LOCATIONS = ["/v/lib/site-packages/six-1.0.dist-info", "/v/lib/foo.egg/EGG-INFO", "/é/x", "", None]
ITEMS = st.fixed_dictionaries(
    {"metadata": METADATA, "metadata_location": st.sampled_from(LOCATIONS)},
    optional={
        "direct_url": st.fixed_dictionaries({"url": TEXTS, "archive_info": ARCHIVES}),
        "installer": TEXTS,
        "reqdrift": st.just({"requires_dist": {"path": "/x", "why": "gone"}}),
    },
)
DOCUMENTS = st.fixed_dictionaries(
    {
        "version": st.just("1"),
        "installed": st.lists(ITEMS, min_size=1, max_size=4),
        "environment": st.just(VALUES),
    },
    optional={
        "reqdrift": st.fixed_dictionaries({"hidden": st.lists(ITEMS, max_size=2)}),
        "pip_version": TEXTS,
    },
)
LAYOUTS: list[dict[str, Any]] = [{}, {"indent": 2, "ensure_ascii": False}, {"ensure_ascii": False}]
# What is put into documents, or taken out of them.
BROKEN = st.sampled_from(
    [
        *(b'"metadata": ', b'"metadata_location": ', b'"metadata": {}, "metadata_location": "",'),
        *(b"NaN", b"-Infinity", b'"', b"\\", b"{", b"}", b"[", b"]", b",", b"\n", b"\r", b" ", b""),
        *(b"\xff", b"\xc3", b"\xa9", b"\\ud800", b"\x00", b'"name": 1, ', b"0", b"]}" * 3),
    ]
)
CHANGES = st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 30), BROKEN), max_size=3)


def changed(data: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    for at, length, new in changes:
        data = data[: at % (len(data) + 1)] + new + data[at % (len(data) + 1) + length :]
    return data


def whole(data: bytes) -> Any:
    """What is read if the document is parsed as one, or the message."""
    try:
        document = parsed(text_of(data))
        assert is_inspect_report(document)
        return read_inspect_report(document)
    except EnvironmentReadError as error:
        return str(error)
    except (RecursionError, TypeError, AttributeError, KeyError, ValueError) as error:
        return type(error)


def in_parts(data: bytes) -> Any:
    document = parsed_in_parts(data)
    if document is None:
        return None
    try:
        return read_inspect_report(document)
    except EnvironmentReadError as error:
        return str(error)
    except (RecursionError, TypeError, AttributeError, KeyError, ValueError) as error:
        return type(error)


@given(DOCUMENTS, st.sampled_from(LAYOUTS), CHANGES, CHANGES)
def test_any_document(
    document: Any,
    layout: dict[str, Any],
    changes: list[tuple[int, int, bytes]],
    others: list[tuple[int, int, bytes]],
) -> None:
    """The second is read when the metadata of the first is known."""
    data = json.dumps(document, **layout).encode()
    for one in (data, changed(data, changes), changed(data, others)):
        found = in_parts(one)
        assert found is None or found == whole(one)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_programs_write_is_read_in_parts(layout: dict[str, Any]) -> None:
    metadata = {
        "name": "six",
        "version": "1.0",
        "description": '"é😀\\"\n{}',
        "requires_dist": ["a"],
    }
    item = {"metadata": metadata, "metadata_location": "/v/lib/site-packages/six-1.0.dist-info"}
    other = {**item, "metadata": {"name": "foo", "version": "2"}, "metadata_location": "/v/foo.egg"}
    document = {"version": "1", "installed": [item, other], "environment": VALUES}
    data = json.dumps(document, **layout).encode()
    found = in_parts(data)
    assert found is not None
    assert found == whole(data)


ITEM = (
    '{"metadata": {"name": "six", "version": "1", "requires_dist": ["a"]}, "metadata_location": ""}'
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # Not the text that was read before, but one of its length.
        ('["a"]', '["b"]'),
        ('["a"]', '"abc"'),
        # Constants in other places than those of the metadata.
        ('"1", "installed"', '"1", "x": NaN, "installed"'),
        ('"1", "installed"', '"1", "x": Infinity, "installed"'),
        (', "metadata_location"', ', "x": NaN, "metadata_location"'),
        (', "metadata_location": ""', ', "metadata_location": "", "x": NaN'),
        # More or less than one value.
        ('{"name"', '1, {"name"'),
        ('{"name"', '{}, {"name"'),
        ('["a"]}', '["a"]}]}, {"x": [{}'),
        ('["a"]},', '["a"]},,'),
        ('["a"]}', '["a"]'),
        # Keys in other places, or twice.
        (
            '"metadata": {',
            '"x": {"metadata": {"name": "a"}, "metadata_location": 1}, "metadata": {',
        ),
        ('"metadata": {', '"a\\"metadata": {}, "metadata_location": "x", "metadata": {'),
        ('"metadata": {', '"metadata": {}, "metadata": {'),
        ('"name": "six"', '"name": "six", "name": "six"'),
        ('"name": "six"', '"name": "metadata\\": {}, "'),
        ('"name": "six"', '"name": "s\rix"'),
        ('"1", "installed"', '"1",\r\n"installed"'),
        ("six", "\udcff"),
        ('["a"]}', '["a"]}\ufeff'),
    ],
)
def test_a_document_like_one_before(old: str, new: str) -> None:
    document = json.dumps({"version": "1", "installed": [0], "environment": VALUES})
    text = document.replace("[0]", f"[{ITEM}]")
    assert in_parts(text.encode()) == whole(text.encode())
    assert old in text
    data = text.replace(old, new, 1).encode("utf-8", "surrogateescape")
    found = in_parts(data)
    assert found is None or found == whole(data)


def test_what_pip_prints_is_read_in_parts(tmp_path: Path) -> None:
    data = run(sys.executable, "-m", "pip", "inspect", cwd=tmp_path).stdout.encode()
    found = in_parts(data)
    assert found is not None
    assert found == whole(data)


@pytest.mark.parametrize("depth", [*range(880, 1010), 100_000])
def test_what_is_nested_too_deeply_is_so_in_parts(depth: int) -> None:
    item = '{"metadata": {"odd": HERE, "version": "1", "name": "six"}, "metadata_location": "/v/x"}'
    document = json.dumps({"version": "1", "installed": [0], "environment": VALUES})
    nested = item.replace("HERE", "[" * depth + "]" * depth)
    data = document.replace("[0]", f"[{nested}]").encode()
    found = in_parts(data)
    assert found is None or found == whole(data)
