"""JSON texts are read as `json` reads them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reqdrift.environments.metadata import load_json
from support import run

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
_SPACE = st.text(" \t\n\r\x0b\ufeff", max_size=3)
# Of these, some are valid.
_PIECES = st.sampled_from(
    (
        *('{}[]:," \t\n\r\\/-+.eE0'),
        *("1", '"a"', '"b": ', "true", "false", "null", "NaN", "Infinity", "-Infinity", "\\u00e9"),
        *("\ud800", "\x00", "\x0b", "é", "1e999", "000", "9" * 30),
    )
)


def outcome(read: Any, text: str) -> str:
    """The value in its exact types, or the error."""
    try:
        return repr(read(text))
    except (ValueError, RecursionError) as error:
        return f"{type(error).__name__}: {error}"


@given(_VALUES, st.booleans(), _SPACE, _SPACE)
def test_what_json_writes(value: object, is_ascii: bool, before: str, after: str) -> None:
    text = before + json.dumps(value, ensure_ascii=is_ascii) + after
    assert outcome(load_json, text) == outcome(json.loads, text)


@given(st.lists(_PIECES, max_size=12).map("".join))
@example("[" * 100_000)
@example("1" * 5_000)
@example('{"a": 1, "a": 2}')
def test_any_text(text: str) -> None:
    assert outcome(load_json, text) == outcome(json.loads, text)


@pytest.mark.parametrize(
    "text", ['"a', '{"a": "\\u00', '["\\x"]', '{"a"', "[1,", '"\n"', "nul", ""]
)
def test_errors_before_the_package_is_loaded(text: str, tmp_path: Path) -> None:
    """The scanner alone has no class for them."""
    code = f"from reqdrift.environments.metadata import load_json; load_json({text!r})"
    done = run(sys.executable, "-c", code, cwd=tmp_path, check=False)
    assert "json.decoder.JSONDecodeError" in done.stderr
