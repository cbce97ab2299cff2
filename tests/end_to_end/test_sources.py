"""Sources that pip, uv and reqdrift tell apart: a folder and its copy, a constraint's URL."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from workshop import commit, make_project, make_wheel

from support import SCRIPTS, clean_environ, reqdrift, run, run_git


class Yard:
    """A repository with the project `lib` in a folder of its own, and an environment for a tool."""

    def __init__(self, folder: Path, tool: str, environment: Path) -> None:
        self.folder = folder
        self.tool = tool
        self.wheels = folder / "wheels"
        self.python = folder / ".venv" / "bin" / "python"
        settings = {
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_NO_BUILD_ISOLATION": "0",
        }
        settings |= {"UV_NO_CONFIG": "1", "UV_OFFLINE": "1", "UV_NO_INDEX": "1"}
        settings |= {"PIP_FIND_LINKS": str(self.wheels), "UV_FIND_LINKS": str(self.wheels)}
        settings |= {"UV_NO_BUILD_ISOLATION": "1", "UV_CACHE_DIR": str(folder.parent / "cache")}
        path = f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}"
        self.env = clean_environ(**settings, PATH=path, PIP_DISABLE_PIP_VERSION_CHECK="1")
        run_git("init", "--quiet", folder, cwd=folder.parent)
        shutil.copytree(environment, folder / ".venv", symlinks=True, copy_function=os.link)
        make_project(folder / "lib", "lib", "1.0")
        make_wheel(self.wheels, "lib", "1.0")
        make_wheel(self.wheels, "lib", "2.0")

    def install(self, *words: str) -> str:
        if self.tool == "pip":
            command: tuple[str | Path, ...] = (self.python, "-m", "pip", "install")
        else:
            command = (SCRIPTS / "uv", "pip", "install", "--python", self.python)
        done = run(*command, *words, cwd=self.folder, env=self.env)
        return done.stdout + done.stderr

    def write(self, text: str, name: str = "requirements.txt") -> None:
        (self.folder / name).write_text(text)

    def reinstalls(self) -> bool:
        """Whether the tool itself holds the environment for another than the file asks for."""
        said = self.install("--dry-run", "-r", "requirements.txt")
        if self.tool == "pip":
            return "Would install lib-1.0" in said
        return "Would make no changes" not in said

    def report(self) -> dict[str, Any]:
        report: dict[str, Any] = json.loads(reqdrift("--format", "json", cwd=self.folder).stdout)
        assert not report["errors"]
        return report

    def findings(self) -> list[str]:
        return [f"{f['file']}: {f['kind']}: {f['message']}" for f in self.report()["findings"]]

    def follow(self) -> None:
        script = reqdrift("plan", cwd=self.folder, env=self.env).stdout
        run("sh", "-c", script, cwd=self.folder, env=self.env)


@pytest.fixture(scope="module", params=[pytest.param("pip", marks=pytest.mark.long), "uv"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with nothing but the tool's own, to be copied; its name is the tool's."""
    folder = tmp_path_factory.mktemp("made").resolve()
    maker = {"pip": ("virtualenv", "-q", "--no-setuptools"), "uv": ("uv", "venv", "-q")}
    name, *words = maker[request.param]
    run(SCRIPTS / name, *words, request.param, cwd=folder)
    return folder / str(request.param)


@pytest.fixture
def yard(made: Path, tmp_path: Path) -> Yard:
    folder = tmp_path.resolve() / "project"
    folder.mkdir()
    return Yard(folder, made.name, made)


EDITABLE = (
    "requirements.txt: source: lib 1.0: the file says editable, but the environment has a copy"
)
COPY = (
    "requirements.txt: source: lib 1.0: the file says a copy, but the environment has an editable"
)


@pytest.mark.parametrize(
    ("line", "installed", "findings"),
    [
        ("-e ./lib", ("-e", "./lib"), []),
        ("-e ./lib", ("./lib",), [EDITABLE]),
        ("./lib", ("-e", "./lib"), [COPY]),
        ("./lib", ("./lib",), []),
    ],
)
def test_an_editable_and_a_copy(
    yard: Yard, line: str, installed: tuple[str, ...], findings: list[str]
) -> None:
    yard.install(*installed)
    yard.write(f"{line}\n")
    assert yard.findings() == findings
    # pip installs every folder again; a file that uv has not seen changed, it does not.
    assert yard.reinstalls() == (bool(findings) or yard.tool == "pip")
    yard.follow()
    assert yard.findings() == []
    assert not yard.reinstalls() or yard.tool == "pip"


class TestConstraints:
    @pytest.fixture
    def mug(self, yard: Yard) -> tuple[str, str]:
        """Constraints for lib: its first commit and its second."""
        origin = make_project(yard.folder.parent / "origin", "lib", "1.0")
        url = f"lib @ git+{origin.as_uri()}@"
        return f"{url}{commit(origin)}\n", f"{url}{commit(origin, 'Another')}\n"

    def test_a_release_where_a_constraint_says_a_url(
        self, yard: Yard, mug: tuple[str, str]
    ) -> None:
        yard.install("lib==1.0")
        yard.write("-c limits.txt\nlib\n")
        yard.write(mug[0], "limits.txt")
        assert [text.partition(": the file")[0] for text in yard.findings()] == [
            "limits.txt: source: lib 1.0"
        ]
        # pip takes an equal version for the same thing.
        assert yard.reinstalls() or yard.tool == "pip"
        yard.follow()
        assert yard.findings() == []
        assert not yard.reinstalls()

    def test_a_wheel_is_as_good_as_its_release(self, yard: Yard) -> None:
        wheel = next(yard.wheels.glob("lib-1.0*"))
        yard.install(f"lib @ {wheel.as_uri()}")
        yard.write("-c limits.txt\nlib\n")
        for text in ("lib==1.0", f"lib @ {wheel.as_uri()}"):
            yard.write(text, "limits.txt")
            assert yard.findings() == []
        yard.install("--reinstall" if yard.tool == "uv" else "--force-reinstall", "lib==1.0")
        assert yard.findings()[0].startswith("limits.txt: source: lib 1.0: ")
