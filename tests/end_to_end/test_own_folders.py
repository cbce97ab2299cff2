"""Which folders are the project's own, so that what is installed from them need not be listed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from workshop import commit, make_archive, make_project, make_wheel

from support import SCRIPTS, clean_environ, reqdrift, run, run_git


class Plot:
    """A repository with an environment in `.venv`, and an empty requirements.txt."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        run_git("init", "--quiet", cwd=folder)
        (folder / "requirements.txt").write_text("")
        run(SCRIPTS / "uv", "venv", "--quiet", ".venv", cwd=folder)

    def install(self, *words: str | Path) -> None:
        env = clean_environ(UV_CACHE_DIR=str(self.folder.parent / "cache"))
        options = ("--quiet", "--offline", "--no-index", "--no-build-isolation")
        command = (SCRIPTS / "uv", "pip", "install", *options)
        run(*command, *words, cwd=self.folder, env=env)

    def pip(self, *words: str | Path) -> None:
        options = ("install", "--quiet", "--no-index", "--no-build-isolation", "--no-deps")
        command = (SCRIPTS / "pip", "--python", self.folder / ".venv", *options)
        run(*command, *words, cwd=self.folder)

    def judged(self) -> tuple[list[str], list[str]]:
        """The projects that are extra, and those that are noted as the project's own."""
        report = json.loads(reqdrift("--format", "json", cwd=self.folder).stdout)
        assert {finding["kind"] for finding in report["findings"]} <= {"extra"}
        own = [note["project"] for note in report["notes"] if note["reason"] == "local"]
        return [finding["project"] for finding in report["findings"]], own


@pytest.fixture
def plot(tmp_path: Path) -> Plot:
    return Plot(tmp_path.resolve() / "project")


def test_a_submodule_is_a_folder_of_the_repository(plot: Plot, tmp_path: Path) -> None:
    origin = make_project(tmp_path / "origin", "kite", "1.0")
    commit(origin)
    allowed = ("-c", "protocol.file.allow=always")
    run_git(*allowed, "submodule", "--quiet", "add", origin.as_uri(), "libs/kite", cwd=plot.folder)
    plot.install("-e", "libs/kite")
    assert plot.judged() == ([], ["kite"])


def test_what_pip_cloned_into_the_environment(plot: Plot, tmp_path: Path) -> None:
    origin = make_project(tmp_path / "origin", "kite", "1.0")
    commit(origin)
    line = f"git+{origin.as_uri()}#egg=kite"
    # Where pip clones to in a virtualenv that is activated.
    plot.pip("--src", plot.folder / ".venv" / "src", "-e", line)
    assert plot.judged() == (["kite"], [])
    # Not in an environment: a folder as any other.
    plot.pip("--src", plot.folder / "src", "--force-reinstall", "-e", line)
    assert plot.judged() == ([], ["kite"])


@pytest.mark.parametrize("marks", [("pyvenv.cfg",), ("conda-meta/",), ("bin/activate_this.py",)])
def test_any_environment_in_the_repository(plot: Plot, marks: tuple[str, ...]) -> None:
    folder = make_project(plot.folder / "envs" / "py311" / "src" / "kite", "kite", "1.0")
    plot.install("-e", folder)
    assert plot.judged() == ([], ["kite"])
    for mark in marks:
        path = plot.folder / "envs" / "py311" / mark
        path.parent.mkdir(exist_ok=True)
        path.mkdir() if mark.endswith("/") else path.write_text("")
    assert plot.judged() == (["kite"], [])


def test_a_repository_inside_an_environment(tmp_path: Path) -> None:
    """As virtualenvwrapper's users arrange it: the environment is around all of the project."""
    around = tmp_path.resolve() / "around"
    run(SCRIPTS / "uv", "venv", "--quiet", around, cwd=tmp_path)
    plot = Plot(around / "project")
    plot.install("-e", make_project(plot.folder / "kite", "kite", "1.0"))
    assert plot.judged() == ([], ["kite"])


@pytest.mark.parametrize("tool", ["pip", "uv"])
def test_a_vendored_archive_is_no_folder(plot: Plot, tool: str, tmp_path: Path) -> None:
    wheel = make_wheel(plot.folder / "vendor", "rope", "1.0")
    kite = make_project(tmp_path / "kite", "kite", "1.0")
    archive = make_archive(kite, plot.folder / "vendor", "kite", "1.0")
    install = plot.pip if tool == "pip" else plot.install
    install(wheel, archive)
    assert plot.judged() == (["kite", "rope"], [])
    (plot.folder / "requirements.txt").write_text(f"./vendor/{wheel.name}\n./vendor/{archive.name}")
    assert plot.judged() == ([], [])
