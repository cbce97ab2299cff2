"""Whatever the drift: what was recorded does not count, and all that is new does."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from random import Random

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

import reqdrift
from support import add_distribution
from worlds import World, examples, worlds

pytestmark = pytest.mark.usefixtures("project")


@given(worlds(), st.randoms(use_true_random=False), st.booleans())
@settings(examples(30))
def test_what_was_recorded_does_not_count(world: World, random: Random, more: bool) -> None:
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as name:
        os.chdir(name)
        try:
            _compare(world, Path(name), random, more)
        finally:
            os.chdir(here)


def _compare(world: World, folder: Path, random: Random, more: bool) -> None:
    (folder / ".git").mkdir()
    world.build(folder)
    before = reqdrift.check(python=".venv")
    if before.errors:
        with pytest.raises(reqdrift.UnreadableFilesError):
            reqdrift.baseline(python=".venv")
        return
    path = reqdrift.baseline(python=".venv").path
    assert Path(path).exists() == bool(before.findings)
    if not before.findings:
        return
    document = json.loads(Path(path).read_text())
    random.shuffle(document["findings"])
    Path(path).write_text(json.dumps(document))
    report = reqdrift.check(python=".venv", baseline=True)
    assert (report.findings, report.exit_code) == ((), 0)
    assert report.baselined == before.findings
    if more:
        (site,) = folder.glob(".venv/lib/*/site-packages")
        add_distribution(site, "entirely_new-1.0")
        again = reqdrift.check(python=".venv", baseline=True)
        everything = reqdrift.check(python=".venv")
        assert len(again.findings) + len(again.baselined) == len(everything.findings)
        assert {*again.findings} <= {*everything.findings} - {*before.findings}
    event(f"findings: {bool(before.findings)}")
