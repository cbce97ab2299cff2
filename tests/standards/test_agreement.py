"""The plain evaluators answer as packaging does, or leave the question to it."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from agreement import AGREEMENTS
from hypothesis import event, given
from hypothesis import strategies as st
from texts import Texts

from support import OLD_PACKAGING
from worlds import examples

pytestmark = pytest.mark.skipif(
    OLD_PACKAGING, reason="the newest packaging is what they agree with"
)
agreements = pytest.mark.parametrize("agree", AGREEMENTS, ids=lambda agree: agree.__name__)


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
