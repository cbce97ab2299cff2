"""A command parses, calls and prints; what it does is a function that anyone can call."""

from __future__ import annotations

import ast

import pytest

import reqdrift
from reqdrift.cli import COMMANDS
from support import REPOSITORY

# What commands may use: a run, the words and texts for its result, and the settings.
LAYERS = {"session", "report", "repair", "repository", "errors", "values", "standards", ""}


@pytest.mark.parametrize("command", COMMANDS)
class TestCommand:
    def test_it_is_a_function_too(self, command: str) -> None:
        assert callable(getattr(reqdrift, command))

    def test_it_is_thin(self, command: str) -> None:
        text = (REPOSITORY / "reqdrift" / "cli" / f"{command}.py").read_text()
        assert len(text.splitlines()) <= 75
        imported = {
            (node.module or "").partition(".")[0]
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.ImportFrom) and node.level == 2
        }
        assert imported <= LAYERS
