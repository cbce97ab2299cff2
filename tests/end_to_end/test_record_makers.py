"""Records that real tools write of one environment: each gives the verdict of the environment."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from support import SCRIPTS, clean_environ, reqdrift, run

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

    def verdicts(self, *words: str | Path) -> list[tuple[str, str]]:
        """What the command finds with each file: one that lists all, and two that do not."""
        return [self.checked(file, *words) for file in ("all.txt", "less.txt", "other.txt")]

    def checked(self, file: str, *words: str | Path) -> tuple[str, str]:
        done = reqdrift(file, "--format", "json", "--unlisted", "all", *words, cwd=self.folder)
        report = json.loads(done.stdout)
        assert report["errors"] == []
        found = (f"{f['kind']} {f['project']}" for f in report["findings"])
        return report["verdict"], ", ".join(sorted(found))


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
    ("clean", ""),
    ("drift", "extra idna"),
    ("drift", "missing absent, version six"),
]
PIP = (".venv/bin/python", "-m", "pip", "--disable-pip-version-check")
TOOLS: dict[str, tuple[str | Path, ...]] = {
    "pip inspect": (*PIP, "inspect"),
    "pip list": (*PIP, "list", "--format", "json"),
    "pip freeze": (*PIP, "freeze"),
    "uv pip list": (UV, "pip", "list", "--python", ".venv", "--format", "json"),
    "reqdrift inspect": (SCRIPTS / "reqdrift", "inspect", "all.txt"),
    "reqdrift freeze": (SCRIPTS / "reqdrift", "freeze", "all.txt"),
}


@pytest.mark.parametrize("tool", TOOLS)
def test_each_tool(tool: str, made: Made) -> None:
    record = made.write(tool, *TOOLS[tool])
    assert made.verdicts() == EXPECTED
    assert made.verdicts("--installed", record, "--python-version", VERSION) == EXPECTED


def test_an_editable_without_a_name(made: Made) -> None:
    """uv prints its path only: the project there has the name."""
    record = made.write("uv freeze", UV, "pip", "freeze", "--python", ".venv")
    assert "-e file://" in record.read_text()
    assert made.verdicts("--installed", record, "--python-version", VERSION) == EXPECTED


@pytest.mark.parametrize("lines", ["json", "freeze"])
def test_from_a_pipe(lines: str, made: Made) -> None:
    """`docker run IMAGE pip inspect | reqdrift --installed -`, without the container."""
    what = "inspect" if lines == "json" else "freeze"
    pipe = f"{' '.join(PIP)} {what} | {SCRIPTS}/reqdrift all.txt --installed -"
    command = ["bash", "-o", "pipefail", "-c", f"{pipe} --python-version {VERSION}"]
    done = subprocess.run(command, cwd=made.folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "in standard input" in done.stdout


@pytest.mark.long
@pytest.mark.parametrize("version", ["23.0.1", "24.0", "25.0"])
def test_pip_of_any_age(version: str, made: Made, tmp_path: Path) -> None:
    install = (UV, "pip", "install", "-q", "--python", ".venv", "--target", tmp_path)
    run(*install, f"pip=={version}", cwd=made.folder)
    command = ("env", f"PYTHONPATH={tmp_path}", *PIP)
    for words in ("inspect", "list --format json", "freeze"):
        record = made.write(f"pip {version} {words}", *command, *words.split())
        assert made.verdicts("--installed", record, "--python-version", VERSION) == EXPECTED
