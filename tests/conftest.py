from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from support import clean_environ

# For `make fuzz`. Tests that are slow take a share of the profile's number: `worlds.examples`.
settings.register_profile("fuzz", max_examples=3000, deadline=None)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project folder, in git, that is the working directory of a clean process."""
    folder = tmp_path / "project"
    (folder / ".git").mkdir(parents=True)
    kept = clean_environ()
    for name in os.environ.keys() - kept.keys():
        monkeypatch.delenv(name)
    monkeypatch.chdir(folder)
    return folder
