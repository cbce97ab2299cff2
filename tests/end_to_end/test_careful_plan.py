"""`reqdrift plan` removes nothing that may be wanted, and prints nothing that would fail; uv."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from workshop import make_wheel

from support import SCRIPTS, add_distribution, clean_environ, reqdrift, run


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheels")
    for name in ("anorak", "boots", "epee"):
        make_wheel(folder, name, "1.0")
    make_wheel(folder, "boots", "2.0")
    make_wheel(folder, "compass", "1.0", "Requires-Dist: boots")
    make_wheel(folder, "lantern", "1.0", "Requires-Dist: boots")
    make_wheel(folder, "lantern", "2.0", "Requires-Dist: anorak")
    return folder


class Shop:
    """A project with a real environment in `.venv`."""

    def __init__(self, folder: Path, wheels: Path) -> None:
        self.folder = folder
        self.links = ("--no-index", "--find-links", wheels)
        path = f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}"
        self.env = clean_environ(UV_NO_CONFIG="1", UV_OFFLINE="1", PATH=path)
        self.env |= {"UV_FIND_LINKS": str(wheels), "UV_NO_INDEX": "1", "UV_OFFLINE": "1"}
        (folder / ".git").mkdir(parents=True)
        run(SCRIPTS / "uv", "venv", "-q", ".venv", cwd=folder, env=self.env)
        self.site = next((folder / ".venv" / "lib").iterdir()) / "site-packages"

    def install(self, *words: str) -> None:
        self.uv("install", *words)

    def uv(self, verb: str, *words: str) -> None:
        python = self.folder / ".venv"
        run(
            SCRIPTS / "uv",
            "pip",
            verb,
            "-q",
            "--python",
            python,
            *words,
            cwd=self.folder,
            env=self.env,
        )

    def plan(self, text: str, *words: str | Path) -> CompletedProcess[str]:
        (self.folder / "requirements.txt").write_text(text)
        return reqdrift("plan", *words, cwd=self.folder, env=self.env)

    def follow(self, text: str, *words: str) -> str:
        """Run the plan; what it says."""
        script = self.plan(text, *words).stdout
        run("sh", "-ec", script, cwd=self.folder, env=self.env)
        return script

    def installed(self) -> set[str]:
        return {path.name.partition(".dist-info")[0] for path in self.site.glob("*.dist-info")}


@pytest.fixture
def shop(tmp_path: Path, wheels: Path) -> Shop:
    return Shop(tmp_path / "shop", wheels)


def test_an_ignored_version_stays(shop: Shop) -> None:
    shop.install("boots==2.0")
    script = shop.follow("boots==1.0\ncompass==1.0\n", "--ignore", "boots")
    assert (
        "requirements.txt:1: installing the file would change boots 2.0, which no finding asks for"
        in script
    )
    assert shop.installed() == {"boots-2.0"}


def comments_of(script: str) -> list[str]:
    return [line for line in script.splitlines() if line.startswith("#")]


def test_what_another_file_names_stays(shop: Shop) -> None:
    shop.install("anorak", "compass", "epee")
    (shop.folder / "requirements-dev.txt").write_text("compass\n")
    said = "2 packages belong to requirements-dev.txt: left installed"  # one of them brought in
    kept = {"anorak-1.0", "boots-2.0", "compass-1.0"}
    script = shop.follow("anorak==1.0\n", "--unlisted", "all")
    assert comments_of(script) == [f"# not fixed: {said}"]
    assert shop.installed() == kept
    # By default, they are no findings.
    shop.install("epee")
    assert comments_of(shop.follow("anorak==1.0\n")) == []
    assert shop.installed() == kept


def test_an_empty_file_removes_nothing_unless_the_environment_is_named(shop: Shop) -> None:
    shop.install("anorak", "epee")
    script = shop.follow("# nothing yet\n")
    assert "2 unlisted packages not uninstalled: requirements.txt lists no requirements" in script
    assert shop.installed() == {"anorak-1.0", "epee-1.0"}
    shop.follow("# nothing yet\n", "--python", ".venv")
    assert shop.installed() == set()


def test_another_projects_environment_with_a_single_requirement(shop: Shop) -> None:
    run(SCRIPTS / "uv", "venv", "-q", "../other", cwd=shop.folder, env=shop.env)
    other = shop.folder.parent / "other"
    python = ("--python", other)
    run(SCRIPTS / "uv", "pip", "install", "-q", *python, "epee", cwd=shop.folder, env=shop.env)
    shop.env["VIRTUAL_ENV"] = str(other)
    script = shop.plan("anorak==1.0\n").stdout
    assert "uninstall" not in script.replace("not uninstalled", "")
    assert "anorak, the only required project, is not installed" in script


@pytest.mark.parametrize("how", ["without RECORD", "by distutils"])
def test_what_no_installer_can_remove_is_left(shop: Shop, how: str) -> None:
    shop.install("anorak", "epee", "boots==1.0")
    if how == "without RECORD":
        (shop.site / "epee-1.0.dist-info" / "RECORD").unlink()
        expected = "# not fixed: epee is not uninstalled: it has no RECORD"
    else:
        shutil.rmtree(shop.site / "epee-1.0.dist-info")
        (shop.site / "epee-1.0.egg-info").write_text("Name: epee\nVersion: 1.0\n")
        expected = "# not fixed: epee is not uninstalled: distutils installed it"
    script = shop.follow("anorak==1.0\n")
    assert expected in script
    assert "boots-1.0" not in shop.installed()


def test_a_python_of_the_operating_system_is_not_changed(tmp_path: Path) -> None:
    """PEP 668: pip and uv refuse, so no script is printed."""
    project = tmp_path / "project"
    (project / ".git").mkdir(parents=True)
    stdlib = tmp_path / "usr" / "lib" / "python3.11"
    site = stdlib / "site-packages"
    site.mkdir(parents=True)
    (stdlib / "os.py").write_text("")
    (stdlib / "EXTERNALLY-MANAGED").write_text("[externally-managed]\n")
    (tmp_path / "usr" / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.11.7\n")
    (tmp_path / "usr" / "bin").mkdir()
    (tmp_path / "usr" / "bin" / "python").write_text("#!/bin/sh\nexit 1\n")
    add_distribution(site, "anorak-1.0")
    (project / "requirements.txt").write_text("anorak==2.0\n")
    done = reqdrift("plan", "--python", tmp_path / "usr", cwd=project)
    assert (done.returncode, done.stdout) == (2, "")
    assert "managed by the operating system, and pip and uv refuse to change it" in done.stderr
    assert "create a virtual environment" in done.stderr
