"""What was meant by a word."""

from __future__ import annotations

import pytest

from reqdrift.cli.suggest import suggestion


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("chek", "did you mean 'check'?"),
        ("check", "did you mean 'check'?"),
        ("freez", "did you mean 'freeze'?"),
        ("x", ""),
        ("plane crash", ""),
        ("", ""),
    ],
)
def test_the_known_word_that_is_close(word: str, hint: str) -> None:
    assert suggestion(word, {"check", "freeze", "plan"}) == hint
