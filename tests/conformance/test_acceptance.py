"""The acceptance table with real environments: no way says anything but what a direct check says.

The environment is not there any more when its records are checked, as if it were on another
machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from acceptance import COLUMNS, KINDS, NONE, Kind
from kinds import Shop
from ways import ask_directly, check_against_pip_and_uv, letters, write_records
from workshop import Workshop, open_workshop


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    with open_workshop(tmp_path_factory.mktemp("workshop").resolve()) as made:
        yield made


@pytest.mark.long  # each makes an environment
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.title))
def test_each_row(kind: Kind, tmp_path: Path, workshop: Workshop) -> None:
    folder = tmp_path.resolve() / "made"
    folder.mkdir()
    made = kind.make(Shop(folder, workshop))
    if kind.cells[0] != NONE:  # else it is too old for the pip of today
        check_against_pip_and_uv(made.python, folder)
    direct = ask_directly(made, folder)
    written = write_records(made, folder, COLUMNS)
    prefix = made.python.parent.parent
    prefix.rename(prefix.with_name("elsewhere"))
    cells = [
        NONE if path is None else letters(direct, folder, installed=str(path))
        for path in map(written.get, COLUMNS)
    ]
    assert cells == [*kind.cells]
