"""What a freeze lists."""

from __future__ import annotations

import pytest

from reqdrift.repair import listed_by_freeze
from reqdrift.values import CanonicalName, Distribution, Environment, Python

INSTALLED = ("argparse", "foo", "pip", "reqdrift", "setuptools", "uv", "wheel")


@pytest.mark.parametrize(
    ("version", "listed"),
    [
        ("3.11.7", ["foo", "reqdrift", "uv"]),
        ("3.12.1", ["foo", "reqdrift", "setuptools", "uv", "wheel"]),
    ],
)
def test_all_but_what_pip_leaves_out(version: str, listed: list[str]) -> None:
    found = {
        CanonicalName(name): Distribution(CanonicalName(name), name, "1", "", "/site")
        for name in INSTALLED
    }
    outside = found[CanonicalName("foo")]._replace(name=CanonicalName("outside"), own=False)
    found[outside.name] = outside
    environment = Environment("/env", Python(version), "a test", found)
    assert [one.name for one in listed_by_freeze(environment)] == listed
