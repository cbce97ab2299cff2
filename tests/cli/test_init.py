"""`reqdrift init` as a command; what it proposes is in session/test_init.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from reqdrift.cli import main
from support import add_distribution

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def camp(site: Path) -> Path:
    """A file of top-level packages, and one package that nothing accounts for."""
    Path("requirements.txt").write_text("foo==1.0\ntent==1.0\n")
    add_distribution(site, "tent-1.0", requires=["rope", "peg"])
    for release in ("rope-1.0", "peg-1.0", "stray-1.0"):
        add_distribution(site, release)
    return site


def test_a_table_and_a_hook_to_copy(camp: Path, capsys: Captured) -> None:
    assert main(["init"]) == 0
    out, _ = capsys.readouterr()
    lines = out.splitlines()
    assert lines[0] == "# pyproject.toml"
    assert lines[1].startswith("# ")
    assert "[tool.reqdrift]" in lines
    assert any(line.startswith("# .pre-commit-config.yaml") for line in lines)
    assert "      - id: reqdrift" in lines
    assert not Path("pyproject.toml").exists()


def test_the_table_is_appended_if_asked_for(camp: Path, capsys: Captured) -> None:
    assert main(["init", "--write"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("# appended to pyproject.toml\n")
    assert "[tool.reqdrift]\n" in Path("pyproject.toml").read_text()
    assert main([]) == 0
    capsys.readouterr()
    assert main(["init"]) == 0
    assert "pyproject.toml already has a [tool.reqdrift] table" in capsys.readouterr().err


LEFT = "reqdrift plan prints commands that change the environment, reqdrift fix changes the files"


def test_what_is_ignored_and_left_is_counted(camp: Path, capsys: Captured) -> None:
    assert main(["init"]) == 0
    ignored = "reqdrift: the table ignores 1 finding (extra or unpinned); new ones are reported\n"
    assert capsys.readouterr().err == ignored
    Path("requirements.txt").write_text("foo==1.0\ntent==1.0\nfoot==1.0\nabsent==1.0\n")
    assert main(["init"]) == 0
    assert capsys.readouterr().err == f"{ignored}reqdrift: 2 errors left: {LEFT}\n"


def test_without_an_environment(project: Path, capsys: Captured) -> None:
    (project / "requirements.txt").write_text("foo==1.0\n")
    (project / ".venv").mkdir()
    assert main(["init"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("# no [tool.reqdrift] table is needed: the defaults fit\n")
    assert "no environment was found, so only the files were looked at" in err
