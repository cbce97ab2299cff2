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

BY_TITLE = {kind.title: kind for kind in KINDS}


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    with open_workshop(tmp_path_factory.mktemp("workshop").resolve()) as made:
        yield made


def row(kind: Kind, columns: tuple[str, ...], folder: Path, workshop: Workshop) -> dict[str, str]:
    """What each way lacks, as it is."""
    folder.mkdir()
    made = kind.make(Shop(folder, workshop))
    if kind.cells[0] != NONE:  # else it is too old for the pip of today
        check_against_pip_and_uv(made.python, folder)
    direct = ask_directly(made, folder)
    written = write_records(made, folder, columns)
    cells = {}
    prefix = made.python.parent.parent
    prefix.rename(prefix.with_name("elsewhere"))
    for column, path in written.items():
        cells[column] = NONE if path is None else letters(direct, folder, installed=str(path))
    return cells


def expected(kind: Kind, columns: tuple[str, ...]) -> dict[str, str]:
    cells = dict(zip(COLUMNS, kind.cells, strict=True))
    return {column: cells[column] for column in columns}


def test_a_row(tmp_path: Path, workshop: Workshop) -> None:
    kind = BY_TITLE["`uv venv`, wheels by uv"]
    assert row(kind, COLUMNS, tmp_path.resolve() / "made", workshop) == expected(kind, COLUMNS)


@pytest.mark.long  # each makes an environment
@pytest.mark.parametrize("title", BY_TITLE)
def test_each_row(title: str, tmp_path: Path, workshop: Workshop) -> None:
    kind = BY_TITLE[title]
    assert row(kind, COLUMNS, tmp_path.resolve() / "made", workshop) == expected(kind, COLUMNS)
