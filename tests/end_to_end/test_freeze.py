"""`reqdrift freeze` in environments of each maker: as pip and uv freeze, and clean at once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from workshop import Workshop, open_workshop

from reqdrift.standards import canonical_name
from support import SCRIPTS, clean_environ, interpreters, reqdrift, run, run_git

# The oldest Python that each maker of environments can serve, together with the pip that freezes.
FLOORS = {"venv": (3, 8), "virtualenv": (3, 9), "uv": (3, 10)}


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    with open_workshop(tmp_path_factory.mktemp("workshop").resolve()) as made:
        yield made


def choose_interpreter(maker: str, age: str) -> str:
    """One of at least three Pythons: the oldest, one in the middle, the newest."""
    found = {tuple(map(int, minor.split("."))): path for minor, path in interpreters().items()}
    usable = sorted(minor for minor in found if minor >= FLOORS[maker])
    if len(usable) < 3:
        reason = f"{maker} needs three Pythons to be tried on, this machine has {len(usable)}"
        if os.environ.get("REQDRIFT_TEST_JOB"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found[{"oldest": usable[0], "middle": usable[len(usable) // 2]}.get(age, usable[-1])]


class Room:
    """A folder with an environment in `.venv`, made by venv, virtualenv or uv."""

    def __init__(self, folder: Path, maker: str, python: str, workshop: Workshop) -> None:
        self.folder, self.maker, self.workshop = folder, maker, workshop
        folder.mkdir()
        run_git("init", "--quiet", cwd=folder)
        env = clean_environ(PIP_CONFIG_FILE=os.devnull, UV_NO_CONFIG="1")
        env["UV_CACHE_DIR"] = str(folder.parent / "cache")
        self.env = {k: v for k, v in env.items() if k != "PYTHONDONTWRITEBYTECODE"}
        commands: dict[str, tuple[str | Path, ...]] = {
            "venv": (python, "-m", "venv", ".venv"),
            "virtualenv": (SCRIPTS / "virtualenv", "--quiet", "--python", python, ".venv"),
            "uv": (SCRIPTS / "uv", "venv", "--quiet", "--python", python, ".venv"),
        }
        run(*commands[maker], cwd=folder, env=self.env)

    def pip(self, *words: str | Path) -> str:
        """The environment's own pip, or ours for one without."""
        own = (self.folder / ".venv/bin/python", "-m", "pip")
        command = (SCRIPTS / "pip", "--python", ".venv") if self.maker == "uv" else own
        return run(*command, *words, cwd=self.folder, env=self.env).stdout

    def uv(self, verb: str, *words: str | Path) -> str:
        command = (SCRIPTS / "uv", "pip", verb, "--python", ".venv")
        return run(*command, *words, cwd=self.folder, env=self.env).stdout

    def install(self, *what: str | Path) -> None:
        install = self.uv if self.maker == "uv" else self.pip
        install("install", "-q", "--no-index", "--find-links", self.workshop.wheelhouse, *what)

    def freeze(self) -> str:
        done = reqdrift("freeze", cwd=self.folder)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    def check_clean(self, freeze: str) -> None:
        """Every kind of source is there and is looked at, and nothing is started."""
        (self.folder / "requirements.txt").write_text(freeze)
        done = reqdrift(cwd=self.folder)
        assert done.returncode == 0, done.stdout
        begin, _, end = done.stdout.partition(" requirements in requirements.txt: ")
        assert int(begin.removeprefix("clean; ")) >= 9
        assert ", 0 skipped;" in end
        assert "interpreter started" not in end


def meaning(freeze: str) -> dict[str, str]:
    """What a freeze says of each project, in whichever way it says it.

    pip knows an editable by its remote or its path, uv by its path: the folder's name is the
    project's in all these tests. A hash is more than uv says. pip leaves out setuptools and wheel.
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
        if name not in ("pip", "setuptools", "wheel"):
            assert canonical_name(name) not in said
            said[canonical_name(name)] = what
    return said


@pytest.mark.parametrize(
    "age", [*(pytest.param(age, marks=pytest.mark.long) for age in ("oldest", "middle")), "newest"]
)
@pytest.mark.parametrize(
    "maker", [*(pytest.param(m, marks=pytest.mark.long) for m in ("venv", "virtualenv")), "uv"]
)
def test_a_freeze_is_as_that_of_pip_and_uv_and_clean_at_once(
    maker: str, age: str, tmp_path: Path, workshop: Workshop
) -> None:
    python = choose_interpreter(maker, age)
    room = Room(tmp_path.resolve() / "room", maker, python, workshop)
    room.install(*workshop.references())
    freeze = room.freeze()
    for other in (room.pip("freeze"), room.uv("freeze")):
        assert meaning(other) == meaning(freeze)
        room.check_clean(other)
    room.check_clean(freeze)


@pytest.mark.long  # everything is installed twice
@pytest.mark.parametrize("maker", ["virtualenv", "uv"])
def test_a_freeze_makes_the_same_again(maker: str, tmp_path: Path, workshop: Workshop) -> None:
    python = choose_interpreter(maker, "newest")
    room = Room(tmp_path.resolve() / "room", maker, python, workshop)
    room.install(*workshop.references())
    freeze = room.freeze()
    again = Room(tmp_path.resolve() / "again", maker, python, workshop)
    (again.folder / "freeze.txt").write_text(freeze)
    again.install("-r", "freeze.txt")
    # Whether a hash is known of a local file is the installer's affair.
    assert meaning(again.freeze()) == meaning(freeze)
    again.check_clean(freeze)
