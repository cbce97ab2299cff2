"""What a clean run imports, watched in a real process."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from support import REPOSITORY, SCRIPTS, add_distribution, clean_environ, make_environment, run

HEAVY = (
    *("packaging", "rich", "pip_api", "stdlibs", "argparse", "re", "enum", "typing"),
    *("dataclasses", "inspect", "functools", "contextlib", "pathlib", "subprocess", "json"),
    *("tomllib", "urllib.parse", "importlib.metadata", "email"),
)

# All of reqdrift that a clean run loads; each module more is 0.06 ms at every commit.
CLEAN_PATH = {
    *("reqdrift", "reqdrift._record", "reqdrift.errors", "reqdrift.values"),
    *("reqdrift.values.environment", "reqdrift.values.report", "reqdrift.values.requirements"),
    *("reqdrift.values.settings",),
    *("reqdrift.files", "reqdrift.session", "reqdrift.cli", "reqdrift.cli.check"),
    *("reqdrift.cli.output", "reqdrift.report", "reqdrift.drift", "reqdrift.drift.exempt"),
    *("reqdrift.environments", "reqdrift.environments.installed", "reqdrift.environments.site"),
    *("reqdrift.environments.candidates", "reqdrift.environments.locate"),
    *("reqdrift.requirements", "reqdrift.requirements.lines", "reqdrift.repository"),
    *("reqdrift.repository.config", "reqdrift.standards"),
}

# -S: what this machine's `site` loads is not what reqdrift loads. The watched process prints what
# it imported after the command has returned.
WATCHED = """
import sys
sys.path[:0] = {path!r}
before = set(sys.modules)
from reqdrift.cli import main
code = main({argv!r})
print(code, *sorted(set(sys.modules) - before))
"""


def imported(cwd: Path, *argv: str) -> tuple[int, set[str]]:
    code = WATCHED.format(path=[entry for entry in sys.path if entry], argv=list(argv))
    done = run(sys.executable, "-I", "-S", "-c", code, cwd=cwd, env=clean_environ())
    words = done.stdout.splitlines()[-1].split()
    return int(words[0]), set(words[1:])


@pytest.fixture
def clean_project(project: Path) -> Path:
    site = make_environment(project / ".venv", "foo-1.0", "bar-2.0rc1", "pip-24.0")
    (site / "distutils-precedence.pth").write_text("import os\n")
    for name in ("requirements.txt", "env"):
        (project / name).write_text("# a comment\nfoo==1.0\nbar==2.0rc1\n")
    return project


@pytest.mark.parametrize("argv", [(), ("check",), ("requirements.txt",), ("check", "./env")])
def test_a_clean_run_imports_nothing_heavy(clean_project: Path, argv: tuple[str, ...]) -> None:
    code, modules = imported(clean_project, *argv)
    assert code == 0
    assert modules.isdisjoint(HEAVY)
    assert {module for module in modules if module.startswith("reqdrift")} == CLEAN_PATH


def test_hashes_are_read_by_hand_too(clean_project: Path) -> None:
    lines = "foo==1.0 \\\n    --hash=sha256:ab12 \\\n    --hash=sha256:cd34\nbar==2.0rc1\n"
    (clean_project / "requirements.txt").write_text(lines)
    code, modules = imported(clean_project)
    assert code == 0
    assert modules.isdisjoint(HEAVY)


def test_an_option_costs_argparse_alone(clean_project: Path) -> None:
    code, modules = imported(clean_project, "--color", "never")
    assert code == 0
    assert "argparse" in modules
    assert modules.isdisjoint({"typing", "shutil", "contextlib", "dataclasses", "json"})


def test_drift_may_cost_more(clean_project: Path) -> None:
    add_distribution(next(clean_project.glob(".venv/lib/*/site-packages")), "extra-1.0")
    code, modules = imported(clean_project)
    assert code == 1
    assert "reqdrift.drift.rules" in modules
    assert modules.isdisjoint({"rich", "pip_api"})


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run(SCRIPTS / "hatchling", "build", "-t", "wheel", "-d", folder, cwd=REPOSITORY)
    (path,) = folder.iterdir()
    return path


def launcher(installer: str, wheel: Path, folder: Path) -> Path:
    """The `reqdrift` script as an installer writes it; a clean run needs no dependency."""
    base: str = sys._base_executable  # type: ignore[attr-defined]
    run(base, "-m", "venv", "--without-pip", folder, cwd=folder.parent)
    uv = (SCRIPTS / "uv", "pip", "install", "--python", folder)
    if installer == "pip 23":
        run(*uv, "pip==23.3.2", cwd=folder.parent)
    install: dict[str, tuple[str | Path, ...]] = {
        "pip 23": (folder / "bin" / "python", "-m", "pip", "install"),
        "pip": (SCRIPTS / "pip", "--python", folder, "install"),
        "uv": (*uv, "--offline"),
    }
    run(*install[installer], "--no-index", "--no-deps", wheel, cwd=folder.parent)
    return folder / "bin" / "reqdrift"


def imported_by(*command: str | Path, cwd: Path) -> set[str]:
    """Every module that a program in Python imports from its start on."""
    done = run(*command, cwd=cwd, env=clean_environ(PYTHONPROFILEIMPORTTIME="1"))
    return set(re.findall(r"^import time: +\d+ \| +\d+ \| +(\S+)$", done.stderr, re.M))


@pytest.mark.parametrize(
    ("installer", "needs_re"), [("pip 23", True), ("pip", False), ("uv", False)]
)
def test_each_launcher_keeps_the_clean_path(
    clean_project: Path, wheel: Path, tmp_path: Path, installer: str, needs_re: bool
) -> None:
    script = launcher(installer, wheel, tmp_path / "tool")
    own = re.findall(r"^import (\w+)$", script.read_text(), re.M)
    assert ("re" in own) == needs_re
    code = f"import {', '.join(own)}"
    brought = imported_by(script.with_name("python"), "-c", code, cwd=clean_project)
    modules = imported_by(script, cwd=clean_project)
    assert {module for module in modules if module.startswith("reqdrift")} == CLEAN_PATH
    assert (modules - brought).isdisjoint(HEAVY)
