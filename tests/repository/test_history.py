"""Which side moved: real repositories, and installs at times of our choosing."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

import reqdrift
from reqdrift.cli import main
from reqdrift.repository.changes import TrackedFile
from reqdrift.repository.history import ask, dated, older_lines
from reqdrift.values.findings import Finding
from support import add_distribution, clean_environ, make_environment, run_git

MINUTE, HOUR, DAY = 60, 3600, 86400
NOW = 1_800_000_000
COMMIT_LENGTH = 7


class Story:
    """A project in git, whose commits and installs happen so many seconds ago."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "requirements.txt"
        self.site = make_environment(folder / ".venv")
        (folder / ".gitignore").write_text(".venv\n")
        run_git("init", "-q", "-b", "main", cwd=folder)

    def git(self, *words: str | Path, ago: float = 0) -> str:
        date = f"@{int(NOW - ago)} +0000"
        env = clean_environ(GIT_COMMITTER_DATE=date, GIT_AUTHOR_DATE=date)
        return run_git(*words, cwd=self.folder, env=env)

    def commit(self, text: str, ago: float, message: str = "a change", name: str = "") -> str:
        """Commit the requirements file; the commit's short id."""
        (self.folder / (name or self.file.name)).write_text(text)
        self.touch(self.folder / (name or self.file.name), ago)
        self.git("add", ".", ago=ago)
        self.git("commit", "-q", "-m", message, ago=ago)
        return self.git("rev-parse", "HEAD")[:COMMIT_LENGTH]

    def install(self, release: str, ago: float, installer: str = "pip") -> Path:
        info = add_distribution(self.site, release, installer=installer)
        self.touch(info / "RECORD", ago)
        return info

    @staticmethod
    def touch(path: Path, ago: float) -> None:
        os.utime(path, (NOW - ago, NOW - ago))

    def found(self, *files: str) -> list[Finding]:
        report = reqdrift.check(files)
        assert report.environment
        asked = ask(report, report.environment)
        return list((dated(report, asked, NOW) if asked else report).findings)

    def told(self, *files: str) -> tuple[str, str]:
        """What is claimed of the only finding."""
        (finding,) = self.found(*files)
        return finding.moved, finding.history

    def older(self) -> set[int]:
        report = reqdrift.check()
        assert report.environment
        return {line for _, line in older_lines(report, report.environment)}


@pytest.fixture
def story(project: Path) -> Story:
    return Story(project)


class TestWhichSide:
    def test_the_environment(self, story: Story) -> None:
        story.commit("rope==1.0\nwick==1.0\n", 21 * DAY)
        story.install("wick-1.0", 20 * DAY)
        story.install("rope-2.0", 10 * MINUTE)
        moved = ("environment", "installed 10 minutes ago, the line is 3 weeks old")
        assert story.told() == moved
        assert story.older() == {1}

    def test_the_file(self, story: Story) -> None:
        story.commit("rope==1.0\nwick==1.0\n", 60 * DAY)
        story.install("rope-1.0", 31 * DAY)
        story.install("wick-1.0", 31 * DAY + 1)
        commit = story.commit("rope==2.0\nwick==1.0\n", 2 * HOUR, "bump rope")
        line = f"the line changed 2 hours ago in {commit} 'bump rope', installed 1 month ago"
        assert story.told() == ("file", line)
        assert story.older() == set()

    def test_a_line_that_is_not_committed_is_newest(self, story: Story) -> None:
        story.commit("rope==1.0\nwick==1.0\n", 60 * DAY)
        story.install("rope-1.0", 5 * DAY)
        story.install("wick-1.0", 1)
        story.file.write_text("wick==1.0\nrope==2.0\n")
        story.touch(story.file, 2)
        assert story.told() == ("file", "the line is not committed yet, installed 5 days ago")
        story.git("add", ".")
        assert story.told()[0] == "file"
        assert story.older() == set()

    def test_a_line_that_is_not_committed_may_be_older_than_the_installation(
        self, story: Story
    ) -> None:
        story.commit("rope==1.0\nwick==1.0\n", 60 * DAY)
        story.install("wick-1.0", 20 * DAY)
        story.file.write_text("rope==2.0\nwick==1.0\n")
        story.touch(story.file, 3 * HOUR)
        story.install("rope-1.0", 10 * MINUTE)
        moved = ("environment", "installed 10 minutes ago, the line is 3 hours old")
        assert story.told() == moved
        assert story.older() == set()  # it is no rule for `fix` to go by

    def test_both_at_once(self, story: Story) -> None:
        story.commit("a==1.0\nb==1.0\nc==1.0\n", 9 * DAY)
        for release, ago in (("a-1.0", 8 * DAY), ("b-1.0", 8 * DAY), ("c-2.0", HOUR)):
            story.install(release, ago)
        story.commit("a==1.0\nb==2.0\nc==1.0\n", DAY)
        assert [(f.project, f.moved) for f in story.found()] == [
            ("b", "file"),
            ("c", "environment"),
        ]

    def test_missing_since_the_line_came(self, story: Story) -> None:
        story.install("rope-1.0", 3 * DAY)
        commit = story.commit("rope==1.0\nwick==1.0\n", 2 * DAY, "add wick")
        line = f"the line changed 2 days ago in {commit} 'add wick'"
        assert story.told() == ("file", f"{line}, the last installation was 3 days ago")

    def test_missing_though_installed_into_since(self, story: Story) -> None:
        story.commit("rope==1.0\nwick==1.0\n", 2 * DAY)
        story.install("rope-1.0", DAY)
        assert story.told() == ("", "")

    def test_extra(self, story: Story) -> None:
        story.commit("rope==1.0\n", 3 * DAY)
        story.install("rope-1.0", 2 * DAY)
        story.install("wick-1.0", HOUR)
        assert story.told() == ("environment", "installed 1 hour ago")
        # Its line may have been deleted since.
        story.commit("rope==1.0\n# less\n", MINUTE)
        assert story.told() == ("", "")

    def test_extra_that_any_file_may_have_listed(self, story: Story) -> None:
        (story.folder / "base.txt").write_text("rope==1.0\nwick==1.0\n")
        story.commit("-r base.txt\n", 3 * DAY)
        story.install("rope-1.0", 2 * DAY)
        story.install("wick-1.0", HOUR)
        assert story.found() == []
        story.commit("rope==1.0\n", MINUTE, name="base.txt")
        assert story.told() == ("", "")

    def test_source(self, story: Story) -> None:
        story.commit("rope==1.0\nwick==1.0\n", 3 * DAY)
        story.install("wick-1.0", 2 * DAY)
        info = story.install("rope-1.0", HOUR)
        (info / "direct_url.json").write_text('{"url": "file:///x", "dir_info": {}}')
        assert story.told()[0] == "environment"

    def test_what_is_about_the_file_alone_has_no_side(self, story: Story) -> None:
        story.commit("rope\nwick==1.0\nwick==1.0\n", 3 * DAY)
        story.install("wick-1.0", 2 * DAY)
        story.install("rope-1.0", HOUR)
        assert {f.kind for f in story.found()} == {"unpinned", "conflict"}
        assert not any(f.moved or f.history for f in story.found())


class TestSilence:
    def test_a_fresh_clone_with_a_fresh_environment(self, story: Story) -> None:
        story.commit("rope==1.0\nwick==1.0\ncord==1.0\n", 21 * DAY)
        for number, release in enumerate(("cord-1.0", "rope-2.0", "wick-2.0", "bag-1.0")):
            story.install(release, 10 * MINUTE - 100 * number)
        assert len(story.found()) == 3
        assert not any(finding.moved for finding in story.found())

    def test_pip_came_long_before_the_rest(self, story: Story) -> None:
        story.commit("rope==1.0\nwick==1.0\n", 21 * DAY)
        for release in ("pip-24.0", "setuptools-65.5.0"):
            story.install(release, HOUR)
        for release in ("rope-2.0", "wick-1.0"):
            story.install(release, MINUTE)
        assert story.found()[0].project == "rope"
        assert not any(finding.moved for finding in story.found())

    def test_nothing_but_pip(self, story: Story) -> None:
        story.commit("setuptools==70.0\nrope==1.0\n", 21 * DAY)
        story.install("setuptools-65.0", MINUTE)
        story.install("pip-24.0", MINUTE - 1)
        assert [finding.moved for finding in story.found()] == ["", ""]

    def test_an_empty_environment(self, story: Story) -> None:
        story.commit("rope==1.0\n", MINUTE)
        assert story.told() == ("", "")

    def test_equal_times(self, story: Story) -> None:
        story.commit("rope==1.0\nwick==1.0\n", 21 * DAY)
        story.install("rope-2.0", DAY)
        story.install("wick-1.0", DAY)
        assert story.told() == ("", "")
        assert story.older() == set()

    def test_times_of_before_the_install(self, story: Story) -> None:
        story.commit("rope==1.0\nwick==1.0\n", 21 * DAY)
        story.install("wick-1.0", 20 * DAY)
        for installer in ("conda", "debian", "rpm"):
            info = story.install("rope-2.0", DAY, installer)
            assert story.told() == ("", "")
            shutil.rmtree(info)

    def test_no_list_of_files(self, story: Story) -> None:
        story.commit("rope==1.0\nwick==1.0\n", 21 * DAY)
        story.install("wick-1.0", 20 * DAY)
        (story.install("rope-2.0", DAY) / "RECORD").unlink()
        assert story.told() == ("", "")

    def test_within_one_second(self, story: Story) -> None:
        story.commit("rope==1.0\nwick==1.0\n", DAY)
        story.install("wick-1.0", 20 * DAY)
        story.install("rope-2.0", DAY - 0.5)
        assert story.told() == ("", "")

    def test_outside_of_git(self, story: Story) -> None:
        story.install("wick-1.0", 20 * DAY)
        story.install("rope-2.0", DAY)
        shutil.rmtree(story.folder / ".git")
        story.file.write_text("rope==1.0\nwick==1.0\n")
        assert story.told() == ("", "")

    def test_without_git(self, story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
        story.commit("rope==1.0\nwick==1.0\n", 21 * DAY)
        story.install("wick-1.0", 20 * DAY)
        story.install("rope-2.0", DAY)
        assert story.told()[0] == "environment"
        monkeypatch.setenv("PATH", str(story.folder))
        assert story.told() == ("", "")


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
    def test_lines_that_end_for_pip_alone_are_not_counted(self, story: Story, mark: str) -> None:
        story.commit(f"a{mark}b\nc\n", 300)
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


class TestReport:
    """What reaches the formats, and when git is started."""

    @pytest.fixture
    def watched(self, story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """A file that is there once git was started."""
        started, real = tmp_path / "started", shutil.which("git")
        (tmp_path / "bin").mkdir()
        (tmp_path / "bin" / "git").write_text(f'#!/bin/sh\n>{started}\nexec {real} "$@"\n')
        (tmp_path / "bin" / "git").chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
        return started

    def test_git_is_started_only_for_drift(self, story: Story, watched: Path) -> None:
        story.commit("rope==1.0\n", DAY)
        watched.unlink(missing_ok=True)
        info = story.install("rope-1.0", HOUR)
        assert main([]) == 0
        assert main(["check", "--unlisted", "orphans"]) == 0
        assert not watched.exists()
        shutil.rmtree(info)
        story.install("rope-2.0", HOUR)
        story.file.write_text("rope==1.0\n")
        assert main([]) == 1
        assert watched.exists()

    def test_no_claim_is_null(self, story: Story, capsys: pytest.CaptureFixture[str]) -> None:
        story.file.write_text("rope==1.0\n")
        story.install("rope-2.0", HOUR)
        assert main(["--format", "json"]) == 1
        (finding,) = json.loads(capsys.readouterr().out)["findings"]
        assert (finding["moved"], finding["history"]) == (None, None)

    @pytest.mark.parametrize("form", ["text", "json", "rich"])
    def test_a_claim_in_every_format(
        self,
        story: Story,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
        form: str,
    ) -> None:
        monkeypatch.setenv("COLUMNS", "200")
        story.commit("rope==1.0\nwick==1.0\n", 21 * DAY)
        story.install("wick-1.0", 20 * DAY)
        story.install("rope-2.0", 10 * DAY)
        words = ["--color", "always"] if form == "rich" else ["--format", form]
        assert main(words) == 1
        out = capsys.readouterr().out
        if form == "json":
            (finding,) = json.loads(out)["findings"]
            assert finding["moved"] == "environment"
            assert finding["history"].startswith("installed ")
        else:
            assert "old: the environment changed last" in out

    @pytest.mark.parametrize("side", ["environment", "file", ""])
    def test_the_likely_way_out_comes_first(
        self, story: Story, capsys: pytest.CaptureFixture[str], side: str
    ) -> None:
        story.commit("rope==1.0\nwick==1.0\n", 21 * DAY)
        story.install("wick-1.0", 20 * DAY)
        story.install("rope-2.0", 10 * DAY if side == "environment" else 20 * DAY - 1)
        if side == "file":
            story.commit("rope==3.0\nwick==1.0\n", DAY)
        assert main(["--format", "text"]) == 1
        hints = [x for x in capsys.readouterr().out.splitlines() if x.startswith("hint: ")]
        fix = "hint: if the environment is right: reqdrift fix"
        plan = "hint: if the file is right: reqdrift plan | sh"
        assert hints == ([fix, plan] if side == "environment" else [plan, fix])


def test_a_commit_that_arrived_after_the_installation(story: Story) -> None:
    # A colleague's commit of three days ago, pulled an hour ago; installed two days ago.
    story.commit("rope==1.0\nwick==1.0\n", 3 * DAY)
    story.touch(story.file, HOUR)
    story.install("wick-1.0", 30 * DAY)
    story.install("rope-2.0", 2 * DAY)
    assert story.told() == ("", "")
    report = reqdrift.check()
    assert report.environment
    assert older_lines(report, report.environment) == frozenset()


def test_ages_in_words(story: Story) -> None:
    story.commit("rope==1.0\nwick==1.0\n", 4000 * DAY)
    story.install("wick-1.0", 3000 * DAY)
    info = story.install("rope-2.0", 0)
    for ago, words in (
        *((-HOUR, "less than a minute"), (0, "less than a minute"), (59, "less than a minute")),
        *((60, "1 minute"), (7199, "1 hour"), (2 * DAY - 1, "1 day"), (14 * DAY, "2 weeks")),
        *((45 * DAY, "1 month"), (364 * DAY, "12 months"), (800 * DAY, "2 years")),
    ):
        story.touch(info / "RECORD", ago)
        assert story.told()[1].startswith(
            f"installed {words} ago, the line is at least 10 years old"
        )
