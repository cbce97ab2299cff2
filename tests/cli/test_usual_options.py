"""The usual options are read as argparse reads them, or left to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqdrift.cli.arguments import Options
from reqdrift.cli.options import parse
from reqdrift.cli.usual_options import read_usual
from reqdrift.errors import UsageError

USUAL = (
    *("-q", "--quiet", "-v", "--verbose", "--exit-zero", "-c", "--constraint", "--python"),
    *("--unlisted", "--ignore", "--stdlib", "--severity", "--format"),
)
VALUES = (
    *("a.txt", "b/c.txt", "auto", "all", "orphans", "json", "text", "rich", "sarif", "json=x", ""),
    *("unmet=error", "extra=off", "unmet=", "=error", "unmet", "a b", "x=y", "-", "--", "-1", "-x"),
)
OTHERS = (
    "--path",
    "--rev",
    "--staged",
    "--color",
    "--debug",
    "-qv",
    "-ca.txt",
    "--pyth",
    "--add-to",
)
JOINED = st.builds("{}={}".format, st.sampled_from(USUAL), st.sampled_from(VALUES))
WORDS = st.one_of(
    st.sampled_from(USUAL), st.sampled_from(VALUES), JOINED, st.sampled_from(OTHERS), st.text()
)


def by_argparse(words: list[str]) -> Options | str:
    try:
        return parse("check", words)
    except UsageError as error:
        return str(error)
    except SystemExit:
        return "help"


@given(st.lists(WORDS, max_size=7))
def test_any_words_are_read_as_argparse_reads_them_or_left_to_it(words: list[str]) -> None:
    options = read_usual(words)
    assert options is None or options == by_argparse(words)


@pytest.mark.parametrize(
    "line",
    [
        "-q",
        "-v a.txt",
        "a.txt b.txt --quiet",
        "a.txt -q b.txt",
        "--python .venv",
        "--python=.venv a.txt",
        "--unlisted orphans -q a.txt b.txt",
        "--format json",
        "--format=json --format text",
        "-c constraints.txt -c other.txt a.txt",
        "--ignore foo* --stdlib uuid --exit-zero",
        "--severity unmet=error --severity extra=off",
    ],
)
def test_the_usual_options_need_no_argparse(line: str) -> None:
    words = line.split()
    assert read_usual(words) == parse("check", words)


@pytest.mark.parametrize(
    "line",
    [
        *("--color never", "--staged", "-qv", "-ca.txt", "--format json=x"),
        *("--format xml", "--unlisted some", "--severity unmet=bad", "--python", "--python -q"),
        *("--help", "-h", "--version", "-c=a.txt", "-- a.txt", "--quiet=1"),
        "--installed a.json --python .venv",
    ],
)
def test_everything_else_is_left_to_argparse(line: str) -> None:
    assert read_usual(line.split()) is None
