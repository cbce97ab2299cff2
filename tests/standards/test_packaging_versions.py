"""A verdict does not depend on the installed packaging."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from support import REPOSITORY, SCRIPTS, clean_environ, run

TESTS = REPOSITORY / "tests"


@pytest.mark.long
def test_a_verdict_is_the_same_with_each(tmp_path: Path) -> None:
    found = {}
    for wanted in ("packaging==22.0", "packaging==24.2", "packaging"):
        folder = tmp_path / wanted
        run(SCRIPTS / "pip", "install", "--quiet", "--target", folder, wanted, cwd=tmp_path)
        path = os.pathsep.join(map(str, (folder, TESTS / "standards", TESTS)))
        command = (sys.executable, TESTS / "standards" / "verdicts.py", "5000", "300")
        done = run(*command, cwd=tmp_path, env=clean_environ(PYTHONPATH=path))
        version, *found[wanted] = done.stdout.splitlines()
        assert (folder / f"packaging-{version}.dist-info").is_dir()
    oldest, older, newest = found.values()
    for lines in zip(oldest, older, newest, strict=True):
        assert len({*lines}) == 1, lines
    assert len(newest) == 6 * 5000 + 300
