"""`reqdrift inspect | reqdrift --installed -` reports what the direct check reports."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given

from recorded import both
from worlds import World, examples, worlds


@given(worlds())
@examples(40)
def test_any_project(world: World) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place).resolve()
        world.build(folder)
        direct, recorded = both(folder, folder / ".venv")
    assert recorded == direct
