"""Which side moved, told of what pip and uv really installed."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from workshop import make_wheel

from support import SCRIPTS, clean_environ, reqdrift, run, run_git

DAY = 86400


class Story:
    """A project in git, and an environment that one tool installs into."""

    def __init__(self, folder: Path, tool: str) -> None:
        self.folder = folder / "project"
        self.tool = tool
        self.wheels = folder / "wheels"
        self.env = clean_environ(
            PIP_CONFIG_FILE=os.devnull, UV_NO_CONFIG="1", UV_CACHE_DIR=str(folder / "cache")
        )
        for release in ("rope-1.0", "rope-2.0", "wick-1.0", "wick-2.0", "mug-1.0"):
            name, _, version = release.partition("-")
            wheel = make_wheel(self.wheels, name, version)
            os.utime(wheel, (0, 315532800))
        self.folder.mkdir()
        run(SCRIPTS / "uv", "venv", "-q", ".venv", cwd=self.folder, env=self.env)
        run_git("init", "-q", cwd=self.folder)
        (self.folder / ".gitignore").write_text(".venv\n")

    def commit(self, text: str, ago: float) -> None:
        (self.folder / "requirements.txt").write_text(text)
        date = f"@{int(time.time() - ago)} +0000"
        env = {**self.env, "GIT_COMMITTER_DATE": date, "GIT_AUTHOR_DATE": date}
        run_git("add", ".", cwd=self.folder)
        run_git("commit", "-q", "-m", "bump rope", cwd=self.folder, env=env)
        os.utime(self.folder / "requirements.txt", (0, time.time() - ago))

    def install(self, *what: str) -> None:
        links = ("-q", "--no-index", "--no-deps", "--find-links", str(self.wheels), *what)
        if self.tool == "pip":
            command = (SCRIPTS / "pip", "--python", ".venv", "install")
            run(*command, *links, cwd=self.folder, env=self.env)
        else:
            mode = ("--link-mode", self.tool, "--python", ".venv")
            run(SCRIPTS / "uv", "pip", "install", *mode, *links, cwd=self.folder, env=self.env)

    def pass_time(self, seconds: float) -> None:
        """Everything in the environment becomes so much older."""
        for path in (self.folder / ".venv" / "lib").rglob("RECORD"):
            then = path.stat().st_mtime - seconds
            os.utime(path, (then, then))

    def told(self) -> tuple[str | None, str | None]:
        done = reqdrift("--format", "json", cwd=self.folder, env=self.env)
        (finding,) = json.loads(done.stdout)["findings"]
        assert (finding["kind"], finding["project"]) == ("version", "rope")
        return finding["moved"], finding["history"]


@pytest.mark.parametrize(
    "tool", [pytest.param("pip", marks=pytest.mark.long), "copy", "hardlink", "symlink"]
)
def test_either_side(tool: str, tmp_path: Path) -> None:
    story = Story(tmp_path.resolve(), tool)
    story.commit("rope==1.0\nwick==1.0\n", 22 * DAY)
    # A fresh clone with a fresh environment that is wrong from the start tells nothing.
    story.install("rope==2.0", "wick==1.0")
    assert story.told() == (None, None)
    story.install("rope==1.0")
    assert reqdrift(cwd=story.folder, env=story.env).returncode == 0

    story.pass_time(20 * DAY)
    story.install("rope==2.0")
    side = "environment", "installed less than a minute ago, the line is 3 weeks old"
    assert story.told() == side

    story.install("rope==1.0")
    story.pass_time(40 * DAY)
    story.commit("rope==2.0\nwick==1.0\n", 2 * 3600)
    moved, history = story.told()
    assert moved == "file"
    assert history
    assert history.startswith("the line changed 2 hours ago in ")
    assert history.endswith(" 'bump rope', installed 1 month ago")
    hints = [x for x in reqdrift(cwd=story.folder).stdout.splitlines() if x.startswith("hint")]
    assert "reqdrift plan | sh" in hints[0]
    assert "reqdrift fix" in hints[1]


def split(story: Story) -> list[str]:
    """The file asks for another wick since five days; rope is another, and mug new, since today."""
    story.commit("rope==1.0\nwick==1.0\n", 60 * DAY)
    story.install("rope==1.0", "wick==1.0")
    story.pass_time(30 * DAY)
    story.commit("rope==1.0\nwick==2.0\n", 5 * DAY)
    story.install("rope==2.0", "mug==1.0")
    return hints(story)


def hints(story: Story) -> list[str]:
    printed = reqdrift(cwd=story.folder, env=story.env).stdout.splitlines()
    return [line.rpartition(": ")[2] for line in printed if line.startswith("hint: ")]


def test_both_sides(tmp_path: Path) -> None:
    """The hints, one after the other, lose nothing that either side changed."""
    story = Story(tmp_path.resolve(), "copy")
    first, second = split(story)
    assert (first, second) == ("reqdrift fix --cautious", "reqdrift plan | sh")
    path = f"{SCRIPTS}:{os.environ['PATH']}"
    env = {**story.env, "PATH": path, "UV_NO_INDEX": "1", "UV_FIND_LINKS": str(story.wheels)}
    run("sh", "-c", first, cwd=story.folder, env=env, check=False)  # 1: wick is not fixed
    text = (story.folder / "requirements.txt").read_text()
    assert text.split() == ["mug==1.0", "rope==2.0", "wick==2.0"]
    run("sh", "-c", second, cwd=story.folder, env=env)
    assert reqdrift(cwd=story.folder, env=env).stdout.startswith("clean; ")


@pytest.mark.parametrize("why", ["generated", "uncommitted", "nearby"])
def test_both_sides_where_a_cautious_fix_is_refused(tmp_path: Path, why: str) -> None:
    """A plan after it would undo what the environment changed."""
    story = Story(tmp_path.resolve(), "copy")
    split(story)
    if why == "nearby":
        (story.folder / "requirements-dev.txt").write_text("mug\n")
    else:
        file = story.folder / "requirements.txt"
        start = "# generated by pip-compile\n" if why == "generated" else ""
        changed = "rope==0.9\n" if why == "uncommitted" else "rope==1.0\n"
        then = file.stat().st_mtime
        file.write_text(f"{start}{changed}wick==2.0\n")
        os.utime(file, (then, then))
    assert "reqdrift fix --cautious" not in hints(story)
