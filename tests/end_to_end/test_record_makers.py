"""Records that real tools write of one environment: each gives the verdict of the environment."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from support import SCRIPTS, clean_environ, findings, run

# pip of several versions is installed.
pytestmark = pytest.mark.long

UV = SCRIPTS / "uv"
VERSION = "{}.{}".format(*sys.version_info[:2])


class Made(NamedTuple):
    """A project and its environment."""

    folder: Path

    def write(self, name: str, *command: str | Path) -> Path:
        """A record: what a command prints."""
        path = self.folder / name
        path.write_text(run(*command, cwd=self.folder, env=clean_environ()).stdout)
        return path

    def verdicts(self, *words: str | Path) -> list[list[tuple[str, str, int | None]]]:
        """What the command finds with each file: one that lists all, and two that do not."""
        files = ("all.txt", "less.txt", "other.txt")
        return [findings(self.folder, file, "--unlisted", "all", *words) for file in files]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("made").resolve()
    run(UV, "venv", "-q", "--python", sys.executable, ".venv", cwd=folder)
    app = folder / "app"
    app.mkdir()
    (app / "pyproject.toml").write_text(
        '[project]\nname = "app"\nversion = "1.0"\n'
        '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
        "[tool.hatch.build.targets.wheel]\nbypass-selection = true\n"
    )
    install = (UV, "pip", "install", "-q", "--python", ".venv")
    run(*install, "pip", "six==1.16.0", "idna==3.7", "-e", "./app", cwd=folder)
    (folder / "all.txt").write_text("six==1.16.0\nidna==3.7\n-e ./app\n")
    (folder / "less.txt").write_text("six==1.16.0\n-e ./app\n")
    (folder / "other.txt").write_text("six==1.17.0\nidna==3.7\nabsent==1.0\n-e ./app\n")
    return Made(folder)


EXPECTED = [
    [],
    [("extra", "idna", None)],
    [("version", "six", 1), ("missing", "absent", 3)],
]
UV_PIP = (UV, "pip")
# uv's freeze has an editable by its path alone: the project there has the name.
TOOLS: dict[str, tuple[str | Path, ...]] = {
    "uv pip list": (*UV_PIP, "list", "--python", ".venv", "--format", "json"),
    "uv pip freeze": (*UV_PIP, "freeze", "--python", ".venv"),
    "reqdrift freeze": (SCRIPTS / "reqdrift", "freeze", "all.txt"),
}


@pytest.mark.parametrize("tool", TOOLS)
def test_each_tool(tool: str, made: Made) -> None:
    assert made.verdicts() == EXPECTED
    record = made.write(tool, *TOOLS[tool])
    assert made.verdicts("--installed", record, "--python-version", VERSION) == EXPECTED


@pytest.mark.parametrize("version", ["23.0.1", "24.0", "25.0"])
def test_pip_of_any_age(version: str, made: Made, tmp_path: Path) -> None:
    install = (*UV_PIP, "install", "-q", "--python", ".venv", "--target", tmp_path)
    run(*install, f"pip=={version}", cwd=made.folder)
    command = ("env", f"PYTHONPATH={tmp_path}", ".venv/bin/python", "-m", "pip")
    for words in ("inspect", "list --format json", "freeze"):
        record = made.write(f"pip {version} {words}", *command, *words.split())
        assert made.verdicts("--installed", record, "--python-version", VERSION) == EXPECTED
