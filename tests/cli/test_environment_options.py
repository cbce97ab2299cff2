"""The options that say which environment is read, and which of them exclude each other."""

from __future__ import annotations

import argparse

import pytest

from reqdrift.cli.environment_options import add_environment, check_environment
from reqdrift.errors import UsageError


def check(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_environment(parser)
    found = parser.parse_args([*words])
    check_environment(found)
    return found


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--python", ".venv"),
        ("--path", "lib", "--python-version", "3.12"),
        ("--installed", "a.txt", "--installed", "b.txt", "--platform", "linux"),
        ("--installed", "-", "-r", "a.txt"),
    ],
)
def test_what_fits_together(words: tuple[str, ...]) -> None:
    assert check(*words)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--path", "a", "--python", "b"), "--path and --python are mutually exclusive; pass one"),
        (("--path", "a", "--installed", "b"), "--path and --installed are mutually exclusive"),
        (("--installed", "a", "--python", "b"), "--installed and --python are mutually exclusive"),
        (
            ("--python", "a", "--python-version", "3.12"),
            "--python-version requires --path or --installed; leave it out:",
        ),
        (("--path", "a", "--platform", "linux"), "--platform requires --installed; leave it out:"),
        (("--installed", ""), "--installed is empty"),
        (("--installed", "-", "-"), "both the file and the record are standard input"),
        (("--installed", "-", "-r", "-"), "both the file and the record are standard input"),
    ],
)
def test_what_does_not(words: tuple[str, ...], why: str) -> None:
    with pytest.raises(UsageError) as error:
        check(*words)
    assert str(error.value).startswith(why)
