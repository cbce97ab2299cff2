"""Where changed files are, and which of them belong to another project."""

from __future__ import annotations

from pathlib import Path

import pytest

from reqdrift.repair.patch import elsewhere, outside, patch_folder, with_what_it_leads_to


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two repositories, `app` and `lib`, and `loose`, which is in none; `app/sub` is here."""
    for folder in ("app/.git", "app/sub", "lib/.git", "loose/deep"):
        (tmp_path / folder).mkdir(parents=True)
    for file in ("app/a.txt", "app/sub/b.txt", "lib/c.txt", "loose/d.txt", "loose/deep/e.txt"):
        (tmp_path / file).touch()
    monkeypatch.chdir(tmp_path / "app" / "sub")
    return tmp_path


class TestPatchFolder:
    def folder(self, home: Path, cwd: str, *files: str) -> str:
        """The same with paths that begin at the home folder."""
        found = patch_folder([str(home / file) for file in files], str(home / cwd))
        return found.removeprefix(f"{home}/")

    def test_the_repository_of_the_working_directory(self, home: Path) -> None:
        assert self.folder(home, "app/sub", "app/a.txt", "app/sub/b.txt") == "app"
        assert self.folder(home, "app", "app/sub/b.txt") == "app"

    def test_files_without_one_below_the_working_directory(self, home: Path) -> None:
        assert self.folder(home, "loose", "loose/deep/e.txt") == "loose"

    def test_files_without_one_elsewhere(self, home: Path) -> None:
        files = ("loose/d.txt", "loose/deep/e.txt")
        assert self.folder(home, "loose/deep", *files) == "loose"
        (home / "other").mkdir()
        assert self.folder(home, "other", *files) == "loose"

    @pytest.mark.parametrize(
        ("cwd", "files", "others"),
        [
            ("app", ("lib/c.txt", "app/a.txt"), ("lib/c.txt",)),
            ("lib", ("app/a.txt", "app/sub/b.txt"), ("app/a.txt", "app/sub/b.txt")),
            ("app/sub", ("loose/d.txt",), ("loose/d.txt",)),
            ("loose", ("loose/d.txt", "app/a.txt"), ("app/a.txt",)),
        ],
    )
    def test_no_patch_has_files_of_two_repositories(
        self, home: Path, cwd: str, files: tuple[str, ...], others: tuple[str, ...]
    ) -> None:
        found = elsewhere([str(home / file) for file in files], str(home / cwd))
        assert found == [str(home / file) for file in others]

    def test_a_file_that_is_reached_through_a_link(self, home: Path) -> None:
        link = home / "app" / "link.txt"
        link.symlink_to("../lib/c.txt")
        assert elsewhere([str(link)], str(home / "app")) == [str(link)]
        assert elsewhere([str(link)], str(home / "lib")) == []
        target = home / "lib" / "c.txt"
        assert with_what_it_leads_to(str(link)) == f"{target} (through {link})"


class TestOutside:
    def found(
        self, home: Path, *files: str, named: tuple[str, ...] = (), top: str | None = "app"
    ) -> list[str]:
        cwd = "app/sub" if top else "loose/deep"
        paths = [str(home / file) for file in files]
        known = [str(home / name) for name in named]
        outer = outside(paths, known, str(home / top) if top else None, str(home / cwd))
        return [path.removeprefix(f"{home}/") for path in outer]

    def test_files_of_the_repository_are_its_own(self, home: Path) -> None:
        assert self.found(home, "app/a.txt", "app/sub/b.txt") == []

    def test_files_of_another_or_of_none_are_not(self, home: Path) -> None:
        assert self.found(home, "lib/c.txt", "loose/d.txt") == ["lib/c.txt", "loose/d.txt"]

    def test_nor_those_of_a_repository_inside(self, home: Path) -> None:
        (home / "app" / "sub" / ".git").mkdir()
        assert self.found(home, "app/sub/b.txt") == ["app/sub/b.txt"]

    def test_unless_the_user_named_them(self, home: Path) -> None:
        assert self.found(home, "lib/c.txt", named=("app/../lib/c.txt",)) == []

    def test_a_link_counts_where_it_leads(self, home: Path) -> None:
        (home / "app" / "link.txt").symlink_to("../lib/c.txt")
        assert self.found(home, "app/link.txt") == ["app/link.txt"]

    def test_without_a_repository_the_project_is_what_lies_below(self, home: Path) -> None:
        files = ("loose/deep/e.txt", "loose/d.txt")
        assert self.found(home, *files, top=None) == ["loose/d.txt"]


def test_a_link_is_shown_with_where_it_leads(home: Path) -> None:
    (home / "app" / "sub" / "link.txt").symlink_to("../../lib/c.txt")
    assert with_what_it_leads_to("b.txt") == "b.txt"
    link = str(home / "app" / "sub" / "link.txt")
    assert with_what_it_leads_to(link) == f"{home}/lib/c.txt (through link.txt)"
