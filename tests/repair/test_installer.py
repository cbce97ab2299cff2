"""Which of pip and uv changes an environment, and how it is called."""

from __future__ import annotations

import pytest

from reqdrift.errors import UsageError
from reqdrift.repair.installer import spelled


@pytest.mark.parametrize("mark", ["\n", "\x1b"])
def test_a_word_that_cannot_be_in_a_script(mark: str) -> None:
    with pytest.raises(UsageError, match="cannot be written in a shell script"):
        spelled(f"a{mark}b")
