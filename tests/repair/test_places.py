"""Where changed files are, and which of them belong to another project."""

from __future__ import annotations

from pathlib import Path

import pytest

from reqdrift.repair.places import outside, patch_folders, with_what_it_leads_to


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two repositories, `app` and `lib`, and `loose`, which is in none; `app/sub` is here."""
    for folder in ("app/.git", "app/sub", "lib/.git", "loose/deep"):
        (tmp_path / folder).mkdir(parents=True)
    for file in ("app/a.txt", "app/sub/b.txt", "lib/c.txt", "loose/d.txt", "loose/deep/e.txt"):
        (tmp_path / file).touch()
    monkeypatch.chdir(tmp_path / "app" / "sub")
    return tmp_path


class TestPatchFolders:
    def folders(self, home: Path, cwd: str, *files: str) -> dict[str, list[str]]:
        """The same with paths that begin at the home folder."""
        found = patch_folders([str(home / file) for file in files], str(home / cwd))
        top = f"{home}/"
        return {
            folder.removeprefix(top): [file.removeprefix(top) for file in inside]
            for folder, inside in found.items()
        }

    def test_a_repository_is_one_wherever_one_is(self, home: Path) -> None:
        expected = {"app": ["app/a.txt", "app/sub/b.txt"]}
        assert self.folders(home, "app/sub", "app/a.txt", "app/sub/b.txt") == expected
        assert self.folders(home, "loose", "app/a.txt", "app/sub/b.txt") == expected

    def test_that_of_the_working_directory_comes_first(self, home: Path) -> None:
        files = ("lib/c.txt", "app/a.txt")
        assert [*self.folders(home, "app/sub", *files)] == ["app", "lib"]
        assert [*self.folders(home, "lib", *files)] == ["lib", "app"]

    def test_files_without_one_below_the_working_directory(self, home: Path) -> None:
        files = ("loose/deep/e.txt",)
        assert self.folders(home, "loose", *files) == {"loose": ["loose/deep/e.txt"]}

    def test_files_without_one_elsewhere(self, home: Path) -> None:
        files = ("loose/d.txt", "loose/deep/e.txt")
        assert self.folders(home, "app", *files) == {"loose": [*files]}
        assert self.folders(home, "loose/deep", *files) == {"loose": [*files]}

    def test_a_file_that_is_reached_through_a_link(self, home: Path) -> None:
        (home / "app" / "link.txt").symlink_to("../lib/c.txt")
        assert self.folders(home, "app", "app/link.txt") == {"lib": ["lib/c.txt"]}


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
