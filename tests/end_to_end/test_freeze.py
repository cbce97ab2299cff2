"""`reqdrift freeze`: as pip and uv freeze, and good for making the same environment again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from workshop import Workshop, open_workshop

from reqdrift.standards import canonical_name
from support import (
    SCRIPTS,
    clean_environ,
    findings,
    interpreters,
    reqdrift,
    run,
)

# Pythons whose setuptools still installs by itself.
LEGACY = ("3.7", "3.6", "3.8")


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    with open_workshop(tmp_path_factory.mktemp("workshop").resolve()) as made:
        yield made


class Room:
    """A folder with an environment in `.venv`, filled by pip or by uv."""

    def __init__(self, folder: Path, maker: str, workshop: Workshop) -> None:
        self.folder = folder
        self.maker = maker
        self.workshop = workshop
        self.python = folder / ".venv" / "bin" / "python"
        folder.mkdir(parents=True)
        env = clean_environ(PIP_CONFIG_FILE=os.devnull, UV_NO_CONFIG="1")
        env["UV_CACHE_DIR"] = str(folder.parent / "cache")
        self.env = {k: v for k, v in env.items() if k != "PYTHONDONTWRITEBYTECODE"}
        words = ("virtualenv", "--no-setuptools") if maker == "pip" else ("uv", "venv")
        run(SCRIPTS / words[0], *words[1:], "-q", ".venv", cwd=folder, env=self.env)

    def pip(self, *words: str | Path) -> str:
        command: tuple[str | Path, ...] = (self.python, "-m", "pip")
        if self.maker == "uv":
            command = (SCRIPTS / "pip", "--python", self.folder / ".venv")
        return run(*command, *words, cwd=self.folder, env=self.env).stdout

    def uv(self, verb: str, *words: str | Path) -> str:
        command = (SCRIPTS / "uv", "pip", verb, "--python", self.python)
        return run(*command, *words, cwd=self.folder, env=self.env).stdout

    def install(self, *what: str | Path) -> None:
        links = ("-q", "--no-index", "--find-links", self.workshop.wheelhouse)
        if self.maker == "pip":
            self.pip("install", *links, *what)
        else:
            self.uv("install", *links, *what)

    def freeze(self) -> str:
        done = reqdrift("freeze", cwd=self.folder)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout


@pytest.fixture(params=[pytest.param("pip", marks=pytest.mark.long), "uv"])
def room(request: pytest.FixtureRequest, workshop: Workshop, tmp_path: Path) -> Room:
    """One of each kind is installed."""
    room = Room(tmp_path.resolve() / "room", request.param, workshop)
    room.install(*workshop.references())
    return room


def meaning(freeze: str) -> dict[str, str]:
    """What a freeze says of each project, in whichever way it says it.

    pip knows an editable by its remote or its path, uv by its path: the folder's name is the
    project's in all these tests. A hash is more than uv says.
    """
    said: dict[str, str] = {}
    for line in freeze.splitlines():
        if line.startswith("#"):
            continue
        if line.startswith("-e "):
            name = line.partition("#egg=")[2] or line.rstrip("/").rpartition("/")[2]
            what = "editable"
        elif " @ " in line:
            name, _, url = line.partition(" @ ")
            what = unquote(url.partition("#")[0])
        else:
            name, _, what = line.partition("==")
        assert canonical_name(name) not in said
        said[canonical_name(name)] = what
    return said


@pytest.mark.long  # everything is installed twice
def test_is_what_pip_and_uv_say_and_makes_the_same_again(room: Room, tmp_path: Path) -> None:
    freeze = room.freeze()
    assert len(freeze.splitlines()) == 9
    assert meaning(freeze) == meaning(room.pip("freeze"))
    assert meaning(freeze) == meaning(room.uv("freeze", "--exclude", "pip"))
    assert sorted(freeze.splitlines(), key=str.lower) == [
        *(line for line in freeze.splitlines() if line.startswith("-e ")),
        *(line for line in freeze.splitlines() if not line.startswith("-e ")),
    ]
    for again in ("pip", "uv"):
        other = Room(tmp_path.resolve() / again, again, room.workshop)
        (other.folder / "requirements.txt").write_text(freeze)
        other.install("-r", "requirements.txt")
        assert findings(other.folder) == []
        assert reqdrift(cwd=other.folder).returncode == 0
        # Whether a hash is known of a local file is the installer's affair.
        assert meaning(other.freeze()) == meaning(freeze)


def test_what_setup_py_installed(tmp_path: Path) -> None:
    python = next((found for v in LEGACY if (found := interpreters().get(v))), None)
    if python is None:
        pytest.skip(f"needs one of Python {', '.join(LEGACY)}")
    folder = tmp_path.resolve()
    run(python, "-m", "venv", "--without-pip", ".venv", cwd=folder)
    code = "import os, setuptools; print(os.path.dirname(os.path.dirname(setuptools.__file__)))"
    env = clean_environ(PYTHONPATH=run(python, "-c", code, cwd=folder).stdout.strip())
    installs = {
        "pot": ("install", "--single-version-externally-managed", "--record", "files"),
        "pan": ("develop", "--no-deps"),
    }
    for name, words in installs.items():
        (folder / name).mkdir()
        text = f"from setuptools import setup\nsetup(name='{name}', version='1.0', py_modules=[])\n"
        (folder / name / "setup.py").write_text(text)
        interpreter = folder / ".venv" / "bin" / "python"
        run(interpreter, "setup.py", "-q", *words, cwd=folder / name, env=env)
    (site,) = (folder / ".venv").glob("lib/python3*/site-packages")
    assert list(site.glob("pot-1.0*.egg-info"))
    assert list(site.glob("pan.egg-link"))

    freeze = reqdrift("freeze", cwd=folder).stdout
    assert freeze == f"-e {(folder / 'pan').as_uri()}#egg=pan\npot==1.0\n"
    (folder / "requirements.txt").write_text(freeze)
    assert findings(folder) == []
