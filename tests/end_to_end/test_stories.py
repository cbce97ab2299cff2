"""Whatever drifts, each way out is run: it changes something, and says what it leaves."""

from __future__ import annotations

import json
import random
import re
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from workshop import make_wheel

from support import SCRIPTS, clean_environ, run

UV = SCRIPTS / "uv"
NAMES = (
    *("awning", "basket", "compass", "dagger", "easel", "fender"),
    *("goblet", "hammock", "inkwell", "jigsaw", "kettle", "lantern"),
)
# What is to be done to a source before the command.
_STEP = re.compile(r"(add|remove|change) `([^`]+)` (?:to|in) requirements\.in(?::(\d+))?")
_COMMAND = re.compile(r"(?m)^hint: (.+?): (\S*(?:reqdrift|uv) .+)$")


class Story(NamedTuple):
    """A project of one kind, its environment, and what happens to both."""

    folder: Path
    house: Path
    chance: random.Random
    kind: str

    def run(self, *words: str | Path) -> tuple[int, str, str]:
        """The exit code and both outputs of a program that knows no index but the house."""
        path = f"{SCRIPTS}:/usr/bin:/bin"
        house = {"UV_NO_INDEX": "1", "UV_OFFLINE": "1", "UV_FIND_LINKS": str(self.house)}
        env = clean_environ(PATH=path, UV_NO_CONFIG="1", **house)
        done = run(*words, cwd=self.folder, env=env, check=False)
        return done.returncode, done.stdout, done.stderr

    def installed(self) -> list[str]:
        code, out, err = self.run(UV, "pip", "list", "--format", "json", "--python", ".venv")
        assert code == 0, err
        return [one["name"] for one in json.loads(out)]

    def broken(self) -> set[str]:
        """What `uv pip check` says."""
        _, _, err = self.run(UV, "pip", "check", "--python", ".venv")
        return {line for line in err.splitlines() if " requires " in line}

    def errors(self) -> set[tuple[str, str, str]]:
        _, out, err = self.run("reqdrift", "--python", ".venv", "--format", "json")
        found = json.loads(out or "{}").get("findings")
        assert found is not None, err
        return {(f["kind"], f["project"], f["message"]) for f in found if f["severity"] == "error"}

    def begin(self) -> None:
        """Make the file, and a fresh install of it."""
        tops = self.chance.sample(NAMES[:8], 3)
        file, install = self.folder / "requirements.txt", ("pip", "install", "--python", ".venv")
        pinned = [f"{name}=={self.chance.choice(['1.0', '2.0'])}" for name in tops]
        self.run(UV, "venv", "--python", sys.executable, ".venv")
        if self.kind == "freeze":
            assert self.run(UV, *install, *pinned)[0] == 0
            file.write_text(self.run(UV, "pip", "freeze", "--python", ".venv")[1])
        elif self.kind == "compiled":
            (self.folder / "requirements.in").write_text("".join(f"{name}\n" for name in tops))
            compiling = ("pip", "compile", "requirements.in", "-o", "requirements.txt")
            assert self.run(UV, *compiling)[0] == 0
        else:
            lines = pinned if self.kind == "pins" else [f"{name}>=1.0" for name in tops]
            file.write_text("".join(f"{line}\n" for line in lines))
        assert self.run(UV, *install, "-r", "requirements.txt")[0] == 0

    def drift(self) -> None:
        for _ in range(self.chance.randint(1, 2)):
            there = self.installed()
            absent = [name for name in NAMES if name not in there]
            one = self.chance.choice(there)
            version = self.chance.choice(["1.0", "2.0"])
            words = self.chance.choice(
                (
                    ("install", self.chance.choice(absent or there)),
                    ("uninstall", one),
                    ("install", "--no-deps", f"{one}=={version}"),
                )
            )
            assert self.run(UV, "pip", *words, "--python", ".venv")[0] == 0

    def follow(self, steps: str) -> None:
        """Do what a hint says is to be done to the source."""
        source = self.folder / "requirements.in"
        for what, line, number in _STEP.findall(steps):
            lines = source.read_text().splitlines()
            if what == "add":
                lines.append(line)
            elif what == "remove":
                lines[int(number) - 1] = ""
            else:
                lines[int(number) - 1] = line.partition("=")[0].rstrip("<>!~")
            source.write_text("".join(f"{one}\n" for one in lines))


def make_house(chance: random.Random, folder: Path) -> Path:
    """Each project in two versions, which need different ones of those behind it."""
    for at, name in enumerate(NAMES):
        for version in ("1.0", "2.0"):
            behind = NAMES[at + 1 :]
            needed = chance.sample(behind, min(len(behind), chance.randint(0, 2)))
            make_wheel(folder, name, version, *(f"Requires-Dist: {other}" for other in needed))
    return folder


def unsaid(errors: set[tuple[str, str, str]], said: str) -> list[tuple[str, str, str]]:
    """The errors about projects that no output named, unless it names only the first of them."""
    return [] if re.search(r"and \d+ more", said) else [e for e in errors if e[1] not in said]


@pytest.mark.parametrize("kind", ["freeze", "pins", "ranges", "compiled"])
@pytest.mark.parametrize(
    "seed", [13, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(13))]
)
def test_each_way_out_changes_something_and_says_what_it_leaves(
    seed: int, kind: str, tmp_path: Path
) -> None:
    chance = random.Random(f"{seed} {kind}")  # noqa: S311 - not for secrets
    (tmp_path / "project").mkdir()
    house = make_house(chance, tmp_path / "house")
    story = Story(tmp_path / "project", house, chance, kind)
    story.begin()
    assert {error for error in story.errors() if error[0] != "unpinned"} == set()
    story.drift()
    before, broken = story.errors(), story.broken()
    code, printed, _ = story.run("reqdrift", "--python", ".venv")
    ways = _COMMAND.findall(printed)
    assert bool(before) == (code == 1) and (ways or not before), printed
    saved = shutil.copytree(story.folder, tmp_path / "saved", symlinks=True)

    def restore() -> None:
        shutil.rmtree(story.folder)
        shutil.copytree(saved, story.folder, symlinks=True)

    for purpose, command in ways:
        story.follow(purpose)
        _, out, err = story.run("sh", "-c", command)
        said = f"{purpose}\n{out}\n{err}"
        after = story.errors()
        assert after != before or not before, (printed, command, said)
        # What is installed pins no line.
        left = {error for error in after if error[0] != "unpinned" or " plan " not in command}
        assert not unsaid(left, said), (printed, command, said)
        restore()
    for _ in range(3):
        _, script, err = story.run("reqdrift", "plan", "--python", ".venv", "--uninstall")
        assert story.run("sh", "-c", script)[0] == 0, script
        if "again" not in script:
            break
    assert not unsaid({e for e in story.errors() if e[0] != "unpinned"}, script + err), script
    assert story.broken() <= broken
