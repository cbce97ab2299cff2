"""What a file's own options are, for an installer to be told; what a line's mean is in test_files.

That pip takes and refuses the same is in conformance/.
"""

from __future__ import annotations

import pytest

from reqdrift.errors import InvalidLineError
from reqdrift.requirements.options import global_options, parse_options


@pytest.mark.parametrize(
    "text, options",
    [
        ("--pre", [("--pre", "")]),
        ("-f a --find-links b", [("--find-links", "a"), ("--find-links", "b")]),
        ("-i https://h/simple", [("--index-url", "https://h/simple")]),
        (
            "--extra-index-url=x --trusted-host h",
            [("--extra-index-url", "x"), ("--trusted-host", "h")],
        ),
        (
            "--no-binary six --only-binary ':all:'",
            [("--no-binary", "six"), ("--only-binary", ":all:")],
        ),
        ("--use-feature x --use-feature y", [("--use-feature", "x"), ("--use-feature", "y")]),
        ("--require-hashes --no-index", [("--no-index", ""), ("--require-hashes", "")]),
        ("-c a.txt -c b.txt --pre", [("--constraint", "a.txt")]),  # pip follows the first alone
        ("-r a.txt --pre", []),
        ("-e ./x --pre", []),
        ("six --hash=sha256:ab --config-settings a=b", []),
        ("--use-wheel -Z", [("--use-wheel", ""), ("-Z", "")]),
        ("--allow-external=six --pre", [("--allow-external", "six"), ("--pre", "")]),
        ("--global-option=x --install-option=y", []),  # pip ignores them on a line of their own
    ],
)
def test_the_options_of_a_file(text: str, options: list[tuple[str, str]]) -> None:
    assert sorted(global_options(text)) == sorted(options)


@pytest.mark.parametrize(
    "text, told",
    [
        ("--hash=ab", "'--hash=ab' does not name its algorithm; write '--hash=sha256:...'"),
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
    assert parse_options("--pre " + "x" * (100_000 - 6)).leftover
