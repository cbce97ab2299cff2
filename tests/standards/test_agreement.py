"""The plain evaluators answer as packaging does, or leave the question to it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import cast

import pytest
from agreement import AGREEMENTS
from hypothesis import event, given
from hypothesis import strategies as st
from texts import Texts

from reqdrift.errors import InvalidLineError
from reqdrift.standards.markers import marker_holds
from reqdrift.standards.versions import MOST_REMEMBERED, remembered
from strategies import examples
from support import OLD_PACKAGING

pytestmark = pytest.mark.skipif(
    OLD_PACKAGING, reason="the newest packaging is what they agree with"
)
agreements = pytest.mark.parametrize("agree", AGREEMENTS, ids=lambda agree: agree.__name__)
BY_NAME = {agree.__name__: agree for agree in AGREEMENTS}
# A line each: the agreement, whether our own evaluator answers (else it is odd), and the texts.
EXAMPLES = Path(__file__).with_name("examples.txt").read_text().splitlines()
VALUES = {
    "python_version": "3.11",
    "python_full_version": "3.11.7",
    "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
    "sys_platform": "linux",
    "platform_system": "Linux",
    "platform_machine": "x86_64",
    "os_name": "posix",
    "implementation_version": "3.11.7",
    "platform_release": "6.1.0-13-amd64",
    "extra": "Dev_Test",
}


def known(texts: list[str]) -> Texts:
    """Known texts, one after the other, in place of random ones."""

    def take(*_: object) -> str:
        return texts.pop(0)

    kinds = ("version", "installed", "specifier", "marker", "archive", "line")
    more = {"one_of": lambda _: True, "pick": lambda _: len(texts), "values": lambda: VALUES}
    return cast("Texts", SimpleNamespace(**dict.fromkeys(kinds, take), **more))


@pytest.mark.parametrize("example", EXAMPLES)
def test_what_is_worth_knowing(example: str) -> None:
    name, kind, text = example.split(" ", 2)
    texts = json.loads(text).split(" | ")
    assert BY_NAME[name](known(texts)) is (kind == "ordinary")


@agreements
def test_as_packaging(agree: Callable[[Texts], bool]) -> None:
    @given(st.randoms(use_true_random=False))
    @examples(100)
    def holds(random: Random) -> None:
        event("ordinary" if agree(Texts(random)) else "not ordinary")

    holds()


@agreements
def test_as_packaging_over_many_examples(agree: Callable[[Texts], bool]) -> None:
    """What Hypothesis chooses here are seeds: a tenth of the time, but nothing is shrunk."""

    @given(st.integers(0, 2**64))
    @examples(100)
    def holds(seed: int) -> None:
        texts = Texts(Random(seed))  # noqa: S311
        ordinary = sum(agree(texts) for _ in range(20))
        assert ordinary > 0

    holds()


@pytest.mark.parametrize("text", ["os_name == 'x' or {}", "{} or os_name == 'posix'"])
def test_what_cannot_be_compared_is_not_hidden_by_another_term(text: str) -> None:
    values = {**VALUES, "python_full_version": "3.14.0+"}
    assert marker_holds(text.format("python_full_version > '3'"), values) is True
    del values["python_full_version"]
    assert marker_holds(text.format("python_full_version > '3'"), values) is None


@pytest.mark.parametrize("marker", ["os_name ~= 'posix'", "python_version ~= '3'"])
def test_an_operator_for_versions_only(marker: str) -> None:
    with pytest.raises(InvalidLineError, match="compares versions"):
        marker_holds(marker, VALUES)


def test_very_many_different_texts_are_not_all_kept() -> None:
    asked = []

    @remembered
    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    for text in ("a", "a", *(f"{number:5}" for number in range(MOST_REMEMBERED)), "a"):
        assert length(text) == len(text)
    assert asked.count("a") == 2
