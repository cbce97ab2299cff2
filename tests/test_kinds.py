"""The table of kinds, and everything that has an entry for each of them."""

from __future__ import annotations

import ast
import re

import pytest

from reqdrift.kinds import KINDS, Kind
from reqdrift.report.terminal import COLORS
from support import REPOSITORY

PAGE = (REPOSITORY / "docs" / "findings.md").read_text()
ENTRIES = dict(re.findall(r"^## (\S+)\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE))


def test_the_table_is_complete() -> None:
    # The literals are for type checkers only, so they are read, not imported.
    tree = ast.parse((REPOSITORY / "reqdrift" / "values" / "__init__.py").read_text())
    (literal,) = (
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "KindName"
    )
    names = [node.value for node in ast.walk(literal) if isinstance(node, ast.Constant)]
    assert names == list(KINDS)
    assert [kind.name for kind in KINDS.values()] == list(KINDS)


def test_the_page_on_findings_has_an_entry_for_each_kind_in_this_order() -> None:
    assert list(ENTRIES) == list(KINDS)


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_the_page_explains_each_kind_in_the_same_words(kind: Kind) -> None:
    assert " ".join(ENTRIES[kind.name].split()).startswith(kind.explanation)


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_titles_are_parts_of_a_line_and_the_rest_are_sentences(kind: Kind) -> None:
    assert kind.title == kind.title.strip(".")
    for text in (kind.explanation, kind.advice):
        assert text[0].isupper()
        assert text.endswith(".")


def test_each_kind_has_a_color() -> None:
    assert list(COLORS) == list(KINDS)
