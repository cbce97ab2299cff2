"""Tables of TOML are read as `tomllib` reads them."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reqdrift.standards.plain_toml import Text, plain_tables, tables

WANTED = ("project", "project.", "tool", "tool.uv", "tool.uv.", "tool.hatch.")
_PIECES = st.sampled_from(
    (
        *("\n", "\n", "\r\n", " ", "\t", "#", "=", " = ", ",", ".", "[", "]", "{", "}", '"', "'"),
        *('"""', "'''", "\\", "\\n", "\\u0041", "\ufeff", "é", "-", "_", "\r", "\x00"),
        *("[project]\n", "[project.urls]\n", "[[project]]\n", "[ project ]\n", '["project"]\n'),
        *("[tool.uv]\n", "[[tool.hatch.x]]\n", "[tool.hatch.x]\n", "[tool.x]\n", "[[tool.y]]\n"),
        *('[tool."uv"]\n', "[tool]\n", "uv.a = 1\n", "tool.uv = {}\n", "[tool . uv] # x\n"),
        *('a = "x"\n', "b = 'y'  # z\n", "c = [", '"x",\n', "'y'", "d = {e = 'f'}\n", "1, 2"),
        *("a.b = 'x'\n", "g = [[1], ['[project]']]\n", "h = [\n  # [project]\n  1,\n]\n"),
        *("true", "false", "1", "1_0", "0x1", "1.0", "-1", "inf", "2020-01-01", '"a" = 1\n'),
        *("i = {j = [1, {k = 'l'}], m.n = 'o'}\n", "<<<<<<< HEAD\n", "p = ''\n", 'q = ""\n'),
    )
)


@given(st.lists(_PIECES, max_size=12).map("".join))
@example("x = [\n[project]\n]\n")
@example("[project]\na = [\n['b'],\n]\n[tool.uv]\nc = 1\n")
@example("[tool.x]\na = '''\n[project]\n'''\n[project]\nb = 1\n")
@example('[tool.x]\na = ["""\n[project]\n""", """]\n"""]\n[project]\nb = 1\n')
@example('[tool.x]\na = """\n\\"""\n[project]\n"""\n[project]\nb = 1\n')
@example("[tool.x]\na = '''\n[project]\n''''\nb = '''\n[project]\n'''\n")
@example("[tool.x]\na = [\n  ['b'], # [project]\n]\n[project]\n")
def test_what_is_plain_is_as_tomllib_reads_it(text: str) -> None:
    try:
        expected = tomllib.loads(text)
    except ValueError:
        return
    try:
        found = plain_tables(text, WANTED)
    except (ValueError, IndexError):
        return
    assert found.get("project") == expected.get("project")
    tool, expected_tool = found.get("tool", {}), expected.get("tool", {})
    if isinstance(tool, dict) and isinstance(expected_tool, dict):
        assert tool.get("uv") == expected_tool.get("uv")
        tool, expected_tool = tool.get("hatch", {}), expected_tool.get("hatch", {})
    assert tool == expected_tool


def test_strings_know_their_lines() -> None:
    text = "# x\n[project]\na = 'b'\nc = [ # y\n  'd', 'e',\r\n  {f = 'g'},\n]\n"
    table = plain_tables(text, WANTED)["project"]
    d, e, inner = table["c"]
    strings: tuple[Text, ...] = (table["a"], d, e, inner["f"])
    assert [(str(one), one.line) for one in strings] == [("b", 3), ("d", 5), ("e", 5), ("g", 6)]


def test_only_what_is_wanted_is_read() -> None:
    text = "[tool.black]\na = 1.5\nb = '''\n[project]\n''' # x\n# '''\n<<<<<<< HEAD\n"
    text += "[project]\nb = true\n[project2]\nc"
    assert tables(text, ["project"]) == {"project": {"b": True}}


@pytest.mark.parametrize(
    "text",
    [
        "a = '''\n[project]\n'''\n",
        "[tool.x]\na = ['', '''\n[project]\n''']\n[project]\nb = 1\n",
        '[project]\na = "\\u0041"\n',
        "[project]\na = 1.0\n",
        "'project'.a = 1\n",
        "[ project ]\na = 1\n",
        "[project]\na = 1\n" + "# long\n" * 10_000,
    ],
)
def test_what_is_not_plain_is_read_by_tomllib(text: str) -> None:
    assert tables(text, ["project"]) == tomllib.loads(text)


@pytest.mark.parametrize("text", ["[project]\na = ", "[project]\na = " + "[" * 60_000, "[project"])
def test_what_is_not_valid(text: str) -> None:
    with pytest.raises((ValueError, RecursionError)):
        tables(text, ["project"])
