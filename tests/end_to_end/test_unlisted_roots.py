"""What came with a package that nobody listed, in environments that pip and uv made."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from workshop import make_wheel

from support import SCRIPTS, clean_environ, reqdrift, run

# Project -> what it requires; `gas` and `hose` need each other.
SHELF = {
    "lantern": ["wick"],
    "wick": [],
    "stove": ["gas", "burner[steel]", "wick"],
    "gas": ["hose"],
    "hose": ["gas"],
    "burner": ["screws", 'alloy; extra == "steel"', 'copper; extra == "old"'],
    "screws": [],
    "alloy": [],
    "mug": ["screws"],
}


class Hut:
    """A project whose environment an installer fills from a folder of wheels."""

    def __init__(self, folder: Path, maker: str) -> None:
        self.folder = folder
        self.maker = maker
        self.wheels = folder / "wheels"
        for name, required in SHELF.items():
            extras = ["Provides-Extra: steel", "Provides-Extra: old"] if name == "burner" else []
            headers = [f"Requires-Dist: {text}" for text in required]
            make_wheel(self.wheels, name, "1.0", *extras, *headers)
        self.file = folder / "requirements.txt"
        self.env = clean_environ(PIP_CONFIG_FILE=os.devnull, UV_NO_CONFIG="1", PIP_NO_COMPILE="1")

    def make(self, name: str, *words: str | Path) -> Path:
        """An environment with what these words of `install` ask for."""
        prefix = self.folder / name
        if self.maker == "uv":
            run(SCRIPTS / "uv", "venv", "-q", prefix, cwd=self.folder, env=self.env)
        else:
            run(SCRIPTS / "virtualenv", "-q", "--no-setuptools", prefix, cwd=self.folder)
        self.install(prefix, *words)
        return prefix

    def install(self, prefix: Path, *words: str | Path) -> None:
        python = prefix / "bin" / "python"
        if self.maker == "uv":
            uv = (SCRIPTS / "uv", "pip", "install", "-q", "--offline", "--python", python)
            command: tuple[str | Path, ...] = uv
        else:
            command = (python, "-m", "pip", "install", "-q")
        words = ("--no-index", "--find-links", self.wheels, *words)
        run(*command, *words, cwd=self.folder, env=self.env)


@pytest.fixture(params=[pytest.param("pip", marks=pytest.mark.long), "uv"])
def hut(project: Path, request: pytest.FixtureRequest) -> Hut:
    """The file lists all of `lantern`; since then somebody has installed `stove` and `mug`."""
    hut = Hut(project, request.param)
    hut.file.write_text("lantern==1.0\nwick==1.0\n")
    prefix = hut.make(".venv", "-r", hut.file)
    assert reqdrift(cwd=project).returncode == 0
    hut.install(prefix, "stove")
    hut.install(prefix, "mug")
    return hut


def test_each_root_is_a_line_and_each_project_a_finding(hut: Hut) -> None:
    done = reqdrift(cwd=hut.folder)
    assert done.returncode == 1
    start = "requirements.txt: extra: "
    why = "1.0 is installed but not listed; nothing needs it"
    assert done.stdout.splitlines()[:2] == [
        f"{start}mug {why}; it brought in 1 more: screws",
        f"{start}stove {why}; it brought in 4 more: alloy, burner, gas, hose",
    ]
    assert done.stdout.splitlines()[2].startswith("drift: 7 extra; ")
    document = json.loads(reqdrift("--format", "json", cwd=hut.folder).stdout)
    assert {f["project"]: f["brought_by"] for f in document["findings"]} == {
        **{name: ["stove"] for name in ("alloy", "burner", "gas", "hose")},
        "screws": ["mug", "stove"],
        "mug": [],
        "stove": [],
    }


@pytest.mark.parametrize("unlisted", ["orphans", "all"])
def test_the_fixed_file_makes_the_same_environment(hut: Hut, unlisted: str) -> None:
    words = ("--unlisted", unlisted)
    assert reqdrift("fix", *words, cwd=hut.folder).returncode == 0
    listed = [line.partition("==")[0] for line in hut.file.read_text().splitlines()]
    roots = ["lantern", "mug", "stove", "wick"]
    assert listed == (roots if unlisted == "orphans" else sorted(SHELF))
    again = hut.make("again", "-r", hut.file)
    assert reqdrift(*words, "--python", again, cwd=hut.folder).returncode == 0
    old, new = (reqdrift("freeze", "--python", p, cwd=hut.folder) for p in (".venv", again))
    assert old.stdout == new.stdout
