"""When lines and environments changed, as real repositories and folders say it."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import pytest

import reqdrift
from reqdrift.repository.dates import Change, changes_of, environment_changed
from story import DAY, HOUR, MINUTE, NOW, Story
from support import run_git


@pytest.fixture
def story(project: Path) -> Story:
    return Story(project)


class TestLines:
    def changes(self, story: Story, *numbers: int, name: str = "") -> dict[int, tuple[int, str]]:
        """Age and summary of the lines."""
        found = changes_of(str(story.folder / (name or story.file.name)), numbers).lines.items()
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

    def test_the_files_own_time(self, story: Story) -> None:
        story.commit("a\nb\n", 300)
        story.commit("a\n", 200)
        story.commit("x", 100, name="other")
        assert changes_of(str(story.file), [1]).file == NOW - 200
        story.file.write_text("a\n\n")
        story.touch(story.file, 50)
        assert changes_of(str(story.file), [1]).file == NOW - 50

    def test_not_committed(self, story: Story) -> None:
        commit = story.commit("a\n", 300)
        story.file.write_text("a\nb\n")
        known = changes_of(str(story.file), [1, 2]).lines
        assert known[1] == Change(NOW - 300, commit, "a change")
        assert (known[2].commit, known[2].summary) == ("", "")

    @pytest.mark.parametrize("staged", [False, True])
    def test_untracked(self, story: Story, staged: bool) -> None:
        story.commit("x", 300, name="other")
        story.file.write_text("a\n")
        if staged:
            story.git("add", ".")
        assert changes_of(str(story.file), [1]) == (0, {})

    def test_no_commit_yet(self, story: Story) -> None:
        story.file.write_text("a\n")
        assert changes_of(str(story.file), [1]) == (0, {})

    def test_outside_of_git(self, story: Story) -> None:
        story.commit("a\n", 300)
        shutil.rmtree(story.folder / ".git")
        assert changes_of(str(story.file), [1]) == (0, {})

    def test_without_git(self, story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
        story.commit("a\n", 300)
        monkeypatch.setenv("PATH", str(story.folder))
        assert changes_of(str(story.file), [1]) == (0, {})

    def test_a_broken_repository(self, story: Story) -> None:
        story.commit("a\n", 300)
        (story.folder / ".git" / "HEAD").write_text("nonsense")
        assert changes_of(str(story.file), [1]) == (0, {})

    def test_shallow_clone(self, story: Story, tmp_path: Path) -> None:
        story.commit("a\nb\n", 300)
        story.commit("a\nB\n", 200)
        story.commit("a\nB\nc\n", 100)
        url = story.folder.as_uri()
        # At a depth of 3 git has not seen that nothing came before, and still calls it shallow.
        for depth, expected in ((1, []), (2, [3]), (3, [2, 3]), (4, [1, 2, 3])):
            clone = tmp_path / f"depth{depth}"
            run_git("clone", "-q", "--depth", str(depth), url, clone, cwd=tmp_path)
            found = changes_of(str(clone / "requirements.txt"), [1, 2, 3])
            assert sorted(found.lines) == expected
            assert (found.file == 0) == (not expected)

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
        known = changes_of(str(tmp_path / "tree" / "requirements.txt"), [1]).lines
        assert known[1].summary == "first"

    def test_a_link_to_a_file_elsewhere(self, story: Story, tmp_path: Path) -> None:
        story.commit("a\n", 300, "first")
        (tmp_path / "link.txt").symlink_to(story.file)
        assert changes_of(str(tmp_path / "link.txt"), [1]).lines[1].summary == "first"

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
            "core.pager": "false",
        }
        for key, value in settings.items():
            run_git("config", "--file", tmp_path / "config", key, value, cwd=tmp_path)
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
        assert changes_of(str(story.file), [1]).file == NOW - 300
        assert self.changes(story, 1) == {1: (300, "first")}

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
        assert self.changes(story, 1)
        assert index.read_bytes() == before

    def test_a_process_that_ignores_its_children(self, story: Story) -> None:
        story.commit("a\n", 300, "first")
        before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        try:
            assert self.changes(story, 1) == {1: (300, "first")}
        finally:
            signal.signal(signal.SIGCHLD, before)


class TestOlderLines:
    """The project's own installation is later than the line's commit and than the file."""

    def test_installed_later(self, story: Story) -> None:
        story.commit("rope==1.0\nwick==1.0\n", 21 * DAY)
        story.install("wick-1.0", 20 * DAY)
        story.install("rope-2.0", 10 * MINUTE)
        assert story.older() == {1}

    def test_committed_later(self, story: Story) -> None:
        story.commit("rope==1.0\nwick==1.0\n", 60 * DAY)
        story.install("rope-1.0", 31 * DAY)
        story.install("wick-1.0", 31 * DAY + 1)
        story.commit("rope==2.0\nwick==1.0\n", 2 * HOUR, "bump rope")
        assert story.older() == set()

    def test_another_project_was_installed_later(self, story: Story) -> None:
        story.commit("rope==1.0\nwick==1.0\n", 20 * DAY)
        story.install("rope-2.0", 30 * DAY)
        story.install("wick-1.0", MINUTE)
        assert story.older() == set()

    def test_a_line_that_is_not_committed(self, story: Story) -> None:
        story.commit("rope==1.0\nwick==1.0\n", 60 * DAY)
        story.install("wick-1.0", 20 * DAY)
        story.file.write_text("rope==2.0\nwick==1.0\n")
        story.touch(story.file, 3 * HOUR)
        story.install("rope-1.0", 10 * MINUTE)
        assert story.older() == set()
        story.git("add", ".")
        assert story.older() == set()

    def test_a_commit_that_arrived_after_the_installation(self, story: Story) -> None:
        # A colleague's commit of three days ago, pulled an hour ago; installed two days ago.
        story.commit("rope==1.0\nwick==1.0\n", 3 * DAY)
        story.touch(story.file, HOUR)
        story.install("wick-1.0", 30 * DAY)
        story.install("rope-2.0", 2 * DAY)
        assert story.older() == set()

    def test_a_later_commit_of_another_line(self, story: Story) -> None:
        story.commit("rope==1.0\nwick==1.0\n", 3 * DAY)
        story.install("wick-1.0", 30 * DAY)
        story.install("rope-2.0", 2 * DAY)
        story.commit("rope==1.0\nwick==1.0\n# more\n", HOUR)
        story.touch(story.file, 3 * DAY)
        assert story.older() == set()

    def test_missing(self, story: Story) -> None:
        story.commit("rope==1.0\nwick==1.0\n", 2 * DAY)
        story.install("rope-1.0", DAY)
        assert story.older() == set()

    def test_source(self, story: Story) -> None:
        story.commit("rope==1.0\nwick==1.0\n", 3 * DAY)
        story.install("wick-1.0", 2 * DAY)
        info = story.install("rope-1.0", HOUR)
        (info / "direct_url.json").write_text('{"url": "file:///x", "dir_info": {}}')
        assert story.older() == {1}

    def test_within_one_second(self, story: Story) -> None:
        story.commit("rope==1.0\nwick==1.0\n", DAY)
        story.install("wick-1.0", 20 * DAY)
        story.install("rope-2.0", DAY - 0.5)
        assert story.older() == set()

    def test_equal_times(self, story: Story) -> None:
        story.commit("rope==1.0\nwick==1.0\n", 21 * DAY)
        story.install("rope-2.0", DAY)
        story.install("wick-1.0", DAY)
        assert story.older() == set()

    @pytest.mark.parametrize("installer", ["conda", "debian", "rpm"])
    def test_times_of_before_the_install(self, story: Story, installer: str) -> None:
        story.commit("rope==1.0\nwick==1.0\n", 21 * DAY)
        story.install("wick-1.0", 20 * DAY)
        story.install("rope-2.0", DAY, installer)
        assert story.older() == set()

    def test_no_list_of_files(self, story: Story) -> None:
        story.commit("rope==1.0\nwick==1.0\n", 21 * DAY)
        story.install("wick-1.0", 20 * DAY)
        info = story.install("rope-2.0", DAY)
        (info / "RECORD").unlink()
        assert story.older() == set()
        (info / "installed-files.txt").write_text("")
        story.touch(info / "installed-files.txt", DAY)
        assert story.older() == {1}

    def test_without_git(self, story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
        story.commit("rope==1.0\nwick==1.0\n", 21 * DAY)
        story.install("wick-1.0", 20 * DAY)
        story.install("rope-2.0", DAY)
        assert story.older() == {1}
        monkeypatch.setenv("PATH", str(story.folder))
        assert story.older() == set()


class TestEnvironment:
    def changed(self, story: Story, path: Path | None = None, installed: str = "") -> float | None:
        """How long ago the environment changed."""
        story.file.write_text("rope==1.0\n")
        if installed:
            report = reqdrift.check(installed=installed, python_version="3.11", platform="linux")
            environment = report.environment
        else:
            environment = reqdrift.check(path=path).environment
        assert environment
        at = environment_changed(environment)
        return None if at is None else NOW - at

    def test_an_installation(self, story: Story) -> None:
        story.install("rope-1.0", DAY)
        story.install("wick-1.0", HOUR)
        story.touch(story.site, 2 * DAY)
        assert self.changed(story) == HOUR

    def test_an_uninstallation(self, story: Story) -> None:
        story.install("rope-1.0", DAY)
        story.touch(story.site, MINUTE)
        assert self.changed(story) == MINUTE

    def test_a_folder(self, story: Story) -> None:
        story.install("rope-1.0", DAY)
        story.touch(story.site, 2 * DAY)
        assert self.changed(story, story.site) == DAY

    def test_a_record_has_no_times(self, story: Story) -> None:
        (story.folder / "list.txt").write_text("rope==1.0\n")
        assert self.changed(story, installed="list.txt") is None

    def test_what_another_python_has_does_not_count(self, story: Story, tmp_path: Path) -> None:
        story.install("rope-1.0", DAY)
        story.touch(story.site, 2 * DAY)
        os.utime(tmp_path, (NOW, NOW))
        (story.site / "more.pth").write_text(f"{tmp_path}\n")
        story.touch(story.site, 2 * DAY)
        assert self.changed(story) == DAY
