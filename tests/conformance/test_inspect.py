"""`reqdrift inspect` on fabricated site folders: against the direct check, and against pip."""

from __future__ import annotations

from pathlib import Path

import pytest
from site_folders import CASES, build

import reqdrift
from recorded import both
from support import make_environment

NAMES = [f"{group}: {name}" for group, cases in CASES.items() for name in cases]


@pytest.mark.parametrize("case", NAMES)
def test_a_record_has_all_that_is_compared(case: str, tmp_path: Path) -> None:
    group, _, name = case.partition(": ")
    site = make_environment(tmp_path / "venv")
    site.rmdir()
    build(CASES[group][name], site)
    (tmp_path / "requirements.txt").write_text("pkg==1.0\nabsent==1.0\n")
    for unlisted in ("auto", "all", "orphans"):
        # That the folder of an editable install is gone is seen on its disk only.
        policy = reqdrift.Policy(unlisted, checkout="off")
        direct, recorded = both(tmp_path, tmp_path / "venv", policy=policy)
        assert recorded == direct
