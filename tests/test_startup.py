"""What a clean run imports, watched in a real process."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from support import add_distribution, clean_environ, make_environment, run

HEAVY = (
    *("packaging", "rich", "pip_api", "stdlibs", "argparse", "re", "enum", "typing"),
    *("dataclasses", "inspect", "functools", "contextlib", "pathlib", "subprocess", "json"),
    *("tomllib", "urllib.parse", "importlib.metadata", "email"),
)

# All of reqdrift that a clean run loads; each module more is 0.06 ms at every commit.
CLEAN_PATH = {
    *("reqdrift", "reqdrift._record", "reqdrift.api", "reqdrift.cli", "reqdrift.compare"),
    *("reqdrift.config", "reqdrift.errors", "reqdrift.excuses", "reqdrift.model"),
    *("reqdrift.reading", "reqdrift.repository", "reqdrift.commands", "reqdrift.commands.check"),
    *("reqdrift.environment", "reqdrift.environment.installed", "reqdrift.environment.interpreter"),
    *("reqdrift.environment.locate", "reqdrift.environment.tools", "reqdrift.formats"),
    *("reqdrift.requirements", "reqdrift.requirements.lines"),
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
    assert "reqdrift.rules" in modules
    assert modules.isdisjoint({"rich", "pip_api"})
