"""A real project that has drifted in every way, each drift found and nothing else."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

import demo
from support import reqdrift, run


@pytest.fixture(scope="module")
def drifting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drifting") / "shop"
    demo.build(folder)
    return folder


@pytest.fixture(scope="module")
def document(drifting: Path) -> dict[str, Any]:
    done = reqdrift("--format", "json", cwd=drifting)
    assert done.returncode == 1
    loaded: dict[str, Any] = json.loads(done.stdout)
    return loaded


def test_every_drift_and_nothing_else(document: dict[str, Any]) -> None:
    assert [(f["kind"], f["project"], f["file"], f["line"]) for f in document["findings"]] == [
        ("version", "urllib3", "constraints.txt", 1),
        ("extra", "iniconfig", "requirements.txt", None),
        ("extra", "packaging", "requirements.txt", None),
        ("extra", "pluggy", "requirements.txt", None),
        ("extra", "pytest", "requirements.txt", None),
        ("extra", "tomli", "requirements.txt", None),
        ("version", "flask", "requirements.txt", 4),
        ("missing", "requests", "requirements.txt", 5),
        ("missing", "colorama", "requirements.txt", 6),
        ("unpinned", "click", "requirements.txt", 7),
        ("conflict", "six", "requirements.txt", 12),
        ("source", "shoptool", "requirements.txt", 14),
    ]


def test_the_environment_is_the_projects_own_and_was_not_started(
    document: dict[str, Any], drifting: Path
) -> None:
    assert document["environment"]["prefix"] == str(drifting / ".venv")
    assert document["environment"]["interpreter_started"] is False
    assert not list(drifting.glob(".venv/lib/*/site-packages/pip"))  # read without pip in it


# Python tells an audit hook of every program started and every connection made.
WATCHED = """
import sys
seen = []
sys.addaudithook(lambda event, arguments: seen.append((event, arguments)))
from reqdrift.cli import main
main(sys.argv[1:])
starts = ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.fork", "os.system")
print("open" in dict(seen))
print(sorted({arguments[0] for event, arguments in seen if event.startswith(starts)}))
print([event for event, arguments in seen if event.startswith("socket.")])
"""


def test_no_network_is_asked_and_no_program_is_started(drifting: Path) -> None:
    done = run(sys.executable, "-c", WATCHED, cwd=drifting)
    assert "drift: " in done.stdout
    assert done.stdout.splitlines()[-3:] == ["True", "[]", "[]"]


@pytest.mark.parametrize(
    ("line", "options"),
    [
        ("", []),
        ("wsgiref==0.1.2", []),
        ("argparse", []),
        ("absent==1; sys_platform == 'x'", []),
        ("absent==1", ["--severity", "missing=off"]),
        ("absent==1", ["--ignore", "absent"]),
        ("certifi==1", ["--severity", "version=off"]),
    ],
)
def test_a_clean_check_starts_nothing(drifting: Path, line: str, options: list[str]) -> None:
    frozen = reqdrift("freeze", cwd=drifting).stdout.splitlines()
    lines = [each for each in frozen if each.partition("==")[0] != line.partition("==")[0]]
    (drifting / "frozen.txt").write_text("\n".join([*lines, line, ""]))
    done = run(sys.executable, "-c", WATCHED, "frozen.txt", *options, cwd=drifting)
    assert "drift: " not in done.stdout
    assert done.stdout.splitlines()[-3:] == ["True", "[]", "[]"]
