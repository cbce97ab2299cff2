"""`reqdrift env` as a command."""

from __future__ import annotations

from pathlib import Path

import pytest

from reqdrift.cli import main
from support import add_distribution, make_environment

Captured = pytest.CaptureFixture[str]


def test_the_candidates_and_the_facts_of_the_chosen_one(site: Path, capsys: Captured) -> None:
    assert main(["env"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    candidates, _, facts = out.partition("\n\nenvironment:\n")
    assert candidates.startswith("candidates, best first:\n")
    assert "* .venv: .venv: taken" in candidates.splitlines()
    assert "  python         CPython 3.11.7\n" in facts


def test_one_that_was_passed_over_is_told(
    site: Path, capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_environment(tmp_path / "other", "foo-1.0")
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "other"))
    assert main(["env"]) == 0
    out, err = capsys.readouterr()
    assert f"* VIRTUAL_ENV: {tmp_path}/other: taken\n" in out
    assert "  .venv: .venv: " in out
    assert err.startswith(f"reqdrift: checking {tmp_path}/other (found by VIRTUAL_ENV), not ")


def test_a_target_folder_has_no_candidates(project: Path, capsys: Captured) -> None:
    add_distribution(project / "lib", "foo-1.0")
    assert main(["env", "--path", "lib", "--python-version", "3.12"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("\nenvironment:\n")
    assert "3.12" in out


def test_none_is_an_error(site: Path, capsys: Captured) -> None:
    assert main(["env", "--python", "nowhere"]) == 3
    assert "nowhere" in capsys.readouterr().err
