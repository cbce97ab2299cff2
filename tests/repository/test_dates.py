"""When lines and environments changed, as real repositories and folders say it."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import pytest

import reqdrift
from dated_repository import DAY, HOUR, MINUTE, NOW, DatedRepository
from reqdrift.repository.dates import Change, changes_of, environment_changed
from support import run_git


@pytest.fixture
def repo(project: Path) -> DatedRepository:
    return DatedRepository(project)


class TestLines:
    def changes(
        self, repo: DatedRepository, *numbers: int, name: str = ""
    ) -> dict[int, tuple[int, str]]:
        """Age and summary of the lines."""
        found = changes_of(str(repo.folder / (name or repo.file.name)), numbers).lines.items()
        return {n: (int(NOW - c.at), c.summary) for n, c in found}

    def test_only_what_is_asked_for(self, repo: DatedRepository) -> None:
        repo.commit("a\nb\nc\n", 300, "first")
        repo.commit("a\nB\nc\n", 200, "second")
        assert self.changes(repo, 1, 2) == {1: (300, "first"), 2: (200, "second")}
        assert self.changes(repo) == {}

    def test_the_files_own_time(self, repo: DatedRepository) -> None:
        repo.commit("a\nb\n", 300)
        repo.commit("a\n", 200)
        repo.commit("x", 100, name="other")
        assert changes_of(str(repo.file), [1]).file == NOW - 200
        repo.file.write_text("a\n\n")
        repo.touch(repo.file, 50)
        assert changes_of(str(repo.file), [1]).file == NOW - 50

    def test_not_committed(self, repo: DatedRepository) -> None:
        commit = repo.commit("a\n", 300)
        repo.file.write_text("a\nb\n")
        known = changes_of(str(repo.file), [1, 2]).lines
        assert known[1] == Change(NOW - 300, commit, "a change")
        assert (known[2].commit, known[2].summary) == ("", "")

    @pytest.mark.parametrize("state", ["untracked", "staged", "new", "outside", "broken", "no git"])
    def test_nothing_is_known(
        self, repo: DatedRepository, monkeypatch: pytest.MonkeyPatch, state: str
    ) -> None:
        if state in ("untracked", "staged"):
            repo.commit("x", 300, name="other")
        elif state != "new":
            repo.commit("a\n", 300)
        repo.file.write_text("a\n")
        if state == "staged":
            repo.git("add", ".")
        elif state == "outside":
            shutil.rmtree(repo.folder / ".git")
        elif state == "broken":
            (repo.folder / ".git" / "HEAD").write_text("nonsense")
        elif state == "no git":
            monkeypatch.setenv("PATH", str(repo.folder))
        assert changes_of(str(repo.file), [1]) == (0, {})

    def test_shallow_clone(self, repo: DatedRepository, tmp_path: Path) -> None:
        repo.commit("a\nb\n", 300)
        repo.commit("a\nB\n", 200)
        repo.commit("a\nB\nc\n", 100)
        url = repo.folder.as_uri()
        # At a depth of 3 git has not seen that nothing came before, and still calls it shallow.
        for depth, expected in ((1, []), (2, [3]), (3, [2, 3]), (4, [1, 2, 3])):
            clone = tmp_path / f"depth{depth}"
            run_git("clone", "-q", "--depth", str(depth), url, clone, cwd=tmp_path)
            found = changes_of(str(clone / "requirements.txt"), [1, 2, 3])
            assert sorted(found.lines) == expected
            assert (found.file == 0) == (not expected)

    def test_merge(self, repo: DatedRepository) -> None:
        repo.commit("a\nb\nc\nd\ne\n", 500, "base")
        repo.git("checkout", "-q", "-b", "side")
        repo.commit("A\nb\nc\nd\ne\n", 400, "side")
        repo.git("checkout", "-q", "main")
        repo.commit("a\nb\nc\nd\nE\n", 300, "main")
        repo.git("merge", "-q", "--no-ff", "-m", "merge", "side", ago=200)
        expected = {1: (400, "side"), 3: (500, "base"), 5: (300, "main")}
        assert self.changes(repo, 1, 3, 5) == expected

    def test_renamed(self, repo: DatedRepository) -> None:
        repo.commit("alpha==1\nbeta==1\ngamma==1\n", 500, "first", name="old.txt")
        repo.git("mv", "old.txt", "requirements.txt")
        repo.git("commit", "-q", "-m", "rename", ago=400)
        assert self.changes(repo, 1) == {1: (500, "first")}

    def test_worktree(self, repo: DatedRepository, tmp_path: Path) -> None:
        repo.commit("a\n", 300, "first")
        repo.git("worktree", "add", "-q", tmp_path / "tree")
        known = changes_of(str(tmp_path / "tree" / "requirements.txt"), [1]).lines
        assert known[1].summary == "first"

    def test_a_link_to_a_file_elsewhere(self, repo: DatedRepository, tmp_path: Path) -> None:
        repo.commit("a\n", 300, "first")
        (tmp_path / "link.txt").symlink_to(repo.file)
        assert changes_of(str(tmp_path / "link.txt"), [1]).lines[1].summary == "first"

    @pytest.mark.parametrize("name", ["-x.txt", ":(top)x.txt", "req[12].txt", "r é'\".txt"])
    def test_odd_names(self, repo: DatedRepository, name: str) -> None:
        repo.commit("x", 400, name="req1.txt")
        repo.commit("a\n", 300, "first", name=name)
        assert self.changes(repo, 1, name=name) == {1: (300, "first")}

    @pytest.mark.parametrize("mark", ["\x0c", "\x0b", "\x85", "\u2028", "\x1c", "\r"])
    @pytest.mark.parametrize("after", ["b", ""])
    def test_lines_that_end_for_pip_alone_are_not_counted(
        self, repo: DatedRepository, mark: str, after: str
    ) -> None:
        repo.commit(f"a{mark}{after}\nc\nd\n", 300)
        if after or mark != "\r":  # with the line feed, it is one end
            assert self.changes(repo, 1, 2) == {}

    def test_windows_line_ends(self, repo: DatedRepository) -> None:
        repo.file.write_bytes(b"a\r\nb\r\n")
        repo.git("add", ".")
        repo.git("commit", "-q", "-m", "first", ago=300)
        assert self.changes(repo, 2) == {2: (300, "first")}

    def test_odd_summaries(self, repo: DatedRepository) -> None:
        repo.commit("a\nb\n", 300, "first \u2028 \x0c\ttwo \x85 é")
        assert set(self.changes(repo, 1, 2)) == {1, 2}

    def test_lines_that_are_not_there(self, repo: DatedRepository) -> None:
        repo.commit("a\n", 300)
        assert self.changes(repo, 7) == {}

    def test_a_users_settings_change_nothing(
        self, repo: DatedRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        repo.commit("a\n", 300, "first")
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
        assert changes_of(str(repo.file), [1]).file == NOW - 300
        assert self.changes(repo, 1) == {1: (300, "first")}

    def test_in_a_hook_of_another_repository(
        self, repo: DatedRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        repo.commit("a\n", 300, "first")
        for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
            monkeypatch.setenv(name, str(tmp_path))
        assert self.changes(repo, 1) == {1: (300, "first")}

    def test_the_index_is_left_alone(self, repo: DatedRepository) -> None:
        repo.commit("a\n", 300)
        index = repo.folder / ".git" / "index"
        repo.file.write_text("a\n")  # stale in the index: a plain `git status` would refresh it
        before = index.read_bytes()
        assert self.changes(repo, 1)
        assert index.read_bytes() == before

    def test_a_process_that_ignores_its_children(self, repo: DatedRepository) -> None:
        repo.commit("a\n", 300, "first")
        before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        try:
            assert self.changes(repo, 1) == {1: (300, "first")}
        finally:
            signal.signal(signal.SIGCHLD, before)


class TestOlderLines:
    """The project's own installation is later than the line's commit and than the file.

    Each repo is what happened, and how many days ago; `rope==1.0` is line 1.
    """

    TEXT = "rope==1.0\nwick==1.0\n"

    @pytest.mark.parametrize(
        ("happened", "older"),
        [
            ("commit 21, wick-1.0 20, rope-2.0 0.01", {1}),
            ("commit 60, rope-1.0 31, wick-1.0 31, bump 0.1", set()),
            # Another project was installed later.
            ("commit 20, rope-2.0 30, wick-1.0 0.01", set()),
            # The line is not committed.
            ("commit 60, wick-1.0 20, edit 0.1, rope-1.0 0.01", set()),
            ("commit 60, wick-1.0 20, edit 0.1, rope-1.0 0.01, add 0", set()),
            # A colleague's commit of three days ago, pulled an hour ago; installed two days ago.
            ("commit 3, touch 0.05, wick-1.0 30, rope-2.0 2", set()),
            # A later commit of another line.
            ("commit 3, wick-1.0 30, rope-2.0 2, more 0.05, touch 3", set()),
            ("commit 2, rope-1.0 1", set()),
            ("commit 3, wick-1.0 2, rope-1.0 0.05, folder 0", {1}),
            # Within a second, and at the same time as another.
            ("commit 1, wick-1.0 20, rope-2.0 0.999994", set()),
            ("commit 21, rope-2.0 1, wick-1.0 1", set()),
            # Times of before the install.
            *((f"commit 21, wick-1.0 20, rope-2.0 1 {by}", set()) for by in ("conda", "rpm")),
            ("commit 21, wick-1.0 20, rope-2.0 1, no-record 0", set()),
            ("commit 21, wick-1.0 20, rope-2.0 1, no-record 0, egg-record 1", {1}),
        ],
    )
    def test_what_happened(self, repo: DatedRepository, happened: str, older: set[int]) -> None:
        info = repo.folder
        for step in happened.split(", "):
            what, days, *by = step.split()
            ago = float(days) * DAY
            if what in ("commit", "bump", "more"):
                text = self.TEXT.replace("1.0", "2.0", 1) if what == "bump" else self.TEXT
                repo.commit(text + "# more\n" * (what == "more"), ago)
            elif what == "edit":
                repo.file.write_text(self.TEXT.replace("1.0", "2.0", 1))
                repo.touch(repo.file, ago)
            elif what == "add":
                repo.git("add", ".")
            elif what == "touch":
                repo.touch(repo.file, ago)
            elif what == "folder":
                (info / "direct_url.json").write_text('{"url": "file:///x", "dir_info": {}}')
            elif what == "no-record":
                (info / "RECORD").unlink()
            elif what == "egg-record":
                (info / "installed-files.txt").touch()
                repo.touch(info / "installed-files.txt", ago)
            else:
                info = repo.install(what, ago, *by)
        assert repo.older() == older

    def test_without_git(self, repo: DatedRepository, monkeypatch: pytest.MonkeyPatch) -> None:
        repo.commit(self.TEXT, 21 * DAY)
        repo.install("rope-2.0", DAY)
        monkeypatch.setenv("PATH", str(repo.folder))
        assert repo.older() == set()


class TestEnvironment:
    def changed(
        self, repo: DatedRepository, path: Path | None = None, installed: str = ""
    ) -> float | None:
        """How long ago the environment changed."""
        repo.file.write_text("rope==1.0\n")
        if installed:
            report = reqdrift.check(installed=installed, python_version="3.11", platform="linux")
            environment = report.environment
        else:
            environment = reqdrift.check(path=path).environment
        assert environment
        at = environment_changed(environment)
        return None if at is None else NOW - at

    def test_an_installation(self, repo: DatedRepository) -> None:
        repo.install("rope-1.0", DAY)
        repo.install("wick-1.0", HOUR)
        repo.touch(repo.site, 2 * DAY)
        assert self.changed(repo) == HOUR

    def test_an_uninstallation(self, repo: DatedRepository) -> None:
        repo.install("rope-1.0", DAY)
        repo.touch(repo.site, MINUTE)
        assert self.changed(repo) == MINUTE

    def test_a_folder(self, repo: DatedRepository) -> None:
        repo.install("rope-1.0", DAY)
        repo.touch(repo.site, 2 * DAY)
        assert self.changed(repo, repo.site) == DAY

    def test_a_record_has_no_times(self, repo: DatedRepository) -> None:
        (repo.folder / "list.txt").write_text("rope==1.0\n")
        assert self.changed(repo, installed="list.txt") is None

    def test_what_another_python_has_does_not_count(
        self, repo: DatedRepository, tmp_path: Path
    ) -> None:
        repo.install("rope-1.0", DAY)
        repo.touch(repo.site, 2 * DAY)
        os.utime(tmp_path, (NOW, NOW))
        (repo.site / "more.pth").write_text(f"{tmp_path}\n")
        repo.touch(repo.site, 2 * DAY)
        assert self.changed(repo) == DAY
