"""Options that cannot be read; what the others mean is in test_files.

That pip takes and refuses the same is in conformance/.
"""

from __future__ import annotations

import pytest

from reqdrift.errors import InvalidLineError
from reqdrift.requirements.options import parse_options


@pytest.mark.parametrize(
    "text, told",
    [
        ("--hash=ab", "'--hash=ab' has no algorithm; write '--hash=sha256:...'"),
        ("--no-binary=-x", "option --no-binary requires 1 argument"),
        ("--pre --no-such", "no such option: --no-such; see pip's 'Requirements File Format'"),
        ("--pre " + "x" * 100_000, "options of more than 100000 characters"),
    ],
)
def test_a_bad_option_says_what_to_do(text: str, told: str) -> None:
    with pytest.raises(InvalidLineError) as error:
        parse_options(text)
    assert str(error.value) == told


def test_the_longest_options_are_read() -> None:
    assert parse_options("--pre " + "x" * (100_000 - 6))[1]
