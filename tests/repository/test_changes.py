"""How old a file and its lines are, as real repositories say it."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import pytest

from reqdrift.repository.changes import TrackedFile
from story import NOW, Story
from support import run_git


@pytest.fixture
def story(project: Path) -> Story:
    return Story(project)


class TestSeveralFiles:
    def marks(self, story: Story, *names: str) -> list[bool | None]:
        """Whether each differs from HEAD, asked together; asked alone, each says the same."""
        paths = [str(story.folder / name) for name in names]
        files = [TrackedFile(path) for path in paths]
        TrackedFile.ask_states(files)
        found = [file.is_changed() for file in files]
        assert found == [TrackedFile(path).is_changed() for path in paths]
        return found

    @pytest.mark.parametrize("extra", [(), ("new/a.txt",), ("r\u00e9.txt",), ("gone.txt",)])
    def test_each_is_marked_as_if_it_were_alone(self, story: Story, extra: tuple[str, ...]) -> None:
        (story.folder / "sub").mkdir()
        names = ("requirements.txt", "base.txt", "sub/base.txt", "moved.txt")
        for name in (*names, "gone.txt"):
            story.commit("a\n", 300, name=name)
        (story.folder / "base.txt").write_text("b\n")
        (story.folder / "gone.txt").unlink()
        story.git("mv", "moved.txt", "here.txt")
        (story.folder / "new").mkdir()
        for name in ("new/a.txt", "r\u00e9.txt", "new.txt"):
            (story.folder / name).write_text("a\n")
        changed = self.marks(story, *names, "here.txt", "new.txt", *extra)
        assert changed == [False, True, False, True, True, True, *(True for _ in extra)]

    def test_what_git_ignores_is_not_changed(self, story: Story) -> None:
        story.commit("a\n", 300)
        (story.folder / ".gitignore").write_text("*.in\nall\n")
        (story.folder / "all").mkdir()
        for name in ("dev.in", "all/dev.txt"):
            (story.folder / name).write_text("a\n")
        assert self.marks(story, "dev.in", "requirements.txt") == [False, False]
        assert self.marks(story, "all/dev.txt", "requirements.txt") == [False, False]

    def test_what_was_removed_from_the_index_is_changed_even_if_it_is_ignored(
        self, story: Story
    ) -> None:
        """git prints it twice: as deleted, and as ignored or untracked."""
        for name in ("requirements.txt", "base.txt", "dev.txt"):
            story.commit("a\n", 300, name=name)
        story.git("rm", "-q", "--cached", "base.txt", "dev.txt")
        (story.folder / ".gitignore").write_text("dev.txt\n")
        assert self.marks(story, "requirements.txt", "base.txt", "dev.txt") == [False, True, True]

    def test_files_of_two_repositories(self, story: Story) -> None:
        story.commit("a\n", 300)
        story.commit("a\n", 300, name="base.txt")
        inner = story.folder / "inner"
        inner.mkdir()
        run_git("init", "-q", cwd=inner)
        (inner / "r.txt").write_text("a\n")
        assert self.marks(story, "requirements.txt", "inner/r.txt", "base.txt") == [
            *(False, True, False),
        ]

    def test_without_a_repository(self, story: Story) -> None:
        shutil.rmtree(story.folder / ".git")
        assert self.marks(story, "requirements.txt", "base.txt") == [None, None]

    def test_a_broken_repository(self, story: Story) -> None:
        (story.folder / ".git" / "HEAD").write_text("nonsense")
        assert self.marks(story, "requirements.txt", "base.txt") == [None, None]


class TestLineChanges:
    def changes(self, story: Story, *numbers: int, name: str = "") -> dict[int, tuple[int, str]]:
        """Age and summary of the lines."""
        file = TrackedFile(str(story.folder / (name or story.file.name)))
        found = file.line_changes(numbers).items()
        return {n: (int(NOW - c.at), c.summary) for n, c in found}

    def test_only_what_is_asked_for(self, story: Story) -> None:
        story.commit("a\nb\nc\n", 300, "first")
        story.commit("a\nB\nc\n", 200, "second")
        assert self.changes(story, 1, 2) == {1: (300, "first"), 2: (200, "second")}
        assert self.changes(story) == {}

    def test_commits_are_described_once(self, story: Story) -> None:
        story.commit("a\nb\nc\nd\n", 300, "first")
        story.commit("a\nB\nc\nD\n", 200, "second")
        first, second = (300, "first"), (200, "second")
        assert self.changes(story, 1, 2, 3, 4) == {1: first, 2: second, 3: first, 4: second}

    @pytest.mark.parametrize(
        ("numbers", "since"), [([1], 0), ([1, 2, 3], 0), ([1, 2], NOW - 250), ([2], NOW - 50)]
    )
    def test_what_was_asked_before_is_used_if_it_is_enough(
        self, story: Story, numbers: list[int], since: float
    ) -> None:
        story.commit("a\nb\nc\n", 300, "first")
        story.commit("a\nB\nc\n", 200, "second")
        for back_to in (0, NOW - 250, NOW - 100):
            asked, plain = TrackedFile(str(story.file)), TrackedFile(str(story.file))
            asked.ask_commit()
            asked.ask_lines(numbers, since)
            # More than what is wanted now answers it, too.
            is_enough = {1, 2} <= {*numbers} and since <= back_to
            expected = plain.line_changes([1, 2], since if is_enough else back_to)
            assert asked.line_changes([1, 2], back_to) == expected

    def test_the_files_own_time(self, story: Story) -> None:
        story.commit("a\nb\n", 300)
        story.commit("a\n", 200)
        story.commit("x", 100, name="other")
        assert TrackedFile(str(story.file)).came() == NOW - 200
        story.file.write_text("a\n\n")
        story.touch(story.file, 50)
        assert TrackedFile(str(story.file)).came() == NOW - 50

    def test_uncommitted(self, story: Story) -> None:
        story.commit("a\n", 300)
        story.file.write_text("a\nb\n")
        known = TrackedFile(str(story.file)).line_changes([1, 2])
        assert [known[n].uncommitted for n in (1, 2)] == [False, True]
        assert known[2].commit == ""

    @pytest.mark.parametrize("staged", [False, True])
    def test_untracked(self, story: Story, staged: bool) -> None:
        story.commit("x", 300, name="other")
        story.file.write_text("a\n")
        if staged:
            story.git("add", ".")
        for since in (0, NOW - 200):
            file = TrackedFile(str(story.file))
            file.ask_commit(since)
            assert file.came() is None
            assert file.line_changes([1]) == {}

    def test_no_commit_yet(self, story: Story) -> None:
        story.file.write_text("a\n")
        for since in (0, NOW - 200):
            file = TrackedFile(str(story.file))
            file.ask_commit(since)
            assert file.came() is None
            assert file.line_changes([1]) == {}

    def test_shallow_clone(self, story: Story, tmp_path: Path) -> None:
        story.commit("a\nb\n", 300)
        story.commit("a\nB\n", 200)
        story.commit("a\nB\nc\n", 100)
        url = story.folder.as_uri()
        # At a depth of 3 git has not seen that nothing came before, and still calls it shallow.
        for depth, expected in ((1, None), (2, [3]), (3, [2, 3]), (4, [1, 2, 3])):
            clone = tmp_path / f"depth{depth}"
            run_git("clone", "-q", "--depth", str(depth), url, clone, cwd=tmp_path)
            file = TrackedFile(str(clone / "requirements.txt"))
            file.ask_commit(NOW)
            assert sorted(file.line_changes([1, 2, 3])) == (expected or [])
            assert (file.came() is None) == (expected is None)

    def test_merge(self, story: Story) -> None:
        story.commit("a\nb\nc\nd\ne\n", 500, "base")
        story.git("checkout", "-q", "-b", "side")
        story.commit("A\nb\nc\nd\ne\n", 400, "side")
        story.git("checkout", "-q", "main")
        story.commit("a\nb\nc\nd\nE\n", 300, "main")
        story.git("merge", "-q", "--no-ff", "-m", "merge", "side", ago=200)
        expected = {1: (400, "side"), 3: (500, "base"), 5: (300, "main")}
        assert self.changes(story, 1, 3, 5) == expected

    def test_renamed(self, story: Story) -> None:
        story.commit("alpha==1\nbeta==1\ngamma==1\n", 500, "first", name="old.txt")
        story.git("mv", "old.txt", "requirements.txt")
        story.git("commit", "-q", "-m", "rename", ago=400)
        assert self.changes(story, 1) == {1: (500, "first")}

    def test_worktree(self, story: Story, tmp_path: Path) -> None:
        story.commit("a\n", 300, "first")
        story.git("worktree", "add", "-q", tmp_path / "tree")
        known = TrackedFile(str(tmp_path / "tree" / "requirements.txt")).line_changes([1])
        assert known[1].summary == "first"

    def test_a_link_to_a_file_elsewhere(self, story: Story, tmp_path: Path) -> None:
        story.commit("a\n", 300, "first")
        (tmp_path / "link.txt").symlink_to(story.file)
        known = TrackedFile(str(tmp_path / "link.txt")).line_changes([1])
        assert known[1].summary == "first"

    @pytest.mark.parametrize("name", ["-x.txt", ":(top)x.txt", "req[12].txt", "r é'\".txt"])
    def test_odd_names(self, story: Story, name: str) -> None:
        story.commit("x", 400, name="req1.txt")
        story.commit("a\n", 300, "first", name=name)
        assert self.changes(story, 1, name=name) == {1: (300, "first")}

    @pytest.mark.parametrize("mark", ["\x0c", "\x0b", "\x85", "\u2028", "\x1c", "\r"])
    @pytest.mark.parametrize("after", ["b", ""])
    def test_lines_that_end_for_pip_alone_are_not_counted(
        self, story: Story, mark: str, after: str
    ) -> None:
        story.commit(f"a{mark}{after}\nc\nd\n", 300)
        if after or mark != "\r":  # with the line feed, it is one end
            assert self.changes(story, 1, 2) == {}

    def test_windows_line_ends(self, story: Story) -> None:
        story.file.write_bytes(b"a\r\nb\r\n")
        story.git("add", ".")
        story.git("commit", "-q", "-m", "first", ago=300)
        assert self.changes(story, 2) == {2: (300, "first")}

    def test_odd_summaries(self, story: Story) -> None:
        story.commit("a\nb\n", 300, "first \u2028 \x0c\ttwo \x85 é")
        assert set(self.changes(story, 1, 2)) == {1, 2}

    def test_lines_that_are_not_there(self, story: Story) -> None:
        story.commit("a\n", 300)
        assert self.changes(story, 7) == {}

    def test_a_users_settings_change_nothing(
        self, story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        story.commit("a\n", 300, "first")
        settings = {
            "log.showSignature": "true",
            "log.decorate": "full",
            "color.ui": "always",
            "blame.date": "relative",
            "blame.showEmail": "true",
            "status.branch": "true",
            "core.pager": "false",
        }
        for key, value in settings.items():
            run_git("config", "--file", tmp_path / "config", key, value, cwd=tmp_path)
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
        file = TrackedFile(str(story.file))
        assert (file.came(), file.line_changes([1])[1].summary) == (NOW - 300, "first")
        assert file.is_changed() is False

    def test_in_a_hook_of_another_repository(
        self, story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        story.commit("a\n", 300, "first")
        for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
            monkeypatch.setenv(name, str(tmp_path))
        assert self.changes(story, 1) == {1: (300, "first")}

    def test_the_index_is_left_alone(self, story: Story) -> None:
        story.commit("a\n", 300)
        index = story.folder / ".git" / "index"
        story.file.write_text("a\n")  # stale in the index: a plain `git status` would refresh it
        before = index.read_bytes()
        file = TrackedFile(str(story.file))
        assert file.is_changed() is False
        assert file.line_changes([1])
        assert index.read_bytes() == before


def test_what_is_not_needed_any_more_is_ended(story: Story) -> None:
    story.commit("a\n", 300)
    file = TrackedFile(str(story.file))
    file.ask_commit(NOW - 200)
    file.end()
    file.end()
    assert file.is_changed() is None
    assert file.committed() is None


def test_a_process_that_ignores_its_children(story: Story) -> None:
    story.commit("a\n", 300)
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        assert TrackedFile(str(story.file)).committed() == NOW - 300
    finally:
        signal.signal(signal.SIGCHLD, before)
