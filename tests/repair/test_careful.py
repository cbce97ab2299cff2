"""`reqdrift fix` refuses where a line that looks right would do harm."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixing import Fixed
from reqdrift.cli import main
from support import add_distribution, make_environment

Captured = pytest.CaptureFixture[str]


class TestAnotherLineForElsewhere:
    """An unconditional line beside one with a marker would hold everywhere."""

    TEXT = "foo==2.0 ; python_version < '3'\n"

    @pytest.mark.parametrize("words", [(), ("--cautious",)])
    def test_nothing_is_added(self, fixed: Fixed, capsys: Captured, words: tuple[str, ...]) -> None:
        fixed.install("foo-1.0")
        assert fixed.fix(self.TEXT, *words, code=1) == self.TEXT
        said = capsys.readouterr().out
        assert "requirements.txt:1 asks for foo under another marker" in said
        assert "write the line with its marker by hand" in said

    def test_a_constraint_for_elsewhere_asks_for_nothing(self, fixed: Fixed) -> None:
        fixed.install("foo-1.0")
        (fixed.folder / "limits.txt").write_text(self.TEXT)
        assert fixed.fix("-c limits.txt\n").splitlines() == ["-c limits.txt", "foo==1.0"]


class TestPaths:
    """A path in a committed file means the same on every machine."""

    def editable(self, fixed: Fixed, folder: Path, name: str = "foo") -> None:
        folder.mkdir(parents=True)
        (folder / "pyproject.toml").write_text(f'[project]\nname = "{name}"\nversion = "1"\n')
        url = {"url": folder.as_uri(), "dir_info": {"editable": True}}
        add_distribution(fixed.site, f"{name}-1.0", direct_url=url)

    def named(self, folder: Path, name: str = "foo") -> None:
        folder.mkdir(parents=True)
        (folder / "pyproject.toml").write_text(f'[project]\nname = "{name}"\nversion = "1"\n')

    def test_a_path_upwards_stays_relative(self, fixed: Fixed) -> None:
        self.named(fixed.folder.parent / "old")
        self.editable(fixed, fixed.folder.parent / "new")
        assert fixed.fix("-e ../old\n") == "-e ../new\n"
        assert main([]) == 0

    @pytest.mark.parametrize("line", ["-e ./old", "-e old"])
    def test_a_part_of_the_project_never_becomes_a_folder_outside(
        self, fixed: Fixed, capsys: Captured, line: str
    ) -> None:
        self.named(fixed.folder / "old")
        self.editable(fixed, fixed.folder.parent / "new")
        assert fixed.fix(f"{line}\n", code=1) == f"{line}\n"
        said = capsys.readouterr().out
        assert f"it is installed from {fixed.folder.parent / 'new'}, outside of the project" in said

    def test_an_absolute_path_may_be_replaced(self, fixed: Fixed) -> None:
        self.named(fixed.folder.parent / "old")
        self.editable(fixed, fixed.folder.parent / "new")
        text = fixed.fix(f"-e {fixed.folder.parent / 'old'}\n")
        assert text == f"-e {fixed.folder.parent / 'new'}\n"


class TestAnotherFileNamesIt:
    """What a file beside this one asks for belongs there."""

    @pytest.fixture
    def shop(self, fixed: Fixed) -> Fixed:
        fixed.install("foo-1.0")
        fixed.install("pytest-8.0")
        (fixed.folder / "requirements-dev.txt").write_text("pytest\n")
        return fixed

    @pytest.mark.parametrize("words", [(), ("--cautious",)])
    def test_it_is_not_copied(self, shop: Fixed, capsys: Captured, words: tuple[str, ...]) -> None:
        assert shop.fix("foo==1.0\n", *words, code=1) == "foo==1.0\n"
        said = capsys.readouterr().out
        assert "requirements-dev.txt lists it" in said
        assert "fix both together, or add it anyway: --add-to requirements.txt" in said

    def test_unless_the_user_insists(self, shop: Fixed) -> None:
        text = shop.fix("foo==1.0\n", "--add-to", "requirements.txt")
        assert text == "foo==1.0\npytest==8.0\n"

    def test_a_source_that_the_file_is_compiled_from_may_be_followed(self, fixed: Fixed) -> None:
        fixed.install("foo-1.0")
        (fixed.folder / "requirements.in").write_text("foo\n")
        assert fixed.fix("") == "foo==1.0\n"


def test_the_projects_own_environment_was_passed_over(
    fixed: Fixed, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An activated environment of another project lacks the only required project."""
    fixed.install("foo-1.0")
    make_environment(fixed.folder.parent / "other", "bar-1.0")
    monkeypatch.setenv("VIRTUAL_ENV", str(fixed.folder.parent / "other"))
    assert fixed.fix("foo==1.0\n", code=3) == "foo==1.0\n"
    assert "foo, the only required project, is not installed" in capsys.readouterr().err


def test_an_edit_that_repairs_two_findings_is_shown_once(fixed: Fixed, capsys: Captured) -> None:
    fixed.install("foo-1.0")
    assert fixed.fix("foo>=2\n") == "foo==1.0\n"
    assert capsys.readouterr().out.splitlines() == [
        "requirements.txt:1: foo>=2 is now foo==1.0",
        "changed requirements.txt",
    ]
