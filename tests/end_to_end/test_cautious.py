"""`fix --cautious` and `why`, with what pip, uv and git really leave behind."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import pytest
from workshop import make_wheel

from support import SCRIPTS, clean_environ, reqdrift, run, run_git

DAY = 86400
FILE = "rope==1.0\nwick==1.0\n"


class Story:
    """A project in git, cloned from another one, and an environment that one tool installs into."""

    def __init__(self, folder: Path, tool: str = "copy") -> None:
        self.origin, self.folder = folder / "origin", folder / "project"
        self.tool = tool
        self.wheels = folder / "wheels"
        self.env = clean_environ(
            PIP_CONFIG_FILE=os.devnull, UV_NO_CONFIG="1", UV_CACHE_DIR=str(folder / "cache")
        )
        for release in ("rope-1.0", "rope-2.0", "rope-3.0", "wick-1.0", "wick-2.0", "mug-1.0"):
            name, _, version = release.partition("-")
            os.utime(make_wheel(self.wheels, name, version), (0, 315532800))
        self.origin.mkdir()
        run_git("init", "-q", "-b", "main", cwd=self.origin)
        (self.origin / ".gitignore").write_text(".venv\n")
        self.commit(FILE, 90 * DAY, self.origin)
        run_git("clone", "-q", self.origin, self.folder, cwd=folder)
        run(SCRIPTS / "uv", "venv", "-q", ".venv", cwd=self.folder, env=self.env)
        self.pass_time(90 * DAY)

    @property
    def file(self) -> Path:
        return self.folder / "requirements.txt"

    def commit(self, text: str, ago: float, folder: Path | None = None) -> None:
        folder = folder or self.folder
        (folder / "requirements.txt").write_text(text)
        date = f"@{int(time.time() - ago)} +0000"
        env = {**self.env, "GIT_COMMITTER_DATE": date, "GIT_AUTHOR_DATE": date}
        run_git("add", ".", cwd=folder)
        run_git("commit", "-q", "-m", "bump rope", cwd=folder, env=env)
        os.utime(folder / "requirements.txt", (0, time.time() - ago))

    def install(self, *what: str) -> None:
        links = ("-q", "--no-index", "--no-deps", "--find-links", str(self.wheels), *what)
        if self.tool == "pip":
            command = (SCRIPTS / "pip", "--python", ".venv", "install")
            run(*command, *links, cwd=self.folder, env=self.env)
        else:
            mode = ("--link-mode", self.tool, "--python", ".venv")
            run(SCRIPTS / "uv", "pip", "install", *mode, *links, cwd=self.folder, env=self.env)

    def uninstall(self, name: str) -> None:
        words = ("pip", "uninstall", "-q", "--python", ".venv", name)
        run(SCRIPTS / "uv", *words, cwd=self.folder, env=self.env)

    def pass_time(self, seconds: float) -> None:
        """The file and everything in the environment become so much older."""
        site = next((self.folder / ".venv").glob("lib/*/site-packages"))
        for path in (self.file, site, *site.glob("*/RECORD")):
            then = path.stat().st_mtime - seconds
            os.utime(path, (then, then))

    def fixed(self) -> list[str]:
        """The lines after a cautious fix."""
        done = reqdrift("fix", "--cautious", cwd=self.folder, env=self.env)
        assert done.returncode in (0, 1), done.stderr
        return self.file.read_text().splitlines()

    def why(self, name: str) -> list[str]:
        printed = reqdrift("why", name, cwd=self.folder, env=self.env).stdout
        return [line.strip() for line in printed.splitlines() if " last changed " in line]


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return Story(tmp_path.resolve())


@pytest.mark.parametrize(
    "tool", [pytest.param("pip", marks=pytest.mark.long), "copy", "hardlink", "symlink"]
)
def test_either_side(tool: str, tmp_path: Path) -> None:
    story = Story(tmp_path.resolve(), tool)
    # One after the other: equal times of all say nothing.
    story.install("wick==1.0")
    story.install("rope==2.0")
    assert story.fixed() == ["rope==2.0", "wick==1.0"]

    story.pass_time(40 * DAY)
    story.commit("rope==3.0\nwick==1.0\n", 2 * 3600)
    assert story.fixed() == ["rope==3.0", "wick==1.0"]
    # The installation of another project proves nothing.
    story.install("wick==2.0")
    assert story.fixed() == ["rope==3.0", "wick==2.0"]


def test_both_sides(story: Story) -> None:
    story.install("rope==1.0", "wick==1.0")
    story.pass_time(30 * DAY)
    story.commit("rope==1.0\nwick==2.0\n", 5 * DAY)
    story.install("rope==2.0", "mug==1.0")
    assert sorted(story.fixed()) == ["mug==1.0", "rope==2.0", "wick==2.0"]


def test_a_pull_brings_an_old_commit(story: Story) -> None:
    story.commit("rope==3.0\nwick==1.0\n", 5 * DAY, story.origin)
    story.install("rope==2.0", "wick==1.0")
    story.pass_time(2 * DAY)
    run_git("pull", "-q", "--ff-only", cwd=story.folder)
    assert story.fixed() == ["rope==3.0", "wick==1.0"]
    # Another one is installed after the pull.
    story.pass_time(3600)
    story.install("rope==1.0")
    assert story.fixed() == ["rope==1.0", "wick==1.0"]


def test_a_rebase_gives_a_line_a_new_commit(story: Story) -> None:
    story.commit("rope==3.0\nwick==1.0\n", 5 * DAY)
    story.install("rope==2.0", "wick==1.0")
    story.pass_time(2 * DAY)
    (story.origin / "other.txt").write_text("x\n")
    run_git("add", ".", cwd=story.origin)
    run_git("commit", "-q", "-m", "other", cwd=story.origin)
    run_git("pull", "-q", "--rebase", cwd=story.folder)
    assert story.fixed() == ["rope==3.0", "wick==1.0"]


def test_an_uninstallation_deletes_no_line(story: Story) -> None:
    story.install("rope==1.0", "wick==1.0")
    story.pass_time(2 * DAY)
    story.uninstall("rope")
    assert story.fixed() == ["rope==1.0", "wick==1.0"]


def test_why_says_when_each_side_changed(story: Story) -> None:
    story.install("rope==1.0", "wick==1.0")
    story.pass_time(2 * DAY)
    story.commit("rope==1.0\nwick==2.0\n", 5 * DAY)
    before = time.time()
    line, environment = story.why("wick")
    assert re.fullmatch(r"the line last changed (\S+ \S+) in [0-9a-f]{7} 'bump rope'", line), line
    at = time.strptime(" ".join(line.split()[4:6]), "%Y-%m-%d %H:%M:%S")
    assert abs(time.mktime(at) - (before - 5 * DAY)) < 60
    at = time.strptime(" ".join(environment.split()[4:]), "%Y-%m-%d %H:%M:%S")
    assert abs(time.mktime(at) - (before - 2 * DAY)) < 60
    # What is uninstalled leaves no time but that of the folder.
    story.uninstall("rope")
    _, environment = story.why("rope")
    at = time.strptime(" ".join(environment.split()[4:]), "%Y-%m-%d %H:%M:%S")
    assert time.mktime(at) >= int(before)
