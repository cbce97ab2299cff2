"""SECURITY.md promises nothing that no test holds."""

from __future__ import annotations

import ast
import re

import pytest

from support import REPOSITORY

PAGE = (REPOSITORY / "SECURITY.md").read_text()
NAMED = sorted(set(re.findall(r"`(tests/[^`]*)`", PAGE)))


@pytest.mark.parametrize("named", NAMED)
def test_the_named_tests_exist(named: str) -> None:
    path, *names = named.split("::")
    if path.startswith("tests/cases/"):
        assert (REPOSITORY / path / "expected").exists()
        return
    found: list[ast.stmt] = ast.parse((REPOSITORY / path).read_text()).body
    for name in names:
        (inner,) = (
            node
            for node in found
            if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and node.name == name
        )
        assert name.lower().startswith("test")
        found = inner.body


def test_every_promise_names_one() -> None:
    promises = PAGE.partition("## Promises")[2].partition("## Not promised")[0]
    entries = re.split(r"^- ", promises, flags=re.M)[1:]
    assert len(entries) > 10
    assert [entry for entry in entries if "`tests/" not in entry] == []


def test_every_hostile_test_is_named() -> None:
    files = {f"tests/hostile/{path.name}" for path in (REPOSITORY / "tests/hostile").glob("test_*")}
    assert files - {named.partition("::")[0] for named in NAMED} == {
        "tests/hostile/test_promises.py"
    }
