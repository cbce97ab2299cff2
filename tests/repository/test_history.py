"""Which side moved: real repositories, and installs at times of our choosing."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

import reqdrift
from reqdrift.cli import main
from reqdrift.repository.history import older_lines
from story import DAY, HOUR, MINUTE, Story


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


class TestReport:
    """What reaches the formats, and when git is started."""

    @pytest.fixture
    def watched(self, story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """A file that is there once git was started."""
        started, real = tmp_path / "started", shutil.which("git")
        (tmp_path / "bin").mkdir()
        (tmp_path / "bin" / "git").write_text(
            f'#!/bin/sh\necho "$@" >>{started}\nexec {real} "$@"\n'
        )
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

    def test_no_line_is_dated_where_no_age_decides_anything(
        self, story: Story, watched: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        story.commit("rope==1.0\nwick==1.0\n", 3 * DAY)
        story.install("rope-2.0", HOUR)
        story.install("wick-2.0", HOUR - 1)
        watched.unlink()
        assert main([]) == 1
        started = watched.read_text()
        assert len(started.splitlines()) == 2
        assert {" status ", " log "} <= {word for word in (" status ", " log ") if word in started}
        # An uncommitted line may be newer.
        story.file.write_text("rope==1.0\nwick==3.0\n")
        story.touch(story.file, MINUTE)
        assert main([]) == 1
        assert " blame " in watched.read_text()
        assert "the line is not committed yet" in capsys.readouterr().out

    def test_git_is_asked_nothing_of_what_is_about_the_file_alone(
        self, story: Story, watched: Path
    ) -> None:
        story.commit("rope>=1.0\n", DAY)
        story.install("rope-1.0", HOUR)
        watched.unlink()
        assert main(["--quiet"]) == 1
        assert not watched.exists()
        assert main([]) == 1
        assert len(watched.read_text().splitlines()) == 1  # whether the file is as committed

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
