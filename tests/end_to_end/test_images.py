"""The commands of docs/records.md that check an image, and what they find."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from containers import make_docker
from reqdrift import reqdrift_inspect
from support import REPOSITORY, SCRIPTS, add_distribution, clean_environ, run

PAGE = (REPOSITORY / "docs" / "records.md").read_text()
SECTION = PAGE.partition("\n## Images\n")[2].partition("\n## ")[0]
BY_PIP, BY_FILE = re.findall(r"^\$ (docker run .*)$", SECTION, re.M)
BY_ENTRYPOINT = BY_FILE.replace("IMAGE python -", "--entrypoint python IMAGE -")
WRONG = "requirements.txt:1: version: lantern 0.1 is installed, but the file says lantern==0.2"


class Image:
    """A project, and a virtualenv that is the environment of an image."""

    def __init__(self, folder: Path, *options: str) -> None:
        run(sys.executable, "-m", "venv", *options, "env", cwd=folder)
        (site,) = (folder / "env").glob("lib/*/site-packages")
        add_distribution(site, "lantern-0.1", requires=["wick"])
        add_distribution(site, "wick-1.0")
        docker = make_docker(folder / "docker", folder / "env")
        shutil.copy(str(reqdrift_inspect.__file__), folder / "reqdrift_inspect.py")
        self.folder = folder
        self.env = clean_environ(PATH=f"{docker}:{SCRIPTS}:/usr/bin:/bin")

    def run(self, command: str, text: str) -> subprocess.CompletedProcess[str]:
        """A command of the page, with that requirements file."""
        (self.folder / "requirements.txt").write_text(text)
        return run("bash", "-c", command, cwd=self.folder, env=self.env, check=False)


@pytest.fixture
def image(tmp_path: Path) -> Image:
    return Image(tmp_path)


@pytest.fixture
def without_pip(tmp_path: Path) -> Image:
    return Image(tmp_path, "--without-pip")


@pytest.mark.parametrize("command", [BY_PIP, BY_FILE, BY_ENTRYPOINT])
def test_a_record_of_an_image(image: Image, command: str) -> None:
    """`wick` may be unlisted: what needs it, and the markers' values, are in the record."""
    done = image.run(command, "lantern==0.1; python_full_version > '3'\n")
    assert (done.returncode, done.stderr) == (0, "")
    done = image.run(command, "lantern==0.2\n")
    assert (done.returncode, done.stdout.splitlines()[0]) == (1, WRONG)


def test_an_image_without_pip(without_pip: Image) -> None:
    done = without_pip.run(BY_FILE, "lantern==0.2\n")
    assert (done.returncode, done.stdout.splitlines()[0]) == (1, WRONG)
    done = without_pip.run(BY_PIP, "lantern==0.2\n")
    assert done.returncode == 3
    assert "standard input: it is empty" in done.stderr


def test_without_i_the_record_is_empty(without_pip: Image) -> None:
    assert " -i " in BY_FILE
    done = without_pip.run(BY_FILE.replace(" -i ", " "), "lantern==0.1\n")
    assert done.returncode == 3
    assert "standard input: it is empty" in done.stderr
