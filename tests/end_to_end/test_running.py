"""A reqdrift that is installed in an environment: is that one the project's?"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from workshop import make_wheel

from support import SCRIPTS, clean_environ, run, run_git

FILE = "lantern==1.0\nwhistle==1.0\nsix==1.16.0\n"
BARE_PATH = "/usr/bin:/bin"
RUNNING = "the environment that reqdrift runs in"


@pytest.fixture(scope="module")
def with_reqdrift(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    """An environment in which nothing but reqdrift is installed."""
    folder = tmp_path_factory.mktemp("made")
    run(SCRIPTS / "uv", "venv", "--quiet", folder / "t", cwd=folder)
    uv = (SCRIPTS / "uv", "pip", "install", "--quiet", "--python", folder / "t")
    run(*uv, wheel, cwd=folder)
    return folder / "t"


@pytest.fixture
def t(with_reqdrift: Path, tmp_path: Path) -> Path:
    """A copy of it that the test may fill; a wheel's scripts have the interpreter's path."""
    prefix = tmp_path / "t"
    shutil.copytree(with_reqdrift, prefix, symlinks=True)
    script = prefix / "bin" / "reqdrift"
    script.write_text(script.read_text().replace(str(with_reqdrift), str(prefix)))
    return prefix


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    run_git("init", "-q", cwd=folder)
    (folder / "requirements.txt").write_text(FILE)
    return folder


def install(prefix: Path, *names: str) -> None:
    """Install the 1.0 of projects that are made here."""
    wheels = [make_wheel(prefix.parent / "wheels", name, "1.0") for name in names]
    uv = (SCRIPTS / "uv", "pip", "install", "--quiet", "--offline", "--no-index")
    run(*uv, "--python", prefix, *wheels, cwd=prefix.parent)


def virtualenv(prefix: Path, *names: str) -> Path:
    """A virtual environment with these installed."""
    run(SCRIPTS / "uv", "venv", "--quiet", "--offline", prefix, cwd=prefix.parent)
    install(prefix, *names)
    return prefix


def by_path(
    t: Path, *words: str, cwd: Path, env: Mapping[str, str] | None = None
) -> CompletedProcess[str]:
    """Run this environment's reqdrift by its path, with nothing activated."""
    env = env or clean_environ(PATH=BARE_PATH)
    return run(t / "bin" / "reqdrift", *words, cwd=cwd, env=env, check=False)


@pytest.mark.parametrize("command", ["check", "fix"])
def test_one_that_holds_reqdrift_alone_is_not_the_projects(
    t: Path, shop: Path, command: str
) -> None:
    """What reqdrift brings does not count."""
    text = f"{FILE}rich\npackaging\npygments\npip-api\n"
    (shop / "requirements.txt").write_text(text)
    done = by_path(t, command, cwd=shop)
    assert (done.returncode, done.stdout) == (3, "")
    assert f"{t} ({RUNNING}): has only 0 of 3 required projects" in done.stderr
    assert (shop / "requirements.txt").read_text() == text
    # It is not offered either: what the file lists would be installed next to reqdrift.
    assert f"--python {t}" not in done.stderr


def test_one_that_holds_half_is_a_guess(t: Path, shop: Path) -> None:
    install(t, "lantern", "whistle")
    done = by_path(t, cwd=shop)
    assert done.returncode == 1
    assert "drift: 1 missing" in done.stdout
    assert f"found by {RUNNING}, a guess: it has 2 of 3 required projects" in done.stdout
    assert by_path(t, "fix", cwd=shop).returncode == 3
    assert (shop / "requirements.txt").read_text() == FILE


def test_an_image_whose_path_begins_with_it(t: Path, shop: Path) -> None:
    install(t, "lantern", "whistle")
    env = clean_environ(PATH=f"{t}/bin{os.pathsep}{BARE_PATH}")
    done = by_path(t, cwd=shop, env=env)
    assert done.returncode == 1
    why = "its Python is the first on PATH, and it has 2 of 3 required projects"
    assert f"found by {RUNNING}, {why})" in done.stdout
    assert by_path(t, "fix", cwd=shop, env=env).returncode == 0
    assert "whistle==1.0" in (shop / "requirements.txt").read_text()


def test_activated_it_need_not_hold_anything(t: Path, shop: Path) -> None:
    script = f". {t}/bin/activate && reqdrift"
    done = run("sh", "-c", script, cwd=shop, env=clean_environ(PATH=BARE_PATH), check=False)
    assert done.returncode == 1
    assert "drift: 3 missing" in done.stdout
    assert "found by VIRTUAL_ENV)" in done.stdout


@pytest.mark.parametrize("name", [".venv", "env"])
def test_the_projects_own_beats_it(t: Path, shop: Path, name: str) -> None:
    install(t, "lantern", "whistle", "six")
    own = virtualenv(shop / name, "lantern")
    done = by_path(t, cwd=shop)
    assert done.returncode == 1
    assert f"1 distribution in {name} (" in done.stdout
    (own / "bin" / "python").unlink()
    done = by_path(t, cwd=shop)
    if name == ".venv":
        assert "broken: " in done.stdout
    else:
        assert f"found by {RUNNING}, a guess" in done.stdout
