"""Which of pip and uv changes an environment, and how it is called."""

from __future__ import annotations

import pytest

from reqdrift.errors import UsageError
from reqdrift.repair.installer import spelled


class TestWords:
    """bash and PowerShell read them alike; properties/test_plans.py tries many more."""

    @pytest.mark.parametrize(
        ("word", "written"),
        [
            ("/r.txt", "/r.txt"),
            ("foo==1.0", "foo==1.0"),
            ("a b", "'a b'"),
            ("$HOME", "'$HOME'"),
            ("pylock.toml[a,b]", "'pylock.toml[a,b]'"),
            ("", "''"),
        ],
    )
    def test_single_quotes(self, word: str, written: str) -> None:
        assert spelled(word) == written

    @pytest.mark.parametrize(
        "mark", ["'", '"', "\u2018", "\u2019", "\u201a", "\u201b", "\n", "\x1b"]
    )
    def test_what_cannot_be_in_them(self, mark: str) -> None:
        with pytest.raises(UsageError, match="cannot be written in a shell script"):
            spelled(f"a{mark}b")
