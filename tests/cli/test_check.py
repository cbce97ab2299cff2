"""`reqdrift check` as a command: what it prints where, and its exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

from reqdrift.cli import main
from support import add_distribution

Captured = pytest.CaptureFixture[str]


def test_one_line_for_a_clean_run(site: Path, capsys: Captured) -> None:
    for argv in ([], ["check"], ["requirements.txt"], ["check", "--python", ".venv"]):
        assert main(argv) == 0
        out, err = capsys.readouterr()
        assert out.startswith("clean; 1 requirement in requirements.txt: 1 checked, 0 skipped; ")
        assert (out.count("\n"), err) == (1, "")


def test_drift_fails_unless_it_need_not(site: Path, capsys: Captured) -> None:
    Path(".git").rmdir()  # without git, nothing is started
    add_distribution(site, "bar-1.0")
    assert main([]) == 1
    shown = capsys.readouterr().out
    assert main(["--exit-zero"]) == 0
    assert capsys.readouterr().out == shown
    assert "bar" in shown


def test_exit_zero_hides_no_failure(site: Path, capsys: Captured) -> None:
    Path("requirements.txt").write_text("foo==1.0\n=?\n")
    assert main(["--exit-zero"]) == 2
    assert main(["--exit-zero", "--python", "nowhere"]) == 3


def test_without_an_environment_the_reason_is_on_standard_error(
    site: Path, capsys: Captured
) -> None:
    assert main(["--python", "nowhere"]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("reqdrift: ")
    assert "nowhere" in err


def test_a_format_for_programs_is_complete_all_the_same(site: Path, capsys: Captured) -> None:
    assert main(["--python", "nowhere", "--format", "json"]) == 3
    out, err = capsys.readouterr()
    assert '"verdict": "failed"' in out
    assert "nowhere" in err


class TestSets:
    @pytest.fixture(autouse=True)
    def two(self, site: Path) -> None:
        """Two sets, of which the second has drifted; without git, which would list the files."""
        Path(".git").rmdir()
        Path("dev.txt").write_text("foo==2.0\n")
        Path("pyproject.toml").write_text(
            "[[tool.reqdrift.set]]\nname = 'main'\nfiles = ['requirements.txt']\n"
            "[[tool.reqdrift.set]]\nname = 'dev'\nfiles = ['dev.txt']\n"
        )

    def test_all_are_checked(self, capsys: Captured) -> None:
        assert main([]) == 1
        out = capsys.readouterr().out
        assert "dev.txt:1" in out
        assert "requirements.txt" in out

    def test_or_one_of_them(self) -> None:
        assert main(["--set", "main"]) == 0
        assert main(["--set", "dev"]) == 1

    def test_a_folder_is_for_one(self, capsys: Captured) -> None:
        assert main(["--path", "."]) == 2
        err = capsys.readouterr().err
        assert "--path checks one environment, but several sets are configured" in err

    def test_one_without_an_environment_does_not_hide_the_other(self, capsys: Captured) -> None:
        text = Path("pyproject.toml").read_text()
        Path("pyproject.toml").write_text(
            text.replace("['requirements.txt']", "['requirements.txt']\npython = 'nowhere'")
        )
        assert main([]) == 3
        out, err = capsys.readouterr()
        assert err.startswith("reqdrift: [main] ")
        assert "dev.txt:1" in out
