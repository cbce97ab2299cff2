"""`fix`, `diff` and `plan` where the environment may be another project's; uv makes real ones."""

from __future__ import annotations

import os
import shlex
import sys
import sysconfig
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from workshop import make_wheel

from support import REPOSITORY, SCRIPTS, clean_environ, reqdrift, run, run_git

# Real installers run on each environment.
pytestmark = pytest.mark.long

NAMES = ("anorak", "boots", "compass", "dubbin", "epee", "flask", "gaiters")
STRANGERS = ("wok", "xebec")
TEXT = "".join(f"{name}==1.0\n" for name in NAMES)


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheels")
    for name in (*NAMES, *STRANGERS):
        make_wheel(folder, name, "1.0")
    make_wheel(folder, NAMES[0], "2.0")
    return folder


class Shop:
    """A project in git whose environment is made for each test."""

    def __init__(self, folder: Path, wheels: Path) -> None:
        self.folder = folder
        self.wheels = wheels
        self.file = folder / "requirements.txt"
        self.env = clean_environ(UV_NO_CONFIG="1", UV_OFFLINE="1")
        folder.mkdir()
        run_git("init", "-q", cwd=folder)
        (folder / ".gitignore").write_text(".venv/\n")
        self.file.write_text(TEXT)

    def make(self, prefix: str, *requirements: str) -> Path:
        """An environment that holds these."""
        path = Path(os.path.normpath(self.folder / prefix))
        run(SCRIPTS / "uv", "venv", "-q", path, cwd=self.folder, env=self.env)
        self.install(path, *requirements)
        return path

    def install(self, prefix: Path, *requirements: str) -> None:
        """Install these, of version 1.0 if nothing else is said."""
        pins = [text if "==" in text else f"{text}==1.0" for text in requirements]
        if pins:
            command = (SCRIPTS / "uv", "pip", "install", "-q", "--python", prefix, "--no-index")
            run(*command, "--find-links", self.wheels, *pins, cwd=self.folder, env=self.env)

    def run(self, *words: str | Path) -> CompletedProcess[str]:
        return reqdrift(*words, cwd=self.folder, env=self.env)

    def assert_refused(self, *words: str | Path) -> str:
        """A command changes nothing and prints nothing but why: that it returns."""
        before = self.texts()
        done = self.run(*words)
        assert (done.returncode, done.stdout) == (3, ""), done
        assert self.texts() == before
        return done.stderr

    def texts(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.folder.glob("*.txt")}


@pytest.fixture
def shop(tmp_path: Path, wheels: Path) -> Shop:
    return Shop(tmp_path / "shop", wheels)


class TestGuesses:
    """An environment on PATH that holds at least half of what is required."""

    @pytest.fixture
    def guess(self, shop: Shop) -> Path:
        prefix = shop.make("../guess", "anorak==2.0", *NAMES[1:], *STRANGERS)
        shop.env["PATH"] = f"{prefix}/bin:{shop.env['PATH']}"
        return prefix

    def run(self, shop: Shop, *words: str) -> CompletedProcess[str]:
        """Run reqdrift on a Python that is no environment: it would come first."""
        site = sysconfig.get_path("purelib")
        env = {**shop.env, "PYTHONPATH": f"{REPOSITORY}{os.pathsep}{site}"}
        python = sys._base_executable  # type: ignore[attr-defined]
        return run(python, "-m", "reqdrift", *words, cwd=shop.folder, env=env, check=False)

    def test_no_file_follows_one(self, shop: Shop, guess: Path) -> None:
        for command in ("fix", "diff"):
            done = self.run(shop, command, "--keep-missing", "requirements.txt")
            assert (done.returncode, done.stdout) == (3, ""), done
            assert done.stderr == (
                f"reqdrift: {guess} is a guess (found by PATH, a guess: it has 7 of 7 required"
                " projects), and no file is changed to match a guess; if it is the right one, name"
                f" it: reqdrift {command} --python {guess} --keep-missing requirements.txt\n"
            )
        assert shop.file.read_text() == TEXT
        words = shlex.split(done.stderr.partition("name it: reqdrift ")[2])
        assert shop.run(*words).returncode == 1

    def test_the_report_names_it_too(self, shop: Shop, guess: Path) -> None:
        assert f"reqdrift fix --python {guess}\n" in self.run(shop).stdout

    def test_nothing_is_uninstalled_from_one(self, shop: Shop, guess: Path) -> None:
        script = self.run(shop, "plan").stdout
        assert (
            "# not fixed: 2 unlisted packages not uninstalled: the environment is a guess;"
            in script
        )
        assert "pip uninstall" not in script
        assert script.endswith(f" -r {shop.file}\n")

    def test_where_nothing_differs_nothing_is_refused(self, shop: Shop, guess: Path) -> None:
        shop.file.write_text(f"anorak==2.0\n{TEXT.partition(chr(10))[2]}wok==1.0\nxebec==1.0\n")
        for command in ("fix", "diff", "plan"):
            assert self.run(shop, command).returncode == 0
